"""Which kind of CRM an integration is."""

from pathlib import Path

import pytest

from widget.cli.kinds import kind_of
from widget.domain.integrations import Integration
from widget.domain.settings import Settings
from widget.registry import CRMS
from widget.store.engine.database import Database
from widget.store.engine.vault import Vault
from widget.store.records.integrations import Integrations


def test_without_a_file_or_a_row_it_is_the_usual_one(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    assert kind_of(settings, "main") is CRMS["ixc"]

    Database(tmp_path / "vinculo.db").close()

    assert kind_of(settings, "main") is CRMS["ixc"]


def test_what_is_stored_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(tmp_path / "vinculo.db")
    Integrations(database, Vault("k"), None).add(Integration("x", "X", kind="other"))
    other = CRMS["ixc"]
    monkeypatch.setitem(CRMS, "other", other)
    monkeypatch.setitem(CRMS, "ixc", None)

    assert kind_of(Settings(data=str(tmp_path)), "x") is other
