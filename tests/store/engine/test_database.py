"""Tests of the SQLite file: durable, private, one connection for each thread.

It is brought up to date at every start.
"""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from tests.conftest import ROOT
from tests.crm.bench import together
from tests.store.trouble import TROUBLES, WRITE, Trouble, read_only
from widget.domain import errors
from widget.store.engine import sqlite
from widget.store.engine.database import Database, sqlite3

TABLES = {"conversations", "cache", "journal", "links", "drafts", "owners", "qualifications"}


def pragma(database: Database, name: str) -> object:
    return database.connection.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("busy_timeout", 10_000)],
)
def test_every_connection_is_durable_and_leaves_no_deleted_bytes(
    database: Database, name: str, value: object
) -> None:
    seen = [pragma(database, name)]
    other = Thread(target=lambda: seen.append(pragma(database, name)))
    other.start()
    other.join(10)

    assert seen == [value, value]


def test_what_need_not_last_leaves_everything_else_as_durable_as_before(database: Database) -> None:
    insert = (
        "INSERT INTO cache (integration, query, resource, body, fetched_at, outdated) VALUES (?, "
        "'q', 'r', '', 0, 0)"
    )

    database.jot(insert, "main")
    after = pragma(database, "synchronous")
    with pytest.raises(sqlite3.IntegrityError):
        database.jot(insert, "main")
    with database.transaction():
        database.jot(insert, "other")
        inside = pragma(database, "synchronous")
    with database.hastily():
        hasty = pragma(database, "synchronous")

    assert (after, inside, hasty, pragma(database, "synchronous")) == (2, 2, 1, 2)
    assert [
        row["integration"] for row in database.rows("SELECT integration FROM cache ORDER BY 1")
    ] == [
        "main",
        "other",
    ]


def test_what_fails_in_a_hasty_transaction_leaves_nothing_of_it(database: Database) -> None:
    insert = (
        "INSERT INTO cache (integration, query, resource, body, fetched_at, outdated) VALUES (?, "
        "?, 'r', '', 0, 0)"
    )

    def twice() -> None:
        with database.hastily():
            database.run(insert, "main", "q")
            database.run(insert, "main", "q")

    with pytest.raises(sqlite3.IntegrityError):
        twice()
    assert database.rows("SELECT * FROM cache") == []
    assert pragma(database, "synchronous") == 2


def test_each_thread_has_a_connection_of_its_own(database: Database) -> None:
    mine, seen = database.connection, []
    other = Thread(target=lambda: seen.append(database.connection))
    other.start()
    other.join(10)

    assert database.connection is mine
    assert seen[0] is not mine


def test_the_file_belongs_to_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = Database(tmp_path / "new" / "folder" / "vinculo.db")
        database.run("INSERT INTO drafts VALUES ('c', 'f', 'a', '{}', 0)")
    finally:
        os.umask(before)

    for path in (tmp_path / "new" / "folder").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_new_file_has_every_table(database: Database) -> None:
    found = {
        row["name"] for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    }

    assert found >= TABLES


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    Database(tmp_path / "vinculo.db").run("INSERT INTO drafts VALUES ('c', 'f', 'a', '{}', 0)")

    again = Database(tmp_path / "vinculo.db")

    assert again.row("SELECT form FROM drafts") == {"form": "f"}


def test_a_file_of_an_older_version_gets_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "vinculo.db"
    old = Database(path)
    old.run("INSERT INTO drafts VALUES ('c', 'f', 'a', '{}', 0)")
    old.run("DROP TABLE qualifications")
    old.run("DELETE FROM _sqlite_migrations WHERE name = 'qualifications'")

    new = Database(path)

    assert new.rows("SELECT * FROM qualifications") == []
    assert new.row("SELECT form FROM drafts") == {"form": "f"}


def test_a_row_that_is_not_there_is_none(database: Database) -> None:
    assert database.row("SELECT * FROM drafts") is None
    assert database.rows("SELECT * FROM drafts") == []


def test_run_tells_how_many_rows_it_changed(database: Database) -> None:
    for form in ("a", "b"):
        database.run("INSERT INTO drafts VALUES ('c', ?, 'x', '{}', 0)", form)

    assert database.run("UPDATE drafts SET at = 1") == 2


