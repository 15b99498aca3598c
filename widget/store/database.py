"""Opens the SQLite file safely, one connection for each thread, and brings its tables up to date."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils import Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where installed

from widget.errors import StorageFailed
from widget.store.engine import (
    connect,
    create,
    failure_of,
    identity,
    look_for_damage,
    refuse_unsafe,
    settle,
    translated,
)

Row = dict[str, Any]
MOST_EXCHANGES = 20


class _Block:
    """A with-block of two functions; the second is given the error. A generator's would cost a write a tenth more."""

    __slots__ = ("_enter", "_leave")

    def __init__(self, enter: Callable[[], None], leave: Callable[[BaseException | None], None]) -> None:
        self._enter = enter
        self._leave = leave

    def __enter__(self) -> None:
        self._enter()

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._leave(error)


def _nothing() -> None: ...


_JOINED = nullcontext()


class _Mine(threading.local):
    """What each thread has of its own."""

    connection: Any = None
    file: tuple[int, int] | None = None
    inside = False
    broken: StorageFailed | None = None


class Database:
    """One SQLite file. Commits are durable against power loss (WAL, full sync); deleted bytes are overwritten.

    Whatever the file cannot do is raised as StorageFailed. A file that was put in the place of ours is taken up by the
    next statement outside a transaction.
    """

    def __init__(self, path: Path) -> None:
        """Opens it, made and brought up to date if need be; refuses what could lose something later."""
        refuse_unsafe()
        create(path)
        self._path = path
        self._mine = _Mine()
        with translated(path):
            look_for_damage(self.connection)
        with self.transaction(), self._watched():
            migrations.apply(sqlite_utils.Database(self.connection))

    @property
    def connection(self) -> Any:
        """This thread's connection, in autocommit mode: every statement outside ``transaction`` commits itself."""
        mine = self._mine
        if not mine.inside:
            file = identity(self._path)
            if mine.connection is None or file != mine.file:
                self.close()
                mine.connection, mine.file = self._open(), file
        return mine.connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows of a query, as dictionaries."""
        with self._watched():
            return [dict(row) for row in self.connection.execute(sql, values)]

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row of a query, or None."""
        with self._watched():
            row = self.connection.execute(sql, values).fetchone()
        return dict(row) if row else None

    def run(self, sql: str, *values: object) -> int:
        """Runs one statement; the number of rows it changed."""
        with self.transaction(), self._watched():
            return int(self.connection.execute(sql, values).rowcount)

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; one inside another joins it, and only the outermost commits.

        Takes the write lock at once: a deferred one fails when a read turns into a write.
        """
        return _JOINED if self._mine.inside else _Block(self._begin, self._end)

    def close(self) -> None:
        """Closes this thread's connection; the next statement opens another."""
        connection, self._mine.connection = self._mine.connection, None
        if connection is not None:
            connection.close()

    def _begin(self) -> None:
        """Takes the write lock of the file that is in place: while we waited, another may have come."""
        mine = self._mine
        for _ in range(MOST_EXCHANGES):
            with self._watched():
                self.connection.execute("BEGIN IMMEDIATE")
            with suppress(StorageFailed):
                if identity(self._path) == mine.file:
                    mine.inside = True
                    return
            self._roll_back()
        raise StorageFailed(f"{self._path} is another file each time: keep the data folder on a local disk")

    def _end(self, error: BaseException | None) -> None:
        mine = self._mine
        try:
            if error is None:
                with self._watched():
                    mine.connection.execute("COMMIT")
        finally:
            self._roll_back()
            mine.inside, mine.broken = False, None

    def _roll_back(self) -> None:
        """Undoes what was not committed; SQLite has done so by itself after some errors."""
        connection = self._mine.connection
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()

    def _watched(self) -> AbstractContextManager[None]:
        """Translates errors; after one nothing more is done in the transaction: SQLite may have undone half of it."""
        if self._mine.broken:
            raise self._mine.broken
        return _Block(_nothing, self._translate)

    def _translate(self, error: BaseException | None) -> None:
        if error is None:
            return
        failure = error if isinstance(error, StorageFailed) else failure_of(self._path, error)
        if failure and self._mine.inside:
            self._mine.broken = failure
        if failure and failure is not error:
            raise failure from error

    def _open(self) -> Any:
        with translated(self._path):
            connection = self._connect()
            try:
                settle(connection)
            except BaseException:
                connection.close()
                raise
        return connection

    def _connect(self) -> Any:
        return connect(self._path)


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


@migrations()
def journal_that_settles(db: sqlite_utils.Database) -> None:
    """The journal as the list of a worker: in order, with what there is to do, who does it and how far it is.

    No index on what few entries have holds the others, so a write touches few pages, however many came before. No row
    is ever deleted, so ``seq`` never comes again.
    """
    db.execute("DROP TABLE journal")
    db.execute(
        "CREATE TABLE journal (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, root TEXT NOT NULL,"
        " integration TEXT NOT NULL, conversation TEXT NOT NULL, contact TEXT NOT NULL, negotiation TEXT NOT NULL,"
        " action TEXT NOT NULL, state TEXT NOT NULL, crm_id TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '',"
        " said TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, sends INTEGER NOT NULL DEFAULT 0,"
        " boot TEXT NOT NULL DEFAULT '', sent_at REAL NOT NULL DEFAULT 0, owner TEXT NOT NULL DEFAULT '',"
        " kept_at REAL NOT NULL, settled_at REAL NOT NULL DEFAULT 0, checks INTEGER NOT NULL DEFAULT 0,"
        " dropped TEXT NOT NULL DEFAULT '[]', twins TEXT NOT NULL DEFAULT '[]', seen INTEGER NOT NULL DEFAULT 0,"
        " origin TEXT NOT NULL, work TEXT NOT NULL, words TEXT NOT NULL)"
    )
    open_, bad = "state IN ('kept', 'sending', 'unknown')", "state = 'refused' OR dropped <> '[]' OR twins <> '[]'"
    for name, columns in {
        "contact": "(integration, contact, seq)",
        "new_negotiation": "(integration, negotiation) WHERE negotiation >= 'new-'",
        "left": f"(integration, seq) WHERE ({open_} OR (seen = 0 AND ({bad})))",
        "number": "(integration, crm_id) WHERE crm_id <> ''",
        "unchecked": "(integration, checks, seq) WHERE state = 'done'",
    }.items():
        db.execute(f"CREATE INDEX journal_{name} ON journal {columns}")


@migrations()
def ledger(db: sqlite_utils.Database) -> None:
    """The chain of what was done. Only its end grows, and of a line only the personal part can go (LGPD)."""
    sealed = (
        "event", "key", "author", "conversation", "contact", "negotiation", "action", "crm_id", "digest", "author_mac",
        "content_mac", "seal",
    )  # fmt: skip
    texts = ", ".join(f"{name} TEXT NOT NULL" for name in sealed)
    db.execute(f"CREATE TABLE ledger (seq INTEGER PRIMARY KEY, at REAL NOT NULL, {texts}, salt TEXT, personal TEXT)")
    db.execute("CREATE INDEX ledger_contact ON ledger (contact, seq)")
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in ("seq", "at", *sealed))
    for name, when in {
        "grows": "INSERT ON ledger WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)",
        "stays": "DELETE ON ledger",
        "lasts": f"UPDATE ON ledger WHEN {changed} OR NEW.salt IS NOT NULL OR NEW.personal IS NOT NULL",
    }.items():
        db.execute(
            f"CREATE TRIGGER ledger_{name} BEFORE {when} BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END"
        )
