"""What the first useful paint costs: requests and bytes, as the browser receives them."""

import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession

from tests.browser.panel import Desk

pytestmark = pytest.mark.browser

MOST_REQUESTS = 2
MOST_BYTES = 25_000


@dataclass
class Traffic:
    """The frame's own requests by address, with the bytes that came for each.

    Bodies are counted compressed, and headers apart from them.
    """

    origin: str
    addresses: dict[str, str] = field(default_factory=dict)
    bodies: Counter[str] = field(default_factory=Counter)
    heads: Counter[str] = field(default_factory=Counter)
    cached: set[str] = field(default_factory=set)

    def listen(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", self._sent)
        session.on(
            "Network.requestServedFromCache", lambda event: self.cached.add(event["requestId"])
        )
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    @property
    def asked(self) -> list[str]:
        """The addresses that the server was asked for."""
        return [path for request, path in self.addresses.items() if request not in self.cached]

    def _sent(self, event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if f"{address.scheme}://{address.netloc}" == self.origin:
            self.addresses[event["requestId"]] = address.path

    def _received(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            self.cached.add(event["requestId"])
        if event["requestId"] in self.addresses:
            self.heads[self.addresses[event["requestId"]]] += int(
                event["response"]["encodedDataLength"]
            )

    def _finished(self, event: dict[str, Any]) -> None:
        path = self.addresses.get(event["requestId"])
        if path:
            self.bodies[path] += int(event["encodedDataLength"]) - self.heads[path]


def panel_page(desk: Desk) -> tuple[Traffic, CDPSession]:
    """The panel's page without a console around it, which would be counted too."""
    traffic = Traffic(desk.demo.panel_origin)
    session = desk.page.context.new_cdp_session(desk.page)
    traffic.listen(session)
    return traffic, session


def show_known_person(desk: Desk) -> None:
    """The panel's own page, told who is there as a console tells it."""
    start = desk.page.request.get(f"{desk.demo.address}/demo/start?attendant=1").json()["src"]
    desk.page.goto(start)
    contact = {"id": 8, "name": "Henrique", "phone_number": "+5549991776031"}
    context = {
        "conversation": {"id": 8, "meta": {"channel": "Channel::Whatsapp"}},
        "contact": contact,
    }
    desk.page.evaluate(
        "context => postMessage(JSON.stringify({ event: 'appContext', data: context }), "
        "location.origin)",
        context,
    )
    desk.page.get_by_role("heading", name="Henrique Paz Duarte").wait_for()


def test_the_first_useful_paint_stays_within_its_budget(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    cold, session = panel_page(desk)
    show_known_person(desk)
    session.detach()
    desk.page.goto("about:blank")
    warm, session = panel_page(desk)
    show_known_person(desk)
    session.detach()

    bytes_in_all = cold.bodies.total()
    with capsys.disabled():
        figures = ", ".join(
            f"{path.rpartition('/')[2]} {size}" for path, size in cold.bodies.items()
        )
        sys.stdout.write(
            f"\nFirst paint, known person: {bytes_in_all} bytes cold ({figures}; headers "
            f"{cold.heads.total()} more), "
            f"{len(warm.asked)} requests warm ({', '.join(warm.asked)})\n"
        )
    assert 0 < len(warm.asked) <= MOST_REQUESTS < len(cold.asked)
    assert bytes_in_all <= MOST_BYTES
