"""Tests that only a person with the right opens the set-up.

Nothing is done that our own page did not send, and no other page embeds it.
"""

import pytest
from flask import Flask

from tests.product import product
from tests.setup.desk import OURS, PASSWORD, Desk, arrived, office_of
from widget.emulator.crm.server import Emulator
from widget.setup.guard import COOKIE, FOR_SUPPORT, OPEN, ROOT


def views(app: Flask) -> list[tuple[str, str, str]]:
    """Every view below /setup: its name, an address, a method."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(ROOT):
            address = rule.rule
            for part in rule.arguments:
                address = address.replace(f"<{part}>", "x").replace(f"<int:{part}>", "1")
            found += [
                (rule.endpoint, address, method)
                for method in rule.methods or ()
                if method in {"GET", "POST"}
            ]
    return found


def test_who_is_not_signed_in_is_sent_to_the_door_by_every_page(app: Flask, stranger: Desk) -> None:
    closed = [(path, method) for name, path, method in views(app) if name not in OPEN]

    assert closed
    for path, method in [*closed, ("/setup/nothing", "GET"), ("/setup/", "GET")]:
        answer = stranger.client.open(path, method=method, headers=OURS)

        assert answer.status_code == 303, path
        assert answer.location.startswith("/setup/sign-in"), path


def test_support_opens_the_diagnosis_and_its_own_account_only(
    app: Flask, maria: Desk, rosa: Desk
) -> None:
    for name, path, method in views(app):
        if name in OPEN or name.startswith("entrance."):
            continue
        answer = rosa.client.open(path, method=method, headers=OURS)

        assert (answer.status_code == 403) is (name.partition(".")[0] not in FOR_SUPPORT), path


def test_a_form_that_another_page_sends_is_refused(app: Flask, maria: Desk) -> None:
    posts = [path for _, path, method in views(app) if method == "POST"]

    for path in posts:
        answer = maria.client.post(path, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403, path
    assert maria.get("/account").status == 200  # still signed in


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Origin": "https://panel.example"}, True),
        ({}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://localhost.evil.example"}, False),
        ({"Origin": "http://localhost:81"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
    ],
)
def test_our_own_page_is_known_by_what_the_browser_says(
    crm: Emulator, tmp_path: object, headers: dict[str, str], is_ours: bool
) -> None:
    desk = Desk(product(crm, tmp_path, public_url="https://panel.example").test_client())

    assert (desk.post("/sign-in", {"name": "x"}, headers).status == 403) is not is_ours


def test_no_page_may_be_embedded_anywhere(maria: Desk, stranger: Desk) -> None:
    for answer in (maria.get("/account"), stranger.get(""), stranger.get("/first")):
        headers = answer.response.headers

        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert (
            "require-trusted-types-for 'script'; trusted-types 'none'"
            in headers["Content-Security-Policy"]
        )
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("public_url", "is_secure"), [("", False), ("https://panel.example", True)]
)
def test_the_cookie_is_kept_from_scripts_and_other_sites(
    crm: Emulator, tmp_path: object, public_url: str, is_secure: bool
) -> None:
    app = product(crm, tmp_path, public_url=public_url)
    arrived(app)
    desk = Desk(app.test_client())
    answer = desk.post("/sign-in", {"name": "maria", "password": PASSWORD})
    cookie = answer.response.headers["Set-Cookie"]

    assert cookie.startswith(f"{COOKIE}=")
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/setup"))
    assert ("Secure" in cookie) is is_secure


def test_the_panel_stays_as_open_as_it_was(app: Flask, maria: Desk) -> None:
    answer = maria.client.get("/healthz")

    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer.headers
    assert office_of(app).admins.has_administrator()


def test_an_address_that_leads_nowhere_says_so_in_our_words(maria: Desk) -> None:
    for path in ("/nothing", "/integrations/none", "/attendants/one"):
        page = maria.get(path)

        assert (page.status, "Não encontrado" in page.text) == (404, True), path
        assert page.html.css_first("nav a")
