"""Drawn parts of screens, kept for a moment.

Consoles tell the same more than once, and reopen what was just open.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from widget.domain.errors import StorageFailed

# Seconds after which all are forgotten. Ages are told in minutes, so an age that was told a few
# seconds ago still looks right.
LONGEST = 10.0
MOST = 1000


@dataclass(frozen=True)
class Drawn:
    """What was drawn, and until when (epoch seconds) it may be shown as it is.

    Without a time it may be shown only this once.
    """

    html: str
    until: float = 0.0


NOTHING = Drawn("")


class Fragments:
    """Fragments by key, each good as long as its sources cannot have changed.

    All are soon forgotten. ``version`` changes with every source of a fragment that its key does
    not hold.
    """

    def __init__(self, version: Callable[[], Hashable], clock: Callable[[], float]) -> None:
        self._version = version
        self._clock = clock
        self._kept: dict[Hashable, tuple[Hashable, Drawn]] = {}
        self._packed: dict[bytes, bytes] = {}
        self._since = 0.0

    def of(self, key: Hashable, draw: Callable[[], Drawn]) -> Drawn:
        """Returns what was drawn for the key, or draws it now.

        What changes while it is drawn counts as changed after it.
        """
        now = self._clock()
        try:
            version = self._version()
        except StorageFailed:
            return draw()
        self._forget(now)
        known, drawn = self._kept.get(key, (None, NOTHING))
        if known == version and now < drawn.until:
            return drawn
        drawn = draw()
        if now < drawn.until:
            self._kept[key] = (version, drawn)
        return drawn

    def packed(self, body: bytes, pack: Callable[[bytes], bytes]) -> bytes:
        """Returns the body packed; the same body is packed only once."""
        self._forget(self._clock())
        known = self._packed.get(body)
        if known is None:
            known = self._packed[body] = pack(body)
        return known

    def _forget(self, now: float) -> None:
        is_young = 0 <= now - self._since < LONGEST
        is_small = max(len(self._kept), len(self._packed)) < MOST
        if not (is_young and is_small):
            self._kept = {}
            self._packed = {}
            self._since = now
