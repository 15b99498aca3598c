"""Tests of each fault as a client sees it.

They say whether the write behind it happened, and how far a fault reaches.
"""

import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.emulator.client import Api, lead
from widget.emulator.crm.cast import MARINA
from widget.emulator.crm.server import Emulator
from widget.emulator.crm.switches import DECEPTIVE, FAULTS

ANSWERED = {
    "html200": (200, "</div>"),
    "empty200": (200, ""),
    "braces200": (200, "{}"),
    "400": (400, "400 Bad Request"),
    "401": (401, "401 Authorization Required"),
    "403": (403, "403 Forbidden"),
    "404": (404, "404 Not Found"),
    "429": (429, "429 Too Many Requests"),
    "500": (500, "Contate o suporte IXC Soft."),
    "502": (502, "502 Bad Gateway"),
    "503": (503, "503 Service Temporarily Unavailable"),
    "504": (504, "Contate o suporte IXC Soft."),
    "redirect": (302, ""),
}
BROKEN = ("reset", "reset_after_commit", "cut_body")


def wait_until(holds: Callable[[], Any], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("fault", "status", "text"), [(name, *seen) for name, seen in ANSWERED.items()]
)
def test_a_replaced_answer_is_seen_by_reads(
    api: Api, crm: Emulator, fault: str, status: int, text: str
) -> None:
    crm.control(fault=fault)

    answer = api.find("contato")

    assert answer.status_code == status
    assert text in answer.text
    assert "registros" not in answer.text


def test_a_limited_client_is_told_when_to_come_back(api: Api, crm: Emulator) -> None:
    crm.control(fault="429", retry_after_seconds=9)

    assert api.find("contato").headers["Retry-After"] == "9"


def test_a_redirect_turns_a_followed_post_into_a_page(api: Api, crm: Emulator) -> None:
    crm.control(fault="redirect")

    answer = api.find("contato")

    assert answer.headers["Location"] == "/adm.php"


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_connection_is_seen_as_such(api: Api, crm: Emulator, fault: str) -> None:
    crm.control(fault=fault)

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        api.find("contato")


def test_a_reset_is_a_reset_and_no_polite_end(crm: Emulator) -> None:
    crm.control(fault="reset")
    address = urlsplit(crm.url)
    with socket.create_connection(
        (address.hostname or "", address.port or 0), timeout=5
    ) as connection:
        connection.sendall(
            b"GET /webservice/v1/filial HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
        )
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_headers_cut_in_the_middle_look_like_an_empty_success_to_requests(
    api: Api, crm: Emulator
) -> None:
    crm.control(fault="half_headers")

    answer = api.find("contato")

    assert (answer.status_code, answer.text) == (200, "")


def test_a_truncated_answer_is_whole_http_and_half_json(api: Api, crm: Emulator) -> None:
    crm.control(fault="truncated")

    answer = api.find("contato")

    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["Content-Length"])
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        json.loads(answer.text)


@pytest.mark.parametrize(("fault", "fewest"), [("drip", 100), ("drip_headers", 500)])
def test_a_drip_comes_byte_by_byte(crm: Emulator, fault: str, fewest: int) -> None:
    crm.control(fault=fault, drip_seconds=0.0)
    address = urlsplit(crm.url)
    with socket.create_connection(
        (address.hostname or "", address.port or 0), timeout=10
    ) as connection:
        connection.sendall(
            b"GET /webservice/v1/filial HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
        )
        received = b"".join(iter(lambda: connection.recv(1), b""))

    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 401")
    assert len(body) >= 100
    assert f"Content-Length: {len(body)}".encode() in head
    assert len(received) >= fewest


def test_a_drip_takes_its_time(api: Api, crm: Emulator) -> None:
    crm.control(fault="drip", drip_seconds=0.002)
    started = time.monotonic()

    answer = api.find("filial", qtype="filial.id", query="99", oper="=")

    assert answer.json() == {"page": "1", "total": "0"}
    assert time.monotonic() - started >= 0.002 * len(answer.content)


def test_a_huge_answer_is_as_large_as_ordered_and_well_formed(api: Api, crm: Emulator) -> None:
    crm.control(fault="huge", huge_bytes=3_000_000)

    answer = api.find("contato")

    assert len(answer.json()["registros"][0]["obs"]) == 3_000_000


def test_a_hanging_server_answers_nothing_until_the_client_gives_up(
    api: Api, crm: Emulator
) -> None:
    crm.control(fault="hang")

    with pytest.raises(requests.ReadTimeout):
        api.send("GET", "contato", timeout=0.1)
    crm.control(fault="none")
    assert api.find("filial").json()["total"] == "4"


