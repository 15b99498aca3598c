"""Tests of what only the emulator has.

It has switches over HTTP, the calls that it remembers, and the page of what arrived.
"""

from typing import Any

import pytest
import requests
from selectolax.lexbor import LexborHTMLParser

from tests.emulator.client import Api, lead
from widget.emulator.crm.cast import MARINA
from widget.emulator.crm.server import Emulator


def post(crm: Emulator, path: str, **how: Any) -> requests.Response:
    return requests.post(f"{crm.url}{path}", timeout=10, **how)


def get(crm: Emulator, path: str) -> requests.Response:
    return requests.get(f"{crm.url}{path}", timeout=10)


def test_a_healthy_emulator_has_every_switch_at_rest(crm: Emulator) -> None:
    state = get(crm, "/control").json()

    assert state["fault"] == "none"
    assert not any(
        state[name] for name in ("delay_seconds", "not_released", "ip_blocked", "require_client")
    )


def test_given_switches_change_and_the_others_stay(crm: Emulator) -> None:
    post(crm, "/control", json={"delay_seconds": 0, "not_released": ["crm_agenda"]})

    state = post(crm, "/control", json={"fault": "503", "fault_times": 2}).json()

    assert (state["not_released"], state["fault"], state["fault_times"]) == (
        ["crm_agenda"],
        "503",
        2,
    )
    assert post(crm, "/control", json={"fault_times": None}).json()["fault_times"] is None


def test_limits_of_columns_are_taken_whole_and_told(crm: Emulator) -> None:
    post(crm, "/control", json={"column_limits": {"contato.nome": 20, "contato.obs": 0}})

    state = post(crm, "/control", json={"column_limits": {"cliente.razao": 5}}).json()

    assert state["column_limits"] == {"cliente.razao": 5}


@pytest.mark.parametrize(
    "change",
    [
        {"nonsense": 1},
        {"fault": "418"},
        {"fault_on": "sometimes"},
        {"delay_seconds": "3"},
        {"delay_seconds": -1},
        {"delay_seconds": True},
        {"fault_times": 1.5},
        {"not_released": "contato"},
        {"not_released": [1]},
        {"ip_blocked": 1},
        {"put_missing": None},
        {"unique": ["cnpj_cpf"]},
        {"unique": "contato.cnpj_cpf"},
        {"frozen_fields": ["contato.nonsense"]},
        {"reuse_numbers": "yes"},
        {"stale_reads": 1},
        {"column_limits": ["contato.nome"]},
        {"column_limits": {"nome": 5}},
        {"column_limits": {"contato.nome": "5"}},
        {"column_limits": {"contato.nome": True}},
        {"column_limits": {"contato.nome": -1}},
        {"bad_rows": ["12"]},
        {"bad_rows": ["nothing.12"]},
        {"double_rows": ["contato.x"]},
        {"double_rows": "contato.12"},
        {"charset": "latin"},
        {"zero_date": "1900-01-01"},
        {"date_format": "us"},
        {"rp_cap": None},
        {"preamble": 1},
        {"ascii_json": "no"},
        {"fault": "503", "nonsense": 1},
        [],
        "text",
    ],
)
def test_a_wrong_change_is_refused_whole(crm: Emulator, change: Any) -> None:
    before = get(crm, "/control").json()

    answer = post(crm, "/control", json=change)

    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)
    assert get(crm, "/control").json() == before


def test_a_reset_brings_back_data_switches_and_silence(crm: Emulator, api: Api) -> None:
    api.insert("contato", **lead(nome="Passageira"))
    api.delete("crm_prospeccao_anotacoes", "1")
    crm.control(fault="500")

    post(crm, "/control/reset")

    assert crm.rows("contato", nome="Passageira") == []
    assert len(crm.rows("crm_prospeccao_anotacoes", id=1)) == 1
    assert get(crm, "/control").json()["fault"] == "none"
    assert crm.calls == []


def test_calls_are_remembered_in_order_with_their_answers(crm: Emulator, api: Api) -> None:
    api.find("filial", qtype="filial.id", query="1", oper="=")
    api.insert("contato", **lead(nome=""))
    crm.control(fault="503", fault_times=1)
    api.delete("contato", MARINA)
    api.update("contato", MARINA, {"nome": "x"})

    calls = get(crm, "/control/calls").json()

    seen = [
        (call["method"], call["resource"], call["record"], call["status"], call["answer"])
        for call in calls
    ]
    assert seen == [
        ("POST", "filial", "", 200, "list"),
        ("POST", "contato", "", 200, "error: Preencha Nome!<br />"),
        ("DELETE", "contato", MARINA, 503, "fault: 503"),
        ("PUT", "contato", MARINA, 200, "html 200"),
    ]
    assert calls[0]["query"] == {"qtype": "filial.id", "query": "1", "oper": "="}


def test_calls_can_be_forgotten(crm: Emulator, api: Api) -> None:
    api.find("filial")

    post(crm, "/control/calls")

    assert get(crm, "/control/calls").json() == []


def test_only_the_last_thousand_calls_are_kept(crm: Emulator, api: Api) -> None:
    for _ in range(1003):
        api.find("uf", rp="1")

    assert len(crm.calls) == 1000


def test_the_page_shows_what_arrived_as_text_and_what_is_switched(crm: Emulator, api: Api) -> None:
    api.insert("contato", **lead(nome="<script>alert(1)</script>"))
    record = api.record("contato", "contato", MARINA)
    api.update("contato", MARINA, record | {"bairro": "Líder"})
    crm.control(fault="504", fault_on="write")

    answer = get(crm, "/")
    page = LexborHTMLParser(answer.text)

    headings = [node.text(deep=True, strip=True) for node in page.css("li h3")]
    assert headings == ["contato nº 1alterado", "contato nº 204incluído"]
    assert page.css_first("li dd").text() == "Líder"
    assert page.css_first("script") is None
    assert "504" in page.css_first("#state").parent.text()
    assert "Vendas" not in answer.text
    assert (
        get(crm, page.css_first("link[rel=stylesheet]").attributes["href"] or "").status_code == 200
    )


def test_the_page_of_a_fresh_base_says_that_nothing_arrived(crm: Emulator) -> None:
    text = get(crm, "/").text

    assert "Nada foi gravado ainda." in text
    assert "No ar, sem falhas ligadas" in text
    assert "style=" not in text