def test_a_transaction_is_kept_whole(database: Database) -> None:
    with database.transaction():
        database.run("INSERT INTO drafts VALUES ('c', 'a', 'x', '{}', 0)")
        database.run("INSERT INTO drafts VALUES ('c', 'b', 'x', '{}', 0)")

    assert len(database.rows("SELECT * FROM drafts")) == 2


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def half() -> None:
        with database.transaction():
            database.run("INSERT INTO drafts VALUES ('c', 'a', 'x', '{}', 0)")
            database.run("INSERT INTO drafts VALUES ('c', 'a', 'x', '{}', 0)")

    with pytest.raises(sqlite3.IntegrityError):
        half()

    assert database.rows("SELECT * FROM drafts") == []
    with database.transaction():
        database.run("INSERT INTO drafts VALUES ('c', 'b', 'x', '{}', 0)")
    assert len(database.rows("SELECT * FROM drafts")) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_a_transaction_inside_another_is_part_of_it(
    tmp_path: Path, database: Database, fails: bool
) -> None:
    others = Database(tmp_path / "vinculo.db")

    def nested() -> None:
        with database.transaction():
            with database.transaction():
                database.run("INSERT INTO drafts VALUES ('c', 'a', 'x', '{}', 0)")
            assert others.rows("SELECT * FROM drafts") == []
            if fails:
                raise ZeroDivisionError

    with suppress(ZeroDivisionError):
        nested()

    assert len(others.rows("SELECT * FROM drafts")) == int(not fails)


def test_an_error_in_the_inner_transaction_takes_the_outer_one_along(database: Database) -> None:
    def nested() -> None:
        with database.transaction():
            database.run("INSERT INTO drafts VALUES ('c', 'a', 'x', '{}', 0)")
            with database.transaction():
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        nested()

    assert database.rows("SELECT * FROM drafts") == []


def test_what_is_written_outside_a_transaction_is_there_at_once_for_others(
    tmp_path: Path, database: Database
) -> None:
    database.run("INSERT INTO drafts VALUES ('c', 'a', 'x', '{}', 0)")

    assert len(Database(tmp_path / "vinculo.db").rows("SELECT * FROM drafts")) == 1


def test_many_threads_write_without_losing_a_row(database: Database) -> None:
    start = Barrier(16)

    def write(number: int) -> None:
        start.wait(10)
        for place in range(10):
            with database.transaction():
                database.run("INSERT INTO drafts VALUES (?, ?, 'x', '{}', 0)", number, place)

    together([Thread(target=write, args=(number,)) for number in range(16)])

    assert len(database.rows("SELECT * FROM drafts")) == 160


# What the disk cannot do


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_a_write_that_the_disk_cannot_take_is_refused_by_its_name(
    tmp_path: Path, trouble: Trouble
) -> None:
    database = Database(tmp_path / "vinculo.db")

    with trouble.befall(database), pytest.raises(trouble.kind) as raised:
        database.run(WRITE, "a")

    assert "vinculo.db" in str(raised.value)


@pytest.mark.parametrize(
    "trouble", [t for t in TROUBLES if t.is_readable], ids=lambda trouble: trouble.name
)
def test_what_was_kept_can_be_read_while_nothing_can_be_written(
    tmp_path: Path, trouble: Trouble
) -> None:
    database = Database(tmp_path / "vinculo.db")
    database.run(WRITE, "a")

    with trouble.befall(database):
        found = database.row("SELECT form FROM drafts")

    assert found == {"form": "a"}


@pytest.mark.parametrize(
    "trouble", [t for t in TROUBLES if t.passes], ids=lambda trouble: trouble.name
)
def test_when_the_trouble_is_over_writing_goes_on(tmp_path: Path, trouble: Trouble) -> None:
    database = Database(tmp_path / "vinculo.db")
    with trouble.befall(database), suppress(errors.StorageFailed):
        database.run(WRITE, "a")

    database.run(WRITE, "b")

    assert database.rows("SELECT form FROM drafts") == [{"form": "b"}]


def full(database: Database) -> None:
    """No page more than there is."""
    pages = pragma(database, "page_count")
    database.connection.execute(f"PRAGMA max_page_count = {pages}")


