"""The support bundle: what happened, and nothing that is anybody's."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import personal
from tests.product import MARINA, OTAVIO, RAFAEL, START_KEY, Visitor
from tests.setup.installation import settings
from widget.diagnosis.bundle import _cleaned, bundle
from widget.diagnosis.diagnosis import examine
from widget.diagnosis.installation import installation_of
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS


def packed(crm: Emulator, folder: Path) -> tuple[str, dict[str, Any]]:
    installation = installation_of(
        CRMS, settings(crm, folder, start_key=START_KEY, parents=("https://chat.example",))
    )
    text = bundle(installation, examine(installation))
    return text, json.loads(text)


def test_the_bundle_tells_versions_options_diagnosis_calls_and_writes(
    crm: Emulator, app: Flask, ana: Visitor, tmp_path: Path
) -> None:
    ana.open(RAFAEL)
    crm.control(fault="reset", fault_on="write")
    ana.fill("/tab/notes", text="Volta amanhã, ligar para Rafael.")

    _, told = packed(crm, tmp_path / "data")

    assert told["versions"]["vinculo"]
    assert told["versions"]["sqlite"]
    assert told["settings"]["VINCULO_CRM_WAIT"] == 3
    assert {f["check"] for f in told["diagnosis"]} >= {"storage", "accepted", "origins", "worker"}
    assert {c["verb"] for c in told["calls"]} >= {"list", "insert"}
    [left] = told["writes"]["left"]
    assert (left["subject"], left["verb"], left["state"]) == (
        "note",
        "insert",
        "unknown",
    )
    assert [a["why"] for a in told["arrivals"]] == ["in"]


def test_no_secret_and_nobodys_data_is_in_it_nor_in_the_files_behind_it(
    crm: Emulator, app: Flask, ana: Visitor, tmp_path: Path
) -> None:
    for contact in (RAFAEL, MARINA):
        ana.open(contact)
        ana.get("/tab/history")
        ana.fill("/tab/notes", text="Volta amanhã, ligar para Rafael Nunes Prado.")
    ana.open(OTAVIO)
    ana.fill("/tab/contact/new", name="Otávio Brandt", document="529.982.247-25")
    crm.control(not_permitted=["contato"], not_writable=["crm_prospeccao_anotacoes"])
    ana.get("/tab/contact/edit")

    text, told = packed(crm, tmp_path / "data")

    needles = personal.everything(
        Path(crm.path), crm.token, crm.token.partition(":")[2], START_KEY, "Ana Souza"
    )
    files = [(tmp_path / "data" / name).read_text() for name in ("calls.jsonl", "arrivals.jsonl")]
    assert [personal.seen(one, needles) for one in (text, *files)] == [set(), set(), set()]
    assert "Volta amanhã" not in text
    assert told["settings"]["VINCULO_CRM_TOKEN"] is True


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("192.168.100.200:8443 recusou", "192.168.100.200:8443 recusou"),
        ("ligar para 49 99903-2288 agora", "ligar para [number] agora"),
        ("10.0.4.12 de ana@x.example", "10.0.4.12 de [e-mail]"),
        ("CPF 529.982.247-25", "CPF [number]"),
    ],
)
def test_what_slipped_in_is_masked_but_not_the_addresses_of_machines(text: str, kept: str) -> None:
    assert _cleaned({"seen": [text]}) == {"seen": [kept]}
