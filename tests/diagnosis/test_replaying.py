"""A bundle shows how the CRM was; the emulator shows it again."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.product import RAFAEL, Visitor
from tests.setup.installation import settings
from widget.diagnosis.bundle import bundle
from widget.diagnosis.diagnosis import examine
from widget.diagnosis.installation import installation_of
from widget.diagnosis.replaying import switches_of
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS

NOTES = "crm_prospeccao_anotacoes"


def replayed(crm: Emulator, folder: Path) -> dict[str, Any]:
    installation = installation_of(CRMS, settings(crm, folder))
    return switches_of(json.loads(bundle(installation, examine(installation))))


@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"fault": "401"},
        {"fault": "403"},
        {"fault": "404"},
        {"fault": "429"},
        {"fault": "502"},
        {"fault": "504"},
        {"fault": "500"},
        {"fault": "html200"},
        {"fault": "empty200"},
        {"fault": "truncated"},
        {"fault": "reset"},
        {"fault": "redirect"},
        {"ip_blocked": True},
        {"not_released": ["crm_funil", "crm_substatus"]},
        {"not_permitted": ["cliente"], "not_released": ["crm_negociacoes"]},
        {"hide_fields": ["contato.cnpj_cpf"]},
    ],
    ids=str,
)
def test_what_the_diagnosis_found_is_shown_again(
    crm: Emulator, tmp_path: Path, switches: dict[str, Any]
) -> None:
    crm.control(**switches)

    found = replayed(crm, tmp_path / "data")

    assert found == switches
    crm.reset()
    crm.control(**found)


def test_what_only_attendants_met_is_shown_again(
    crm: Emulator, app: Flask, ana: Visitor, tmp_path: Path
) -> None:
    ana.open(RAFAEL)
    crm.control(
        fault="html200",
        fault_on="write",
        fault_resources=[NOTES],
        fault_times=1,
    )
    ana.fill("/tab/notes", text="Volta amanhã.")

    found = replayed(crm, tmp_path / "data")

    assert (found["fault"], found["fault_on"], found["fault_resources"]) == (
        "html200",
        "write",
        [NOTES],
    )


def test_a_slow_crm_is_shown_as_slow() -> None:
    calls = [
        {
            "resource": "contato",
            "verb": "list",
            "code": "",
            "ms": ms,
            "shape": "{}",
        }
        for ms in (700, 800, 900)
    ]

    assert switches_of({"calls": calls}) == {"delay_seconds": 0.8}
