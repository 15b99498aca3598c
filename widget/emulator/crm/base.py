"""The emulator's SQLite file.

It has connections that threads share by turns, and the CRM's way of comparing text.
"""

import atexit
import queue
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from widget.emulator.crm.tables import TABLES, Table

try:
    from pysqlite3 import dbapi2 as sqlite  # carries a SQLite without the WAL bug
except ImportError:  # no wheel for this machine
    import sqlite3 as sqlite

_BRASILIA = timezone(timedelta(hours=-3))
_ARRIVED = """CREATE TABLE IF NOT EXISTS emulator_arrived (
    id INTEGER PRIMARY KEY, moment TEXT, what TEXT, tabela TEXT, record TEXT, summary TEXT)"""
_MET = """CREATE TABLE IF NOT EXISTS emulator_met (
    id INTEGER PRIMARY KEY, moment TEXT, mishap TEXT, committed TEXT, what TEXT, \
tabela TEXT, record TEXT,
    summary TEXT)"""

Row = dict[str, str]


def now() -> str:
    """The CRM's clock: local time of Brasília, without a zone."""
    return datetime.now(_BRASILIA).strftime("%Y-%m-%d %H:%M:%S")


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """What MariaDB's usual collation sees: no case, no accents."""
    if text.isascii():
        return text.lower()
    return "".join(
        char
        for char in unicodedata.normalize("NFD", text.lower())
        if not unicodedata.combining(char)
    )


class Base:
    """The file.

    Connections are opened when needed, used by one thread at a time and kept for the next.
    """

    def __init__(self, path: str) -> None:
        self.path = _passing_file() if path == ":memory:" else path
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """A connection with every committed row."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._idle.put(connection)

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A transaction that is kept whole or not at all.

        It holds the write lock from its first line.
        """
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def trying(self) -> Iterator[Any]:
        """A transaction whose work is undone at its end."""
        with self.writing() as connection:
            connection.execute("SAVEPOINT trial")
            yield connection
            connection.execute("ROLLBACK TO trial")

    @contextmanager
    def promising(self, table: str) -> Iterator[Any]:
        """The same, but a number of the table that the work took stays taken."""
        with self.writing() as connection:
            connection.execute("SAVEPOINT trial")
            yield connection
            taken = _last_numbers(connection, table)
            connection.execute("ROLLBACK TO trial")
            if taken:
                connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
                connection.executemany(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", taken
                )

    def close(self) -> None:
        """Closes what is idle; the base stays usable and opens anew."""
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def empty(self) -> bool:
        with self.reading() as connection:
            return not connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'contato'"
            ).fetchone()

    def _take(self) -> Any:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self.open()

    def open(self) -> Any:
        """A connection of the caller's own."""
        connection = sqlite.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=10
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.create_function("fold", 1, fold, deterministic=True)
        return connection


def create(connection: Any) -> None:
    """Makes every table anew and empty, inside the caller's transaction."""
    for table in TABLES.values():
        columns = ", ".join(
            f"\"{column.name}\" TEXT NOT NULL DEFAULT '{column.default}'"
            for column in _stored(table)
        )
        connection.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        connection.execute(
            f'CREATE TABLE "{table.name}" (id INTEGER PRIMARY KEY AUTOINCREMENT, {columns})'
        )
    for large in ("contato", "cliente"):  # counting by number must not read whole rows
        for column in ("id", "ultima_atualizacao"):
            connection.execute(f"CREATE INDEX {large}_{column} ON {large} ({column})")
    for name, made in {
        "emulator_arrived": _ARRIVED,
        "emulator_met": _MET,
    }.items():
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute(made)


def find(connection: Any, table: str, record: str) -> Row | None:
    """One record as the API shows it, or nothing."""
    found = (
        connection.execute(f'SELECT * FROM "{table}" WHERE id = ?', (record,))
        if record.isdecimal()
        else None
    )
    row = found.fetchone() if found else None
    return (
        dict(zip([item[0] for item in found.description], map(str, row), strict=True))
        if found and row
        else None
    )


def insert(connection: Any, table: str, values: Mapping[str, str]) -> str:
    """Adds a record and gives its id; `values` may hold the id too."""
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    cursor = connection.execute(
        f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(values.values())
    )
    return str(cursor.lastrowid)


def update(connection: Any, table: str, record: str, values: Mapping[str, str]) -> None:
    changes = ", ".join(f'"{name}" = ?' for name in values)
    connection.execute(f'UPDATE "{table}" SET {changes} WHERE id = ?', (*values.values(), record))


def free(connection: Any, table: str, record: str) -> bool:
    """Whether a record could get this number."""
    return record.isdecimal() and find(connection, table, record) is None


def above_highest(connection: Any, table: str) -> str:
    """The number after that of the newest record that is there."""
    [(highest,)] = connection.execute(f'SELECT coalesce(max(id), 0) FROM "{table}"')
    return str(highest + 1)


def newest_other(connection: Any, table: str, record: str) -> str:
    """The newest record before this one, else the newest of all others, else itself."""
    for condition in ("id < ?", "id <> ?"):
        [(found,)] = connection.execute(
            f'SELECT max(id) FROM "{table}" WHERE {condition}', (int(record),)
        )
        if found is not None:
            return str(found)
    return record


def met(connection: Any, values: Mapping[str, str]) -> None:
    """Keeps what a write met by plan; also in a file that an older emulator made."""
    connection.execute(_MET)
    insert(
        connection,
        "emulator_met",
        {
            "moment": now(),
            **values,
        },
    )


def _passing_file() -> str:
    """A file that lasts as long as the process.

    A base in memory would be another one for each connection.
    """
    folder = tempfile.mkdtemp(prefix="crm-emulator-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(Path(folder) / "crm.db")


def _last_numbers(connection: Any, table: str) -> list[tuple[str, int]]:
    """The row that keeps the number last given, none in a file that an older emulator made."""
    if not connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"
    ).fetchone():
        return []
    return list(
        connection.execute("SELECT name, seq FROM sqlite_sequence WHERE name = ?", (table,))
    )


def _stored(table: Table) -> list[Any]:
    return [column for name, column in table.columns.items() if name != "id"]
