"""Opens the SQLite file safely, one connection for each thread, and brings its tables up to date."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils import Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where installed

Row = dict[str, Any]

SQLITE_VERSION: str = sqlite3.sqlite_version

# WAL-reset corruption: SQLite 3.7.0 to 3.51.2 may damage a file in WAL mode that several connections write.
# Repaired in 3.51.3 and in these older lines. Reference: https://www.sqlite.org/wal.html#walresetbug
SAFE_FROM = (3, 51, 3)
SAFE_PATCHES = {(3, 50): 7, (3, 44): 6}


def sqlite_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite is without the WAL-reset corruption."""
    return version >= SAFE_FROM or version[2] >= SAFE_PATCHES.get((version[0], version[1]), 1000)


class Database:
    """One SQLite file. Commits are durable against power loss (WAL, full sync); deleted bytes are overwritten."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._path = path
        self._local = threading.local()
        migrations.apply(sqlite_utils.Database(self.connection))

    @property
    def connection(self) -> Any:
        """This thread's connection, in autocommit mode: every statement outside ``transaction`` commits itself."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
        return connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows of a query, as dictionaries."""
        return [dict(row) for row in self.connection.execute(sql, values)]

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row of a query, or None."""
        row = self.connection.execute(sql, values).fetchone()
        return dict(row) if row else None

    def run(self, sql: str, *values: object) -> int:
        """Runs one statement; the number of rows it changed."""
        return int(self.connection.execute(sql, values).rowcount)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one inside another joins it, and only the outermost commits.

        Takes the write lock at once: a deferred one fails when a read turns into a write.
        """
        if getattr(self._local, "inside", False):
            yield
            return
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        self._local.inside = True
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        else:
            connection.execute("COMMIT")
        finally:
            self._local.inside = False

    def table(self, name: str) -> sqlite_utils.db.Table:
        """The table for sqlite-utils."""
        return sqlite_utils.Database(self.connection).table(name)

    def _open(self) -> Any:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=10, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection


migrations = Migrations("vinculo")


@migrations()
def conversations(db: sqlite_utils.Database) -> None:
    """Who is in each conversation, as the console told it last, and which contact its panel shows."""
    db.execute(
        "CREATE TABLE conversations (key TEXT PRIMARY KEY, body TEXT NOT NULL, contact TEXT, seen_at REAL NOT NULL)"
    )


@migrations()
def cache(db: sqlite_utils.Database) -> None:
    """What was read from the CRM, and when."""
    db.execute(
        "CREATE TABLE cache (integration TEXT, query TEXT, resource TEXT NOT NULL, body TEXT NOT NULL,"
        " fetched_at REAL NOT NULL, outdated INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (integration, query))"
    )
    db.execute("CREATE INDEX cache_resource ON cache (integration, resource)")


@migrations()
def journal(db: sqlite_utils.Database) -> None:
    """Every write, kept before the CRM is called."""
    db.execute(
        "CREATE TABLE journal (key TEXT PRIMARY KEY, integration TEXT NOT NULL, conversation TEXT NOT NULL,"
        " contact TEXT NOT NULL, negotiation TEXT NOT NULL, attendant TEXT NOT NULL, action TEXT NOT NULL,"
        " summary TEXT NOT NULL, verb TEXT NOT NULL, resource TEXT NOT NULL, record TEXT NOT NULL, body TEXT NOT NULL,"
        " state TEXT NOT NULL, crm_id TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '', kept_at REAL NOT NULL,"
        " settled_at REAL)"
    )
    db.execute("CREATE INDEX journal_contact ON journal (integration, contact, kept_at)")


@migrations()
def links(db: sqlite_utils.Database) -> None:
    """Which person is which contact, and which one surely not, by whom."""
    db.execute(
        "CREATE TABLE links (integration TEXT, person TEXT, contact TEXT, attendant TEXT NOT NULL, at REAL NOT NULL,"
        " denied INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (integration, person, contact))"
    )


@migrations()
def drafts(db: sqlite_utils.Database) -> None:
    """What is being typed, until it is saved."""
    db.execute(
        "CREATE TABLE drafts (conversation TEXT, form TEXT, attendant TEXT, body TEXT NOT NULL, at REAL NOT NULL,"
        " PRIMARY KEY (conversation, form, attendant))"
    )


@migrations()
def owners(db: sqlite_utils.Database) -> None:
    """Which employee of the CRM an attendant is, where the e-mail does not tell."""
    db.execute(
        "CREATE TABLE owners (integration TEXT, attendant TEXT, owner TEXT NOT NULL, at REAL NOT NULL,"
        " PRIMARY KEY (integration, attendant))"
    )


@migrations()
def qualifications(db: sqlite_utils.Database) -> None:
    """The qualification of a negotiation, for a CRM that has no column for it."""
    db.execute(
        "CREATE TABLE qualifications (integration TEXT, negotiation TEXT, value TEXT NOT NULL,"
        " attendant TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (integration, negotiation))"
    )
