"""The commands for one person's data, beside a server that runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from tests.product import MARINA, SECRET, START_KEY, Visitor, services_of
from tests.setup.desk import PASSWORD, arrived, office_of
from widget.cli import privacy, storage
from widget.domain.integrations import Integration
from widget.domain.model import Ref
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator

KEY = "key-of-the-ledger-in-these-tests"


@pytest.fixture
def settings(app: Flask) -> Settings:
    return services_of(app).shared.settings


def test_all_about_somebody_is_printed_as_json(
    settings: Settings, ana: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    ana.open(MARINA)
    code = privacy.export(settings, KEY, Ref(Ref.LEAD, "1"), "main")

    assert (code, json.loads(capsys.readouterr().out)["conversations"][0]["person"]["name"]) == (
        0,
        "Marina",
    )


def test_the_receipt_is_printed_and_names_copies_that_still_hold_something(
    settings: Settings, ana: Visitor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ana.open(MARINA)
    (tmp_path / "data" / "vinculo-before-restore-20260101-101010.db").write_text("x")
    code = privacy.erase(settings, KEY, Ref(Ref.LEAD, "1"), "main")
    told = capsys.readouterr().out

    assert code == 0
    assert "ok: lead-1 is erased" in told
    assert "conversations=1" in told
    assert "vinculo-before-restore-20260101-101010.db" in told
    assert "Marina" not in told


def test_what_is_on_its_way_is_refused_with_what_to_do(
    settings: Settings, ana: Visitor, crm: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/notes").form(".composer")
    crm.stop()
    ana.post("/tab/notes", {**form, "text": "Quer 500 Mega"})
    codes = [
        privacy.erase(settings, KEY, Ref(Ref.LEAD, "1"), "main", abandon=told)
        for told in (False, True)
    ]

    assert codes == [1, 0]
    assert "--abandon" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_said_as_such(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path / "data").glob("vinculo.db*"):
        path.unlink()
    (tmp_path / "data" / "vinculo.db").write_text("no database")
    codes = [
        do(settings, KEY, Ref(Ref.LEAD, "1"), "main") for do in (privacy.erase, privacy.export)
    ]

    assert codes == [1, 1]
    assert capsys.readouterr().err.count("put a backup back") == 2


def test_a_restore_names_who_was_erased_since(
    settings: Settings, ana: Visitor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ana.open(MARINA)
    storage.back_up(settings, tmp_path / "copy.db")
    privacy.erase(settings, KEY, Ref(Ref.LEAD, "1"), "main")
    code = storage.restore(settings, tmp_path / "copy.db")

    assert code == 0
    assert "server.py erase NUMBER: lead:1" in capsys.readouterr().out


def test_a_backup_holds_no_secret_in_clear(
    app: Flask, settings: Settings, ana: Visitor, tmp_path: Path
) -> None:
    """Personal data it does hold, by its nature: docs/dados-pessoais.md says so."""
    desk, office = arrived(app), office_of(app)
    ana.open(MARINA)
    office.integrations.add(
        Integration("sales", "Vendas", "https://crm.example", "7:0f3a9c0f3a9c0f3a9c0f3a9c")
    )
    pairings = office.running.shared.pairings
    code = pairings.invite("chatwoot", "1", "1")
    secret = pairings.redeem("chatwoot", "1", pairings.invite("chatwoot", "1", "1"), "Firefox")
    session = desk.client.get_cookie("vinculo-setup", path="/setup")
    assert session
    storage.back_up(settings, tmp_path / "copy.db")
    content = (tmp_path / "copy.db").read_bytes()
    secrets = [
        "0f3a9c0f3a9c",
        settings.main.token.partition(":")[2],
        START_KEY,
        SECRET,
        PASSWORD,
        code,
        code.replace("-", ""),
        secret,
        session.value,
        ana.token,
    ]

    assert [one for one in secrets if one.encode() in content] == []
    assert b"Marina" in content