def test_stopping_ends_what_hangs(api: Api, crm: Emulator) -> None:
    crm.control(delay_seconds=30.0)
    with pytest.raises(requests.ReadTimeout):
        api.send("GET", "contato", timeout=0.05)
    started = time.monotonic()

    crm.stop()

    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "fault",
    [name for name in FAULTS if name not in {"none", "hang", "huge", "drip_headers", *DECEPTIVE}],
)
@pytest.mark.parametrize("commit", [True, False])
def test_a_write_under_a_fault_happens_or_not_as_ordered(
    api: Api, crm: Emulator, fault: str, commit: bool
) -> None:
    crm.control(fault=fault, commit=commit, drip_seconds=0.0)
    seen = ""
    try:
        seen = api.insert("contato", **lead(nome="Sob Falha")).text
    except requests.RequestException as error:
        seen = type(error).__name__

    assert len(crm.rows("contato", nome="Sob Falha")) == int(commit)
    assert commit or "sucesso" not in seen


@pytest.mark.parametrize(
    ("fault", "happened"),
    [
        ("504", 0),
        ("reset", 0),
        ("html200", 0),
        ("reset_after_commit", 1),
        ("truncated", 1),
        ("half_headers", 1),
    ],
)
def test_without_an_order_a_write_happens_where_only_its_answer_is_spoilt(
    api: Api, crm: Emulator, fault: str, happened: int
) -> None:
    crm.control(fault=fault)
    with suppress(requests.ConnectionError):
        api.insert("contato", **lead(nome="Sem Ordem"))

    assert len(crm.rows("contato", nome="Sem Ordem")) == happened


def test_a_late_commit_happens_after_the_client_was_cut_off(api: Api, crm: Emulator) -> None:
    crm.control(fault="reset", commit=True, commit_delay_seconds=0.2)

    with pytest.raises(requests.ConnectionError):
        api.insert("contato", **lead(nome="Tarde"))

    assert crm.rows("contato", nome="Tarde") == []
    wait_until(lambda: crm.rows("contato", nome="Tarde"))


@pytest.mark.parametrize(
    ("scope", "read", "write"),
    [
        ({"fault_on": "all"}, 503, 503),
        ({"fault_on": "read"}, 503, 200),
        ({"fault_on": "write"}, 200, 503),
        ({"fault_resources": ["contato"]}, 503, 503),
        ({"fault_resources": ["cliente"]}, 200, 200),
        ({"fault_times": 1}, 503, 200),
        ({"fault_times": 0}, 200, 200),
    ],
)
def test_a_fault_reaches_no_further_than_ordered(
    api: Api, crm: Emulator, scope: dict[str, Any], read: int, write: int
) -> None:
    crm.control(fault="503", **scope)

    statuses = api.find("contato").status_code, api.insert("contato", **lead()).status_code

    assert statuses == (read, write)


def test_a_counted_fault_ends_by_itself(api: Api, crm: Emulator) -> None:
    crm.control(fault="500", fault_times=2)

    assert [api.find("filial").status_code for _ in range(4)] == [500, 500, 200, 200]


def test_a_delay_makes_every_answer_wait(api: Api, crm: Emulator) -> None:
    crm.control(delay_seconds=0.1)
    started = time.monotonic()

    api.find("filial")

    assert time.monotonic() - started >= 0.1


@pytest.mark.parametrize("fault", ["error", "400", "401", "403", "404", "429"])
def test_a_refused_write_may_be_committed_all_the_same(api: Api, crm: Emulator, fault: str) -> None:
    crm.control(fault=fault, fault_on="write", commit=True)

    answer = api.insert("contato", **lead(nome="Recusada"))

    assert (answer.status_code, "sucesso" in answer.text) == (
        200 if fault == "error" else int(fault),
        False,
    )
    assert len(crm.rows("contato", nome="Recusada")) == 1


def highest(crm: Emulator, table: str = "contato") -> int:
    return int(crm.rows(table)[-1]["id"])


def test_a_lie_names_the_next_number_and_commits_nothing(api: Api, crm: Emulator) -> None:
    before = highest(crm)
    crm.control(fault="lie", fault_times=1)

    answer = api.insert("contato", **lead(nome="Mentira")).json()

    assert (answer["type"], answer["id"]) == ("success", str(before + 1))
    assert highest(crm) == before
    assert api.insert("contato", **lead(nome="Verdade")).json()["id"] == str(before + 1)


