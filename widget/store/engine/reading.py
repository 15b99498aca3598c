"""Reads a file beside running servers and leaves it as it is, also one of an older version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from widget.store.engine.port import Row
from widget.store.engine.spelling import SQLiteSpelling
from widget.store.engine.sqlite import connect, translated


class Reader:
    """The reading half of Database, which itself would bring an older file up to date."""

    spelling = SQLiteSpelling()

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Returns all rows of a query."""
        return [dict(row) for row in self._connection.execute(sql, values)]

    def row(self, sql: str, *values: object) -> Row | None:
        """Returns the first row of a query, or None."""
        row = self._connection.execute(sql, values).fetchone()
        return dict(row) if row else None

    def stream(self, sql: str, *values: object) -> Iterator[Sequence[Any]]:
        """Yields the rows of a query one by one."""
        yield from self._connection.execute(sql, values)

    def has_table(self, name: str) -> bool:
        """Whether there is such a table: an older file may lack it."""
        known = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
        return self.row(known, name) is not None


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Opens the file for reading; all that is read is of one moment, whoever writes meanwhile."""
    with translated(path), closing(connect(path, "ro")) as connection:
        connection.execute("BEGIN")
        yield Reader(connection)
