"""How far the people index is filled, table by table, and where to go on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from widget.store.engine.database import Database
from widget.store.people.people import People

# What a pass notes besides the codes of errors.
NO_COLUMN = "no-column"
GONE = "gone"


class Filling(StrEnum):
    """What the mirror does.

    It has not begun, makes the first pass, pauses because of the CRM, or follows the changes.
    """

    WAITING = "waiting"
    FILLING = "filling"
    PAUSED = "paused"
    FOLLOWING = "following"


@dataclass(frozen=True)
class Fill:
    """How far one table is.

    A pass began at ``started_at``. ``finished_at`` is the end of the last whole pass; the pass is
    over when it is later than its start. ``cursor`` is the last number read. ``newest`` is the
    latest change read, by the clock of the CRM; it was looked for at ``checked_at``.
    """

    resource: str
    started_at: float = 0.0
    finished_at: float = 0.0
    cursor: str = ""
    seen: int = 0
    total: int = 0
    newest: str = ""
    checked_at: float = 0.0
    state: str = Filling.WAITING
    why: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether it is known how many there are."""
        return self.total > 0 or self.finished_at > 0

    @property
    def is_passing(self) -> bool:
        """Whether a pass began and has not come to its end."""
        return self.started_at > 0 and self.finished_at < self.started_at


@dataclass(frozen=True)
class Progress:
    """All tables together.

    ``done`` and ``total`` count people of the pass; times are the least recent ones.
    """

    done: int
    total: int
    state: Filling
    why: str
    finished_at: float
    checked_at: float
    counted: float = 1.0  # the share of the tables whose people are counted

    @property
    def share(self) -> float:
        """How much of the first pass is done, 0 to 1; what is not counted yet is not done."""
        if self.finished_at:
            return 1.0
        return min(0.99, self.counted * self.done / max(1, self.total))


