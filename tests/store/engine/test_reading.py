"""A file is read beside those who write it, at one moment, and stays as it is."""

from pathlib import Path

import pytest

from widget.domain.errors import StorageFailed
from widget.store.engine.database import Database
from widget.store.engine.reading import reading

KEEP = "INSERT INTO drafts (conversation, form, attendant, body, at) VALUES ('c', ?, 'a', '{}', 0)"


def test_all_that_is_read_is_of_one_moment(database: Database, tmp_path: Path) -> None:
    database.run(KEEP, "first")
    with reading(tmp_path / "vinculo.db") as reader:
        before = reader.row("SELECT form FROM drafts")
        database.run(KEEP, "second")

        assert before == {"form": "first"}
        assert reader.rows("SELECT form FROM drafts") == [{"form": "first"}]
        assert [tuple(r) for r in reader.stream("SELECT form FROM drafts")] == [("first",)]
    assert len(database.rows("SELECT form FROM drafts")) == 2


def test_nothing_can_be_written(database: Database, tmp_path: Path) -> None:
    with (
        pytest.raises(StorageFailed),
        reading(tmp_path / "vinculo.db") as reader,
    ):
        reader.rows(KEEP, "never")

    assert database.rows("SELECT form FROM drafts") == []


def test_a_table_is_known_by_its_name(database: Database, tmp_path: Path) -> None:
    with reading(tmp_path / "vinculo.db") as reader:
        assert (reader.has_table("drafts"), reader.has_table("nothing")) == (True, False)
    database.close()
