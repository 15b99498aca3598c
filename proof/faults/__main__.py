"""The command of ``make faults``.

It prints a table of what was found and one line of JSON, and ends with 1 unless all was exact.
"""

from __future__ import annotations

import argparse
import logging
import sys

from rich.console import Console
from rich.table import Table

from proof.faults.run import FAULTS, LONGEST, Outcome, last_line, run


def main() -> None:
    """Runs the faults whose names hold the given text, all without one."""
    parser = argparse.ArgumentParser(prog="python -m proof.faults", description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="a part of the faults' names")
    wanted = [
        fault for fault in FAULTS if parser.parse_args().only.casefold() in fault.name.casefold()
    ]
    logging.getLogger("vinculo").setLevel(logging.CRITICAL)  # what goes wrong here is meant to
    console = Console(width=None if sys.stdout.isatty() else 120)
    outcomes: list[Outcome] = []
    with console.status("") as status:
        for outcome in run(wanted):
            outcomes.append(outcome)
            status.update(f"{len(outcomes)} of {len(wanted)}")
    console.print(_table(outcomes))
    print(last_line(outcomes))
    sys.exit(0 if outcomes and all(outcome.is_exact for outcome in outcomes) else 1)


def _table(outcomes: list[Outcome]) -> Table:
    table = Table("fault", "expected", "found", "seconds", "", title=f"each within {LONGEST:g} s")
    for outcome in outcomes:
        found = ", ".join(outcome.found) or "nothing"
        mark = "exact" if outcome.is_exact else "[bold red]WRONG[/]"
        table.add_row(
            outcome.fault.name,
            outcome.fault.expected or "nothing",
            found,
            f"{outcome.seconds:.2f}",
            mark,
        )
    return table


if __name__ == "__main__":
    main()