class Fills:
    """How far the tables of an integration are; kept beside the people and erased with them."""

    def __init__(
        self,
        database: Database,
        integration: str,
        clock: Callable[[], float],
        tables: Collection[str],
    ) -> None:
        """``tables`` are what the kind of CRM keeps people in; all must have been read once."""
        self._database = database
        self._integration = integration
        self._clock = clock
        self._tables = tuple(tables)

    def claim(self, address: str, people: People) -> None:
        """Makes this the index of the CRM at that address from now on.

        People who were read from another CRM are erased.
        """
        row = self._database.row(
            "SELECT address FROM origins WHERE integration = ?", self._integration
        )
        if row and row["address"] == address:
            return
        if row:
            people.erase()
        self._database.run(
            "INSERT INTO origins (integration, address) VALUES (?, ?)"
            " ON CONFLICT (integration) DO UPDATE SET address = excluded.address",
            self._integration,
            address,
        )

    def of(self, resource: str) -> Fill:
        """Returns how far this table is; a blank Fill before its first pass."""
        row = self._database.row(
            "SELECT resource, started_at, finished_at, cursor, seen, total, newest, checked_at,"
            " state, why FROM fills"
            " WHERE integration = ? AND resource = ?",
            self._integration,
            resource,
        )
        return Fill(**row) if row else Fill(resource)

    def begin(self, resource: str, newest: str) -> Fill:
        """Begins a new pass.

        ``newest`` is where following the changes goes on, "" where that cannot be done.
        """
        before = self.of(resource)
        started = max(self._clock(), before.finished_at + 0.001)
        self._database.run(
            "INSERT INTO fills (integration, resource, started_at, finished_at, cursor, seen,"
            " total, newest, checked_at, state, why)"
            " VALUES (?, ?, ?, 0, '', 0, 0, ?, 0, ?, '')"
            " ON CONFLICT (integration, resource) DO UPDATE"
            " SET started_at = excluded.started_at, cursor = '',"
            " seen = 0, newest = excluded.newest, state = excluded.state, why = ''",
            self._integration,
            resource,
            started,
            newest,
            _working(before),
        )
        return self.of(resource)

    def advance(self, fill: Fill, cursor: str, read: int, left: int, why: str = "") -> None:
        """Notes that a page was kept: ``read`` more people, and ``left`` are left."""
        self._note(
            fill,
            "cursor = ?, seen = seen + ?, total = seen + ? + ?, state = ?, why = ?",
            cursor,
            read,
            read,
            left,
            _working(fill),
            why,
        )

    def finish(self, fill: Fill, why: str = "") -> None:
        """Notes that the pass came to its end."""
        ended = max(self._clock(), fill.started_at)
        self._note(
            fill, "finished_at = ?, total = seen, state = ?, why = ?", ended, Filling.FOLLOWING, why
        )

    def follow(self, fill: Fill, newest: str) -> None:
        """Notes that changes up to this moment of the CRM's clock were kept."""
        self._note(fill, "newest = CASE WHEN newest < ? THEN ? ELSE newest END", newest, newest)

    def stop_following(self, fill: Fill) -> None:
        """Notes that this base does not tell what has changed."""
        self._note(fill, "newest = ''")

    def check(self, fill: Fill, why: str = "") -> None:
        """Notes that all changes are known as of now."""
        self._note(fill, "checked_at = ?, state = ?, why = ?", self._clock(), _working(fill), why)

    def pause(self, fill: Fill, why: str) -> None:
        """Notes that the CRM keeps us waiting, maybe since before the first pass.

        ``why`` is an error's code.
        """
        self._database.run(
            "INSERT INTO fills VALUES (?, ?, 0, 0, '', 0, 0, '', 0, '', '')"
            " ON CONFLICT (integration, resource) DO NOTHING",
            self._integration,
            fill.resource,
        )
        self._note(fill, "state = ?, why = ?", Filling.PAUSED, why)

    def resume(self) -> None:
        """Clears the pauses when a new mirror begins: their reasons may be over."""
        self._database.run(
            "UPDATE fills SET why = '', state = CASE"
            " WHEN finished_at > 0 THEN ? WHEN started_at > 0 THEN ? ELSE ? END"
            " WHERE integration = ? AND state = ?",
            Filling.FOLLOWING,
            Filling.FILLING,
            Filling.WAITING,
            self._integration,
            Filling.PAUSED,
        )

    def progress(self) -> Progress:
        """Returns what to show: the worst state of the tables, and why."""
        fills = [self.of(resource) for resource in self._tables]
        states = {fill.state for fill in fills}
        state = next((worst for worst in _WORST_FIRST if worst in states), Filling.FOLLOWING)
        return Progress(
            done=sum(f.seen for f in fills),
            total=sum(max(f.total, f.seen) for f in fills),
            state=state,
            why=next((f.why for f in fills if f.why), ""),
            finished_at=min(f.finished_at for f in fills),
            checked_at=min(f.checked_at for f in fills),
            counted=sum(f.is_counted for f in fills) / len(fills),
        )

    @property
    def is_complete(self) -> bool:
        """Whether every table was read to its end once."""
        row = self._database.row(
            "SELECT count(*) AS n FROM fills WHERE integration = ? AND finished_at > 0",
            self._integration,
        )
        return row is not None and row["n"] == len(self._tables)

    def _note(self, fill: Fill, change: str, *values: object) -> None:
        """Changes the table's row if its pass is still the one that was read.

        The row may have been erased meanwhile.
        """
        self._database.run(
            f"UPDATE fills SET {change}"  # noqa: S608
            " WHERE integration = ? AND resource = ? AND started_at = ?",
            *values,
            self._integration,
            fill.resource,
            fill.started_at,
        )


def _working(fill: Fill) -> Filling:
    return Filling.FOLLOWING if fill.finished_at else Filling.FILLING


_WORST_FIRST = (Filling.PAUSED, Filling.FILLING, Filling.WAITING)
