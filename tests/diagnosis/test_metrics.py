"""/metrics: closed without a key, and nobody's data in it."""

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.product import RAFAEL, Visitor, product
from widget.emulator.crm.server import Emulator

KEY = "a-key-for-prometheus"


def read(visitor: Visitor, key: str = KEY) -> tuple[int, str]:
    answer = visitor.client.get("/metrics", headers={"Authorization": f"Bearer {key}"})
    return answer.status_code, answer.text


def figures(text: str) -> dict[tuple[str, frozenset[str]], float]:
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def ana(crm: Emulator, tmp_path: Path) -> Visitor:
    return Visitor(product(crm, tmp_path / "data", metrics_key=KEY).test_client())


@pytest.mark.parametrize("key", ["", "wrong", KEY.upper()])
def test_without_the_key_they_are_closed(ana: Visitor, key: str) -> None:
    assert read(ana, key)[0] == 401


def test_where_no_key_is_set_there_are_none(crm: Emulator, tmp_path: Path) -> None:
    stranger = Visitor(product(crm, tmp_path / "data").test_client())

    assert read(stranger, "")[0] == 404


def test_calls_writes_and_arrivals_are_told_in_figures(crm: Emulator, ana: Visitor) -> None:
    ana.open(RAFAEL)
    crm.control(fault="reset", fault_on="write")
    ana.fill("/tab/notes", text="Ligar para Rafael.")

    status, text = read(ana)
    found = figures(text)

    assert status == 200
    told = {
        ("vinculo_crm_calls", "main", "crm_prospeccao_anotacoes", "insert", "VNC-202"): 1,
        ("vinculo_writes", "main", "unknown"): 1,
        ("vinculo_arrivals", "chatwoot", "in"): 1,
        ("vinculo_worker_alive", "main"): 0,
        ("vinculo_processes",): 1,
    }
    assert {name: found[name[0], frozenset(name[1:])] for name in told} == told
    assert found["vinculo_crm_call_seconds", frozenset({"main", "0.95"})] > 0
    assert found["vinculo_disk_free_bytes", frozenset()] > 0
    assert "Rafael" not in text
