"""A CRM that never answers, with fifty panels open.

Measured is what it costs those who need no CRM, and how its return is noticed.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import requests

from proof.bench import stage
from proof.bench.figures import Figure
from proof.bench.load import Requests, Served, load, request
from proof.bench.paired import Timings
from proof.bench.served import running
from widget.crm.ixc.kind import Provedor
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.model import Freshness, Ref

PANELS = 50
QUICK = 0.1
GOALS = {
    "health": 20.0,
    "card": 50.0,
    "static": 20.0,
}
MEANINGS = {
    "health": "the health route",
    "card": "the card of somebody known",
    "static": "the style sheet",
}
UNHARMED = 1.5
PATIENCE = 30.0


def measure(share: float, folder: Path) -> Iterator[Figure]:
    """Every figure of this room; ``share`` of the time."""
    seconds, wait = max(0.05, min(0.5, share)), 2 if share >= QUICK else 1
    with (
        stage.crm(folder) as crm,
        running(crm, folder / "data", VINCULO_CRM_WAIT=str(wait)) as server,
    ):
        panel = _Panel(f"http://127.0.0.1:{server.port}")
        asked = _requests(panel)
        before = load(server.port, asked, clients=1, rounds=1, seconds=seconds)
        for name, meaning in MEANINGS.items():
            yield Figure(
                f"{name}_well_p99_ms",
                before[name].times.at(0.99),
                f"{meaning}, while all is well",
                unit="ms",
            )
        panels = _Panels(panel, max(3, round(PANELS * min(1, 10 * share))))
        crm.control(fault="hang")
        for when, meaning in (
            ("first", "while all of them wait for the first time"),
            ("later", "from then on"),
        ):
            panels.open()
            during = load(server.port, asked, clients=1, rounds=1, seconds=seconds)
            panels.opened()
            yield from _waits(
                during, when, f"{panels.number} panels of a CRM that never answers, {meaning}"
            )
        yield Figure(
            "hang_panel_slowest_ms",
            max(panels.taken),
            "the longest that any of them waited for a screen",
            1000.0 * (wait + 1),
            unit="ms",
        )
        yield from _return(crm, panel)
    yield from _neighbour(max(10, round(400 * share)), wait, folder)


def _waits(during: dict[str, Served], when: str, how: str) -> Iterator[Figure]:
    for name, meaning in MEANINGS.items():
        taken = during[name].times.at(0.99)
        yield Figure(
            f"hang_{name}_{when}_p99_ms", taken, f"{meaning}: {how}", GOALS[name], unit="ms"
        )


@dataclass
class _Panel:
    """A browser; each conversation is a frame of its own."""

    address: str

    def open(self, number: int = 0) -> dict[str, str]:
        """Opens the conversation of somebody, 0 being the one whom all know.

        The headers for what follows.
        """
        person = (
            stage.PERSON
            if not number
            else {
                "id": number,
                "name": f"Pessoa {number}",
                "phone_number": f"+55499{88000000 + number}",
            }
        )
        context = {
            "conversation": {
                "id": person["id"],
                "meta": {"sender": person},
            },
            "contact": person,
        }
        body = {
            "start": stage.start_token(),
            "context": json.dumps(context),
        }
        answer = requests.post(
            f"{self.address}/panel/chatwoot/context",
            data=body,
            headers={"HX-Request": "true"},
            timeout=PATIENCE,
        )
        return {
            "HX-Request": "true",
            "X-Panel-Token": answer.headers.get("X-Panel-Token", ""),
        }


def _requests(panel: _Panel) -> Requests:
    inside = panel.open()
    page = requests.get(
        f"{panel.address}/panel/chatwoot?start={stage.start_token()}", timeout=PATIENCE
    ).text
    style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    return {
        "health": request("GET", "/healthz", {}),
        "card": request("GET", "/tab/contact/card", inside),
        "static": request("GET", style, {}),
    }


@dataclass
class _Panels:
    """Panels that open conversations of people whom nobody knows yet, all at the same moment."""

    panel: _Panel
    number: int
    taken: list[float] = field(default_factory=list)
    _round: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)

    def open(self) -> None:
        """Begins; nobody waits for them here."""
        self._round += 1
        self._threads = [
            threading.Thread(target=self._one, args=(place,)) for place in range(self.number)
        ]
        for thread in self._threads:
            thread.start()

    def opened(self) -> None:
        """Waits until each has its screen, whatever it says."""
        for thread in self._threads:
            thread.join(PATIENCE)

    def _one(self, place: int) -> None:
        began = time.perf_counter()
        self.panel.open(10_000 * self._round + place)
        self.taken.append((time.perf_counter() - began) * 1000)


def _return(crm: stage.Crm, panel: _Panel) -> Iterator[Figure]:
    """The CRM answers again.

    Measured is how soon the line on the screen is gone, and how many probes that took.
    """
    inside = panel.open()
    crm.forget_calls()
    crm.control(fault="none")
    began = time.perf_counter()
    while (
        requests.get(
            f"{panel.address}/tab/pending/back", headers=inside, timeout=PATIENCE
        ).status_code
        == 204
    ):
        time.sleep(0.01)
        if time.perf_counter() - began > PATIENCE:
            raise RuntimeError("its return was not noticed")
    what = "from the CRM's return until the screens are told"
    yield Figure(
        "hang_recovery_s",
        time.perf_counter() - began,
        f"{what}: the probe's pause is 10 s at most",
        unit="s",
    )
    answered = [
        call
        for call in crm.calls()
        if call["resource"] == Provedor.knock.resource and call["kind"] == "list"
    ]
    yield Figure("hang_recovery_probes", len(answered), f"probes {what}", 1.0, unit="probes")


def _neighbour(rounds: int, wait: int, folder: Path) -> Iterator[Figure]:
    """Another integration in the same process, with a CRM of its own.

    It is measured while readers wait for the CRM that hangs.
    """
    place = folder / "neighbour"
    place.mkdir()
    with stage.crm(place) as well, stage.crm(folder) as ill:
        mine, theirs = (
            stage.product(well, place / "mine"),
            stage.product(ill, place / "theirs", wait=wait),
        )
        before = _reads(mine, rounds)
        ill.control(fault="hang")
        stop = threading.Event()
        readers = [
            threading.Thread(target=_keep_reading, args=(theirs, place, stop))
            for place in range(PANELS)
        ]
        for reader in readers:
            reader.start()
        during = _reads(mine, rounds)
        stop.set()
        for reader in readers:
            reader.join(PATIENCE)
    what = f"a call of another integration, while {PANELS} readers want a CRM that never answers"
    yield Figure("hang_neighbour_ratio", during.over(before), f"{what} ÷ the same before", UNHARMED)
    yield Figure("hang_neighbour_p99_ms", during.at(0.99), what, unit="ms")


def _reads(product: Services, rounds: int) -> Timings:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        product.crm.people.one(stage.LUCIA, Freshness.NOW)
        taken.append((time.perf_counter() - began) * 1000)
    return Timings(taken)


def _keep_reading(product: Services, number: int, stop: threading.Event) -> None:
    """As a panel does that looks anew, by itself or because somebody presses."""
    while not stop.wait(0.1):
        with suppress(errors.CRMError):
            product.crm.people.one(Ref(Ref.CLIENT, str(number)), Freshness.RECENT)
