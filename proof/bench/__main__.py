"""The command of ``make bench``: measures, prints the table and one line of JSON."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from proof.bench import calls, figures, frame, hang, index, memory, proxy, radar, serving, writes
from proof.bench.figures import Figure

# Each takes how thorough it shall be (1 is whole) and a folder of its own. One line adds another.
ROOMS: dict[str, Callable[[float, Path], Iterator[Figure]]] = {
    "writes": writes.measure,
    "index": index.measure,
    "radar": radar.measure,
    "serving": serving.measure,
    "proxy": proxy.measure,
    "calls": calls.measure,
    "hang": hang.measure,
    "frame": frame.measure,
    "memory": memory.measure,
}
QUICK = 0.06


def main() -> None:
    """Reads the command line, measures, reports.

    A goal that is missed is said, and is no error of the command.
    """
    logging.disable(logging.WARNING)
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(1)
    )  # so that the CRM ends and the folder goes
    options = _options()
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.disk) as folder:
        for name in options.only or ROOMS:
            place = Path(folder) / name
            place.mkdir()
            found += ROOMS[name](options.share or (QUICK if options.quick else 1), place)
    print(figures.table(found))
    print(figures.last_line(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m proof.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="in under a minute, and less sure")
    parser.add_argument(
        "--only", action="append", choices=sorted(ROOMS), help="one room, may be repeated"
    )
    parser.add_argument("--share", type=float, default=0.0, help="how many of the rounds, 1 is all")
    parser.add_argument(
        "--disk", default=str(Path.cwd()), metavar="FOLDER", help="on which disk it writes"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
