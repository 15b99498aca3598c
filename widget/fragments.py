"""Drawn parts of screens, kept for a moment: consoles tell the same more than once, and reopen what was just open."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from widget.errors import StorageFailed

T = TypeVar("T")
# Ages are told in minutes: nobody sees that one was told a few seconds ago.
LONGEST = 10.0
MOST = 1000


@dataclass(frozen=True)
class Drawn(Generic[T]):
    """What was drawn, and until when (epoch seconds) it may be shown as it is."""

    value: T
    until: float


@dataclass(frozen=True)
class _Kept(Generic[T]):
    drawn: Drawn[T]
    at: float
    version: Hashable


class Fragments(Generic[T]):
    """Fragments by key, each good as long as nothing that it was drawn from can have changed, and for a moment only.

    ``version`` changes with everything that a fragment is drawn from and that its key does not hold.
    """

    def __init__(self, version: Callable[[], Hashable], clock: Callable[[], float]) -> None:
        self._version = version
        self._clock = clock
        self._kept: dict[Hashable, _Kept[T]] = {}

    def of(self, key: Hashable, draw: Callable[[], Drawn[T]]) -> T:
        """What was drawn for the key, or is drawn now; what changes while it is drawn counts as changed after it."""
        try:
            version = self._version()
        except StorageFailed:
            return draw().value
        now, kept = self._clock(), self._kept.get(key)
        if kept and kept.version == version and kept.at <= now < min(kept.drawn.until, kept.at + LONGEST):
            return kept.drawn.value
        drawn = draw()
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = _Kept(drawn, now, version)
        return drawn.value
