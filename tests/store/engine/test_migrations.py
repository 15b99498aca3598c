"""The steps that make our files: each file gets its own, once, and remembers them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Migrations

from widget.store.engine.database import Database
from widget.store.engine.migrations import people, vinculo


@pytest.mark.parametrize(("migrations", "table"), [(vinculo, "journal"), (people, "clues")])
def test_a_file_gets_its_own_tables_and_none_of_the_other(
    tmp_path: Path, migrations: Migrations, table: str
) -> None:
    file = Database(tmp_path / "file.db", migrations)

    tables = {
        row["name"] for row in file.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    assert table in tables
    assert tables & {"journal", "clues"} == {table}


def test_a_file_remembers_its_steps_by_their_names(tmp_path: Path) -> None:
    """Those of files out there: renamed, a step would be done twice."""
    first = Database(tmp_path / "vinculo.db").rows(
        "SELECT migration_set, name FROM _sqlite_migrations"
    )
    again = Database(tmp_path / "vinculo.db").rows(
        "SELECT migration_set, name FROM _sqlite_migrations"
    )

    assert again == first
    assert {row["migration_set"] for row in first} == {"vinculo"}
    assert {row["name"] for row in first} >= {
        "conversations",
        "cache",
        "journal",
        "journal_that_settles",
        "ledger",
    }
