"""A plan of mishaps: for each call one is drawn, or none, by chance that a seed repeats."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LATEST = (
    1.5  # a CRM that was given up goes on working for up to this many of its client's longest waits
)


@dataclass(frozen=True)
class Mishap:
    """A fault, and how it comes.

    It tells whether a write happens all the same (None: a coin decides), late, and for all calls of
    a while. `on`: it meets reads, writes or all.
    """

    fault: str
    commit: bool | None = None
    late: bool = False
    lasts: bool = False
    on: str = "all"


MISHAPS: Mapping[str, Mishap] = {
    "reset": Mishap("reset", commit=False),
    "reset_after_commit": Mishap("reset_after_commit", commit=True),
    "late": Mishap("hang", commit=True, late=True),
    "late_504": Mishap("504", commit=True, late=True),
    "hang": Mishap("hang", commit=False),
    "drip": Mishap("drip"),
    "drip_headers": Mishap("drip_headers"),
    "truncated": Mishap("truncated", commit=True),
    "cut_body": Mishap("cut_body", commit=True),
    "half_headers": Mishap("half_headers"),
    "html200": Mishap("html200"),
    "empty200": Mishap("empty200"),
    "braces200": Mishap("braces200"),
    "500": Mishap("500"),
    "502": Mishap("502"),
    "503": Mishap("503"),
    "504": Mishap("504"),
    "redirect": Mishap("redirect", commit=False),
    "429": Mishap("429", commit=False),
    "401": Mishap("401", commit=False, lasts=True),
    "error": Mishap("error", commit=False, lasts=True),
    "error_after_commit": Mishap("error", commit=True, on="write"),
    "400_after_commit": Mishap("400", commit=True, on="write"),
    "401_after_commit": Mishap("401", commit=True, on="write"),
    "404_after_commit": Mishap("404", commit=True, on="write"),
    "429_after_commit": Mishap("429", commit=True, on="write"),
    "lie": Mishap("lie", commit=False, on="write"),
    "wrong_number": Mishap("wrong_number", commit=True, on="write"),
    "late_success": Mishap("late_success", commit=True, late=True, on="write"),
    "repeated": Mishap("repeated", commit=True, late=True, on="write"),
    "stale": Mishap("stale", commit=False, on="read"),
}


@dataclass(frozen=True)
class Ordered:
    """What one call meets.

    `late` are the seconds after which a write happens, `mishap` its name in the plan.
    """

    fault: str = "none"
    commit: bool = False
    late: float = 0.0
    mishap: str = ""


class Planner:
    """Draws what a call meets. The caller sees to it that only one thread draws at a time."""

    def __init__(self, seed: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._random = random.Random(seed)
        self._clock = clock
        self._lasting = ""
        self._until = 0.0

    def draw(
        self, plan: Mapping[str, float], *, share: float, wait: float, while_seconds: float
    ) -> Ordered:
        """One of the plan's mishaps by its chance times `share`.

        One that lasts meets every call until it is over.
        """
        if self._clock() < self._until:
            return self._ordered(self._lasting, wait)
        name = self._drawn(plan, share)
        if name and MISHAPS[name].lasts:
            self._lasting, self._until = name, self._clock() + while_seconds
        return self._ordered(name, wait) if name else Ordered()

    def _drawn(self, plan: Mapping[str, float], share: float) -> str:
        place = self._random.random()
        for name, chance in plan.items():
            place -= chance * share
            if place < 0:
                return name
        return ""

    def _ordered(self, name: str, wait: float) -> Ordered:
        mishap = MISHAPS[name]
        commit = self._random.random() < 0.5 if mishap.commit is None else mishap.commit
        late = self._random.uniform(1, LATEST) * wait if mishap.late else 0.0
        return Ordered(mishap.fault, commit, late, name)
