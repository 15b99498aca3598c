"""The diagnosis in a terminal, in a pipe and for programs."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.product import product
from tests.setup.installation import settings
from widget.cli.doctor import doctor
from widget.domain.integrations import Integration
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import Database
from widget.store.engine.vault import Vault
from widget.store.records.integrations import Integrations

HERE = {"parents": ("https://chat.example",)}


def told(options: Settings, **more: Any) -> tuple[int, str]:
    out = io.StringIO()
    return doctor(options, out=out, **more), out.getvalue()


def test_where_nothing_is_broken_the_status_is_0(crm: Emulator, tmp_path: Path) -> None:
    app = product(crm, tmp_path / "data", **HERE)
    app.extensions["vinculo"].shared.presence.take("worker")

    status, text = told(settings(crm, tmp_path / "data", **HERE))

    assert (status, text.splitlines()[-1]) == (0, "Nada está quebrado.")
    assert "CRM main" in text


def test_what_is_broken_is_told_with_what_to_do_where_and_by_whom(
    crm: Emulator, tmp_path: Path
) -> None:
    crm.control(ip_blocked=True)

    status, text = told(settings(crm, tmp_path / "data", **HERE))

    assert status == 1
    assert "FALHA  Acesso" in text
    assert "→ Acrescente em Redes permitidas" in text
    about = "Redes permitidas · administrador do CRM · VNC-206 · docs/errors.md#address-refused"
    assert about in " ".join(text.split())
    assert text.splitlines()[-1].startswith("1 elo quebrado. Faça primeiro: Acrescente")


def test_a_pipe_gets_no_colours_and_no_blanks_at_the_ends(crm: Emulator, tmp_path: Path) -> None:
    _, text = told(settings(crm, tmp_path / "data", **HERE))

    assert "\x1b" not in text
    assert [line for line in text.splitlines() if line != line.rstrip() or len(line) > 110] == []


def test_programs_get_every_finding(crm: Emulator, tmp_path: Path) -> None:
    crm.control(fault="404")

    status, text = told(settings(crm, tmp_path / "data", **HERE), as_json=True)

    answer = json.loads(text)
    assert (status, answer["verdict"]) == (1, "failing")
    assert [f["slug"] for f in answer["findings"] if f["verdict"] == "failing"] == ["path-absent"]


def test_no_secret_is_told(crm: Emulator, tmp_path: Path) -> None:
    secret = crm.token.partition(":")[2]

    texts = [
        told(settings(crm, tmp_path / "data"), as_json=as_json)[1] for as_json in (True, False)
    ]

    assert [text for text in texts if secret in text or secret[:-4] in text] == []


def test_every_integration_is_examined(crm: Emulator, tmp_path: Path) -> None:
    product(crm, tmp_path / "data")
    (tmp_path / "data" / "vault_key.txt").write_text("key")
    stored = Integrations(Database(tmp_path / "data" / "vinculo.db"), Vault("key"), None)
    stored.add(Integration("second", "Second", crm.url, "7:" + "0" * 64, private=True))

    _, text = told(settings(crm, tmp_path / "data"), as_json=True)

    failing = [
        (f["integration"], f["slug"])
        for f in json.loads(text)["findings"]
        if f["verdict"] == "failing"
    ]
    assert ("second", "token-refused") in failing
    assert ("main", "token-refused") not in failing


def test_the_command_examines_although_the_options_cannot_be_used(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "VINCULO_DATA": str(tmp_path / "data"),
        "VINCULO_CRM_WAIT": "soon",
        "NO_COLOR": "1",
    }

    done = subprocess.run(
        [sys.executable, str(ROOT / "server.py"), "doctor"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "VINCULO_CRM_WAIT" in done.stdout
    assert done.stderr == ""
    assert not (tmp_path / "data").exists()


def test_a_stored_token_that_cannot_be_opened_is_not_said_to_be_absent(
    crm: Emulator, tmp_path: Path
) -> None:
    product(crm, tmp_path / "data")
    (tmp_path / "data" / "vault_key.txt").write_text("another key")
    stored = Integrations(Database(tmp_path / "data" / "vinculo.db"), Vault("key"), None)
    stored.add(Integration("second", "Second", crm.url, crm.token, private=True))

    _, text = told(settings(crm, tmp_path / "data"), as_json=True)

    assert ("second", "token-locked") in [
        (f["integration"], f["slug"]) for f in json.loads(text)["findings"]
    ]
