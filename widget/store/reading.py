"""Opens the SQLite file for reading only, while servers go on writing it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where installed


class Unreadable(Exception):
    """The file is missing, damaged, or not a database of this version; ``str()`` says so for support."""


@contextmanager
def reading(path: Path) -> Iterator[Any]:
    """A connection that cannot change the file, not even bring its tables up to date."""
    if not path.exists():
        raise Unreadable(f"there is no database at {path}")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error
