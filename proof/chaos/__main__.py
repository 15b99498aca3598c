"""The command of ``make chaos``.

It runs, prints the table and one line of JSON, and ends with 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from proof.chaos import report
from proof.chaos.finding import Finding
from proof.chaos.run import Options, run
from proof.chaos.stage import ROOT
from proof.chaos.weather import PLAN

PUBLISHED = ROOT / "docs" / "chaos.md"
PUBLISHED_FROM = (10_000, 200)  # smaller runs prove too little to be shown
SHOWN = 20


def main() -> None:
    """Reads the command line, runs, reports."""
    signal.signal(signal.SIGTERM, _ended)
    options = _options()
    chosen = Options(
        writes=options.writes,
        kills=options.kills,
        seed=options.seed,
        attendants=options.attendants,
        processes=options.processes,
        sabotage=options.sabotage,
        plan=_plan(options.faults),
        settle=options.settle,
    )
    print(
        f"seed {chosen.seed}: {chosen.writes} writes, {chosen.kills} kills, {chosen.attendants} "
        "attendants,"
        f" {chosen.processes} servers",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="chaos-") as passing:
        folder = Path(options.keep or passing)
        findings, happened = run(chosen, folder)
        (folder / "findings.jsonl").write_text(
            "".join(f"{_as_json(found)}\n" for found in findings)
        )
    for found in [found for found in findings if found.wrong][:SHOWN]:
        print(_as_json(found))
    print(report.table(findings))
    line = report.last_line(findings, happened)
    if (chosen.writes, chosen.kills) >= PUBLISHED_FROM and not chosen.sabotage:
        PUBLISHED.write_text(f"{report.table(findings)}\n\n`{line}`\n")
    print(line)
    sys.exit(0 if report.passed(findings, happened) else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m proof.chaos", description=__doc__)
    parser.add_argument("--writes", type=int, default=500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--attendants", type=int, default=12)
    parser.add_argument("--processes", type=int, default=2, help="servers on one store")
    parser.add_argument(
        "--settle", type=int, default=4, help="seconds after which what is absent is absent"
    )
    parser.add_argument(
        "--faults", default="1", help="1 is usual, 0.5 half as many, or name=chance,name=chance"
    )
    parser.add_argument(
        "--sabotage", default="", help="takes a protection out, by its name in sabotage.py"
    )
    parser.add_argument("--keep", default="", metavar="FOLDER", help="leaves files and logs here")
    return parser.parse_args()


def _plan(faults: str) -> dict[str, float]:
    try:
        return {name: chance * float(faults) for name, chance in PLAN.items()}
    except ValueError:
        pairs = [pair.partition("=") for pair in faults.split(",")]
        return {name.strip(): float(chance) for name, _, chance in pairs}


def _as_json(found: Finding) -> str:
    save = asdict(found.save) | {"met": sorted(found.save.met)}
    verdict = {name: value for name, value in asdict(found).items() if name != "save"}
    return json.dumps(
        {
            **verdict,
            **save,
            "told": save["fate"],
            "fate": found.fate,
        }
    )


def _ended(_number: int, _frame: object) -> NoReturn:
    sys.exit(143)


if __name__ == "__main__":
    main()
