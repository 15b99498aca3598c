"""Opens the SQLite file, one connection for each thread, and updates its tables."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils import Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where installed

from widget.domain.errors import Lost, StorageFailed
from widget.store.engine.migrations import vinculo
from widget.store.engine.port import Lock, OutOfOrder
from widget.store.engine.spelling import SQLiteSpelling
from widget.store.engine.sqlite import (
    WAIT_SECONDS,
    connect,
    create,
    failure_of,
    identity,
    look_for_damage,
    refuse_foreign,
    refuse_unsafe,
    settle,
    translated,
)

Row = dict[str, Any]
MOST_EXCHANGES = 20
GLANCE_SECONDS = 0.02


class _Block:
    """A with-block of two functions; the second is given the error.

    A generator's would cost a write a tenth more.
    """

    __slots__ = ("_enter", "_leave")

    def __init__(
        self, enter: Callable[[], None], leave: Callable[[BaseException | None], None]
    ) -> None:
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
    locks: frozenset[Lock] = frozenset()
    broken: StorageFailed | None = None


@dataclass
class _Watch:
    """What has changed. Of this process all is counted: ``commits`` and ``failures``.

    Of others a connection tells that never writes, looked at now and then: ``seen``. Reference:
    PRAGMA data_version.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    connection: Any = None
    file: tuple[int, int] | None = None
    seen: tuple[int, ...] = ()
    again_at: float = 0.0
    counter: Iterator[int] = field(default_factory=lambda: count(1))
    commits: int = 0
    failures: int = 0


