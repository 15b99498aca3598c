"""Looks at what was done: whether the CRM kept all of it, and kept it once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from widget import errors
from widget.crm.protocol import Filter, Freshness, Query, Row, Transport, Verb, Write
from widget.crm.settling import Settling, plain
from widget.store.entries import Entry
from widget.store.journal import Journal

# What went smoothly is looked at once. What was ever in doubt is counted again, in case the CRM was later than any
# limit: after the settling time, after an hour, after a day.
LATER = (0, 3600, 24 * 3600)


@dataclass
class Checking:
    """Reads after writing, when nobody waits for it. It never changes anything in the CRM."""

    inner: Transport
    journal: Journal
    settling: Settling

    def turn(self, limit: int = 5) -> int:
        """Looks at a few finished writes; how many. A CRM in trouble is left in peace."""
        found = list(self._due(limit))
        with contextlib.suppress(errors.CRMError):
            for entry in found:
                self.look(entry)
        return len(found)

    def look(self, entry: Entry) -> None:
        """Writes down what the CRM dropped, and the numbers of equal records; raises CRMError."""
        write = self.settling.filled(entry)
        twins = self._twins(entry, write)
        dropped = self._dropped(entry, write) if not entry.checks else entry.dropped
        self.journal.checked(entry, dropped=dropped, twins=twins)

    def _due(self, limit: int) -> Iterator[Entry]:
        yield from self.journal.unchecked(1, 0.0, limit)
        for times, delay in enumerate(LATER, 1):
            yield from self.journal.unchecked(times + 1, self.settling.settle_seconds + delay, limit, sends=2)

    def _twins(self, entry: Entry, write: Write) -> list[str]:
        if write.verb is not Verb.INSERT or not write.markers:
            return []
        rows = self.inner.read(replace(write.markers[0], freshness=Freshness.NOW)).value.rows
        numbers = sorted({row["id"] for row in rows} | {entry.crm_id}, key=lambda n: (len(n), n))
        return numbers if len(numbers) > 1 else []

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
