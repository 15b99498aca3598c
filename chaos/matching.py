"""Lays a sequence that was expected beside one that was seen, with as few differences as can be."""

from __future__ import annotations

from collections.abc import Sequence

Step = tuple[str, bool]  # a value, and whether it must be there


def align(expected: Sequence[Step], seen: Sequence[str]) -> tuple[dict[int, int], list[int]]:
    """Which expected step is which seen one (places), and the places of what nobody expected."""
    rows, columns = len(expected), len(seen)
    # best[i][j]: the fewest differences between what is left after i expected and j seen ones.
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            best[i][j] = _fewest(expected, seen, best, i, j)
    return _walk(expected, seen, best)


def _fewest(expected: Sequence[Step], seen: Sequence[str], best: list[list[int]], i: int, j: int) -> int:
    options = []
    if i < len(expected) and j < len(seen) and expected[i][0] == seen[j]:
        options.append(best[i + 1][j + 1])
    if i < len(expected):
        options.append(best[i + 1][j] + expected[i][1])
    if j < len(seen):
        options.append(best[i][j + 1] + 1)
    return min(options, default=0)


def _walk(expected: Sequence[Step], seen: Sequence[str], best: list[list[int]]) -> tuple[dict[int, int], list[int]]:
    matched: dict[int, int] = {}
    extra: list[int] = []
    i = j = 0
    while i < len(expected) or j < len(seen):
        both = i < len(expected) and j < len(seen)
        if both and expected[i][0] == seen[j] and best[i][j] == best[i + 1][j + 1]:
            matched[i] = j
            i, j = i + 1, j + 1
        elif i < len(expected) and best[i][j] == best[i + 1][j] + expected[i][1]:
            i += 1
        else:
            extra.append(j)
            j += 1
    return matched, extra
