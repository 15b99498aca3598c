"""Checks finished writes: whether the CRM kept all of it, kept it once, and keeps it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from widget.crm.rings.evidence import lost
from widget.crm.rings.proving import NEVER
from widget.crm.rings.settling import Settling
from widget.crm.wire import Transport, Verb, Write
from widget.domain import errors
from widget.domain.model import State
from widget.store.journal.entries import Entry
from widget.store.journal.journal import Journal

# Everything is looked at once right after its end, and again after the settling time: a copy of the
# request, or a change that comes late, may have overtaken it. What was sent twice is counted again
# after an hour and after a day.
LATER = (0, 3600, 24 * 3600)
# For how many seconds a CRM in trouble is left in peace, at first and at most. A record of which it
# does not tell waits as long, and is tried ``PATIENCE`` times.
FIRST, REST = 1.0, 30.0
PATIENCE = 5
# When this many records in a row cannot be looked at, the CRM is in trouble.
IN_A_ROW = 2
UNTOLD = (*NEVER, errors.PermissionDenied)
# How many seconds one turn may take: the writes themselves come first.
TURN = 1.0


@dataclass
class Checking:
    """Reads after writing, when no request waits for it; it changes nothing in the CRM.

    ``outdate`` is told the resources of which something else was found than the screens may show.
    """

    inner: Transport
    journal: Journal
    settling: Settling
    outdate: Callable[[tuple[str, ...]], None] = lambda _resources: None
    _tries: Counter[str] = field(default_factory=Counter)
    _aside: dict[str, float] = field(default_factory=dict)
    _rest_until: float = 0.0
    _failures: int = 0

    def turn(self, limit: int = 50) -> int:
        """Looks at a few finished writes, and returns at how many.

        A CRM in trouble is left in peace. One record that cannot be looked at is set aside for a
        while. Two in a row mean a CRM in trouble.
        """
        now = self.journal.steady.now()
        if now < self._rest_until:
            return 0
        self._aside = {key: until for key, until in self._aside.items() if now < until}
        found = {entry.key: entry for entry in self._due(limit + len(self._aside))}
        due = {key: entry for key, entry in found.items() if key not in self._aside}
        until = time.monotonic() + TURN
        looked = 0
        for entry in due.values():
            looked += 1
            if not self._try(entry) or time.monotonic() > until:
                break
        return looked

    def _try(self, entry: Entry) -> bool:
        """Looks at an entry, and returns whether the CRM may be asked for the next one."""
        try:
            self.look(entry)
        except errors.CRMError as error:
            self._failures += 1
            if isinstance(error, UNTOLD):
                self._set_aside(entry)
                if self._failures < IN_A_ROW:
                    return True
            pause = min(REST, FIRST * 2 ** min(self._failures, 10))
            self._rest_until = self.journal.steady.now() + pause
            return False
        self._failures = 0
        return True

    def look(self, entry: Entry) -> None:
        """Writes down what the CRM did not keep, and the numbers of equal records.

        Raises CRMError.
        """
        if entry.state is State.REFUSED:
            self._look_for_refused(entry)
            return
        if entry.checks:
            self._look_again(entry)
            return
        self._write_down(entry, self.settling.prove(entry), [])

    def _look_for_refused(self, entry: Entry) -> None:
        if {*entry.work["record"], *entry.words} & self.journal.overtaken(entry):
            self.journal.looked(entry)  # it was saved anew meanwhile
            return
        found = self.settling.proving.recognise(self.settling.proving.filled(entry))
        if found:
            self.journal.belated(entry, found[0])
        else:
            self.journal.looked(entry)

    def _look_again(self, entry: Entry) -> None:
        """Looks again: a record may have come twice, gone back, or gone."""
        write = self.settling.proving.standing(entry)
        if write.verb is Verb.INSERT:
            numbers = self._numbers(write)
            if write.markers and entry.crm_id not in numbers:
                known = _known(entry)
                self._write_down(entry, {**known, **self.settling.prove(entry)}, [])
                return
            twins: list[str] = []
            if len(numbers) > 1:
                twins = sorted(numbers, key=lambda number: (len(number), number))
            self._write_down(entry, _known(entry), twins)
            return
        record = self.settling.proving.record(write) if write.verb is Verb.CHANGE else None
        if record is None:
            self._write_down(entry, _known(entry), [])
            return
        gone = write.in_words(lost(write, record, write.before))
        self._write_down(entry, {**_known(entry), **gone}, [])

    def _write_down(self, entry: Entry, dropped: Mapping[str, str], twins: list[str]) -> None:
        now = self.journal.find(entry.key)
        if (
            now is None
            or now.state is not State.DONE
            or (tuple(dropped), tuple(twins)) != (now.dropped, now.twins)
        ):
            write = self.settling.dialect.asked(entry.work, entry.key, entry.origin)
            self.outdate((write.resource, *write.touches))
        if now is None or now.state is not State.DONE:
            return  # it is in doubt again, and settled as such
        # Only we miss our marks: without them a record is found by what it says. Support sees that
        # they are missing, and no attendant is bothered.
        quietly = not twins and not now.why and self.settling.dialect.marks.issuperset(dropped)
        self.journal.checked(entry, dropped=dropped, twins=twins, quietly=quietly)

    def _due(self, limit: int) -> Iterator[Entry]:
        yield from self.journal.unchecked(1, 0.0, limit)
        yield from self.journal.refusals(self.settling.settle_seconds, limit)
        for times, delay in enumerate(LATER, 1):
            sends = 1 if delay == 0 else 2
            yield from self.journal.unchecked(
                times + 1, self.settling.settle_seconds + delay, limit, sends=sends
            )

    def _set_aside(self, entry: Entry) -> None:
        """Sets an entry aside for a while, and after some tries for good.

        So a record that can never be looked at does not hold up the others.
        """
        self._aside[entry.key] = self.journal.steady.now() + REST
        self._tries[entry.key] += 1
        if self._tries[entry.key] >= PATIENCE:
            self.journal.looked(entry)
            self.journal.checked(entry, dropped=_known(entry), twins=entry.twins)
            del self._tries[entry.key]

    def _numbers(self, write: Write) -> set[str]:
        """Returns all numbers under the surest marker that finds any.

        Those that other forms have made are left out.
        """
        trouble: errors.CRMError | None = None
        for marker in write.markers:
            try:
                found = self.settling.proving.found(write, marker)
            except UNTOLD as error:
                trouble = error
                continue
            trouble = None
            if found:
                return set(found)
        if trouble:
            raise trouble
        return set()


def _known(entry: Entry) -> dict[str, str]:
    """Returns what earlier looks found missing."""
    return {column: entry.instead.get(column, "") for column in entry.dropped}
