"""The last calls to the CRM in figures and in a drawing.

They tell resource by resource how fast the calls were, and how often wrong.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from widget.domain.traffic import Call

# The drawing: so many calls, so wide and high.
POINTS, WIDTH, HEIGHT, EDGE = 60, 180, 32, 3


@dataclass(frozen=True)
class Line:
    """A curve, ready to be drawn: its points, its end, and the places of calls that failed."""

    points: str
    end: tuple[float, float]
    bad: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Summary:
    """The calls for one resource.

    Times are milliseconds; ``failed`` counts those that became an error.
    """

    integration: str
    resource: str
    count: int
    failed: int
    median: int
    p95: int
    slowest: int
    line: Line

    @property
    def share(self) -> int:
        """Failed ones of a hundred."""
        return round(100 * self.failed / self.count) if self.count else 0


def summaries(calls: Iterable[Call]) -> list[Summary]:
    """Each resource, those asked for most first."""
    groups: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in calls:
        groups[call.integration, call.resource].append(call)
    found = [_summary(*name, group) for name, group in groups.items()]
    return sorted(found, key=lambda one: (one.integration, -one.count, one.resource))


def looked_for(calls: Sequence[Call], wanted: str, most: int = 50) -> list[Call]:
    """The newest calls, newest first; with this code or of this request, if one is named."""
    text = wanted.strip().upper()
    chosen = [
        c
        for c in calls
        if not text or text in {c.code, c.request} or text == c.request.replace("-", "")
    ]
    return chosen[: -most - 1 : -1]


def _summary(integration: str, resource: str, calls: list[Call]) -> Summary:
    times = sorted(call.ms for call in calls)
    return Summary(
        integration,
        resource,
        len(calls),
        sum(bool(call.code) for call in calls),
        round(statistics.median(times)),
        percentile(times, 95),
        times[-1],
        _line(calls[-POINTS:]),
    )


def percentile(ordered: Sequence[int], share: int) -> int:
    """The value below which this share of all lies; of few values one of them."""
    return ordered[min(len(ordered) - 1, -(-len(ordered) * share // 100) - 1)] if ordered else 0


def _line(calls: Sequence[Call]) -> Line:
    top = max([call.ms for call in calls] + [1])
    step = (WIDTH - 2 * EDGE) / max(1, len(calls) - 1)
    places = [
        (
            round(EDGE + number * step, 1),
            round(HEIGHT - EDGE - call.ms / top * (HEIGHT - 2 * EDGE), 1),
        )
        for number, call in enumerate(calls)
    ]
    bad = tuple(place for place, call in zip(places, calls, strict=True) if call.code)
    return Line(" ".join(f"{x},{y}" for x, y in places), places[-1], bad)
