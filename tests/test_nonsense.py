"""Tests of nonsense at every address, from browsers and from the CRM.

None of it may become a server error of our own.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from flask import Flask

from tests.product import (
    ANA,
    HENRIQUE,
    Hour,
    Visitor,
    behind,
    context,
    services_of,
    settled,
    start_token,
)
from widget.domain.model import State
from widget.emulator.crm.server import Emulator

ROUTES = [
    "/healthz",
    "/manifest.json",
    "/metrics",
    "/panel/<host>",
    "/panel/<host>/context",
    "/panel/<host>/pair",
    "/panel/<host>/token",
    "/static/<fingerprint>/<name>",
    "/tab/draft/<form>",
    "/tab/contact",
    "/tab/contact/card",
    "/tab/contact/deals",
    "/tab/contact/reveal/<what>",
    "/tab/contact/hide",
    "/tab/contact/edit",
    "/tab/contact/new",
    "/tab/contact/new/duplicates",
    "/tab/pending/back",
    "/tab/link",
    "/tab/link/search",
    "/tab/link/<ref>",
    "/tab/link/remove",
    "/tab/negotiation/new",
    "/tab/negotiation/path",
    "/tab/negotiation/cities",
    "/tab/interact/<number>",
    "/tab/notes",
    "/tab/notes/list",
    "/tab/notes/correct/<name>",
    "/tab/history",
    "/tab/check/document",
    "/tab/check/phone",
    "/tab/pending",
    "/tab/pending/<key>/again",
    "/tab/pending/<key>/seen",
]
STRANGE = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "5",
    "client-5",
    "lead-1",
    "client-999999",
    "99999999999999999999",
    "1e9",
    "١",
    "x",
    "ç🚀",
    "\x00",
    "\r\nSet-Cookie: a=b",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "%s%(x)s",
    "../../etc",
    "a" * 5000,
    "\u202e\ufeff",
    "[]",
    "{}",
    "null",
    "NaN",
    "true",
    "name",
    "document",
    "N",
    "D",
    "new-" + "k" * 22,
    "new-x",
]
FIELDS = [
    "name",
    "document",
    "phone",
    "email",
    "owner",
    "branch",
    "channel",
    "sure",
    "title",
    "plan",
    "funnel",
    "stage",
    "city",
    "city_name",
    "status",
    "qualification",
    "loss_reason",
    "loss_remark",
    "text",
    "corrects",
    "negotiation",
    "before_name",
    "choice_name",
    "before_stage",
    "start",
    "context",
    "criterion",
    "q",
    "page",
    "fresh",
    "then",
    "entry",
    "open",
    "drawn",
]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]
FAULTS = [
    "html200",
    "empty200",
    "braces200",
    "truncated",
    "401",
    "403",
    "404",
    "429",
    "500",
    "503",
    "redirect",
    "reset",
    "cut_body",
    "half_headers",
]
MINE = {
    "name": "Meu nome",
    "title": "Meu título",
    "text": "Meu texto",
    "loss_remark": "Meu motivo",
    "status": "D",
    "loss_reason": "1",
}
OF_THE_CRM = {502, 503, 504}
DEEP = [
    "/tab/contact?fresh=now",
    "/tab/contact/card",
    "/tab/contact/deals",
    "/tab/contact/edit",
    "/tab/contact/new",
    "/tab/link/search?ask=1&criterion=name&q=silva",
    "/tab/link/client-7",
    "/tab/negotiation/new",
    "/tab/interact/2",
    "/tab/negotiation/cities?city_name=chap",
    "/tab/notes",
    "/tab/history",
]


def filled(route: str, chance: random.Random) -> str:
    """The address with nonsense, or something near to sense, in its places."""
    parts = [
        chance.choice(STRANGE).replace("/", "%2F") if part.startswith("<") else part
        for part in route.split("/")
    ]
    return "/".join(parts)


def typed(chance: random.Random) -> dict[str, str]:
    """Returns a form with nonsense in some fields.

    Often it has the key and the contact that let it through.
    """
    sound = {
        "key": "k" * 22,
        "contact": "client-5",
        "start": start_token(ANA),
        "context": context(HENRIQUE),
    }
    wild = {
        name: chance.choice(STRANGE)
        for name in chance.sample(FIELDS, chance.randint(0, len(FIELDS)))
    }
    return {**wild, **(sound if chance.random() < 0.7 else {})}


def test_every_address_is_in_the_list(app: Flask) -> None:
    known = {rule.rule.replace("path:", "") for rule in app.url_map.iter_rules()}
    known = {
        rule for rule in known if not rule.startswith("/setup")
    }  # closed to strangers: tests/setup/test_guard.py

    assert known == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_no_nonsense_from_a_browser_is_a_server_error(app: Flask, ana: Visitor, route: str) -> None:
    chance = random.Random(route)  # noqa: S311 -- the same nonsense each time
    ana.open(HENRIQUE)
    answers = []
    for number in range(28):
        method = (
            METHODS[number % 3 and number % len(METHODS)]
            if number % 2
            else chance.choice(["GET", "POST"])
        )
        address, body = filled(route, chance), typed(chance)
        headers = {"X-Panel-Token": ana.token, **({"HX-Request": "true"} if number % 4 else {})}
        sent: dict[str, Any] = (
            {"query_string": body} if method in {"GET", "HEAD"} else {"data": body}
        )
        answer = ana.client.open(address, method=method, headers=headers, **sent)
        answers.append((answer.status_code, method, address[:80], body))

    assert [answer for answer in answers if answer[0] >= 500] == []


@pytest.mark.parametrize(
    "kind",
    ["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "x/y", ""],
)
def test_no_strange_body_is_a_server_error(ana: Visitor, kind: str) -> None:
    ana.open(HENRIQUE)
    headers = {"X-Panel-Token": ana.token}
    answers = [
        (
            ana.client.post(route, data=body, content_type=kind, headers=headers).status_code,
            route,
            body,
        )
        for route in (
            "/tab/notes",
            "/tab/contact/new",
            "/tab/draft/x",
            "/tab/interact/2",
            "/panel/chatwoot/context",
        )
        for body in (
            b"",
            b"{",
            b"\xff\xfe\x00",
            b"--x\r\nContent-Disposition: form-data\r\n\r\n",
            b"a=%ff%00&a&&==",
        )
    ]

    assert [answer for answer in answers if answer[0] >= 500] == []


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("known", [False, True])
def test_no_trouble_of_the_crm_is_an_error_of_ours(
    crm: Emulator, tmp_path: object, hour: Hour, fault: str, known: bool
) -> None:
    ana = Visitor(hour.app(crm, tmp_path).test_client())
    ana.open(HENRIQUE)
    if known:
        for address in DEEP:
            ana.get(address)
    hour.passes()
    crm.control(fault=fault)
    answers = {address: ana.get(address).status for address in DEEP}

    assert {
        a: status for a, status in answers.items() if status >= 500 and status not in OF_THE_CRM
    } == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_save_is_lost_in_whatever_way_the_crm_fails(
    app: Flask, ana: Visitor, crm: Emulator, fault: str
) -> None:
    """It is accepted, and arrives when the trouble is over.

    Or the form comes back with all that was typed.
    """
    ana.open(HENRIQUE)
    journal = services_of(app).journal
    forms = {
        address: ana.get(address).form(".form, .composer")
        for address in (
            "/tab/contact/edit",
            "/tab/negotiation/new",
            "/tab/interact/2",
            "/tab/notes",
        )
    }
    crm.control(fault=fault)
    for address, form in forms.items():
        mine = {**form, **{name: value for name, value in MINE.items() if name in form}}
        answer = ana.post(address, mine)
        entry = journal.find(form["key"])
        kept = (
            entry.origin.typed
            if answer.status == 200 and entry
            else answer.form(".form, .composer")
        )

        assert answer.status in OF_THE_CRM or answer.state in {"kept", "sending", "unknown"}, (
            address
        )
        assert {name: kept.get(name) for name in MINE if name in form} == {
            n: v for n, v in MINE.items() if n in form
        }
    crm.control(fault="none")
    settled(app)
    states = {
        address: entry.state
        for address, form in forms.items()
        if (entry := journal.find(form["key"]))
    }
    assert states == dict.fromkeys(states, State.DONE)


@pytest.mark.parametrize(
    "column",
    [
        "id",
        "nome",
        "razao",
        "id_cliente",
        "id_funil",
        "id_estagio",
        "status",
        "data",
        "anotacao",
        "uf",
        "funcionario",
        "estagio",
        "descricao",
        "fantasia",
    ],
)
def test_no_column_that_is_missing_is_an_error_of_ours(
    ana: Visitor, crm: Emulator, column: str
) -> None:
    crm.control(hide_fields=[column], total_as_number=True, id_as_number=True)
    answers = [ana.open(HENRIQUE).status, *(ana.get(address).status for address in DEEP)]

    assert [status for status in answers if status >= 500 and status not in OF_THE_CRM] == []


@pytest.mark.parametrize(
    ("table", "number"),
    [
        ("cliente", "5"),
        ("crm_negociacoes", "2"),
        ("crm_negociacoes_estagios", "3"),
        ("crm_funil", "1"),
        ("crm_planos_negociacoes", "1"),
        ("funcionarios", "1"),
        ("filial", "1"),
        ("crm_prospeccao_anotacoes", "1"),
        ("crm_historico", "4"),
        ("cidade", "1"),
    ],
)
def test_no_value_of_the_crm_is_an_error_of_ours(
    crm: Emulator, tmp_path: object, hour: Hour, table: str, number: str
) -> None:
    ana = Visitor(hour.app(crm, tmp_path).test_client())
    columns = [column for column in crm.rows(table)[0] if column not in {"id", "id_cliente"}]
    answers = []
    for value in ("", "x", "-1", "0", "<b>", "1e999", "0000-00-00", "S", "\x00"):
        behind(crm, table, number, **dict.fromkeys(columns, value))
        hour.passes()
        answers.append((ana.open(HENRIQUE).status, value, "open"))
        answers += [(ana.get(address).status, value, address) for address in DEEP]

    assert [answer for answer in answers if answer[0] >= 500 and answer[0] not in OF_THE_CRM] == []