def test_a_disk_that_fills_in_the_middle_of_a_transaction_leaves_nothing_of_it(
    database: Database,
) -> None:
    full(database)

    def several() -> None:
        with database.transaction():
            database.run(WRITE, "small")
            database.run(WRITE, "a" * 50_000)

    with pytest.raises(errors.DiskFull):
        several()

    assert database.rows("SELECT * FROM drafts") == []


def test_nothing_is_written_after_a_failure_that_somebody_ignored(database: Database) -> None:
    full(database)

    def ignoring() -> None:
        with database.transaction():
            with suppress(errors.StorageFailed):
                database.run(WRITE, "a" * 50_000)
            with suppress(errors.StorageFailed):
                database.run(WRITE, "after")

    with pytest.raises(errors.DiskFull):
        ignoring()

    assert database.rows("SELECT * FROM drafts") == []


def test_a_commit_that_fails_leaves_nothing(database: Database, tmp_path: Path) -> None:
    """The disk fills at the last moment: what the transaction wrote is not there, for nobody."""
    real = database.connection
    database._mine.connection = Grudging(real)

    with pytest.raises(errors.DiskFull):
        database.run(WRITE, "a")
    database._mine.connection = real

    assert not real.in_transaction
    assert Database(tmp_path / "vinculo.db").rows("SELECT * FROM drafts") == []


class Grudging:
    """A connection whose commits do not reach the disk."""

    def __init__(self, real: sqlite3.Connection) -> None:
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def execute(self, sql: str, values: tuple[object, ...] = ()) -> object:
        if sql == "COMMIT":
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._real.execute(sql, values)


def test_a_disk_that_is_really_full_is_told_from_one_that_is_broken(tmp_path: Path) -> None:
    """The kernel itself says no: the process may write no file larger than this."""
    script = (
        "import resource, sys; from pathlib import Path; from widget.domain import errors\n"
        "from widget.store.engine.database import Database\n"
        "database = Database(Path(sys.argv[1])); kept = 0\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))\n"
        "try:\n"
        "    while True:\n"
        "        database.run('INSERT INTO drafts VALUES (?, ?, ?, ?, 0)', kept, 'f', 'a', 'x' * "
        "3000); kept += 1\n"
        "except errors.StorageFailed as error:\n"
        "    print(kept, len(database.rows('SELECT * FROM drafts')), error.code)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "vinculo.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    kept, found, code = said.stdout.split()

    assert int(kept) > 10
    assert kept == found
    assert code in {"VNC-301", "VNC-302"}
    assert len(Database(tmp_path / "vinculo.db").rows("SELECT * FROM drafts")) == int(kept)


def test_a_broken_constraint_is_no_fault_of_the_disk(database: Database) -> None:
    database.run(WRITE, "a")

    with pytest.raises(sqlite3.IntegrityError):
        database.run(WRITE, "a")


# What the start refuses


def test_the_start_refuses_a_sqlite_that_may_damage_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SAFE_FROM", (99, 0, 0))

    with pytest.raises(errors.StorageFailed, match="install the package pysqlite3"):
        Database(tmp_path / "vinculo.db")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "given"), [("journal_mode=DELETE", "delete"), ("synchronous=NORMAL", 1)]
)
def test_the_start_refuses_settings_under_which_a_power_cut_loses_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, given: object
) -> None:
    name = setting.partition("=")[0]
    wanted = {"journal_mode": "wal", "synchronous": 2}[name]
    monkeypatch.setattr(sqlite, "SETTINGS", {setting: wanted})

    with pytest.raises(errors.StorageFailed, match=f"{name} = {given} where {wanted} is needed"):
        Database(tmp_path / "vinculo.db")


@pytest.mark.parametrize(
    "damage", [b"not a database at all " * 400, None], ids=["another file", "bytes overwritten"]
)
def test_the_start_refuses_a_damaged_file_and_names_the_way_back(
    tmp_path: Path, damage: bytes | None
) -> None:
    path = tmp_path / "vinculo.db"
    spoil(path, damage)

    with pytest.raises(errors.Damaged, match=r"vinculo\.db") as raised:
        Database(path)

    assert "server.py restore FILE" in raised.value.remedy


