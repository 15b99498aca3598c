"""What the cached card costs beside an empty route of the same server.

Measured is also how long one waits for the card in a crowd.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import requests

from proof.bench import stage
from proof.bench.figures import Figure
from proof.bench.load import Requests, Served, load, request
from proof.bench.served import BARE, Running, running

CLIENTS, MAIN = (1, 8, 64), 8
GOAL = 0.6
ENCODINGS = "gzip, deflate, br, zstd"  # as Chromium asks
MEANINGS = {
    "card": "the card of a known person",
    "open": "a conversation opened: card, negotiations, what is on its way",
    "search": "a search by name",
}


def measure(share: float, folder: Path) -> Iterator[Figure]:
    """Every figure of this room; ``share`` of the rounds."""
    rounds, seconds = max(3, round(20 * share)), min(0.25, max(0.02, share))
    with stage.crm(folder) as crm, running(crm, folder / "data") as server:
        asked = _requests(server)
        for clients in CLIENTS:
            times = rounds if clients == MAIN else max(1, rounds // 4)
            served = load(server.port, asked, clients=clients, rounds=times, seconds=seconds)
            if clients == MAIN:
                yield from _ratios(served)
            yield from _waits(served, clients)


def _ratios(served: dict[str, Served]) -> Iterator[Figure]:
    bare = served["bare"]
    yield Figure(
        "bare_rps",
        bare.rate,
        "an empty Flask route of the same server, which answers JSON",
        unit="/s",
    )
    for name, meaning in MEANINGS.items():
        goal = GOAL if name == "card" else None
        what = f"requests a second: {meaning} ÷ an empty Flask route of the same server"
        yield Figure(f"{name}_rps_ratio", served[name].over(bare), what, goal, at_least=True)
        yield Figure(f"{name}_rps", served[name].rate, meaning, unit="/s")


def _waits(served: dict[str, Served], clients: int) -> Iterator[Figure]:
    for name, meaning in MEANINGS.items():
        for percent in (50, 95, 99):
            what = f"{meaning}, {clients} at once"
            taken = served[name].times.at(percent / 100)
            yield Figure(f"{name}_p{percent}_at_{clients}_clients_ms", taken, what, unit="ms")


def _requests(server: Running) -> Requests:
    """The requests as a panel sends them that has just been opened."""
    form = {
        "start": stage.start_token(),
        "context": json.dumps(stage.CONTEXT),
    }
    opening = {
        "HX-Request": "true",
        "Accept-Encoding": ENCODINGS,
    }
    address = f"http://127.0.0.1:{server.port}"
    opened = requests.post(
        f"{address}/panel/chatwoot/context", data=form, headers=opening, timeout=30
    )
    opened.raise_for_status()
    inside = {
        **opening,
        "X-Panel-Token": opened.headers["X-Panel-Token"],
        "X-Panel-Locale": "pt-BR",
    }
    posted = {
        **opening,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    search = "/tab/link/search?" + urlencode(
        {
            "criterion": "name",
            "q": "lúcia prado",
        }
    )
    return {
        "bare": request("GET", BARE, {"Accept-Encoding": ENCODINGS}),
        "card": request("GET", "/tab/contact/card", inside),
        "open": request("POST", "/panel/chatwoot/context", posted, urlencode(form).encode()),
        "search": request("GET", search, inside),
    }
