"""What an engine supplies: rows, transactions with named locks, presence, search and copies."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, Protocol

Row = dict[str, Any]


class Spelling(Hashable, Protocol):
    """How an engine spells what SQL leaves to each of them."""

    @property
    def in_list(self) -> str:
        """Returns the SQL after a column that must be in a list: it holds one mark."""
        ...

    def as_list(self, values: Iterable[object]) -> object:
        """Returns the one value that stands for the mark of ``in_list``."""
        ...

    def member(self, column: str, *names: str) -> str:
        """Returns the SQL of a member of the JSON text in a column, as a text."""
        ...

    def text_cell(self, column: str, *, may_be_blank: bool = False) -> str:
        """Returns the SQL that reads the bytes of a text and never fails, whatever was put there.

        NULL counts as damage too, unless the cell may be blank.
        """
        ...

    def number_cell(self, column: str) -> str:
        """Returns the SQL that reads a number, and NULL where something else was put there."""
        ...


class Rows(Protocol):
    """The reading half of a database."""

    @property
    def spelling(self) -> Spelling:
        """Returns how the engine spells what SQL leaves to it."""
        ...

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Returns all rows of a query."""
        ...

    def row(self, sql: str, *values: object) -> Row | None:
        """Returns the first row of a query, or None."""
        ...

    def stream(self, sql: str, *values: object) -> Iterator[Sequence[Any]]:
        """Yields the rows of a query one by one, as they are at one moment.

        What else this thread reads until the last one is of that moment too.
        """
        ...
