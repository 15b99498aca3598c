"""The result as people and programs read it.

It is a table by kind of write and of fault, and one line of JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from proof.chaos.finding import Finding
from proof.chaos.record import Fate, Kind

COLUMNS: Mapping[str, Callable[[Finding], bool]] = {
    "writes": lambda _found: True,
    "accepted": lambda found: found.fate is Fate.ACCEPTED,
    "refused": lambda found: found.fate is Fate.REFUSED,
    "no answer": lambda found: found.fate is Fate.DOUBT,
    "lost": lambda found: found.lost,
    "doubled": lambda found: found.doubled,
    "out of order": lambda found: found.out_of_order,
    "there though refused": lambda found: found.there_though_refused,
    "in a wrong record": lambda found: found.in_wrong_record,
    "called done without being there": lambda found: found.called_done,
    "alarmed": lambda found: found.alarmed,
}


@dataclass(frozen=True)
class Run:
    """What was asked for, and what happened around the attendants."""

    wanted: int
    seed: int
    kills: int
    events: Mapping[str, int]
    mishaps: int
    seconds: float
    unsettled: int
    stopped_early: bool


def passed(findings: Iterable[Finding], run: Run) -> bool:
    """Nothing is wrong with any save; everything is settled; as much is done as was asked for."""
    return (
        not any(found.wrong for found in findings) and not run.unsettled and not run.stopped_early
    )


def table(findings: list[Finding]) -> str:
    """Markdown: by kind of write, then by what each met on its way."""
    lines = [_line("", COLUMNS), "|---" + "|--:" * len(COLUMNS) + "|"]
    lines += [
        _counted(kind, [found for found in findings if found.save.kind is kind]) for kind in Kind
    ]
    lines.append(_counted("**all**", findings))
    met = sorted({name for found in findings for name in found.save.met})
    lines += [
        _counted(f"met: {name}", [found for found in findings if name in found.save.met])
        for name in met
    ]
    lines.append(_counted("met: nothing", [found for found in findings if not found.save.met]))
    return "\n".join(lines)


def last_line(findings: list[Finding], run: Run) -> str:
    """All of it in one line of JSON."""
    counts = {name.replace(" ", "_"): sum(map(is_so, findings)) for name, is_so in COLUMNS.items()}
    slow = slowest(findings)
    rest = {
        "kills": run.kills,
        "seed": run.seed,
        "events": dict(run.events),
        "mishaps": run.mishaps,
        "seconds": round(run.seconds, 1),
        "slowest_settle_seconds": round(slow, 1),
        "unsettled": run.unsettled,
        "held": sum(found.held for found in findings),
        "stopped_early": run.stopped_early,
    }
    return json.dumps(
        {
            **counts,
            **rest,
            "ok": passed(findings, run),
        }
    )


def slowest(findings: Iterable[Finding]) -> float:
    """The longest time from the press of the button to the commit in the CRM.

    The CRM's clock knows seconds only.
    """
    return max(
        (found.arrived_at - found.save.began for found in findings if found.place), default=0.0
    )


def _line(name: str, cells: Iterable[object]) -> str:
    return "| " + " | ".join([name, *map(str, cells)]) + " |"


def _counted(name: str, findings: list[Finding]) -> str:
    return _line(name, (sum(map(is_so, findings)) for is_so in COLUMNS.values()))
