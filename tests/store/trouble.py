"""What can happen to a disk, so that the file on it takes no more.

Each trouble is as root would meet it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from widget.domain import errors
from widget.store.engine.database import Database, sqlite3
from widget.store.engine.sqlite import connect

WRITE = "INSERT INTO drafts VALUES ('c', ?, 'x', hex(zeroblob(20000)), 0)"


@dataclass(frozen=True)
class Trouble:
    """``befall`` holds as long as its block; ``is_readable``: what was kept can still be read."""

    name: str
    kind: type[errors.StorageFailed]
    befall: Callable[[Database], AbstractContextManager[None]]
    is_readable: bool = True
    passes: bool = True


@contextmanager
def full(database: Database) -> Iterator[None]:
    """No page more than there is: what SQLite does then is what it does on a full disk."""
    pages = database.connection.execute("PRAGMA page_count").fetchone()[0]
    database.connection.execute(f"PRAGMA max_page_count = {pages}")
    yield
    database.connection.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def read_only(database: Database) -> Iterator[None]:
    """The file as somebody sees it who may not write it."""
    real = database.connection
    real.execute("SELECT * FROM drafts").fetchall()
    database._mine.connection = connect(database._path, "ro")
    yield
    database.close()


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another program holds the write lock for longer than we wait, which is shorter here."""
    database.connection.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(database._path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def damaged(database: Database) -> Iterator[None]:
    """Something wrote over the whole file."""
    database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = database._path.stat().st_size
    with database._path.open("r+b") as file:
        file.write(b"\xff" * size)
    database.close()
    yield


@contextmanager
def gone(database: Database) -> Iterator[None]:
    """Somebody moved the file away."""
    database._path.rename(database._path.with_name("away.db"))
    yield
    database._path.with_name("away.db").rename(database._path)


TROUBLES = [
    Trouble("full", errors.DiskFull, full),
    Trouble("read-only", errors.ReadOnly, read_only),
    Trouble("locked", errors.Locked, locked),
    Trouble("damaged", errors.Damaged, damaged, is_readable=False, passes=False),
    Trouble("gone", errors.Lost, gone, is_readable=False),
]
