"""Tests of how a base writes its JSON, as bytes.

It writes notices before the JSON, escapes, other character sets, and HTML by its name.
"""

import json
from typing import Any

import pytest

from tests.emulator.client import Api, lead
from widget.emulator.crm.server import Emulator

NAME = "São José ✓"


@pytest.fixture
def named(api: Api) -> Api:
    api.insert("contato", **lead(nome=NAME, id_filial="77"))
    return api


def body(api: Api, **asked: str) -> bytes:
    return api.find(
        "contato",
        qtype="contato.id_filial",
        query="77",
        oper="=",
        **asked,
    ).content


def test_everything_is_escaped_unless_switched(named: Api, crm: Emulator) -> None:
    escaped = body(named)
    crm.control(ascii_json=False)
    raw = body(named)

    assert escaped.isascii()
    assert NAME.encode() in raw
    assert json.loads(escaped) == json.loads(raw)


@pytest.mark.parametrize(
    "preamble", ["\ufeff", "<br />\n<b>Notice</b>: não definido in <b>12</b><br />\n"]
)
def test_a_preamble_stands_before_every_json_and_before_nothing_else(
    api: Api, crm: Emulator, preamble: str
) -> None:
    crm.control(preamble=preamble, charset="cp1252")
    answers = [api.find("contato", rp="1"), api.insert("contato", **lead()), api.find("nothing")]
    broken = api.find("contato", qtype="x", query="1")
    crm.control(fault="error")
    answers.append(api.find("contato"))

    start = preamble.encode()
    assert [answer.content[: len(start)] for answer in answers] == [start] * 4
    assert all(json.loads(answer.content[len(start) :].decode("cp1252")) for answer in answers)
    assert broken.content.startswith(b"<div")


def test_cp1252_is_sent_under_the_name_of_utf_8(named: Api, crm: Emulator) -> None:
    crm.control(charset="cp1252")

    answer = named.find("contato", qtype="contato.id_filial", query="77", oper="=")

    assert "São José ?".encode("cp1252") in answer.content
    assert answer.headers["Content-Type"] == "text/x-json; charset=utf-8"
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_a_broken_text_has_one_byte_that_is_no_utf_8(named: Api, crm: Emulator) -> None:
    crm.control(charset="broken")

    raw = body(named)

    assert b"S\xc3o Jos\xc3\xa9 \xe2\x9c\x93" in raw
    with pytest.raises(UnicodeDecodeError):
        raw.decode()
    assert json.loads(raw.decode(errors="replace"))["registros"][0]["nome"] == "S\ufffdo José ✓"


def test_a_truncated_answer_is_cut_as_it_was_written(named: Api, crm: Emulator) -> None:
    crm.control(preamble="\ufeff", ascii_json=False, fault="truncated")

    assert body(named).startswith("\ufeff{".encode())


@pytest.mark.parametrize(
    ("switches", "html"),
    [({}, False), ({"refusals_as_html": True}, True), ({"fault": "error"}, False)],
)
def test_refusals_come_as_html_when_switched(
    api: Api, crm: Emulator, switches: dict[str, Any], html: bool
) -> None:
    crm.control(**switches)

    refused = api.insert("contato", **lead(nome=""))
    listed = api.find("filial") if not switches.get("fault") else refused

    assert refused.headers["Content-Type"].startswith("text/html" if html else "text/x-json")
    assert refused.json()["type"] == "error"
    assert listed.headers["Content-Type"].startswith("text/x-json")


def test_an_ordered_refusal_comes_as_html_too(api: Api, crm: Emulator) -> None:
    crm.control(refusals_as_html=True, fault="error")

    assert api.find("contato").headers["Content-Type"].startswith("text/html")
