"""Rows that do not come as rows should: one that empties its page, one that comes twice."""

from __future__ import annotations

from dataclasses import dataclass, field

from widget.crm.wire import Filter, Query, Rows
from widget.domain import errors

EMPTIES, TWICE = "row-empties", "row-twice"
# When as many rows in a row are bad, the base shows no rows at all.
MOST = 20
FURTHEST = 2**40


def distinct(rows: Rows) -> tuple[Rows, list[int]]:
    """Returns the rows without repetition, and the numbers of the repeated ones."""
    found = {row["id"]: row for row in rows.rows}
    if len(found) == len(rows.rows):
        return rows, []
    numbers = [int(row["id"]) for row in rows.rows]
    twice = [number for number in dict.fromkeys(numbers) if numbers.count(number) > 1]
    return Rows(tuple(found.values()), rows.total), twice


def told(odd: dict[int, str]) -> str:
    """Writes the odd rows as a note: ``row-empties:12``."""
    return ";".join(f"{kind}:{number}" for number, kind in sorted(odd.items()))


def read(note: str) -> dict[int, str]:
    """Reads what ``told`` wrote and passes over whatever else the note holds."""
    parts = [part.partition(":") for part in note.split(";")]
    return {
        int(number): kind
        for kind, _, number in parts
        if kind in {EMPTIES, TWICE} and number.isdecimal()
    }


@dataclass
class Around:
    """The way around bad rows above ``cursor``.

    Pages grow smaller up to the first bad row; then its number is searched. A page without rows
    tells how many there are, so it is known without the row whether a span of numbers holds it.
    """

    cursor: int
    size: int
    span: int = 0
    is_near: bool = False
    bad: list[int] = field(default_factory=list)

    def query(self, resource: str) -> Query:
        """Returns the next query."""
        above = Filter("id", ">", str(self.cursor))
        if not self.span:
            return Query(resource, (above,), size=self.size)
        within = Filter("id", "<=", str(self.cursor + self.span))
        return Query(resource, (above, within), size=1)

    def emptied(self) -> None:
        """Notes that the page came without its rows.

        Raises Incomplete where this does not come from single rows.
        """
        if not self.span and self.size > 1:
            self.size //= 2
        elif not self.span:
            self.span = 1
            self.is_near = False
        elif self.span == 1:
            self._found()
        else:
            self.span //= 2
            self.is_near = True

    def nothing(self) -> None:
        """Notes that the span holds no row; raises Incomplete where no span does."""
        self.cursor += self.span
        if not self.is_near:
            self.span *= 2
        elif self.span == 1:
            self._found()
        else:
            self.span //= 2
        if self.span > FURTHEST:
            raise errors.Incomplete("rows announced, and no number has one")

    def _found(self) -> None:
        self.cursor += 1
        self.bad.append(self.cursor)
        self.span = 0
        self.is_near = False
        if len(self.bad) > MOST:
            raise errors.Incomplete(f"{MOST} rows in a row do not come")