def spoil(path: Path, damage: bytes | None) -> None:
    if damage is not None:
        path.write_bytes(damage)
        return
    database = Database(path)
    for number in range(200):
        database.run(WRITE, f"{number}" * 40)
    database.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 40_000)


def test_a_folder_that_may_not_be_written_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write everywhere, so what the kernel would say to others is said for it."""
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)

    with pytest.raises(errors.ReadOnly, match="not writable"):
        Database(tmp_path / "vinculo.db")


# Its version


def test_the_version_stays_while_nothing_is_written(tmp_path: Path, database: Database) -> None:
    database.run(WRITE, "before")
    version = database.version()

    database.rows("SELECT * FROM drafts")
    with suppress(KeyError), database.transaction():
        database.run(WRITE, "taken back")
        raise KeyError
    Database(tmp_path / "vinculo.db")

    assert database.version() == version


def in_a_thread(work: Callable[[], object]) -> None:
    thread = Thread(target=work)
    thread.start()
    thread.join(10)


NAMES = map(str, count())
CHANGES: dict[str, Callable[[Path, Database], object]] = {
    "here": lambda _, database: database.run(WRITE, next(NAMES)),
    "in another thread": lambda _, database: in_a_thread(lambda: database.run(WRITE, next(NAMES))),
    "by another process": lambda path, _: Database(path / "vinculo.db").run(WRITE, next(NAMES)),
    "by a file in its place": lambda path, _: replacement(path, "x"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_is_written_makes_another_version(
    tmp_path: Path,
    database: Database,
    change: Callable[[Path, Database], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("widget.store.engine.database.GLANCE_SECONDS", 0.0)
    versions = [database.version()]
    for _ in range(2):
        change(tmp_path, database)
        versions.append(database.version())
        in_a_thread(lambda: versions.append(database.version()))

    assert versions == [versions[0], versions[1], versions[1], versions[3], versions[3]]
    assert len(set(versions)) == 3


def test_between_two_looks_at_the_file_what_is_written_here_counts_all_the_same(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widget.store.engine.database.GLANCE_SECONDS", 1000.0)
    versions = [database.version()]
    CHANGES["by another process"](tmp_path, database)
    versions.append(database.version())
    for where in ("here", "in another thread"):
        CHANGES[where](tmp_path, database)
        versions.append(database.version())

    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


def test_what_could_not_be_written_makes_another_version(database: Database) -> None:
    """Then somebody remembers by himself what the disk does not say."""
    version = database.version()

    with read_only(database), suppress(errors.ReadOnly):
        database.run(WRITE, "x")

    assert database.version() != version


# Another file in its place


def test_a_file_that_was_put_in_its_place_is_taken_up_by_every_thread(
    tmp_path: Path, database: Database
) -> None:
    database.run(WRITE, "old")
    replacement(tmp_path, "new")
    seen = [database.rows("SELECT form FROM drafts")]
    other = Thread(target=lambda: seen.append(database.rows("SELECT form FROM drafts")))
    other.start()
    other.join(10)

    assert seen == [[{"form": "new"}]] * 2


def test_a_thread_that_had_it_open_writes_into_the_new_one(
    tmp_path: Path, database: Database
) -> None:
    replacement(tmp_path, "new")

    database.run(WRITE, "later")

    assert {
        row["form"] for row in Database(tmp_path / "vinculo.db").rows("SELECT form FROM drafts")
    } == {
        "new",
        "later",
    }


def test_who_waited_for_the_lock_of_a_file_that_has_gone_writes_into_the_new_one(
    tmp_path: Path, database: Database
) -> None:
    """The holder of the lock exchanges the file.

    Not even a write that began before may end up in the old one.
    """
    begun = Event()

    def write() -> None:
        database.rows("SELECT * FROM drafts")
        begun.set()
        with suppress(errors.Lost):  # there is no file for a moment
            database.run(WRITE, "waiting")
            return
        write()

    held = sqlite.connect(tmp_path / "vinculo.db")
    held.execute("BEGIN IMMEDIATE")
    writer = Thread(target=write)
    writer.start()
    begun.wait(10)
    replacement(tmp_path, "new")
    held.execute("ROLLBACK")
    writer.join(15)

    forms = {
        row["form"] for row in Database(tmp_path / "vinculo.db").rows("SELECT form FROM drafts")
    }
    assert forms == {"new", "waiting"}


def test_a_path_that_names_another_file_each_time_is_refused_in_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network disks number their files anew at each look."""
    numbers = count()
    monkeypatch.setattr("widget.store.engine.database.identity", lambda path: (1, next(numbers)))

    with pytest.raises(errors.StorageFailed, match="local disk"):
        database.run(WRITE, "a")


