"""The SQLite file: durable, private, one connection for each thread, brought up to date at every start."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.crm.bench import together
from widget.store.database import Database, sqlite3, sqlite_is_safe

TABLES = {"conversations", "cache", "journal", "links", "drafts", "owners", "qualifications"}


def pragma(database: Database, name: str) -> object:
    return database.connection.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 51, 3), True),
        ((3, 53, 0), True),
        ((4, 0, 0), True),
        ((3, 51, 2), False),
        ((3, 50, 7), True),
        ((3, 50, 6), False),
        ((3, 44, 6), True),
        ((3, 44, 5), False),
        ((3, 45, 9), False),
        ((3, 40, 1), False),
    ],
)
def test_only_a_sqlite_without_the_wal_corruption_is_safe(version: tuple[int, ...], safe: bool) -> None:
    assert sqlite_is_safe(version) is safe


def test_the_sqlite_that_was_installed_is_safe() -> None:
    assert sqlite_is_safe()


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("busy_timeout", 10_000)]
)
def test_every_connection_is_durable_and_leaves_no_deleted_bytes(database: Database, name: str, value: object) -> None:
    seen = [pragma(database, name)]
    other = Thread(target=lambda: seen.append(pragma(database, name)))
    other.start()
    other.join(10)

    assert seen == [value, value]


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
    found = {row["name"] for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

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
def test_a_transaction_inside_another_is_part_of_it(tmp_path: Path, database: Database, fails: bool) -> None:
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


def test_what_is_written_outside_a_transaction_is_there_at_once_for_others(tmp_path: Path, database: Database) -> None:
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
