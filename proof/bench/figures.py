"""A figure with its goal, all of them as a table, and as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number.

    ``goal`` is what it should be at most, or at least if so said; without one it is information.
    """

    name: str
    value: float
    meaning: str
    goal: float | None = None
    unit: str = "×"
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it is as it should be."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def table(figures: Iterable[Figure]) -> str:
    """Ratios first, then what depends on the machine."""
    rows = [_row(figure) for figure in sorted(figures, key=lambda figure: figure.unit != "×")]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(_padded(row, widths)).rstrip() for row in rows)


def last_line(figures: Iterable[Figure]) -> str:
    """Each name with its value and its goal, null for what is information only."""
    return json.dumps(
        {
            figure.name: {
                "value": round(figure.value, 3),
                "goal": figure.goal,
            }
            for figure in figures
        }
    )


def _row(figure: Figure) -> tuple[str, str, str, str, str]:
    goal = "" if figure.goal is None else f"{'>=' if figure.at_least else '<='} {figure.goal:g}"
    verdict = "" if figure.goal is None else "met" if figure.is_met else "MISSED"
    return figure.name, f"{figure.value:.2f} {figure.unit}", goal, verdict, figure.meaning


def _padded(row: tuple[str, ...], widths: list[int]) -> list[str]:
    name, value, *rest = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return [name, value.strip().rjust(widths[1]), *rest]