def test_a_transaction_whose_file_was_exchanged_is_not_called_done(
    tmp_path: Path, database: Database
) -> None:
    # It is the end of the block that raises.
    with pytest.raises(errors.Lost), database.transaction():  # noqa: PT012
        database.run(WRITE, "a")
        replacement(tmp_path, "new")
        assert database.rows("SELECT form FROM drafts") == [{"form": "a"}]

    assert database.rows("SELECT form FROM drafts") == [{"form": "new"}]


def test_while_there_is_no_file_nothing_is_accepted_and_none_is_made(
    tmp_path: Path, database: Database
) -> None:
    for name in ("vinculo.db", "vinculo.db-wal", "vinculo.db-shm"):
        (tmp_path / name).unlink()

    with pytest.raises(errors.Lost):
        database.run(WRITE, "a")

    assert list(tmp_path.iterdir()) == []


def test_a_transaction_whose_file_went_away_is_not_called_done(
    tmp_path: Path, database: Database
) -> None:
    # It is the end of the block that raises.
    with pytest.raises(errors.Lost), database.transaction():  # noqa: PT012
        database.run(WRITE, "a")
        (tmp_path / "vinculo.db").unlink()


def test_an_empty_file_costs_nothing_of_what_only_the_log_holds(
    tmp_path: Path, database: Database
) -> None:
    database.run(WRITE, "a")
    file = tmp_path / "vinculo.db"
    file.rename(tmp_path / "away.db")
    file.touch()

    for look in (lambda: database.rows("SELECT * FROM drafts"), lambda: Database(file)):
        with pytest.raises(errors.Lost):
            look()

    (tmp_path / "away.db").rename(file)
    assert Database(file).rows("SELECT form FROM drafts") == [{"form": "a"}]


@pytest.mark.parametrize("content", [b"", None])
def test_an_empty_file_in_the_place_of_ours_takes_nothing(
    tmp_path: Path, database: Database, content: bytes | None
) -> None:
    file = tmp_path / "vinculo.db"
    database.shed()
    file.rename(tmp_path / "away.db")
    file.write_bytes(content) if content is not None else sqlite3.connect(file).execute(
        "PRAGMA user_version=1"
    )

    with pytest.raises(errors.Lost):
        database.run(WRITE, "a")
    with pytest.raises(errors.Lost):
        database.rows("SELECT * FROM drafts")

    (tmp_path / "away.db").rename(file)
    database.run(WRITE, "a")
    assert database.rows("SELECT form FROM drafts") == [{"form": "a"}]


@pytest.mark.parametrize(
    "left", ["secret.txt", "vault_key.txt", "people.db", "run", "vinculo.db-wal"]
)
def test_a_file_that_was_there_once_is_made_anew_only_if_told(tmp_path: Path, left: str) -> None:
    (tmp_path / left).touch()

    with pytest.raises(errors.Lost, match=left):
        Database(tmp_path / "vinculo.db")
    assert [path.name for path in tmp_path.iterdir()] == [left]

    Database(tmp_path / "vinculo.db", anew=True).run(WRITE, "a")


@pytest.mark.parametrize("left", ["start_key.txt", "ledger_key.txt", "demo-crm.db", "calls.jsonl"])
def test_what_may_be_there_before_the_first_start_stops_none(tmp_path: Path, left: str) -> None:
    (tmp_path / left).touch()

    Database(tmp_path / "vinculo.db").run(WRITE, "a")


def replacement(folder: Path, form: str) -> None:
    """Another file, whole, in the place of the one that is there."""
    new = Database(folder / "new.db")
    new.run(WRITE, form)
    new.close()
    for suffix in ("", "-wal", "-shm"):
        (folder / f"vinculo.db{suffix}").rename(folder / f"old.db{suffix}")
    (folder / "new.db").rename(folder / "vinculo.db")
