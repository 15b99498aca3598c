"""The links inside the CRM."""

import time
from typing import Any

import pytest

from tests.product import integration
from widget.diagnosis.diagnosis import check_integration
from widget.diagnosis.findings import Finding
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS


def remarkable(crm: Emulator, **options: Any) -> list[Finding]:
    """Everything but what is well."""
    return [
        f
        for f in check_integration(CRMS["ixc"], integration(crm.url, crm.token, wait=5), **options)
        if f.verdict not in {"ok", "skipped"}
    ]


@pytest.mark.parametrize(
    ("switches", "slug", "told"),
    [
        ({"not_released": ["crm_negociacoes"]}, "resource-closed", "crm_negociacoes"),
        ({"not_released": ["crm_substatus"]}, "resource-closed-spared", "crm_substatus"),
        ({"not_permitted": ["contato", "cliente"]}, "read-denied", "contato, cliente"),
        ({"not_permitted": ["uf"]}, "read-denied-spared", "uf"),
        ({"hide_fields": ["cnpj_cpf"]}, "fields-absent", "contato.cnpj_cpf, cliente.cnpj_cpf"),
        ({"hide_fields": ["external_id"]}, "fields-absent-spared", "contato.external_id"),
        ({"fault": "504", "fault_resources": ["crm_funil"]}, "resource-broken", "crm_funil"),
    ],
)
def test_what_the_crm_keeps_back_is_named(
    crm: Emulator, switches: dict[str, Any], slug: str, told: str
) -> None:
    crm.control(**switches)

    [found] = remarkable(crm)

    assert found.slug == slug
    assert told in found.seen


def test_a_select_that_would_stay_empty_is_told(crm: Emulator) -> None:
    crm.remove("crm_funil", *(row["id"] for row in crm.rows("crm_funil")))

    [found] = remarkable(crm)

    assert (found.slug, found.values["resources"]) == ("empty-table", "crm_funil")


def test_attendants_whom_the_crm_does_not_know_are_named_by_what_may_be_shown(
    crm: Emulator,
) -> None:
    [found] = remarkable(
        crm,
        emails={"chatwoot 1 nº 1": "ana.souza@serranet.example", "chatwoot 1 nº 9": "x@y.example"},
    )

    assert found.slug == "attendant-unmapped"
    assert found.values["attendants"] == "chatwoot 1 nº 9"


def test_a_clock_that_differs_from_the_crms_is_told(crm: Emulator) -> None:
    [found] = remarkable(crm, clock=lambda: time.time() + 600)

    assert (found.slug, found.values["minutes"]) == ("clock-crm-off", 10)


def test_the_diagnosis_writes_nothing(crm: Emulator) -> None:
    remarkable(crm)

    assert {call["kind"] for call in crm.calls} == {"list"}
