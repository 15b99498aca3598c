"""Tests of a console that does not prove who attends.

A code is typed once, and the browser is known from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Route

from tests.browser.panel import Desk
from widget.consoles.claims import make_start
from widget.store.engine.database import Database
from widget.store.records.attendants import Attendants, Colleague
from widget.store.records.pairings import Pairings

pytestmark = pytest.mark.browser
WHERE = ("chatwoot", "1")


@pytest.fixture
def pairings(desk: Desk) -> Iterator[Pairings]:
    """The demo's console has one address for all of its attendants here; Rui is to be known."""
    data = desk.demo.data
    start = make_start((data / "start_key.txt").read_text(), *WHERE)
    address = f"{desk.demo.panel_origin}/panel/chatwoot?{urlencode({'start': start})}"
    desk.tolerates(403, 422)

    def shared(route: Route) -> None:
        route.fulfill(json={"src": address})

    desk.page.route("**/demo/start*", shared)
    database = Database(data / "vinculo.db")
    Attendants(database).add(Colleague(*WHERE, "p-1", "Rui Matos", "rui.matos@serranet.example"))
    yield Pairings(database, (data / "secret.txt").read_text())
    Attendants(database).remove(*WHERE, "p-1")
    database.close()


def test_a_code_opens_the_panel_and_the_browser_remembers(desk: Desk, pairings: Pairings) -> None:
    desk.open("Marina", "Quem é você?")
    assert desk.axe() == []
    code = desk.panel.get_by_label("Código")
    code.fill("AAAA-AAAA")
    code.press("Enter")
    desk.sees("Este código não vale")
    code.fill(pairings.invite(*WHERE, "p-1").lower())
    code.press("Enter")
    desk.on("Marina Teles Andrade")

    desk.page.reload()
    desk.on("Marina Teles Andrade")
    desk.open("Lúcia", "Lúcia Amaral Teixeira")
    pairings.revoke(pairings.of(*WHERE)[0].id)
    desk.open("Marina", "Quem é você?")