def test_a_lie_changes_and_deletes_nothing_either(api: Api, crm: Emulator) -> None:
    record = api.record("contato", "contato", MARINA)
    note = crm.rows("crm_prospeccao_anotacoes")[0]["id"]
    crm.control(fault="lie")

    told = [
        api.update("contato", MARINA, record | {"bairro": "Líder"}),
        api.delete("crm_prospeccao_anotacoes", note),
        api.update(
            "crm_negociacoes_simplificado",
            "2",
            {"data_vencemos": "19/12/2026", "id_responsavel": "2"},
        ),
    ]

    assert {answer.json()["type"] for answer in told} == {"success"}
    assert crm.rows("contato", id=MARINA)[0] == record
    assert crm.rows("crm_prospeccao_anotacoes", id=note)
    assert crm.rows("crm_negociacoes", id=2)[0]["status"] == "N"


@pytest.mark.parametrize("fault", ["lie", "late_success", "repeated", "wrong_number"])
def test_what_the_crm_would_refuse_is_refused_under_a_deceptive_fault_too(
    api: Api, crm: Emulator, fault: str
) -> None:
    crm.control(fault=fault)

    assert api.insert("contato", **lead(nome="")).json() == {
        "type": "error",
        "message": "Preencha Nome!<br />",
    }


@pytest.mark.parametrize("fault", sorted(DECEPTIVE))
def test_a_deceptive_fault_spares_reads_and_does_not_count_them(
    api: Api, crm: Emulator, fault: str
) -> None:
    crm.control(fault=fault, fault_times=1)

    assert api.find("filial").json()["total"] == "4"
    assert requests.get(f"{crm.url}/control", timeout=10).json()["fault_times"] == 1


def test_a_wrong_number_is_that_of_the_newest_earlier_record(api: Api, crm: Emulator) -> None:
    before = highest(crm)
    crm.control(fault="wrong_number", fault_times=1)

    answer = api.insert("contato", **lead(nome="Trocada")).json()

    assert (answer["type"], answer["id"]) == ("success", str(before))
    assert crm.rows("contato", nome="Trocada")[0]["id"] == str(before + 1)


@pytest.mark.parametrize(("record", "told"), [("3", "2"), ("1", "last")])
def test_an_update_is_told_under_another_number(
    api: Api, crm: Emulator, record: str, told: str
) -> None:
    given = api.record("contato", "contato", record)
    crm.control(fault="wrong_number", id_as_number=True)

    answer = api.update("contato", record, given | {"bairro": "Líder"}).json()

    assert answer["id"] == (str(highest(crm)) if told == "last" else told)
    assert crm.rows("contato", id=record)[0]["bairro"] == "Líder"


def test_a_late_success_comes_true_under_its_number_whatever_comes_between(
    api: Api, crm: Emulator
) -> None:
    crm.control(fault="late_success", fault_times=1, commit_delay_seconds=0.3)

    promised = api.insert("contato", **lead(nome="Prometida")).json()["id"]
    between = api.insert("contato", **lead(nome="Entre")).json()["id"]

    assert crm.rows("contato", nome="Prometida") == []
    assert int(between) == int(promised) + 1
    wait_until(lambda: crm.rows("contato", nome="Prometida"))
    assert crm.rows("contato", nome="Prometida")[0]["id"] == promised


def test_a_late_success_of_an_update_overwrites_what_came_between(api: Api, crm: Emulator) -> None:
    record = api.record("contato", "contato", MARINA)
    crm.control(fault="late_success", fault_times=1, commit_delay_seconds=0.3)

    answers = [
        api.update("contato", MARINA, record | {"bairro": name}).json()["type"]
        for name in ("Um", "Dois")
    ]

    assert (answers, crm.rows("contato", id=MARINA)[0]["bairro"]) == (["success"] * 2, "Dois")
    wait_until(lambda: crm.rows("contato", id=MARINA)[0]["bairro"] == "Um")


@pytest.mark.parametrize("seconds", [0, 0.2])
def test_a_repeated_request_is_applied_once_more(api: Api, crm: Emulator, seconds: float) -> None:
    crm.control(fault="repeated", fault_times=1, commit_delay_seconds=seconds)

    answer = api.insert("contato", **lead(nome="Em Dobro")).json()

    assert crm.rows("contato", nome="Em Dobro")[0]["id"] == answer["id"]
    wait_until(lambda: len(crm.rows("contato", nome="Em Dobro")) == 2)


def test_a_repeated_update_comes_back_over_a_newer_one(api: Api, crm: Emulator) -> None:
    record = api.record("contato", "contato", MARINA)
    crm.control(fault="repeated", fault_times=1, commit_delay_seconds=0.3)
    for name in ("Um", "Dois"):
        api.update("contato", MARINA, record | {"bairro": name})

    assert crm.rows("contato", id=MARINA)[0]["bairro"] == "Dois"
    wait_until(lambda: crm.rows("contato", id=MARINA)[0]["bairro"] == "Um")
