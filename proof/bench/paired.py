"""Measures several works side by side.

Each takes its turn, in changing order, so that a slow moment meets all alike.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Is given the number of the round and prepares; what it gives back is what is measured.
Work = Callable[[int], Callable[[], object]]


@dataclass(frozen=True)
class Timings:
    """How long each call of one work took, in milliseconds."""

    taken: Sequence[float]

    def at(self, share: float) -> float:
        """The time within which this share of the calls was done; 0.5 is the median."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def median(self) -> float:
        return self.at(0.5)

    def over(self, bare: Timings) -> float:
        """How many times as long as the other this one takes.

        It is the ratio of the medians, since neighbours on the machine only spoil means.
        """
        return self.median / bare.median


def paired(rounds: int, *works: Work, warm_up: int = 2) -> list[Timings]:
    """The timings of each work, after some rounds that do not count."""
    taken: list[list[float]] = [[] for _ in works]
    chance = random.Random(rounds)
    order = list(range(len(works)))
    gc.collect()
    for number in range(-warm_up, rounds):
        chance.shuffle(order)
        for place in order:
            call = works[place](number + warm_up)
            started = time.perf_counter()
            call()
            ended = time.perf_counter()
            if number >= 0:
                taken[place].append((ended - started) * 1000)
    return [Timings(times) for times in taken]
