"""Copies of the file while servers write it, and the way back without loss or repetition."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where installed

from widget.domain.errors import Damaged, Locked, StorageFailed
from widget.store.engine.database import Database
from widget.store.engine.migrations import vinculo
from widget.store.engine.port import Lock
from widget.store.engine.sqlite import connect, translated

# SQLite gives the lock to whoever asks at the right moment: those who save without a pause keep
# others waiting.
PATIENCE_SECONDS = 60.0
OPEN = "state IN ('kept', 'sending', 'unknown')"
# What these hold of the time after a backup stays, as long as it can be read.
SETTLED = ("journal", "ledger")
# Who may come in stays as it is now: what was taken back since the backup must not be given again.
ACCESS = ("admins", "admin_sessions", "admin_links", "pairings", "limits")
BESIDE = ("", "-wal", "-shm")
# What an entry of a backup becomes if it was open then: it may have been sent since, so it is read
# back first.
DOUBTED = {
    "state": "'unknown'",
    "boot": "''",
    "sent_at": "0",
}
KNOWN = {migration.name for migration in vinculo.pending(sqlite_utils.Database(memory=True))}


class Refused(Exception):
    """Nothing was done; the sentence says why."""


@dataclass(frozen=True)
class Restored:
    """``safety`` is a copy of what was there, ``moved`` where a file that cannot be used was put.

    ``added`` entries came back into the journal, ``doubted`` of them to be read back; ``ledger``
    says whose it is now. ``rescued`` are the tables of the moved file that were still whole.
    """

    safety: Path | None = None
    moved: Path | None = None
    rescued: tuple[str, ...] = ()
    added: int = 0
    doubted: int = 0
    ledger: str = "the backup's"


def back_up(live: Path, target: Path, *, force: bool = False) -> None:
    """Copies the file as it is at one moment.

    The copy counts only once it is whole, checked and on the disk.
    """
    if not live.exists():
        raise Refused(f"{live} is not there")
    if target.exists() and (not force or target.samefile(live)):
        raise Refused(f"{target} is there already: name another file, or say --force")
    if any(target.with_name(target.name + suffix).exists() for suffix in BESIDE[1:]):
        raise Refused(f"{target} is in use by SQLite: name another file")
    with _part(target) as part:
        _copy(live, part)
        _vet(part)
        _place(part, target)


def restore(live: Path, source: Path, clock: Callable[[], float] = time.time) -> Restored:
    """Brings back a backup, while servers run or not.

    Into a sound file: in one transaction; entries of the journal stay as they are there, and those
    that only the backup has are added. A file that is missing, damaged or not ours is moved aside,
    and what can still be read of its journal and its ledger counts in the same way.
    """
    if not source.exists():
        raise Refused(f"{source} is not there")
    if live.exists() and source.samefile(live):
        raise Refused(f"{source} is the file in use")
    _vet(source)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(clock()))
    with _part(live) as ready:
        _copy(source, ready)
        Database(ready).close()
        if _is_sound(live):
            safety = _free(live.with_name(f"vinculo-before-restore-{stamp}.db"))
            back_up(live, safety)
            return _merge(live, ready, safety, stays=(*SETTLED, *ACCESS))
        return _exchange(live, ready, _free(live.with_name(f"vinculo-damaged-{stamp}.db")))


def _vet(path: Path) -> None:
    """Raises Refused unless the file is one of ours, whole, and of no later version."""
    try:
        with translated(path), closing(connect(path, "ro")) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            names = _migrations(connection)
    except Damaged as error:
        raise Refused(f"{path} is damaged, or no database: {error}") from error
    if found != "ok":
        raise Refused(f"{path} is damaged: {found}")
    if not names:
        raise Refused(f"{path} is not a database of Vínculo")
    if names - KNOWN:
        raise Refused(
            f"{path} was written by a later version of Vínculo ({', '.join(sorted(names - KNOWN))})"
        )


def _migrations(connection: Any) -> set[str]:
    known = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
    if not connection.execute(known).fetchone():
        return set()
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'vinculo'")
    return {str(row["name"]) for row in rows}


def _is_sound(live: Path) -> bool:
    """Whether it can be merged into.

    One of a later version, or one that cannot be reached, is not touched at all.
    """
    if not live.exists():
        return False
    try:
        _vet(live)
    except Refused as error:
        if "later version" in str(error):
            raise
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    with translated(source), closing(connect(source, "ro")) as old, closing(connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE").fetchall()


def _merge(
    live: Path, ready: Path, safety: Path | None, stays: tuple[str, ...] = SETTLED
) -> Restored:
    with translated(ready), closing(connect(ready)) as connection:
        connection.execute(
            "PRAGMA journal_mode=DELETE"
        ).fetchall()  # so that it is one file, which is only read
    database = Database(live, wait=PATIENCE_SECONDS)
    try:
        database.connection.execute("ATTACH ? AS saved", (str(ready.absolute()),))
        with database.transaction(*Lock):
            for table in _tables(database) - set(stays):
                columns = ", ".join(_columns(database, table))
                # The names are those of our own tables.
                database.run(f"DELETE FROM main.{table}")  # noqa: S608
                database.run(
                    f"INSERT INTO main.{table} ({columns})"  # noqa: S608
                    f" SELECT {columns} FROM saved.{table}"
                )
            added, doubted = _add_entries(database)
            return Restored(safety, added=added, doubted=doubted, ledger=_settle_ledger(database))
    finally:
        database.close()


def _tables(database: Database) -> set[str]:
    """Returns the tables that hold data of ours, in both files."""
    rows = database.rows(
        "SELECT schema, name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE "
        "'%sqlite_%'"
    )
    here, there = (
        {row["name"] for row in rows if row["schema"] == schema} for schema in ("main", "saved")
    )
    return here & there


def _columns(database: Database, table: str) -> list[str]:
    """The columns that both files have."""
    here, there = (
        [
            row["name"]
            for row in database.rows("SELECT name FROM pragma_table_info(?, ?)", table, schema)
        ]
        for schema in ("main", "saved")
    )
    return [name for name in here if name in there]


def _add_entries(database: Database) -> tuple[int, int]:
    """What only the backup has, in its order after what is there."""
    columns = [name for name in _columns(database, "journal") if name != "seq"]
    new = "key NOT IN (SELECT key FROM main.journal)"
    count = f"SELECT count(*) AS n FROM saved.journal WHERE {new} AND {OPEN}"  # noqa: S608
    doubted = database.rows(count)[0]["n"]
    taken = [
        f"CASE WHEN {OPEN} THEN {DOUBTED[name]} ELSE {name} END" if name in DOUBTED else name
        for name in columns
    ]
    taken = ["''" if name == "owner" else value for name, value in zip(columns, taken, strict=True)]
    added = database.run(
        f"INSERT INTO main.journal ({', '.join(columns)})"  # noqa: S608
        f" SELECT {', '.join(taken)} FROM saved.journal WHERE {new} ORDER BY seq"
    )
    return added, doubted


def _settle_ledger(database: Database) -> str:
    """The live chain stays if it goes on from the backup's; else the backup's takes its place."""
    differs = (
        "SELECT 1 FROM saved.ledger AS old LEFT JOIN main.ledger AS now ON now.seq = old.seq"
        " WHERE now.seal IS NOT old.seal LIMIT 1"
    )
    if database.row(differs) is None:
        return "the one in use, which goes on from the backup's"
    columns = ", ".join(_columns(database, "ledger"))
    triggers = database.rows(
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
    )
    for trigger in triggers:
        database.run(f"DROP TRIGGER main.{trigger['name']}")
    database.run("DELETE FROM main.ledger")
    database.run(
        f"INSERT INTO main.ledger ({columns})"  # noqa: S608
        f" SELECT {columns} FROM saved.ledger ORDER BY seq"
    )
    for trigger in triggers:
        database.run(trigger["sql"])
    return "the backup's, because the one in use is another"


def _exchange(live: Path, ready: Path, aside: Path) -> Restored:
    """Puts a new file in the place of one that cannot be used.

    Servers take it up with their next statement.

    It holds the backup, and before that the journal and the ledger of the old file where these are
    still whole.
    """
    moved = aside if live.exists() else None
    with _part(live) as fresh, _held(live):
        rescued = tuple(
            table for table in SETTLED if _rescue(Database(fresh, anew=True), live, table)
        )
        done = _merge(fresh, ready, None)
        # First the file itself: as long as none is there, nothing is accepted, and no other can get
        # its log.
        for suffix in BESIDE:
            with suppress(FileNotFoundError):
                live.with_name(live.name + suffix).rename(aside.with_name(aside.name + suffix))
        _place(fresh, live)
    return replace(
        done,
        moved=moved,
        rescued=rescued,
        ledger=done.ledger if "ledger" in rescued else "the backup's",
    )


def _rescue(fresh: Database, damaged: Path, table: str) -> bool:
    """Takes the whole table over, or nothing of it.

    Nothing is taken when the table itself, or an index of it, is damaged.
    """
    try:
        with translated(damaged):
            fresh.connection.execute(
                "ATTACH ? AS saved", (f"{damaged.absolute().as_uri()}?mode=ro",)
            )
            if (
                fresh.connection.execute(f"PRAGMA saved.integrity_check({table})").fetchone()[0]
                != "ok"
            ):
                return False
        columns = ", ".join(_columns(fresh, table))
        fresh.run(
            f"INSERT INTO main.{table} ({columns})"  # noqa: S608
            f" SELECT {columns} FROM saved.{table} ORDER BY seq"
        )
    except (StorageFailed, sqlite3.IntegrityError):
        return False
    finally:
        fresh.close()
    return True


@contextmanager
def _held(live: Path) -> Iterator[None]:
    """Keeps all others from writing into the old file.

    This works as far as the file can still be locked at all.
    """
    if not live.exists():
        yield
        return
    with closing(connect(live)) as connection:
        try:
            with translated(live):
                connection.execute("BEGIN IMMEDIATE")
        except Locked:
            raise
        except StorageFailed:
            pass
        yield


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """A file beside the target, for its owner only, which vanishes if it is not put in place."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with translated(part):
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield part
    finally:
        for suffix in BESIDE:
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def _place(part: Path, target: Path) -> None:
    """Renames, and waits until both the file and its name are on the disk."""
    with translated(target):
        _sync(part)
        part.replace(target)
        _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _free(path: Path) -> Path:
    """The path, or one like it that is not taken."""
    taken = (path.with_stem(f"{path.stem}-{number}") for number in range(2, 1000))
    return path if not path.exists() else next(other for other in taken if not other.exists())
