"""Lets each fault happen, examines, and compares what was found with what should be."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from proof.faults.crm import CRM
from proof.faults.disk import Unable
from proof.faults.link import LINK
from proof.faults.ours import OURS
from proof.faults.stage import Fault, Stage
from widget.diagnosis.diagnosis import examine
from widget.diagnosis.findings import KNOWN, Finding
from widget.diagnosis.known import Verdict
from widget.emulator.crm.server import Emulator

FAULTS = (*LINK, *CRM, *OURS)
# Nobody who looks for a fault waits longer.
LONGEST = 10.0
# A finding that every house on a machine of developers may have.
USUAL = {"server-absent", "storage-low", "storage-slow", "times-slow", "keys-open"}


@dataclass(frozen=True)
class Outcome:
    """What was found of a fault, and in how many seconds."""

    fault: Fault
    found: tuple[str, ...]
    seconds: float

    @property
    def is_exact(self) -> bool:
        """Whether just this was found, and soon enough."""
        return self.found == tuple(filter(None, (self.fault.expected,))) and self.seconds <= LONGEST


def run(faults: Iterable[Fault] = FAULTS) -> Iterator[Outcome]:
    """One after the other, each on a stage of its own."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        first_day = Path(folder) / "first-day.db"
        with Emulator(str(first_day)):
            pass
        for number, fault in enumerate(faults):
            stage = Stage(Path(folder) / str(number), first_day)
            stage.folder.mkdir()
            yield _outcome(fault, stage)


def last_line(outcomes: list[Outcome]) -> str:
    """All of it in one line of JSON."""
    return json.dumps(
        {
            "total": len(outcomes),
            "exact": sum(o.is_exact for o in outcomes),
            "slowest_seconds": round(max((o.seconds for o in outcomes), default=0.0), 2),
        }
    )


def _outcome(fault: Fault, stage: Stage) -> Outcome:
    try:
        with fault.befall(stage) as house:
            started = time.perf_counter()
            findings = examine(house)
            return Outcome(fault, _told(findings, fault.expected), time.perf_counter() - started)
    except Unable as error:
        return Outcome(fault, (f"cannot be made on this machine: {error}",), 0.0)


def _told(findings: list[Finding], expected: str) -> tuple[str, ...]:
    """What is broken; where a warning is expected, or nothing, the warnings too."""
    failing = [f.slug for f in findings if f.verdict is Verdict.FAILING]
    if expected and KNOWN[expected].verdict is Verdict.FAILING:
        return tuple(dict.fromkeys(failing))
    warnings = [f.slug for f in findings if f.verdict is Verdict.WARNING and f.slug not in USUAL]
    return tuple(dict.fromkeys([*failing, *warnings]))
