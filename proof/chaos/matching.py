"""Lays a sequence that was expected beside one that was seen, with as little wrong as can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from proof.chaos.record import Fate

# What an explanation costs: the cheapest one is taken.
TOO_MANY = 10
LOST = 10
# what was saved again came at no time that we know: it is the first to be looked for elsewhere
LOST_ANEW = 9
THOUGH_REFUSED = 1
Stands = Callable[[str, int], bool]


@dataclass(frozen=True)
class Step:
    """A value that was asked for, and what the attendant was told of it.

    ``anew`` when it was saved again.
    """

    value: str
    fate: Fate
    anew: bool = False

    @property
    def if_absent(self) -> int:
        """What it costs when it is not there."""
        if self.fate is not Fate.ACCEPTED:
            return 0
        return LOST_ANEW if self.anew else LOST

    @property
    def if_there(self) -> int:
        """What it costs when it is there."""
        return THOUGH_REFUSED if self.fate is Fate.REFUSED else 0


@dataclass
class Match:
    """Which expected step is which seen one, by their places.

    It also holds the steps that stood already, and the seen ones that nobody expected.
    """

    matched: dict[int, int] = field(default_factory=dict)
    stood: list[int] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)


def align(expected: Sequence[Step], seen: Sequence[str], stands: Stands) -> Match:
    """The cheapest explanation.

    ``stands`` tells whether a value stands after some of the seen: it needs no sending.
    """
    rows, columns = len(expected), len(seen)
    # best[i][j]: what is left to pay after i expected and j seen ones.
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            if i < rows or j < columns:
                best[i][j] = min(
                    cost for cost, _, _ in _options(expected, seen, stands, best, i, j)
                )
    return _walk(expected, seen, stands, best)


def _options(
    expected: Sequence[Step],
    seen: Sequence[str],
    stands: Stands,
    best: list[list[int]],
    i: int,
    j: int,
) -> list[tuple[int, int, int]]:
    """Each way on from here: what it costs to the end, and how far it goes in both."""
    found = []
    if i < len(expected) and j < len(seen) and expected[i].value == seen[j]:
        found.append((best[i + 1][j + 1] + expected[i].if_there, 1, 1))
    if i < len(expected):
        absent = 0 if stands(expected[i].value, j) else expected[i].if_absent
        found.append((best[i + 1][j] + absent, 1, 0))
    if j < len(seen):
        found.append((best[i][j + 1] + TOO_MANY, 0, 1))
    return found


def _walk(
    expected: Sequence[Step], seen: Sequence[str], stands: Stands, best: list[list[int]]
) -> Match:
    match = Match()
    i = j = 0
    while i < len(expected) or j < len(seen):
        options = _options(expected, seen, stands, best, i, j)
        _, steps, places = next(option for option in options if option[0] == best[i][j])
        if steps and places:
            match.matched[i] = j
        elif places:
            match.extra.append(j)
        elif stands(expected[i].value, j):
            match.stood.append(i)
        i, j = i + steps, j + places
    return match
