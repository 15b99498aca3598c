"""What every answer has in common: headers, no cookies, errors as sentences, a quiet log."""

import gzip
import logging
import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from tests.product import ANA, MARINA, OTAVIO, RAFAEL, RUI, Visitor, product, start_token
from widget.app import LARGEST_BODY, create_app, manifest
from widget.crm.patience import LEAST
from widget.desk.shared import Keys
from widget.domain import errors
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.panel import card

HX = {"HX-Request": "true"}


def policy(header: str) -> dict[str, str]:
    """A content security policy by directive."""
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


@pytest.fixture
def routes(ana: Visitor) -> list[str]:
    """One address of each kind."""
    ana.open(MARINA)
    page = ana.client.get("/panel/chatwoot", query_string={"start": start_token(ANA)}).text
    styles = re.search(r"/static/\w+/widget\.css", page)
    assert styles is not None
    return [
        "/panel/chatwoot",
        f"/panel/chatwoot?start={start_token(ANA)}",
        "/tab/contact",
        "/tab/nothing",
        "/healthz",
        "/manifest.json",
        "/nothing",
        styles[0],
        "/static/0/widget.css",
    ]


def test_no_answer_may_be_embedded_elsewhere_nor_run_what_is_not_ours(
    ana: Visitor, routes: list[str]
) -> None:
    for route in routes:
        answer = ana.client.get(route, headers={"X-Panel-Token": ana.token})
        rules = policy(answer.headers["Content-Security-Policy"])

        assert rules["default-src"] == rules["base-uri"] == "'none'", route
        assert (
            rules["script-src"]
            == rules["style-src"]
            == rules["connect-src"]
            == rules["form-action"]
            == "'self'"
        )
        assert rules["frame-ancestors"] == "http://localhost"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "X-Frame-Options" not in answer.headers


def test_no_answer_sets_a_cookie(ana: Visitor, routes: list[str]) -> None:
    for route in routes:
        answer = ana.client.get(route, headers={"X-Panel-Token": ana.token, "Cookie": "session=x"})

        assert "Set-Cookie" not in answer.headers, route


def test_nothing_but_named_files_is_ever_stored_by_a_browser(
    ana: Visitor, routes: list[str]
) -> None:
    for route in routes:
        answer = ana.client.get(route, headers={"X-Panel-Token": ana.token})
        forever = route.endswith("widget.css") and answer.status_code == 200

        assert answer.headers["Cache-Control"] == (
            "public, max-age=31536000, immutable" if forever else "no-store"
        )


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")]
)
def test_whose_address_is_counted_is_told_by_our_own_proxies_only(
    crm: Emulator, tmp_path: object, proxies: int, address: str
) -> None:
    app = product(crm, tmp_path, proxies=proxies)
    app.add_url_rule("/who", view_func=lambda: f"{request.remote_addr} {request.is_secure}")
    forwarded = {
        "X-Forwarded-For": "1.2.3.4, 198.51.100.7, 203.0.113.9",
        "X-Forwarded-Proto": "https,https,https",
    }

    assert app.test_client().get("/who", headers=forwarded).text == f"{address} {proxies > 0}"


def test_without_parents_nobody_may_embed_the_panel(crm: Emulator, tmp_path: object) -> None:
    answer = product(crm, tmp_path, parents=()).test_client().get("/healthz")

    assert policy(answer.headers["Content-Security-Policy"])["frame-ancestors"] == "'none'"


def test_health_needs_neither_the_crm_nor_a_token(app: Flask, crm: Emulator) -> None:
    crm.stop()
    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
    assert crm.calls == []


def test_the_manifest_has_absolute_addresses_and_may_be_read_from_anywhere(app: Flask) -> None:
    answer = app.test_client().get(
        "/manifest.json", headers={"Origin": "https://chat.example"}, base_url="https://p.example"
    )
    content = answer.get_json()

    assert [console["url"] for console in content["consoles"]] == [
        "https://p.example/panel/chatwoot"
    ]
    assert content["version"] == manifest()["version"]
    assert {**content, "consoles": []} == {**manifest(), "consoles": []}
    assert answer.headers["Access-Control-Allow-Origin"] in {"*", "https://chat.example"}
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_public_address_goes_before_the_one_asked_for(crm: Emulator, tmp_path: object) -> None:
    client = product(crm, tmp_path, public_url="https://panel.example/").test_client()

    assert (
        client.get("/manifest.json").get_json()["consoles"][0]["url"]
        == "https://panel.example/panel/chatwoot"
    )