class Database:
    """One SQLite file.

    Commits are durable against power loss (WAL, full sync); deleted bytes are overwritten.

    Whatever the file cannot do is raised as StorageFailed. A file that was put in the place of ours
    is taken up by the next statement outside a transaction.
    """

    spelling = SQLiteSpelling()

    def __init__(
        self,
        path: Path,
        migrations: Migrations = vinculo,
        wait: float = WAIT_SECONDS,
        *,
        anew: bool = False,
    ) -> None:
        """Opens it, made and brought up to date if need be.

        Refuses what could lose something later.

        A write waits so many seconds for those of others; then it is refused as Locked. A file that
        is gone, though it was there once, is made only if it may begin ``anew``; what can be read
        from the CRM again always may.
        """
        refuse_unsafe()
        create(path, anew=anew or migrations is not vinculo)
        self._path = path
        self._is_made = False
        self._wait = wait
        self._mine = _Mine()
        self._watch = _Watch()
        with translated(path):
            look_for_damage(self.connection)
        with self._alone(), self._watched():
            migrations.apply(sqlite_utils.Database(self.connection))
        self._is_made = True

    @property
    def connection(self) -> Any:
        """Returns this thread's connection, in autocommit mode.

        Every statement outside ``transaction`` commits itself.
        """
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

    def stream(self, sql: str, *values: object) -> Iterator[Sequence[Any]]:
        """Yields the rows of a query one by one, as they are at one moment.

        What else this thread reads until the last one is of that moment too.
        """
        with self._watched():
            yield from self.connection.execute(sql, values)

    def tables_with(self, column: str) -> list[str]:
        """Returns the names of all tables that have the column."""
        tables = (
            "SELECT t.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c"
            " WHERE t.type = 'table' AND c.name = ? ORDER BY t.name"
        )
        return [row["name"] for row in self.rows(tables, column)]

    def run(self, sql: str, *values: object) -> int:
        """Runs one statement; the number of rows it changed."""
        with self._alone(), self._watched():
            return int(self.connection.execute(sql, values).rowcount)

    def jot(self, sql: str, *values: object) -> None:
        """Runs one statement hastily."""
        with self.hastily():
            self.run(sql, *values)

    @contextmanager
    def hastily(self, *locks: Lock) -> Iterator[None]:
        """A transaction that a power failure may undo.

        It does not wait for the disk. Nothing else becomes less durable.
        """
        if self._mine.inside:
            yield
            return
        with self._watched():
            hasty = self.connection
            hasty.execute("PRAGMA synchronous=NORMAL")
        try:
            with self.transaction(*locks):
                yield
        finally:
            if hasty is self._mine.connection:
                self._be_sure_again()

    def run_each(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Runs one statement for each of these values, all or nothing."""
        with self._alone(), self._watched():
            self.connection.executemany(sql, values)

    def log_up_to(self, pages: int) -> None:
        """Sets after how many pages of the log this thread takes its writes over to the file.

        The default is 1000.
        """
        with self._watched():
            self.connection.execute(f"PRAGMA wal_autocheckpoint={pages}").fetchall()

    def shrink(self) -> None:
        """Writes the file anew without what it no longer needs, in memory first, and sheds the log.

        Only so does nothing of what was deleted stay: secure_delete does not reach the copies that
        splitting a page of a table leaves behind in it.
        """
        with self._watched():
            self.connection.execute("VACUUM")
        self.shed()

    def shed(self) -> None:
        """Takes what was written over to the file and cuts the log off.

        So what was erased is in no log either. While another connection still reads an older state
        this is left to the next call.
        """
        with self._watched():
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def version(self) -> tuple[int, ...]:
        """Returns a value that stays the same while nothing of ours is committed or fails.

        It counts for this process. A commit of another process, or a file in the place of ours,
        shows within a fiftieth of a second. To look at each call would cost more than what is
        remembered saves, since threads queue for the interpreter after it.
        """
        watch = self._watch
        if time.monotonic() >= watch.again_at and watch.lock.acquire(blocking=False):
            try:
                watch.seen = self._glance(watch)
                watch.again_at = time.monotonic() + GLANCE_SECONDS
            finally:
                watch.lock.release()
        return *watch.seen, watch.commits, watch.failures

    def _glance(self, watch: _Watch) -> tuple[int, ...]:
        with self._watched():
            file = identity(self._path)
            if file != watch.file:
                watch.connection, watch.file = self._connect(), file
            (number,) = watch.connection.execute("PRAGMA data_version").fetchone()
            return *file, number

    def transaction(self, *locks: Lock) -> AbstractContextManager[None]:
        """All or nothing; one inside another joins it, and only the outermost commits.

        SQLite has one write lock for all, whatever is named: nobody else writes until the end. It
        is taken at once, since a deferred one fails when a read turns into a write.

        Raises OutOfOrder where an inner transaction asks for a lock out of its order.
        """
        mine = self._mine
        if not mine.inside:
            mine.locks = frozenset(locks)
            return _Block(self._begin, self._end)
        more = frozenset(locks) - mine.locks
        if more and mine.locks and min(more) < max(mine.locks):
            raise OutOfOrder(f"{min(more).name} after {max(mine.locks).name}")
        mine.locks |= more
        return _JOINED

    def _alone(self) -> AbstractContextManager[None]:
        """One statement as a transaction, or as a part of the one around it."""
        return _JOINED if self._mine.inside else _Block(self._begin, self._end)

    def close(self) -> None:
        """Closes this thread's connection; the next statement opens another."""
        connection, self._mine.connection = self._mine.connection, None
        if connection is not None:
            connection.close()

    def _be_sure_again(self) -> None:
        """From the next commit on the disk is waited for.

        A connection that cannot promise it is given up.
        """
        try:
            with self._watched():
                self._mine.connection.execute("PRAGMA synchronous=FULL")
        except StorageFailed:
            self.close()
            raise

    def _begin(self) -> None:
        """Takes the write lock of the file that is in place now.

        Another file may have come while we waited.
        """
        mine = self._mine
        for _ in range(MOST_EXCHANGES):
            with self._watched():
                self.connection.execute("BEGIN IMMEDIATE")
            with suppress(StorageFailed):
                if identity(self._path) == mine.file:
                    mine.inside = True
                    return
            self._roll_back()
        raise StorageFailed(
            f"{self._path} is another file each time: keep the data folder on a local disk"
        )

    def _end(self, error: BaseException | None) -> None:
        mine = self._mine
        try:
            if error is None:
                with self._watched():
                    if identity(self._path) != mine.file:
                        raise Lost(f"{self._path} is another file than when this began")
                    mine.connection.execute("COMMIT")
                self._watch.commits = next(
                    self._watch.counter
                )  # no number twice, whoever comes first
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
        """Translates errors.

        After one nothing more is done in the transaction: SQLite may have undone half of it.
        """
        if self._mine.broken:
            raise self._mine.broken
        return _Block(_nothing, self._translate)

    def _translate(self, error: BaseException | None) -> None:
        if error is None:
            return
        failure = error if isinstance(error, StorageFailed) else failure_of(self._path, error)
        if failure:
            self._watch.failures += 1
        if failure and self._mine.inside:
            self._mine.broken = failure
        if failure and failure is not error:
            raise failure from error

    def _open(self) -> Any:
        with translated(self._path):
            if self._is_made:
                refuse_foreign(self._path, self._wait)
            connection = self._connect()
            try:
                settle(connection)
            except BaseException:
                connection.close()
                raise
        return connection

    def _connect(self) -> Any:
        return connect(self._path, wait=self._wait)
