"""What an hour's worth of traffic leaves behind in the process that serves it.

Measured are memory and open files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests

from proof.bench import stage
from proof.bench.figures import Figure
from proof.bench.served import Running, running
from proof.chaos.panel import Answer

ATTENDANTS, CONVERSATIONS = 30, 60
AT_ONCE = 8
# As many as ask at once, so that each of them has met everything when the counting begins.
THREADS = 8
GOAL = 1.05


def measure(share: float, folder: Path) -> Iterator[Figure]:
    """Every figure of this room.

    ``share`` of the conversations, after enough of them to warm up every thread.

    Warm is who remembers all that is ever remembered: a thousand conversations, and each thread its
    pages of the file.
    """
    number = max(2, round(CONVERSATIONS * min(share, share**1.5)))
    warm = max(5 if share >= 0.05 else 1, number)
    with (
        stage.crm(folder) as crm,
        running(crm, folder / "data", VINCULO_THREADS=str(THREADS)) as server,
    ):
        phones = [str(person["phone_number"]) for person in stage.people(folder / "crm.db")]
        _traffic(server, phones, range(warm))
        before = _Process.serving(server)
        _traffic(server, phones, range(warm, warm + number))
        after = _Process.serving(server)
    much = f"{ATTENDANTS} attendants with {number} conversations each"
    yield Figure(
        "memory_growth_ratio",
        after.kilobytes / before.kilobytes,
        f"memory of the worker after {much} ÷ when warm",
        GOAL,
    )
    yield Figure(
        "files_growth_ratio",
        after.files / before.files,
        "its open files and connections, likewise",
        GOAL,
    )
    yield Figure(
        "memory_mb",
        after.kilobytes / 1024,
        f"memory of the worker with {THREADS} threads",
        unit="MB",
    )


@dataclass(frozen=True)
class _Process:
    """What Linux tells of a process."""

    kilobytes: int
    files: int

    @classmethod
    def serving(cls, server: Running) -> _Process:
        """The one that answers requests: the server's only child."""
        master = server.process.pid
        [worker] = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        memory = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{worker}/status").read_text())
        return cls(int(memory[1]) if memory else 0, len(list(Path(f"/proc/{worker}/fd").iterdir())))


def _traffic(server: Running, phones: list[str], conversations: range) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(
            pool.map(
                lambda who: _Attendant(server.port, phones, who).works(conversations),
                range(ATTENDANTS),
            )
        )


@dataclass
class _Attendant:
    """Somebody at the console; opens one conversation after the other."""

    port: int
    phones: list[str]
    number: int
    session: requests.Session = field(default_factory=requests.Session)

    def works(self, conversations: range) -> None:
        """Opens each, looks around, searches in some, types and saves in some."""
        attendant = replace(stage.ANA, id=str(self.number + 1))
        self.session.headers["HX-Request"] = "true"
        with self.session:
            for count in conversations:
                talk = self.number * 1000 + count
                context = {
                    "conversation": {"id": talk},
                    "contact": self._person(talk),
                }
                self._ask(
                    "POST",
                    "/panel/chatwoot/context",
                    {
                        "start": stage.start_token(attendant),
                        "context": json.dumps(context),
                    },
                )
                self._look_around(talk)

    def _look_around(self, talk: int) -> None:
        if not self._phone(talk):
            self._ask("GET", f"/tab/link/search?criterion=name&q=silva+{talk % 50}")
            return
        for path in ("/tab/contact/card", "/tab/contact/deals", "/tab/history"):
            self._ask("GET", path)
        if talk % 10 == 1:
            form = Answer(200, self._ask("GET", "/tab/notes")).form()
            self._ask("POST", "/tab/draft/note-contact", form | {"text": "Ligar"})
            self._ask("POST", "/tab/notes", form | {"text": f"Ligar amanhã, conversa {talk}"})

    def _ask(self, method: str, path: str, data: dict[str, str] | None = None) -> str:
        answer = self.session.request(
            method, f"http://127.0.0.1:{self.port}{path}", data=data, timeout=60
        )
        if (
            answer.status_code == 500
        ):  # on a busy machine some are told to come back; that is traffic too
            raise RuntimeError(f"{method} {path}: {answer.text[:300]}")
        self.session.headers["X-Panel-Token"] = answer.headers.get(
            "X-Panel-Token", self.session.headers.get("X-Panel-Token", "")
        )
        return answer.text

    def _phone(self, talk: int) -> str:
        """Of four in five people the phone is known, and the CRM knows whose it is.

        They are many: were it always the same few, their notes would grow, and with them what a
        screen of them takes.
        """
        return self.phones[talk % len(self.phones)] if talk % 5 else ""

    def _person(self, talk: int) -> dict[str, Any]:
        return {
            "id": 10_000 + talk,
            "name": f"Visitante {talk}",
            "phone_number": self._phone(talk),
        }
