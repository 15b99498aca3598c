"""Attendants are added with a code, moved, and their browsers revoked."""

import re

from flask import Flask

from tests.product import MARINA, Screen, Visitor, context, start_token
from tests.setup.desk import Desk, office_of

NOBODY_PROVEN: dict[str, str] = {}


def code_in(page: Screen) -> str:
    """The code that the page shows."""
    node = page.html.css_first("#code")
    assert node, page.text
    return node.text().strip()


def added(maria: Desk) -> Screen:
    """Rosa was added; the page with her code."""
    return maria.fill(
        "/attendants/new", place="chatwoot 1", name="Rosa  Alves", email="rosa@serranet.example"
    )


def paired(app: Flask, code: str) -> str:
    """What the browser keeps after the code was typed."""
    body = {"start": start_token(NOBODY_PROVEN), "context": context(MARINA), "code": code}
    answer = app.test_client().post(
        "/panel/chatwoot/pair", data=body, headers={"HX-Request": "true"}
    )
    return answer.headers.get("X-Pairing", "")


def opened(app: Flask, pairing: str) -> int:
    """How the panel answers to this browser."""
    body = {"start": start_token(NOBODY_PROVEN), "context": context(MARINA), "pairing": pairing}
    return app.test_client().post("/panel/chatwoot/context", data=body).status_code


def test_who_is_added_pairs_a_browser_with_the_code_shown_once(app: Flask, maria: Desk) -> None:
    page = added(maria)
    pairing = paired(app, code_in(page))

    assert pairing
    assert opened(app, pairing) == 200
    assert "Rosa Alves" in maria.get("/attendants").text
    assert code_in(page) not in maria.get("/attendants").text


def test_a_revoked_browser_opens_nothing_any_more(app: Flask, maria: Desk) -> None:
    pairing = paired(app, code_in(added(maria)))
    one = re.search(r"/setup(/attendants/one\?[^\"]+)", maria.get("/attendants").response.text)
    assert one
    page = maria.get(one[1].replace("&amp;", "&"))
    revoke = page.html.css_first(".findings button")
    assert revoke
    done = maria.follow(
        maria.post("/attendants/one", {**page.form("main form"), "do": revoke.attributes["value"]})
    )

    assert "Revogado" in done.text
    assert opened(app, pairing) == 403


def test_the_browser_of_somebody_else_is_not_revoked(app: Flask, maria: Desk) -> None:
    pairing = paired(app, code_in(added(maria)))
    [other] = office_of(app).running.shared.pairings.of("chatwoot", "1")
    maria.fill("/attendants/new", place="chatwoot 1", name="Ivo")
    ivo = next(one for one in office_of(app).running.shared.attendants.all() if one.name == "Ivo")
    maria.post(
        "/attendants/one",
        {
            "host": "chatwoot",
            "account": "1",
            "number": ivo.number,
            "do": f"revoke {other.id}",
        },
    )

    assert opened(app, pairing) == 200


def test_an_attendant_moves_to_a_department_and_goes(app: Flask, maria: Desk, ana: Visitor) -> None:
    ana.open(MARINA)
    known = office_of(app).running.shared.attendants
    known.allow("Vendas", [])
    where = {"host": "chatwoot", "account": "1", "number": "1"}
    maria.post(
        "/attendants/one",
        {
            **where,
            "do": "save",
            "department": "Vendas",
            "email": "ana@x.example",
        },
    )
    moved = known.find("chatwoot", "1", "1")
    maria.post("/attendants/one", {**where, "do": "remove"})

    assert moved
    assert (moved.department, moved.name) == ("Vendas", "Ana Souza")
    assert known.find("chatwoot", "1", "1") is None


def test_a_department_that_is_not_there_is_none(app: Flask, maria: Desk, ana: Visitor) -> None:
    ana.open(MARINA)
    maria.post(
        "/attendants/one",
        {
            "host": "chatwoot",
            "account": "1",
            "number": "1",
            "department": "Invented",
        },
    )
    found = office_of(app).running.shared.attendants.find("chatwoot", "1", "1")

    assert found
    assert found.department == ""


def test_what_is_missing_stands_at_its_field(maria: Desk) -> None:
    page = maria.fill("/attendants/new", place="", name=" ")

    assert page.status == 422
    assert page.wrong("place")
    assert page.wrong("name")
    assert maria.get("/attendants/one", host="x", account="1", number="1").status == 404
