"""What an engine supplies: rows, transactions with named locks, presence, search and copies."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from enum import IntEnum
from typing import Any, Protocol

Row = dict[str, Any]


class Lock(IntEnum):
    """What a transaction keeps others from changing meanwhile.

    One that needs several takes them in this order, or two transactions could wait for each other.
    """

    PEOPLE = 1
    JOURNAL = 2
    LEDGER = 3
    RECORDS = 4


class OutOfOrder(RuntimeError):
    """A transaction asks for a lock that must be taken before one that it holds: our mistake."""


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


class Store(Rows, Protocol):
    """A database as the stores use it. Whatever it cannot do is raised as StorageFailed.

    A statement outside a transaction is durable when it returns.
    """

    def run(self, sql: str, *values: object) -> int:
        """Runs one statement; returns the number of rows it changed."""
        ...

    def run_each(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Runs one statement for each of these values, all or nothing."""
        ...

    def jot(self, sql: str, *values: object) -> None:
        """Runs one statement that a power failure may undo."""
        ...

    def transaction(self, *locks: Lock) -> AbstractContextManager[None]:
        """All or nothing; one inside another joins it, and only the outermost commits.

        Nobody else is inside a transaction with one of these locks meanwhile, in any process: what
        was read under a lock stays true until the end. An engine may keep others out altogether, as
        SQLite does. Raises OutOfOrder where an inner transaction asks for an earlier lock.
        """
        ...

    def hastily(self, *locks: Lock) -> AbstractContextManager[None]:
        """A transaction that a power failure may undo."""
        ...

    def version(self) -> Hashable:
        """Returns a value that stays the same while nothing is committed and nothing fails."""
        ...

    def tables_with(self, column: str) -> list[str]:
        """Returns the names of all tables that have the column."""
        ...

    def log_up_to(self, pages: int) -> None:
        """Says that this thread is about to write much: so many pages at once."""
        ...

    def shed(self) -> None:
        """Leaves nothing of what was erased in any log, as soon as nobody reads an older state."""
        ...

    def shrink(self) -> None:
        """Leaves nothing of what was erased in any file."""
        ...

    def close(self) -> None:
        """Lets go of what this thread holds."""
        ...


class Processes(Protocol):
    """Which server processes are alive, and which of them has a task."""

    @property
    def name(self) -> str:
        """Returns the name of this process."""
        ...

    def is_alive(self, name: str) -> bool:
        """Returns whether the process of this name still runs."""
        ...

    def take(self, name: str) -> bool:
        """Becomes the only process with this task until it ends; False while another one is."""
        ...

    def drop(self, name: str) -> None:
        """Leaves the task to the process that takes it next."""
        ...

    def leave(self) -> None:
        """Lets go of everything."""
        ...
