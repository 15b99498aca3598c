"""The weather, spread by chance over a run.

It is made of kills, stops, a name service that fails, and a clock set back.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from proof.chaos.record import History
from proof.chaos.stage import Process, Stage

# What a call to the CRM may meet, by chance; with FAULTS=1 about one write in three meets
# something.
SILENT = {
    "reset": 0.015,
    "reset_after_commit": 0.03,
    "late": 0.03,
    "late_504": 0.015,
    "hang": 0.015,
    "drip": 0.01,
    "drip_headers": 0.01,
    "truncated": 0.015,
    "cut_body": 0.01,
    "half_headers": 0.015,
    "html200": 0.01,
    "empty200": 0.015,
    "braces200": 0.01,
    "500": 0.01,
    "502": 0.005,
    "503": 0.01,
    "504": 0.01,
    "redirect": 0.005,
    "429": 0.01,
    "401": 0.003,
    "error": 0.003,
}
# The same of answers that are understood and are not true.
UNTRUE = {
    "lie": 0.004,
    "wrong_number": 0.004,
    "late_success": 0.004,
    "repeated": 0.004,
    "error_after_commit": 0.004,
    "400_after_commit": 0.004,
    "401_after_commit": 0.004,
    "404_after_commit": 0.004,
    "429_after_commit": 0.004,
    "stale": 0.004,
}
PLAN = {
    **SILENT,
    **UNTRUE,
}
OTHERS_FOR_EACH_KILL = 0.5
BACK = -3600.0


@dataclass(frozen=True)
class Spell:
    """Something that happened, from when to when (epoch seconds)."""

    name: str
    began: float
    ended: float


@dataclass
class Weather:
    """Brings each event when its share of the saves has been begun.

    It waits for none of the attendants.
    """

    stage: Stage
    history: History
    kills: int
    seed: int
    longest_stop: float
    spells: list[Spell] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(f"{self.seed}/weather")
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._blow)
        self._events: dict[str, Callable[[], None]] = {
            "server killed": self._kill_server,
            "worker killed": self._kill_worker,
            "crm killed": self._kill_crm,
            "server stopped": lambda: self._freeze(self._server()),
            "crm stopped": lambda: self._freeze(self.stage.crm),
            "no name": self._nameless,
            "clock back": self._clock_back,
        }

    @property
    def killed(self) -> int:
        """How many times anything was killed."""
        return sum(number for name, number in self.counts.items() if name.endswith("killed"))

    def begin(self) -> None:
        self._thread.start()

    def end(self, *, early: bool = False) -> None:
        """Waits for all that is to come.

        When the run is over ``early``, it waits for the event at hand only.
        """
        if early:
            self._stopped.set()
        self._thread.join()

    def _blow(self) -> None:
        for share, name in self._forecast():
            while len(self.history.saves) < share * self.history.wanted:
                if self._stopped.wait(0.02):
                    return
            if self._stopped.wait(self._chance.uniform(0, 0.4)):
                return
            began = time.time()
            self._events[name]()
            self.counts[name] += 1
            self.spells.append(Spell(name, began, time.time()))

    def _forecast(self) -> list[tuple[float, str]]:
        """Every event with the share of the saves at which it comes, in order."""
        kills = ["server killed"] * 6 + ["worker killed"] + ["crm killed"] * 3
        others = ["server stopped", "crm stopped", "no name", "clock back"]
        names = [
            kills[place % 10] for place in self._chance.sample(range(10 * self.kills), self.kills)
        ]
        names += [others[place % 4] for place in range(round(self.kills * OTHERS_FOR_EACH_KILL))]
        self._chance.shuffle(names)
        return sorted((0.02 + 0.96 * self._chance.random(), name) for name in names)

    def _server(self) -> Process:
        return self._chance.choice(self.stage.servers)

    def _kill_server(self) -> None:
        server = self._server()
        server.kill()
        self._stopped.wait(self._chance.uniform(0, 1))
        server.start()

    def _kill_worker(self) -> None:
        self._server().kill_children()

    def _kill_crm(self) -> None:
        self.stage.crm.kill()
        self._stopped.wait(self._chance.uniform(0, 1.5))
        self.stage.start_crm()

    def _freeze(self, process: Process) -> None:
        process.freeze()
        self._stopped.wait(self._chance.uniform(0.3, self.longest_stop))
        process.thaw()

    def _nameless(self) -> None:
        self.stage.nameless(on=True)
        self._stopped.wait(self._chance.uniform(0.3, 2))
        self.stage.nameless(on=False)

    def _clock_back(self) -> None:
        self.stage.clock(BACK)
        self._stopped.wait(self._chance.uniform(1, 4))
        self.stage.clock(0)
