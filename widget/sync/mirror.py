"""The mirror: fills the people index, follows the changes, and notices who vanished.

One process at a time does this, and it never presses the CRM.
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from widget.crm.port import Mirroring
from widget.crm.wire import Filter, Query, Rows, Transport
from widget.domain import errors
from widget.domain.model import Fetched
from widget.store.engine.port import Processes
from widget.store.people.fills import GONE, Fill, Fills
from widget.store.people.people import People
from widget.sync import odd
from widget.sync.following import NotFollowable, first_look, is_ascending, latest, newest_of
from widget.sync.odd import Around
from widget.sync.pace import SMALLEST, Pace, rest
from widget.sync.table import OUTAGE, PASS_EVERY_BLIND, Table, begins, is_too_many

TASK = "mirror"
LOOK_EVERY = 60.0
SLOWLY = 4.0
STANDBY, ATTENDANTS_FIRST, DISK_FIRST = 5.0, 1.0, 30.0
# How a base answers when it cannot filter or sort by a column.
CANNOT = (errors.Unexpected, errors.Rejected, NotFollowable)
log = logging.getLogger("vinculo.mirror")


@dataclass
class Mirror:
    """Asks ``source`` for all people, page by page.

    Every server process starts one: one works, the others stand by.

    It makes at most ``calls`` calls a minute. People are erased ``days`` after their last change,
    with 0 never. ``is_quiet`` tells whether no attendant waits for the CRM. ``today`` is the local
    time of the CRM. ``steady`` is a clock that no setting of the time moves.
    """

    source: Transport
    mirroring: Mirroring
    people: People
    fills: Fills
    presence: Processes
    calls: int = 60
    days: int = 0
    today: Callable[[], datetime] = datetime.now
    clock: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    is_quiet: Callable[[], bool] = lambda: True
    chance: Callable[[], float] = random.random
    _tables: list[Table] = field(init=False)
    _rest_until: float = 0.0
    _is_ours: bool = False
    task: str = TASK
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._tables = [
            Table(source, resource, self.mirroring.changed, Pace(self.chance))
            for source, resource in self.mirroring.resources.items()
        ]

    def start(self) -> None:
        """Begins to work in its own thread, until ``stop``."""
        threading.Thread(target=self._work, name=self.task, daemon=True).start()

    def stop(self) -> None:
        """Ends after what is in hand."""
        self._stop.set()

    def take(self) -> bool:
        """Becomes the only mirror that works, or returns False while another process is it."""
        if not self._is_ours and self.presence.take(self.task):
            self._is_ours = True
            self.fills.resume()
        return self._is_ours

    def turn(self) -> float:
        """Takes the next step if one is due, and returns the seconds until the next one."""
        wait = self._wait()
        if wait > 0:
            return wait
        if not self.is_quiet():
            return ATTENDANTS_FIRST
        table = min(self._tables, key=self._due)
        try:
            self._step(table, self.fills.of(table.resource))
        except errors.CRMError as error:
            table.around = None
            wished = getattr(error, "after", 0.0)
            stay = max(table.pace.failed(), wished)
            self._stay(table, stay, is_for_all=isinstance(error, OUTAGE))
            self.fills.pause(self.fills.of(table.resource), error.code)
            log.warning(
                "the mirror leaves %s alone for %.0f s: %s", table.resource, stay, error.code
            )
        return self._wait()

    def _work(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            wait = self._worked()
        if self._is_ours:
            self.presence.drop(self.task)

    def _worked(self) -> float:
        try:
            return self.turn() if self.take() else STANDBY
        except errors.VinculoError as error:  # the disk: it may come back
            log.warning("the mirror waits: %s", error.code)
        except Exception:  # it holds the task: were it to end here, nobody would work
            log.exception("the mirror met a mistake of ours")
        return DISK_FIRST

    def _wait(self) -> float:
        first_due = min(map(self._due, self._tables))
        begin_at = max(self._rest_until, first_due)
        return max(0.0, begin_at - self.steady())

    def _due(self, table: Table) -> float:
        fill = self.fills.of(table.resource)
        due = table.look_at
        if fill.is_passing or begins(fill, self.clock()):
            due = min(due, table.page_at)
        return max(table.stay_until, due)

    def _step(self, table: Table, fill: Fill) -> None:
        table.gone = table.gone or GONE in fill.why.split(";")
        table.odd = table.odd or odd.read(fill.why)
        if not table.look_at and not fill.finished_at:
            # So a server that ends again and again still gets on with its first pass.
            table.look_at = self.steady() + LOOK_EVERY
        if begins(fill, self.clock()):
            self._begin(table, fill)
        elif table.look_at <= self.steady():
            self._look(table, fill)
        else:
            self._page(table, fill)

    def _begin(self, table: Table, fill: Fill) -> None:
        """Begins a pass.

        Changes from here on are followed, so the pass need not be quick.
        """
        newest = ""
        try:
            query = table.without_bad(latest(table.resource, table.changed))
            newest = newest_of(self._ask(table, query).value, table.changed, self._tomorrow())
        except errors.Incomplete:  # the pass will name the row; what was followed so far still is
            newest = fill.newest
        except CANNOT:
            self._insist_that_it_answers(table)
        table.look = None
        table.around = None
        table.met = {}
        table.look_at = self.steady() + LOOK_EVERY
        self.fills.begin(table.resource, newest and (fill.newest or newest))

    def _page(self, table: Table, fill: Fill) -> None:
        if table.around:
            self._around(table, fill, table.around)
            return
        try:
            answer = self._above(table, fill.cursor or "0")
        except errors.Incomplete as error:
            self.fills.advance(fill, fill.cursor, 0, error.announced, table.why(fill))
            table.around = Around(int(fill.cursor or "0"), table.pace.size)
            table.around.emptied()
            return
        self._read(table, fill, answer)

    def _around(self, table: Table, fill: Fill, around: Around) -> None:
        """Takes one step around a row that empties its page.

        The steps go on until a row beyond it, or the end, has come.
        """
        is_search = around.span > 0
        try:
            answer = self._ordered(table, around.query(table.resource))
        except errors.Incomplete:
            around.emptied()
            return
        if not is_search:
            table.note(odd.EMPTIES, around.bad)
            self._read(table, fill, answer)
        if answer.value.rows and (is_search or around.bad):
            table.around = None
        elif answer.value.rows:
            around.cursor = int(answer.value.rows[-1]["id"])
        elif is_search:
            around.nothing()

    def _read(self, table: Table, fill: Fill, answer: Fetched[Rows]) -> None:
        now = self.steady()
        table.page_at = now
        if fill.finished_at:
            table.page_at += SLOWLY * (self._rest_until - now)
        # The announced total may be wrong, so only an empty page is the end.
        if not answer.value.rows:
            self._finish(table, fill)
            return
        self._keep(table, fill, answer)
        self._advance(table, fill, answer.value)
        table.pace.relax()

    def _finish(self, table: Table, fill: Fill) -> None:
        if self.days:
            self.people.expire(self._expiry())
        if table.met is not None:
            table.odd = dict(table.met)
        unseen = self.people.unseen(table.source, fill.started_at)
        gone = [number for number in unseen if int(number) not in table.odd]
        table.gone = is_too_many(len(gone), self.people.count(table.source))
        if table.gone:
            log.warning(
                "%s of %s would vanish at once: none was dropped", len(gone), table.resource
            )
        else:
            self.people.drop(table.source, gone)
        self.fills.finish(fill, table.why(fill))

    def _look(self, table: Table, fill: Fill) -> None:
        try:
            self._look_on(table, fill)
        except errors.Incomplete:
            # An unknown bad row hides what has changed; a pass finds its number.
            now = self.steady()
            table.look_at = now + LOOK_EVERY
            if not fill.is_passing and now - table.hurried_at > PASS_EVERY_BLIND:
                table.hurried_at = now
                self._begin(table, fill)

    def _look_on(self, table: Table, fill: Fill) -> None:
        if not fill.newest:
            self._look_for_new(table, fill)
            return
        look = table.look
        if look is None:
            is_settled = table.is_settled(fill.newest, self.steady())
            look = first_look(fill.newest, table.changed, is_settled=is_settled)
        size = table.pace.size
        try:
            answer = self._ask(table, table.without_bad(look.query(table.resource, size)))
            further = look.after(answer.value, size)
            newest = newest_of(answer.value, table.changed, self._tomorrow())
        except CANNOT as error:
            may_be_too_much = isinstance(error, errors.Unexpected) and size > SMALLEST
            if may_be_too_much or isinstance(error, errors.Incomplete):
                raise
            self._insist_that_it_answers(table)
            self.fills.stop_following(fill)
            return
        self._keep(table, fill, answer)
        self.fills.follow(fill, newest)
        table.look = further
        if further is None:
            self._looked(table, fill)

    def _look_for_new(self, table: Table, fill: Fill) -> None:
        """Looks for people with a higher number than any before.

        This is done where changes cannot be followed.
        """
        start = table.highest
        if not fill.is_passing:
            start = max(start, int(fill.cursor or "0"))
        if not start:  # the pass will come to them
            table.look_at = self.steady() + LOOK_EVERY
            return
        answer = self._above(table, str(start))
        self._keep(table, fill, answer)
        if answer.value.rows and not fill.is_passing:
            self._advance(table, fill, answer.value)
        if len(answer.value.rows) >= answer.value.total:
            self._looked(table, fill)

    def _looked(self, table: Table, fill: Fill) -> None:
        table.look_at = self.steady() + LOOK_EVERY
        self.fills.check(fill, table.why(fill))
        if not fill.is_passing:  # else it is the pass that has to succeed
            table.pace.relax()

    def _insist_that_it_answers(self, table: Table) -> None:
        """Raises CRMError when the table answers no simple query either.

        Then the column is not what was refused.
        """
        with contextlib.suppress(errors.Incomplete):
            self._ask(table, Query(table.resource, size=1))

    def _above(self, table: Table, number: str) -> Fetched[Rows]:
        """Returns a page of rows with higher numbers.

        Reference: webservice facts 2.1.
        """
        above = Filter("id", ">", number)
        return self._ordered(table, Query(table.resource, (above,), size=table.pace.size))

    def _ordered(self, table: Table, query: Query) -> Fetched[Rows]:
        answer = self._ask(table, query)
        if not is_ascending(answer.value, query.filters[0].value):
            raise errors.Unexpected("the list does not heed filter or order")
        return answer

    def _ask(self, table: Table, query: Query) -> Fetched[Rows]:
        """Makes one call, then lets the CRM rest.

        The calls take at most a third of the time.
        """
        started = self.steady()
        try:
            answer = self.source.read(query)
        finally:
            took = self.steady() - started
            self._rest_until = max(self._rest_until, self.steady()) + rest(took, self.calls)
        self._stay(table, table.pace.answered(took), is_for_all=True)
        rows, twice = odd.distinct(answer.value)
        table.note(odd.TWICE, twice)
        return replace(answer, value=rows)

    def _stay(self, table: Table, seconds: float, *, is_for_all: bool) -> None:
        until = self.steady() + seconds
        table.stay_until = until
        if is_for_all:
            self._rest_until = max(self._rest_until, until)

    def _keep(self, table: Table, fill: Fill, answer: Fetched[Rows]) -> None:
        """Takes the rows in, with a time not before the beginning of the pass.

        This holds by any clock: only a person who was not read at all is missing later.
        """
        limit = self._expiry() if self.days else ""
        found = [self.mirroring.mirrored(table.source, row) for row in answer.value.rows]
        recent = [person for person in found if not person.updated or person.updated >= limit]
        self.people.keep(recent, max(answer.at, fill.started_at))
        numbers = [int(person.number) for person in found]
        table.highest = max(table.highest, *numbers, 0)

    def _advance(self, table: Table, fill: Fill, read: Rows) -> None:
        count = len(read.rows)
        left = max(0, read.total - count)
        self.fills.advance(fill, read.rows[-1]["id"], count, left, table.why(fill))

    def _tomorrow(self) -> str:
        tomorrow = self.today() + timedelta(days=1)
        return tomorrow.strftime("%Y-%m-%d %H:%M:%S")

    def _expiry(self) -> str:
        last_day = self.today() - timedelta(days=self.days)
        return last_day.strftime("%Y-%m-%d")
