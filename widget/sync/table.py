"""One mirrored table in memory: its place, its next turn, and its odd rows."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

from widget.crm.wire import Filter, Query
from widget.domain import errors
from widget.store.people.fills import GONE, NO_COLUMN, Fill
from widget.sync import odd
from widget.sync.following import Look
from widget.sync.odd import Around
from widget.sync.pace import Pace

# A slow pass finds who vanished; where changes cannot be followed it also finds what changed.
PASS_EVERY, PASS_EVERY_BLIND = 24 * 3600.0, 6 * 3600.0
# After this many seconds no earlier change can appear any more.
SETTLED = 300.0
# If more than this share would vanish at once, the token has probably lost rights; a handful may
# always.
MOST_GONE, HANDFUL = 0.1, 3
# With one of these errors the other tables fail too.
OUTAGE = (
    errors.Unreachable,
    errors.Busy,
    errors.CredentialsRefused,
    errors.AddressRefused,
    errors.Misconfigured,
)
log = logging.getLogger("vinculo.mirror")


@dataclass
class Table:
    """What one process remembers of a table; moments are seconds of the steady clock.

    ``changed`` is the column with a row's time of last change.
    """

    source: str
    resource: str
    changed: str
    pace: Pace
    look: Look | None = None
    look_at: float = 0.0
    page_at: float = 0.0
    stay_until: float = 0.0
    newest: str = ""
    newest_since: float = 0.0
    highest: int = 0
    gone: bool = False
    around: Around | None = None
    odd: dict[int, str] = field(default_factory=dict)
    # The odd rows of this pass; None when another process began it.
    met: dict[int, str] | None = None
    hurried_at: float = float("-inf")

    def why(self, fill: Fill) -> str:
        """Returns the notes for people who look at the state, though the mirror goes on."""
        notes = [odd.told(self.odd)]
        if self.gone:
            notes.insert(0, GONE)
        elif not fill.newest:
            notes.insert(0, NO_COLUMN)
        return ";".join(note for note in notes if note)

    def note(self, kind: str, numbers: list[int]) -> None:
        """Notes rows that do not come as they should."""
        for number in numbers:
            if self.odd.get(number) != kind:
                log.warning("%s %s: %s; it is stepped around", self.resource, number, kind)
            self.odd[number] = kind
            if self.met is not None:
                self.met[number] = kind

    def without_bad(self, query: Query) -> Query:
        """Returns the query without the rows that empty their page.

        Such a row would hide the other rows of its page.
        """
        bad = [str(number) for number, kind in sorted(self.odd.items()) if kind == odd.EMPTIES]
        if not bad:
            return query
        but_bad = Filter("id", "not in", ",".join(bad))
        return replace(query, filters=(*query.filters, but_bad))

    def is_settled(self, newest: str, now: float) -> bool:
        """Whether this has been the latest change for long enough.

        After that, nothing earlier can still come.
        """
        if self.newest != newest:
            self.newest = newest
            self.newest_since = now
        return now - self.newest_since > SETTLED


def begins(fill: Fill, now: float) -> bool:
    """Whether it is time for another pass."""
    every = PASS_EVERY if fill.newest else PASS_EVERY_BLIND
    return not fill.is_passing and abs(now - fill.finished_at) >= every


def is_too_many(gone: int, count: int) -> bool:
    """Whether this many cannot have vanished at once for good reasons."""
    return gone > max(HANDFUL, MOST_GONE * count)
