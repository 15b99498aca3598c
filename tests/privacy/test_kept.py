"""Tests of what the data-protection officer is told.

Every table and column that there is is told, and none that there is not.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.prose import wrapped
from widget.domain.settings import Settings
from widget.privacy.kept import FILES, OPTION, document, files, tables
from widget.store.engine import migrations
from widget.store.engine.database import Database


def columns(tmp_path: Path, file: str) -> dict[str, set[str]]:
    """The tables of a new file with their columns."""
    database = Database(tmp_path / FILES[file], getattr(migrations, file))
    known = (
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')"
    )
    names = [row["name"] for row in database.rows(known) if not row["name"].startswith("sqlite_")]
    found = {name: database.rows("SELECT name FROM pragma_table_info(?)", name) for name in names}
    return {name: {row["name"] for row in rows} for name, rows in found.items()}


@pytest.mark.parametrize("file", FILES)
def test_every_table_and_column_is_described_in_kept_toml(tmp_path: Path, file: str) -> None:
    described = {table.name: set(table.columns) for table in tables() if table.file == FILES[file]}

    assert described == columns(tmp_path, file), (
        "describe it in widget/privacy/kept.toml, then make docs"
    )


def test_a_table_that_is_not_described_is_noticed(tmp_path: Path) -> None:
    database = Database(tmp_path / FILES["vinculo"], migrations.vinculo)
    database.run("CREATE TABLE diary (secret TEXT)")
    database.run("ALTER TABLE links ADD COLUMN colour TEXT")
    found = columns(tmp_path, "vinculo")
    described = {
        table.name: set(table.columns) for table in tables() if table.file == FILES["vinculo"]
    }

    assert set(found) - set(described) == {"diary"}
    assert found["links"] - described["links"] == {"colour"}


def test_only_columns_that_are_there_are_called_personal_and_of_somebody() -> None:
    assert [table.name for table in tables() if table.personal - set(table.columns)] == []
    assert [
        table.name for table in tables() if bool(table.personal) != (table.who != "ninguém")
    ] == []


def test_every_limit_that_can_be_set_is_told_and_as_it_is_set() -> None:
    limits = {name for name in vars(Settings()) if OPTION.fullmatch(name)}
    named = {
        name
        for one in [*(t.keep for t in tables()), *(f.what for f in files())]
        for name in OPTION.findall(one)
    }
    drafts = next(table for table in tables() if table.name == "drafts")

    assert limits - named == set()
    assert [drafts.kept(replace(Settings(), keep_drafts_days=days)) for days in (7, 0)] == [
        "7 dias",
        "sem prazo",
    ]
    assert "keep_" not in "".join(line for line in document().splitlines() if "VINCULO" not in line)


def test_the_document_is_as_the_description_says() -> None:
    assert (ROOT / "docs" / "dados-pessoais.md").read_text() == wrapped(document()), "make docs"
