"""Tests of what each console's account gets.

It gets a CRM, the origins that may embed the panel, and an address to register.
"""

import time

import pytest
from flask import Flask

from tests.product import START_KEY
from tests.setup.desk import Desk, office_of
from widget.consoles.claims import start_of
from widget.setup.consoles import origin

RIGHT = {
    "host": "chatwoot",
    "account": "42",
    "integration": "main",
    "parents": "https://chat.provedor.example/app",
}


def test_the_address_to_register_opens_the_panel_of_that_account(app: Flask, maria: Desk) -> None:
    page = maria.follow(maria.post("/consoles", RIGHT))
    shown = page.html.css_first(".given")
    assert shown, page.text
    address, _, token = shown.text().strip().partition("?start=")
    panel = app.test_client().get(f"/panel/chatwoot?start={token}")

    assert address == "http://localhost/panel/chatwoot"
    key = office_of(app).running.key("chatwoot", "42")
    assert key != START_KEY
    assert start_of(token, lambda _: key, "chatwoot", time.time()).account == "42"
    assert panel.status_code == 200
    assert (
        "frame-ancestors https://chat.provedor.example" in panel.headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "x"},
        {"account": " "},
        {"integration": "x"},
        {"parents": ""},
        {"parents": "ftp://x"},
    ],
)
def test_what_is_wrong_stands_at_its_field(app: Flask, maria: Desk, wrong: dict[str, str]) -> None:
    page = maria.post("/consoles", {**RIGHT, **wrong})

    assert page.status == 422
    assert page.wrong(next(iter(wrong)))
    assert office_of(app).running.accounts.all() == []


@pytest.mark.parametrize(
    ("pasted", "becomes"),
    [
        ("https://chat.example/app/accounts/1?x=1#y", "https://chat.example"),
        ("chat.example", "https://chat.example"),
        ("http://localhost:3000/", "http://localhost:3000"),
        ("https://maria:senha@chat.example", "https://chat.example"),
        ("https://[::1]:3000", "https://[::1]:3000"),
        ("https://*.example", ""),
        ("https://a;b", ""),
        ("javascript:alert(1)", ""),
        ("https://x:port", ""),
        ("https://", ""),
    ],
)
def test_whatever_is_pasted_becomes_an_origin(pasted: str, becomes: str) -> None:
    assert origin(pasted) == becomes


def test_an_account_is_changed_and_removed(app: Flask, maria: Desk) -> None:
    maria.post("/consoles", RIGHT)
    form = maria.get("/consoles", host="chatwoot", account="42").form("#form")
    maria.post(
        "/consoles", {**form, "parents": "https://a.example\nhttps://b.example https://a.example"}
    )
    [changed] = office_of(app).running.accounts.all()
    maria.post("/consoles", {"host": "chatwoot", "account": "42", "do": "remove"})

    assert form["parents"].strip() == "https://chat.provedor.example"
    assert changed.parents == ("https://a.example", "https://b.example")
    assert office_of(app).running.accounts.all() == []


def test_the_key_of_an_account_is_changed_and_the_old_address_opens_no_more(
    app: Flask, maria: Desk
) -> None:
    def registered() -> str:
        shown = maria.get("/consoles").html.css_first(".given")
        assert shown
        return shown.text().strip().removeprefix("http://localhost")

    maria.post("/consoles", RIGHT)
    before = registered()
    told = maria.follow(maria.post("/consoles", {**RIGHT, "do": "renew"})).text

    assert "registre o novo endereço" in told
    assert app.test_client().get(before).status_code == 401
    assert app.test_client().get(registered()).status_code == 200


def test_a_change_of_an_account_keeps_its_registered_address(maria: Desk) -> None:
    maria.post("/consoles", RIGHT)
    before = maria.get("/consoles").html.css_first(".given")
    maria.post("/consoles", {**RIGHT, "parents": "https://chat2.provedor.example"})
    after = maria.get("/consoles").html.css_first(".given")

    assert before
    assert after
    assert after.text() == before.text()


def test_a_key_that_cannot_be_unlocked_is_told_and_gives_no_address(
    app: Flask, maria: Desk
) -> None:
    maria.post("/consoles", RIGHT)
    database = office_of(app).running.shared.database
    database.run("UPDATE accounts SET key = 'touched'")

    page = maria.get("/consoles")

    assert "não pode ser aberta" in page.text
    assert "?start=" not in page.response.text


def test_an_option_of_the_console_reaches_its_script(app: Flask, maria: Desk) -> None:
    maria.post("/consoles", {**RIGHT, "chatwoot-message": "outra-marca:fetch-info"})
    edited = maria.get("/consoles?host=chatwoot&account=42")
    shown = edited.html.css_first(".given")
    assert shown
    panel = app.test_client().get(shown.text().strip().removeprefix("http://localhost"))

    assert edited.form("#form")["chatwoot-message"] == "outra-marca:fetch-info"
    assert 'data-ask="outra-marca:fetch-info"' in panel.text
