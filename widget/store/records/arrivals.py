"""Who came to the panel's door: contexts that were let in, and what was refused, and why.

Nobody's name.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

from widget.domain.traffic import Arrival, Why
from widget.store.engine.lines import MOST, Tail

# The same again within so many seconds is no news.
SAME_AGAIN = 5.0
MOST_KINDS = 500


_NAMES = {field.name for field in fields(Arrival)}


class Arrivals:
    """The arrivals at all processes of one data folder."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._tail = Tail(folder / "arrivals.jsonl")
        self._clock = clock
        self._noted: dict[tuple[object, ...], float] = {}

    def note(
        self, host: str, why: Why, account: str = "", origin: str = "", issued: float = 0.0
    ) -> None:
        """Notes an arrival; one that repeats all the time is not noted each time."""
        now, kind = self._clock(), (host, why, account, origin, issued)
        if abs(now - self._noted.get(kind, 0.0)) < SAME_AGAIN:
            return
        if len(self._noted) >= MOST_KINDS:
            self._noted.clear()
        self._noted[kind] = now
        self._tail.add(asdict(Arrival(round(now, 1), host, why.value, account, origin, issued)))

    def last(self, most: int = MOST) -> list[Arrival]:
        """The newest, oldest first."""
        return [
            Arrival(**{k: v for k, v in told.items() if k in _NAMES})
            for told in self._tail.last(most)
        ]
