"""Counts the calls to the CRM for conversations that are opened often, or by many at once.

Either the same conversation is opened again and again, or many open it at the same moment.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from proof.bench import stage
from proof.bench.figures import Figure
from widget.app import create_app
from widget.desk.services import Services
from widget.desk.shared import Keys
from widget.domain.model import Attendant
from widget.sync.mirror import Mirror

OPENINGS, CONVERSATIONS, ATTENDANTS = 1000, 100, 50
DELAY = 100
# A conversation costs one call, however often it is opened; what is read behind a screen that is
# there is beside that.
GOAL = 1.0
# The emulator remembers the last thousand calls: so many openings are counted in one go.
CHUNK = 20


def measure(share: float, folder: Path) -> Iterator[Figure]:
    """Every figure of this room; ``share`` of the conversations."""
    number = max(3, round(CONVERSATIONS * share))
    with stage.crm(folder) as crm:
        people = list(itertools.islice(stage.people(folder / "crm.db"), number))
        for name, index in (("asking", False), ("indexed", True)):
            app = _app(crm, folder / name, index=index)
            yield from _openings(
                crm,
                app,
                people,
                name,
                "with the people index" if index else "without the people index",
            )
        crm.answers_after(DELAY)
        yield from _crowd(
            crm,
            _app(crm, folder / "crowd", index=False),
            max(3, round(ATTENDANTS * min(1, 3 * share))),
        )


def _app(crm: stage.Crm, folder: Path, *, index: bool) -> Flask:
    settings = crm.settings(folder).over(crm.url, crm.token, index=index)
    app = create_app(settings, Keys(stage.SECRET, stage.START_KEY))
    found = stage.services_of(app)
    found.crm.lookups.prepare()  # as the server does when it starts
    if found.people and found.fills:
        _fill(found)
    return app


def _fill(found: Services) -> None:
    """The mirror's first pass over a clock that does not make it wait."""
    assert found.guarded and found.people and found.fills  # noqa: S101, PT018 -- the caller looked
    passed = [0.0]
    mirror = Mirror(
        found.guarded,
        found.kind.mirroring,
        found.people,
        found.fills,
        found.journal.presence,
        calls=600,
        steady=lambda: passed[0],
    )
    while not found.crm.index.is_ready:
        passed[0] += mirror.turn()


@dataclass(frozen=True)
class _Panel:
    """A browser with one conversation open.

    It asks, and then asks by itself whatever the answer tells it to ask.
    """

    client: FlaskClient
    person: dict[str, Any]
    attendant: Attendant = stage.ANA

    def open(self) -> list[str]:
        """Opens the conversation; what the screen that came back asks for by itself."""
        context = {
            "conversation": {
                "id": self.person["id"],
                "meta": {"sender": self.person},
            },
            "contact": self.person,
        }
        body = {
            "start": stage.start_token(self.attendant),
            "context": json.dumps(context),
        }
        answer = self.client.post(
            "/panel/chatwoot/context", data=body, headers={"HX-Request": "true"}
        )
        if answer.status_code != 200:
            raise RuntimeError(f"not opened: {answer.status_code} {answer.text[:300]}")
        self.client.environ_base["HTTP_X_PANEL_TOKEN"] = answer.headers["X-Panel-Token"]
        asking = LexborHTMLParser(answer.text).css("[hx-trigger^='load']")
        return [str(node.attributes["hx-get"]) for node in asking]

    def follow(self, addresses: list[str]) -> None:
        """What the browser asks behind the screen."""
        for address in addresses:
            self.client.get(address, headers={"HX-Request": "true"})


def _openings(
    crm: stage.Crm, app: Flask, people: list[dict[str, Any]], name: str, how: str
) -> Iterator[Figure]:
    """Each conversation opened ten times over, as attendants go to and fro between them."""
    times = OPENINGS // CONVERSATIONS
    _Panel(app.test_client(), stage.PERSON).open()  # who the attendant is in the CRM is asked once
    waited, behind = [0] * times, [0] * times
    for round_ in range(times):
        for chunk in _batched(people):
            panels = [_Panel(app.test_client(), person) for person in chunk]
            crm.forget_calls()
            asking = [panel.open() for panel in panels]
            waited[round_] += len(crm.calls())
            crm.forget_calls()
            for panel, addresses in zip(panels, asking, strict=True):
                panel.follow(addresses)
            behind[round_] += len(crm.calls())
    each = len(people)
    whole = f"{times} openings of each of {each} conversations {how}"
    goal = GOAL if name == "indexed" else None
    yield Figure(
        f"calls_{name}_per_conversation",
        sum(waited) / each,
        f"calls that somebody waits for: {whole}",
        goal,
        unit="calls",
    )
    what = f"calls that the first opening waits for, {how}"
    yield Figure(f"calls_{name}_first_opening", waited[0] / each, what, unit="calls")
    what = f"calls behind screens that are there already, with those that are waited for: {whole}"
    yield Figure(
        f"calls_{name}_in_all_per_conversation",
        (sum(waited) + sum(behind)) / each,
        what,
        unit="calls",
    )


def _batched(people: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(people), CHUNK):
        yield people[start : start + CHUNK]


def _crowd(crm: stage.Crm, app: Flask, attendants: int) -> Iterator[Figure]:
    """Many open the same conversation at the same moment.

    Its person is one whom nobody has opened before.
    """
    panels = [
        _Panel(
            app.test_client(),
            stage.PERSON,
            Attendant(str(n), f"Atendente {n}", f"n{n}@serranet.example", proven=True),
        )
        for n in range(1, attendants + 1)
    ]
    crm.forget_calls()
    start = threading.Barrier(attendants)
    taken: list[float] = []

    def open_(panel: _Panel) -> None:
        start.wait(30)
        began = time.perf_counter()
        panel.open()
        taken.append((time.perf_counter() - began) * 1000)

    with ThreadPoolExecutor(attendants) as pool:
        list(pool.map(open_, panels))
    calls = [(call["resource"], json.dumps(call["query"], sort_keys=True)) for call in crm.calls()]
    what = f"{attendants} attendants open the same conversation at the same moment"
    yield Figure(
        "calls_per_question_of_a_crowd",
        len(calls) / len(set(calls)),
        f"calls ÷ different questions: {what}",
        1.0,
    )
    yield Figure("calls_of_a_crowd", len(calls), f"calls in all: {what}", unit="calls")
    what = f"the last of them has the card; the CRM takes {DELAY} ms for each answer"
    yield Figure("crowd_slowest_ms", max(taken), what, unit="ms")
