"""SQLite as we use it: versions, settings, checks of soundness, meanings of its errors."""

from __future__ import annotations

import errno
import logging
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where installed

from widget.domain.errors import Damaged, DiskFull, Locked, Lost, ReadOnly, StorageFailed

SQLITE_VERSION: str = sqlite3.sqlite_version
# WAL-reset corruption: SQLite 3.7.0 to 3.51.2 may damage a file in WAL mode that several
# connections write. Repaired in 3.51.3 and in these older lines. Reference:
# https://www.sqlite.org/wal.html#walresetbug
SAFE_FROM = (3, 51, 3)
SAFE_PATCHES = {
    (3, 50): 7,
    (3, 44): 6,
}
# How each connection works, and what SQLite says when it really does. FULL: a commit outlives a
# power cut.
SETTINGS = {
    "journal_mode=WAL": "wal",
    "synchronous=FULL": 2,
    "secure_delete=ON": 1,
}
LOOK_SECONDS = 3.0
WAIT_SECONDS = 10.0
# More than there are different ones: a full cache keeps those of the migrations and parses all
# others anew each time.
STATEMENTS = 500
# Reference: https://www.sqlite.org/rescode.html, primary codes.
KINDS: dict[int, type[StorageFailed]] = {
    3: ReadOnly,
    5: Locked,
    6: Locked,
    8: ReadOnly,
    11: Damaged,
    13: DiskFull,
    14: ReadOnly,
    15: Locked,
    26: Damaged,
}
SYSTEM_KINDS: dict[int | None, type[StorageFailed]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EROFS: ReadOnly,
    errno.EACCES: ReadOnly,
    errno.EPERM: ReadOnly,
    errno.ENOENT: Lost,
}
INTERRUPTED = 9
# What a server leaves beside its file, and nothing else does.
LEFT = ("secret.txt", "vault_key.txt", "people.db", "run")
log = logging.getLogger("vinculo")
log.addHandler(logging.NullHandler())  # commands say it in their own words


def sqlite_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite is without the WAL-reset corruption."""
    return version >= SAFE_FROM or version[2] >= SAFE_PATCHES.get((version[0], version[1]), 1000)


def refuse_unsafe() -> None:
    """Raises StorageFailed when this SQLite may damage the file."""
    if not sqlite_is_safe():
        raise StorageFailed(
            f"SQLite {SQLITE_VERSION} may corrupt its file (WAL reset, repaired in 3.51.3):"
            " install the package pysqlite3, or a newer Python"
        )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """The errors of SQLite and of the file system become ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if failure := failure_of(path, error):
            raise failure from error
        raise


def failure_of(path: Path, error: BaseException) -> StorageFailed | None:
    """The one place where what SQLite and the file system say is understood, and written down.

    A broken constraint and a wrong call are mistakes of ours, not of the storage: they are None.
    """
    kind = _kind(error)
    if kind is None:
        return None
    failure = kind(f"{path}: {error}")
    log.error("%s %s; %s", failure.code, failure, failure.remedy)
    return failure


def identity(path: Path) -> tuple[int, int]:
    """Which file it is that the path names now; raises StorageFailed when it names none."""
    try:
        # Every write asks for it twice, and it is half as dear as the path's own.
        found = os.stat(path)  # noqa: PTH116
    except OSError as error:
        raise failure_of(path, error) or error from error
    return found.st_dev, found.st_ino


def is_there(path: Path) -> bool:
    """Whether there is a file with something in it.

    SQLite must not look at an empty one: it would delete the log beside it, with all that only the
    log holds.
    """
    return path.exists() and path.stat().st_size > 0


def left_behind(path: Path) -> list[str]:
    """What an earlier life has left in the folder of a file that is not there.

    Nothing for one that is.
    """
    if is_there(path):
        return []
    return [name for name in (*LEFT, f"{path.name}-wal") if path.with_name(name).exists()]


def create(path: Path, *, anew: bool = True) -> None:
    """Makes the file if there is none, for its owner only.

    Raises ReadOnly where nothing can be written.

    Unless it may begin ``anew``, raises Lost where something shows that there was one.
    """
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not anew and (left := left_behind(path)):
            raise FileNotFoundError(
                errno.ENOENT, f"it is gone, and {', '.join(left)} beside it is not", str(path)
            )
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        for place in (path.parent, path):
            if not os.access(place, os.W_OK):
                raise PermissionError(errno.EACCES, "not writable", str(place))


def connect(path: Path, mode: str = "rw", wait: float = WAIT_SECONDS) -> Any:
    """A connection in autocommit mode that waits so many seconds for a lock.

    Never makes a file that is not there.
    """
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        address,
        uri=True,
        isolation_level=None,
        timeout=wait,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    connection.row_factory = sqlite3.Row
    return connection


def settle(connection: Any) -> None:
    """Brings a connection to our settings; raises StorageFailed if it does not take one of them."""
    for setting, wanted in SETTINGS.items():
        name = setting.partition("=")[0]
        connection.execute(f"PRAGMA {setting}").fetchall()
        given = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if given != wanted:
            raise StorageFailed(
                f"SQLite says {name} = {given} where {wanted} is needed, else a power cut loses "
                "what was accepted:"
                " keep the data folder on a local disk"
            )


def refuse_foreign(path: Path, wait: float) -> None:
    """Raises Lost when the file is empty or holds no data of ours."""
    if not is_there(path):
        raise FileNotFoundError(errno.ENOENT, "an empty file stands in its place", str(path))
    with closing(connect(path, "ro", wait)) as connection:
        if not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
        ).fetchone():
            raise FileNotFoundError(errno.ENOENT, "another file stands in its place", str(path))


def look_for_damage(connection: Any, seconds: float = LOOK_SECONDS) -> None:
    """Raises Damaged if the file is; a big file is checked for a limited time only."""
    until = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > until, 10_000)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if _primary(error) != INTERRUPTED:
            raise
        return
    finally:
        connection.set_progress_handler(None, 0)
    if found != "ok":
        raise sqlite3.DatabaseError(found)


def _kind(error: BaseException) -> type[StorageFailed] | None:
    if isinstance(error, OSError):
        return SYSTEM_KINDS.get(error.errno, StorageFailed)
    if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
        return KINDS.get(
            _primary(error),
            StorageFailed if isinstance(error, sqlite3.OperationalError) else Damaged,
        )
    return None


def _primary(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
