"""A database opened for reading: what is in it now, and never changed by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from widget.store.database import Database
from widget.store.reading import Unreadable, reading


def test_what_a_server_has_just_written_is_read(database: Database, tmp_path: Path) -> None:
    database.run("INSERT INTO drafts VALUES ('c', 'f', 'a', '{}', 0)")

    with reading(tmp_path / "vinculo.db") as connection:
        assert connection.execute("SELECT form FROM drafts").fetchone() == ("f",)


def test_nothing_can_be_written(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="readonly"), reading(tmp_path / "vinculo.db") as connection:
        connection.execute("DELETE FROM drafts")


def test_a_file_of_an_older_version_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "v #1?.db"
    old = Database(path)
    old.run("DROP TABLE drafts")
    old.connection.close()
    before = path.read_bytes()

    with pytest.raises(Unreadable, match="no such table: drafts"), reading(path) as connection:
        connection.execute("SELECT * FROM drafts")

    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [None, b"not a database at all, but long enough to be one" * 100])
def test_a_file_that_is_missing_or_damaged_is_named_and_not_made(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vinculo.db"
    if content:
        path.write_bytes(content)

    with pytest.raises(Unreadable, match=r"vinculo\.db"), reading(path) as connection:
        connection.execute("SELECT * FROM drafts")

    assert path.exists() is bool(content)
