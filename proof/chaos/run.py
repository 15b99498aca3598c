"""One run, from the set stage to the judged files.

Attendants work in bad weather, it clears up, the queue empties, and the files are judged.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from proof.chaos import evidence, verdict
from proof.chaos.attendant import Attendant
from proof.chaos.finding import Finding
from proof.chaos.record import History
from proof.chaos.report import Run
from proof.chaos.stage import Stage, stage
from proof.chaos.weather import PLAN, Weather

SECONDS_FOR_EACH = (
    1.5  # of a save, all attendants together: a run that is slower than this is stopped
)
LEAST_SECONDS = 120.0
TOLD_SECONDS = (
    45.0  # so long after the settling time a look at what was done may take, its rests included
)


@dataclass(frozen=True)
class Options:
    """What a run is made of.

    ``plan`` gives each mishap's chance, ``doubles`` that of a second click.
    """

    writes: int = 500
    kills: int = 10
    seed: int = 1
    attendants: int = 12
    processes: int = 2
    wait: int = 1
    settle: int = 4
    sabotage: str = ""
    patience: float = 400.0
    doubles: float = 0.05
    plan: Mapping[str, float] = field(default_factory=lambda: PLAN)


def run(options: Options, folder: Path, *, quiet: bool = False) -> tuple[list[Finding], Run]:
    """Everything, bounded in time; what was started has ended on return."""
    began = time.monotonic()
    history = History(options.writes)
    made = stage(
        folder,
        processes=options.processes,
        wait=options.wait,
        settle=options.settle,
        sabotage=options.sabotage,
    )
    with made as setting:
        weather = Weather(
            setting, history, options.kills, options.seed, longest_stop=2.0 * options.wait
        )
        setting.order(
            plan=dict(options.plan),
            plan_seed=options.seed * 1000,
            plan_wait_seconds=options.wait,
            plan_while_seconds=1.5,
        )
        stopped = threading.Event()
        people = [
            Attendant(
                number, setting.urls, history, stopped, seed=options.seed, doubles=options.doubles
            )
            for number in range(options.attendants)
        ]
        stopped_early = _work(
            people, weather, stopped, options, _teller(history, weather, quiet=quiet)
        )
        setting.heal()
        _told(setting, people, history, options)
        unsettled = evidence.still_open(setting.store_file)
    found = evidence.gather(setting.crm_file, setting.store_file)
    findings = verdict.judge(history.saves, found)
    for finding in findings:
        finding.save.met |= {
            spell.name
            for spell in weather.spells
            if spell.began <= finding.save.answered and finding.save.began <= spell.ended
        }
    seconds = time.monotonic() - began
    return findings, Run(
        wanted=options.writes,
        seed=options.seed,
        kills=weather.killed,
        events=dict(weather.counts),
        mishaps=len(found.met),
        seconds=seconds,
        unsettled=unsettled,
        stopped_early=stopped_early,
    )


class _Teller(threading.Thread):
    """Says now and then how far it is."""

    def __init__(self, history: History, weather: Weather, seconds: float) -> None:
        super().__init__(daemon=True)
        self._history, self._weather, self._seconds = history, weather, seconds
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(self._seconds):
            done, kills = len(self._history.saves), self._weather.killed
            print(
                f"{done} of {self._history.wanted} saves, {kills} kills",
                file=sys.stderr,
                flush=True,
            )


def _teller(history: History, weather: Weather, *, quiet: bool) -> _Teller:
    return _Teller(history, weather, 3600.0 if quiet else 15.0)


def _work(
    people: list[Attendant],
    weather: Weather,
    stopped: threading.Event,
    options: Options,
    teller: _Teller,
) -> bool:
    """The attendants' day; whether it had to be ended before all was saved."""
    threads = [threading.Thread(target=attendant.work) for attendant in people]
    deadline = time.monotonic() + max(LEAST_SECONDS, options.writes * SECONDS_FOR_EACH)
    for thread in (*threads, teller):
        thread.start()
    weather.begin()
    late = True
    try:
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        late = any(thread.is_alive() for thread in threads)
    finally:
        stopped.set()
        teller.ended.set()
        weather.end(early=late)
        for thread in threads:
            thread.join()
    return late


def _told(setting: Stage, people: list[Attendant], history: History, options: Options) -> None:
    """Waits until everything is settled and nothing seems wrong.

    It also ends when what seems wrong is not mended or told of any more.
    """
    before, moved = -1, time.monotonic()
    while True:
        _settled(setting, people, options.patience)
        found = evidence.gather(setting.crm_file, setting.store_file)
        wrong = sum(finding.wrong for finding in verdict.judge(history.saves, found))
        if wrong != before:
            before, moved = wrong, time.monotonic()
        if not wrong or time.monotonic() - moved > min(
            options.patience, options.settle + TOLD_SECONDS
        ):
            return
        time.sleep(1)


def _settled(setting: Stage, people: list[Attendant], patience: float) -> None:
    """Until the journal holds nothing open and nobody has anything to save again.

    Gives up when nothing moves.
    """
    before, moved = -1, time.monotonic()
    while time.monotonic() - moved < patience:
        left = evidence.still_open(setting.store_file)
        tended = sum(
            attendant.tend(evidence.refused_now(setting.store_file)) for attendant in people
        )
        if not left and not tended:
            return
        if left != before or tended:
            before, moved = left, time.monotonic()
        time.sleep(0.3)
