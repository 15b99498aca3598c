"""Tests of the page for personal data in a browser.

It works by keyboard, for everybody, down to the width of a phone.
"""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.browser.panel import AXE
from tests.product import MARINA, Visitor
from tests.setup.desk import arrived
from widget.setup.guard import COOKIE

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, app: Flask, ana: Visitor) -> Iterator[Page]:
    """An administrator, signed in, after a day of work with Marina."""
    ana.open(MARINA)
    ana.fill("/tab/notes", text="Quer 500 Mega")
    kept = arrived(app).client.get_cookie(COOKIE, path="/setup")
    assert kept is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.server_port}", locale="pt-BR")
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
    yield page
    context.close()
    server.shutdown()
    assert complaints == []


def flaws(page: Page) -> list[str]:
    """What axe finds, in light and dark, and whether it is wider than a phone."""
    found = []
    page.evaluate(AXE.read_text())
    for scheme, width in (("light", 1100), ("dark", 1100), ("light", 320)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        told = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        found += [
            f"{scheme}: {rule['id']}: {node['html']}"
            for rule in told["violations"]
            for node in rule["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
            found.append(f"{width}: too wide")
    return found


def test_a_person_is_found_exported_and_erased_by_keyboard(page: Page) -> None:
    page.goto("/setup/data")
    found = flaws(page)
    page.get_by_label("Número no CRM").press_sequentially("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Guardado de lead-1:")).to_be_visible()
    found += flaws(page)

    with page.expect_download() as told:
        page.get_by_role("button", name="Exportar (JSON)").press("Enter")
    page.get_by_label("O número outra vez, para confirmar").press_sequentially("1")
    page.keyboard.press("Enter")

    expect(page.get_by_text("lead-1 foi apagado do painel.")).to_be_visible()
    assert told.value.suggested_filename == "lead-1.json"
    assert found + flaws(page) == []
