"""Looks at what was done: whether the CRM kept all of it, and kept it once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from widget import errors
from widget.crm.protocol import Filter, Freshness, Query, Row, Transport, Verb, Write
from widget.crm.settling import Settling, plain
from widget.store.entries import Entry
from widget.store.journal import Journal

# What went smoothly is looked at once. What was ever in doubt is counted again, in case the CRM was later than any
# limit: after the settling time, after an hour, after a day.
LATER = (0, 3600, 24 * 3600)
# So long (seconds) a CRM that did not answer is left in peace, and so often one record is tried.
REST = 30.0
PATIENCE = 5
# Nobody misses these but us: without them a record is found by what it says. Support sees it, no attendant is bothered.
MARKS = frozenset({"external_id", "external_system"})
# A base may never answer to a question of this kind; any other trouble passes.
NEVER = (errors.Unexpected, errors.Rejected, errors.ResourceUnavailable, errors.PermissionDenied)


@dataclass
class Checking:
    """Reads after writing, when nobody waits for it. It never changes anything in the CRM."""

    inner: Transport
    journal: Journal
    settling: Settling
    _tries: Counter[str] = field(default_factory=Counter)
    _rest_until: float = 0.0

    def turn(self, limit: int = 5) -> int:
        """Looks at a few finished writes; how many. A CRM in trouble is left in peace."""
        if self.journal.steady.now() < self._rest_until:
            return 0
        found = list(self._due(limit))
        for entry in found:
            try:
                self.look(entry)
            except errors.CRMError as error:
                self._rest(entry, error)
                break
        return len(found)

    def look(self, entry: Entry) -> None:
        """Writes down what the CRM dropped, and the numbers of equal records; raises CRMError."""
        write = self.settling.filled(entry)
        twins = self._twins(entry, write)
        dropped = self._dropped(entry, write) if not entry.checks else entry.dropped
        self.journal.checked(entry, dropped=dropped, twins=twins, quietly=not twins and MARKS.issuperset(dropped))

    def _due(self, limit: int) -> Iterator[Entry]:
        yield from self.journal.unchecked(1, 0.0, limit)
        for times, delay in enumerate(LATER, 1):
            yield from self.journal.unchecked(times + 1, self.settling.settle_seconds + delay, limit, sends=2)

    def _rest(self, entry: Entry, error: errors.CRMError) -> None:
        """For a while; a record that can never be looked at must not keep the others from it."""
        self._rest_until = self.journal.steady.now() + REST
        self._tries[entry.key] += 1
        if self._tries[entry.key] >= PATIENCE and isinstance(error, NEVER):
            self.journal.checked(entry, dropped=entry.dropped, twins=entry.twins)
            del self._tries[entry.key]

    def _twins(self, entry: Entry, write: Write) -> list[str]:
        """All numbers under the surest marker that finds any, but for those that other forms have made."""
        trouble: errors.CRMError | None = None
        for marker in write.markers if write.verb is Verb.INSERT else ():
            try:
                rows = self.inner.read(replace(marker, freshness=Freshness.NOW)).value.rows
            except NEVER as error:
                trouble = error
                continue
            trouble = None
            found = {r["id"] for r in rows if not self.journal.is_taken(entry.key, write.resource, r["id"])}
            if found:
                numbers = sorted(found | {entry.crm_id}, key=lambda n: (len(n), n))
                return numbers if len(numbers) > 1 else []
        if trouble:
            raise trouble
        return []

    def _dropped(self, entry: Entry, write: Write) -> list[str]:
        """The columns that were sent and are empty now, or hold only the beginning."""
        if write.verb is Verb.ACT:
            return []
        query = Query(write.resource, (Filter("id", "=", entry.crm_id),), size=1, freshness=Freshness.NOW)
        rows = self.inner.read(query).value.rows
        return [c for c, sent in write.record.items() if rows and plain(sent) and _is_lost(rows[0], c, sent)]


def _is_lost(row: Row, column: str, sent: str) -> bool:
    if column not in row:  # a listing need not show every column that a form takes
        return False
    now = plain(row[column])
    return now == "" or (now != plain(sent) and len(now) < len(plain(sent)) and plain(sent).startswith(now))
