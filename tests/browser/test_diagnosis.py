"""Tests of the page of the diagnosis in a browser.

It is readable for everybody, works by keyboard, and the console says no word.
"""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.browser.panel import AXE
from tests.product import RAFAEL, Visitor
from tests.setup.desk import arrived
from widget.domain.permissions import Role
from widget.emulator.crm.server import Emulator
from widget.setup.guard import COOKIE

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, app: Flask, ana: Visitor, crm: Emulator) -> Iterator[Page]:
    """Somebody of the support, signed in, on a day on which much went wrong."""
    ana.open(RAFAEL)
    ana.open(RAFAEL, key="another-key-that-is-long-enough-too")
    crm.control(fault="html200", fault_times=1)
    ana.get("/tab/negotiation/new")
    crm.control(fault="none", not_permitted=["cliente"])
    rosa = arrived(app, Role.SUPPORT, "rosa")
    kept = rosa.client.get_cookie(COOKIE, path="/setup")
    assert kept is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    address, size = f"http://127.0.0.1:{server.server_port}", {"width": 1100, "height": 900}
    context = browser.new_context(
        base_url=address,
        viewport=size,  # type: ignore[arg-type]
        locale="pt-BR",
    )
    context.add_cookies(
        [
            {
                "name": COOKIE,
                "value": kept.value,
                "domain": "127.0.0.1",
                "path": "/setup",
            }
        ]
    )
    page, complaints = context.new_page(), []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type != "log" else None,
    )
    page.goto("/setup/diagnosis")
    yield page
    context.close()
    server.shutdown()
    assert complaints == []


def axe(page: Page) -> list[str]:
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]
    ]


def test_axe_finds_nothing_in_light_and_dark_and_nothing_is_wider_than_a_phone(page: Page) -> None:
    page.locator("summary").click()
    found = {}
    for scheme, width in (("light", 1100), ("dark", 1100), ("light", 340)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        found[scheme, width] = (
            axe(page),
            page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0,
        )

    assert found == dict.fromkeys(found, ([], False))
    page.get_by_role("link", name="Códigos").click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_code_is_looked_up_without_a_mouse(page: Page) -> None:
    expect(page.get_by_role("heading", name="O que fazer primeiro")).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("vnc-203")
    page.keyboard.press("Enter")

    expect(page.get_by_text("O CRM respondeu de um jeito que não se entende.")).to_be_visible()
    expect(page.locator("details tbody tr")).to_have_count(1)
    assert page.locator("details tbody tr").inner_text().count("crm-error-page") == 1
