"""The mirror: fills the people index politely, follows the changes, and notices who vanished; one process does."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from widget import errors
from widget.crm.ixc.mirrored import RESOURCES, mirrored
from widget.crm.protocol import Filter, Query, Rows, Transport
from widget.model import Fetched
from widget.store.fills import GONE, NO_COLUMN, Fill, Fills
from widget.store.people import People
from widget.store.presence import Presence
from widget.sync.following import Look, NotFollowable, first_look, is_ascending, latest, newest_of
from widget.sync.pace import SMALLEST, Pace, rest

TASK = "mirror"
LOOK_EVERY = 60.0
# A slow pass finds who vanished; where changes cannot be followed it also finds what changed.
PASS_EVERY, PASS_EVERY_BLIND = 24 * 3600.0, 6 * 3600.0
SLOWLY = 4.0
# Nothing changed earlier can appear after so many seconds.
SETTLED = 300.0
STANDBY, ATTENDANTS_FIRST, DISK_FIRST = 5.0, 1.0, 30.0
# If more than this share would vanish at once, the token has probably lost rights; a handful may always.
MOST_GONE, HANDFUL = 0.1, 3
# Where one table fails so, the others fail too.
OUTAGE = (
    errors.Unreachable, errors.Busy, errors.CredentialsRefused, errors.AddressRefused, errors.Misconfigured,
)  # fmt: skip
# What a base says to a column by which it does not filter or sort.
CANNOT = (errors.Unexpected, errors.Rejected, NotFollowable)
log = logging.getLogger("vinculo.mirror")


@dataclass
class _Table:
    """What one process remembers of a table; moments are steady seconds."""

    source: str
    pace: Pace
    look: Look | None = None
    look_at: float = 0.0
    page_at: float = 0.0
    stay_until: float = 0.0
    newest: str = ""
    newest_since: float = 0.0
    highest: int = 0
    gone: bool = False

    @property
    def resource(self) -> str:
        return RESOURCES[self.source]

    def why(self, fill: Fill) -> str:
        """What whoever looks at the state should know though all goes on."""
        return GONE if self.gone else "" if fill.newest else NO_COLUMN


@dataclass
class Mirror:
    """Asks ``source`` for everybody, page by page. Start one in every server process: one works, the others stand by.

    ``calls`` a minute at most; ``days`` after their last change people are erased, 0 for never. ``is_quiet`` tells
    whether no attendant waits for the CRM; ``today`` is the CRM's local time, ``steady`` a clock nobody sets.
    """

    source: Transport
    people: People
    fills: Fills
    presence: Presence
    calls: int = 60
    days: int = 0
    today: Callable[[], datetime] = datetime.now
    clock: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    is_quiet: Callable[[], bool] = lambda: True
    chance: Callable[[], float] = random.random
    _tables: list[_Table] = field(init=False)
    _rest_until: float = 0.0
    _is_ours: bool = False
    task: str = TASK
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._tables = [_Table(source, Pace(self.chance)) for source in RESOURCES]

    def start(self) -> None:
        """Begins to work in a thread of its own, until ``stop``."""
        threading.Thread(target=self._work, name=self.task, daemon=True).start()

    def stop(self) -> None:
        """Ends after what is in hand."""
        self._stop.set()

    def take(self) -> bool:
        """Becomes the only one that works; False while another process does."""
        if not self._is_ours and self.presence.take(self.task):
            self._is_ours = True
            self.fills.resume()
        return self._is_ours

    def turn(self) -> float:
        """Takes the next step if one is due; the seconds until there is one."""
        wait = self._wait()
        if wait > 0:
            return wait
        if not self.is_quiet():
            return ATTENDANTS_FIRST
        table = min(self._tables, key=self._due)
        try:
            self._step(table, self.fills.of(table.resource))
        except errors.CRMError as error:
            stay = max(table.pace.failed(), getattr(error, "after", 0.0))
            self._stay(table, stay, is_for_all=isinstance(error, OUTAGE))
            self.fills.pause(self.fills.of(table.resource), error.code)
            log.warning("the mirror leaves %s alone for %.0f s: %s", table.resource, stay, error.code)
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
        return max(0.0, max(self._rest_until, min(map(self._due, self._tables))) - self.steady())

    def _due(self, table: _Table) -> float:
        fill = self.fills.of(table.resource)
        is_passing = fill.is_passing or self._begins(fill)
        return max(table.stay_until, min(table.look_at, table.page_at) if is_passing else table.look_at)

    def _begins(self, fill: Fill) -> bool:
        """Whether it is time for another pass."""
        every = PASS_EVERY if fill.newest else PASS_EVERY_BLIND
        return not fill.is_passing and abs(self.clock() - fill.finished_at) >= every

    def _step(self, table: _Table, fill: Fill) -> None:
        table.gone = table.gone or fill.why == GONE
        if not table.look_at and not fill.finished_at:  # a server that ends again and again comes forward all the same
            table.look_at = self.steady() + LOOK_EVERY
        if self._begins(fill):
            self._begin(table, fill)
        elif table.look_at <= self.steady():
            self._look(table, fill)
        else:
            self._page(table, fill)

    # -- a pass over all, by their numbers ---------------------------------------------------------------------------

    def _begin(self, table: _Table, fill: Fill) -> None:
        """What is changed from here on is followed, so the pass need not be quick."""
        newest = ""
        try:
            newest = newest_of(self._ask(table, latest(table.resource)).value, self._tomorrow())
        except CANNOT:
            self._insist_that_it_answers(table)
        table.look = None
        table.look_at = self.steady() + LOOK_EVERY
        self.fills.begin(table.resource, newest and (fill.newest or newest))

    def _page(self, table: _Table, fill: Fill) -> None:
        answer = self._above(table, fill.cursor or "0")
        table.page_at = self.steady() + (SLOWLY * (self._rest_until - self.steady()) if fill.finished_at else 0.0)
        if not answer.value.rows:  # the announced total may be wrong; only nothing more is the end
            self._finish(table, fill)
            return
        self._keep(table, fill, answer)
        self._advance(table, fill, answer.value)
        table.pace.relax()

    def _finish(self, table: _Table, fill: Fill) -> None:
        if self.days:
            self.people.expire(self._expiry())
        gone = self.people.unseen(table.source, fill.started_at)
        table.gone = len(gone) > max(HANDFUL, MOST_GONE * self.people.count(table.source))
        if table.gone:
            log.warning("%s of %s would vanish at once: none was dropped", len(gone), table.resource)
        else:
            self.people.drop(table.source, gone)
        self.fills.finish(fill, table.why(fill))

    # -- what has changed --------------------------------------------------------------------------------------------

    def _look(self, table: _Table, fill: Fill) -> None:
        if not fill.newest:
            self._look_for_new(table, fill)
            return
        look = table.look or first_look(fill.newest, is_settled=self._is_settled(table, fill.newest))
        size = table.pace.size
        try:
            answer = self._ask(table, look.query(table.resource, size))
            further = look.after(answer.value, size)
            newest = newest_of(answer.value, self._tomorrow())
        except CANNOT as error:
            if isinstance(error, errors.Unexpected) and size > SMALLEST:
                raise  # it may have been too much at once
            self._insist_that_it_answers(table)
            self.fills.stop_following(fill)
            return
        self._keep(table, fill, answer)
        self.fills.follow(fill, newest)
        table.look = further
        if further is None:
            self._looked(table, fill)

    def _look_for_new(self, table: _Table, fill: Fill) -> None:
        """Where changes cannot be followed: who has a higher number than anybody before."""
        start = table.highest if fill.is_passing else max(table.highest, int(fill.cursor or "0"))
        if not start:  # the pass will come to them
            table.look_at = self.steady() + LOOK_EVERY
            return
        answer = self._above(table, str(start))
        self._keep(table, fill, answer)
        if answer.value.rows and not fill.is_passing:
            self._advance(table, fill, answer.value)
        if len(answer.value.rows) >= answer.value.total:
            self._looked(table, fill)

    def _looked(self, table: _Table, fill: Fill) -> None:
        table.look_at = self.steady() + LOOK_EVERY
        self.fills.check(fill, table.why(fill))
        if not fill.is_passing:  # else it is the pass that has to succeed
            table.pace.relax()

    def _is_settled(self, table: _Table, newest: str) -> bool:
        """Whether this has been the latest change for so long that nothing earlier can still come."""
        if table.newest != newest:
            table.newest, table.newest_since = newest, self.steady()
        return self.steady() - table.newest_since > SETTLED

    def _insist_that_it_answers(self, table: _Table) -> None:
        """Raises CRMError when it answers nothing else either: then it is not the column."""
        self._ask(table, Query(table.resource, size=1))

    # -- asking and keeping ------------------------------------------------------------------------------------------

    def _above(self, table: _Table, number: str) -> Fetched[Rows]:
        """A page of those with higher numbers. Reference: webservice facts 2.1."""
        answer = self._ask(table, Query(table.resource, (Filter("id", ">", number),), size=table.pace.size))
        if not is_ascending(answer.value, number):
            raise errors.Unexpected("the list does not heed filter or order")
        return answer

    def _ask(self, table: _Table, query: Query) -> Fetched[Rows]:
        """One call, after which there is rest for all: a third of the time is ours at most."""
        started = self.steady()
        try:
            answer = self.source.read(query)
        finally:
            took = self.steady() - started
            self._rest_until = max(self._rest_until, self.steady()) + rest(took, self.calls)
        self._stay(table, table.pace.answered(took), is_for_all=True)
        return answer

    def _stay(self, table: _Table, seconds: float, *, is_for_all: bool) -> None:
        until = self.steady() + seconds
        table.stay_until = until
        if is_for_all:
            self._rest_until = max(self._rest_until, until)

    def _keep(self, table: _Table, fill: Fill, answer: Fetched[Rows]) -> None:
        """Takes the rows in, not before the pass began by any clock: only who was not read at all is missing later."""
        limit = self._expiry() if self.days else ""
        found = [mirrored(table.source, row) for row in answer.value.rows]
        self.people.keep([p for p in found if not p.updated or p.updated >= limit], max(answer.at, fill.started_at))
        table.highest = max(table.highest, *(int(p.number) for p in found), 0)

    def _advance(self, table: _Table, fill: Fill, read: Rows) -> None:
        count = len(read.rows)
        self.fills.advance(fill, read.rows[-1]["id"], count, max(0, read.total - count), table.why(fill))

    def _tomorrow(self) -> str:
        return (self.today() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")

    def _expiry(self) -> str:
        return (self.today() - timedelta(days=self.days)).strftime("%Y-%m-%d")
