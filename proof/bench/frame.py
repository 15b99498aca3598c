"""What the frame costs in a real browser, beside a blank page.

Measured are requests, bytes, and the time to the painted card.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from proof.bench import stage
from proof.bench.figures import Figure
from proof.bench.paired import Timings
from proof.bench.served import BARE, Running, running

SWITCHES = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)
REQUESTS, BYTES, TIMES = 2, 25_000, 2.0
PATIENCE = 20_000
# Says what a console says, as soon as somebody listens; then waits for the frame in which the card
# is painted.
OPENED = """async (context) => {
  const told = setInterval(() => postMessage(context, location.origin), 4);
  while (!document.querySelector("#card") && performance.now() < 20000) \
await new Promise(requestAnimationFrame);
  clearInterval(told);
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  return performance.now();
}"""
PAINTED = """async () => {
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  return performance.now();
}"""


def measure(share: float, folder: Path) -> Iterator[Figure]:
    """Every figure of this room; without a browser none, and a word about it."""
    path = _chromium()
    if not path:
        print("frame: left out, no Chromium runs here; CHROMIUM=/path names one", file=sys.stderr)
        return
    rounds = max(2, round(15 * share))
    port = stage.free_port()
    # The page tells itself what a console tells; with the index the card would be read anew once it
    # is there.
    own = {
        "PORT": str(port),
        "VINCULO_PARENTS": f"http://127.0.0.1:{port}",
        "VINCULO_INDEX": "0",
    }
    with (
        stage.crm(folder) as crm,
        running(crm, folder / "data", **own) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        for warmth in ("cold", "warm"):
            yield from _opened(browser, server, rounds, warmth)
        browser.close()


def _chromium() -> str:
    """The whole browser where it is there, as people have it.

    The tests' shell paints a blank page much faster.
    """
    if named := os.environ.get("CHROMIUM") or shutil.which("chromium"):
        return named
    command = [str(stage.ROOT / "tools/chromium.sh"), "--find"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _opened(browser: Browser, server: Running, rounds: int, warmth: str) -> Iterator[Figure]:
    """The panel and a blank page in turn.

    Each time the browser has nothing cached, or has what the round before left.
    """
    taken: dict[str, list[float]] = {
        "panel": [],
        "blank": [],
    }
    traffic = _Traffic()
    kept = browser.new_context()
    for number in range(-1, rounds):  # the first one warms up
        for name, times in taken.items():
            context = kept if warmth == "warm" else browser.new_context()
            traffic = _Traffic() if name == "panel" else traffic
            time = _open(context, server, name, traffic)
            if number >= 0:
                times.append(time)
            if context is not kept:
                context.close()
    kept.close()
    panel, blank = (Timings(times) for times in taken.values())
    what = (
        "from navigation to the painted card ÷ to a painted blank page of the same server, "
        f"{warmth}"
    )
    yield Figure(f"frame_{warmth}_ratio", panel.over(blank), what, TIMES)
    yield Figure(
        f"frame_{warmth}_p50_ms",
        panel.median,
        f"from navigation to the painted card, {warmth}",
        unit="ms",
    )
    is_warm = warmth == "warm"
    yield Figure(
        f"frame_{warmth}_requests",
        len(traffic.asked),
        f"requests until the card is there, {warmth}",
        REQUESTS if is_warm else None,
        unit="",
    )
    yield Figure(
        f"frame_{warmth}_bytes",
        traffic.bytes,
        f"compressed bytes until the card is there, {warmth}",
        None if is_warm else BYTES,
        unit="B",
    )


def _open(context: BrowserContext, server: Running, name: str, traffic: _Traffic) -> float:
    """Milliseconds from the navigation to the picture."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    address = f"http://127.0.0.1:{server.port}"
    if name == "blank":
        page.goto(address + BARE, wait_until="commit")
        time = float(page.evaluate(PAINTED))
    else:
        traffic.listen(page)
        page.goto(f"{address}/panel/chatwoot?start={stage.start_token()}", wait_until="commit")
        time = float(
            page.evaluate(
                OPENED,
                json.dumps(
                    {
                        "event": "appContext",
                        "data": stage.CONTEXT,
                    }
                ),
            )
        )
    page.close()
    return time


class _Traffic:
    """What a page asks the server for, as the browser tells: compressed bodies, headers apart."""

    def __init__(self) -> None:
        self.asked: dict[str, str] = {}
        self._sizes: Counter[str] = Counter()

    @property
    def bytes(self) -> int:
        return sum(size for request, size in self._sizes.items() if request in self.asked)

    def listen(self, page: Page) -> None:
        """From now on."""
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.requestServedFromCache", self._spared)
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme == "http":
            self.asked[event["requestId"]] = address.path

    def _spared(self, event: dict[str, Any]) -> None:
        self.asked.pop(event["requestId"], None)

    def _received(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            self._spared(event)
        self._sizes[event["requestId"]] -= int(event["response"]["encodedDataLength"])

    def _finished(self, event: dict[str, Any]) -> None:
        self._sizes[event["requestId"]] += int(event["encodedDataLength"])