@pytest.mark.parametrize("route", ["/healthz", "/panel/chatwoot/context", "/tab/contact"])
def test_only_the_manifest_may_be_read_from_anywhere(app: Flask, route: str) -> None:
    for method in ("GET", "OPTIONS", "POST"):
        answer = app.test_client().open(
            route, method=method, headers={"Origin": "https://evil.example"}
        )

        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/tab/nothing", 404, "VNC-102"),
        ("GET", "/tab/link/client-999999", 404, "VNC-102"),
        ("PUT", "/tab/contact", 405, "VNC-500"),
        ("POST", "/tab/notes", 409, "VNC-104"),
        ("GET", "/panel/zendesk", 404, "VNC-102"),
    ],
)
def test_errors_are_sentences_with_a_code_and_a_way_back(
    ana: Visitor, method: str, path: str, status: int, code: str
) -> None:
    ana.open(MARINA)
    answer = ana.client.open(path, method=method, headers={**HX, "X-Panel-Token": ana.token})

    assert answer.status_code == status
    assert code in answer.text
    assert "Voltar ao contato" in answer.text


@pytest.mark.parametrize(
    ("path", "size"),
    [
        *(("/tab/notes", size) for size in (LARGEST_BODY + 1, 5_000_000)),
        *(
            (path, LARGEST_BODY + 1)
            for path in ("/tab/contact/new", "/tab/draft/x", "/tab/check/phone")
        ),
        ("/panel/chatwoot/context", 5_000_000),  # a console tells whatever it likes
    ],
)
def test_a_body_that_is_too_large_is_refused_as_such(ana: Visitor, path: str, size: int) -> None:
    ana.open(MARINA)
    answer = ana.client.post(
        path, data={"text": "a" * size}, headers={**HX, "X-Panel-Token": ana.token}
    )

    assert answer.status_code == 413
    assert "VNC-105" in answer.text


def test_a_mistake_of_our_own_is_a_sentence_and_a_line_in_the_log(
    ana: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ana.open(MARINA)

    def broken(*_: object, **__: object) -> str:
        raise KeyError("x")

    monkeypatch.setattr(card, "show", broken)
    caplog.set_level(logging.WARNING, logger="vinculo")
    answer = ana.get("/tab/contact")

    assert answer.status == 500
    assert "Algo deu errado aqui no painel." in answer.text
    assert "Traceback" not in answer.response.text
    assert [record.getMessage() for record in caplog.records] == ["a mistake of ours"]


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip, deflate, br, zstd", "gzip"),
        ("gzip;q=0.5, br", "gzip"),
        ("br, gzip;q=0", ""),
        ("", ""),
    ],
)
def test_answers_are_compressed_for_who_understands_it(
    ana: Visitor, accepts: str, coding: str
) -> None:
    ana.open(OTAVIO)

    plain = ana.get("/tab/contact").response
    packed = ana.client.get(
        "/tab/contact", headers={"X-Panel-Token": ana.token, "Accept-Encoding": accepts}
    )

    assert (packed.headers.get("Content-Encoding", ""), packed.headers["Vary"]) == (
        coding,
        "Accept-Encoding",
    )
    assert (gzip.decompress(packed.data) if coding else packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_markup_in_an_address_is_text(ana: Visitor) -> None:
    ana.open(OTAVIO)
    for headers in ({}, HX):
        answer = ana.client.get("/panel/<script>alert(1)<%2Fscript>", headers=headers)

        assert answer.status_code == 404
        assert "<script>alert" not in answer.text


def test_nothing_happens_before_the_application_is_made(tmp_path: object) -> None:
    nobody_listens_there = "http://127.0.0.1:9"
    settings = Settings(data=str(tmp_path)).over(nobody_listens_there, "1:x")
    app = create_app(settings, Keys("s" * 32, "k" * 32))

    assert app.test_client().get("/healthz").status_code == 200


# -- how long a screen may take
# ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wait", "trouble"), [(1, {"fault": "hang"}), (2, {"delay_seconds": 1.4})])
def test_a_screen_that_asks_several_things_waits_about_as_long_as_for_one(
    crm: Emulator, tmp_path: Path, wait: int, trouble: dict[str, Any]
) -> None:
    """Each answer of the slow CRM would be in time; all of them, one after the other, would not."""
    ana = Visitor(product(crm, tmp_path / "data", wait=wait, index=False).test_client())
    crm.control(**trouble)
    began = time.monotonic()

    screen = ana.open(RAFAEL)

    assert time.monotonic() - began < wait + LEAST + 0.6
    assert ("Rafael" in screen.text, screen.status) == (True, 200)


def test_when_enough_wait_for_the_crm_the_next_one_is_told_at_once_and_what_is_known_is_shown(
    crm: Emulator, tmp_path: Path
) -> None:
    app = product(crm, tmp_path / "data", threads=2, wait=8, index=False)
    ana, rui = Visitor(app.test_client()), Visitor(app.test_client(), RUI)
    rui.open(MARINA)
    asked = len(crm.calls)
    crm.control(fault="hang")
    waiting = threading.Thread(target=ana.open, args=(RAFAEL,))
    waiting.start()
    while len(crm.calls) == asked:
        time.sleep(0.005)
    began = time.monotonic()

    other, known, well = rui.open(OTAVIO), rui.open(MARINA), rui.get("/healthz")

    assert time.monotonic() - began < 7
    assert errors.TooSlow.code in other.text
    assert "Marina Teles Andrade" in known.text
    assert well.status == 200
    crm.stop()
    waiting.join(10)
