"""Fills an index with synthetic people: FILE COUNT SEED.

It is a command of its own, so that its memory can be told.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from itertools import islice
from pathlib import Path

from proof.bench.population import population
from widget.crm.ixc.mirrored import mirrored
from widget.store.engine.database import Database
from widget.store.engine.migrations import people as tables
from widget.store.people.people import People

PAGE = 500


def build(path: Path, count: int, seed: int) -> dict[str, float]:
    """Page by page, as the background does.

    Seconds of each part, bytes on disk and at most in memory.
    """
    database = Database(path, tables)
    index = People(database, "bench")
    rows, taken = (
        population(count, seed),
        {
            "clues": 0.0,
            "keep": 0.0,
        },
    )
    while page := [*islice(rows, PAGE)]:
        started = time.perf_counter()
        people = [mirrored(source, row) for source, row in page]
        between = time.perf_counter()
        index.keep(people, between)
        taken["clues"] += between - started
        taken["keep"] += time.perf_counter() - between
    database.close()
    return {
        **taken,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(build(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
