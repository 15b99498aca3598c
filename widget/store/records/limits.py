"""How often a thing may be done, counted in the file for all processes together."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable

from widget.store.engine.port import Lock, Store

MOST_AHEAD = 10_000


class Limits:
    """Counters by name and key. A key is stored as a hash, and forgotten when its time is over.

    Each name and key has one moment, up to which it is paid for (GCRA, the generic cell rate
    algorithm): whoever does something pays a share of the span, and who is a whole span ahead
    waits.
    """

    def __init__(self, database: Store, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._ahead: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def take(self, name: str, key: str, most: int, seconds: float, ahead: int = 1) -> float:
        """Counts one.

        0.0 when that is fine, else the seconds to wait until the next one is, and nothing is
        counted.

        At once there may be ``most``, after that one every ``seconds / most``. So many as ``ahead``
        are counted in the file together: the next ones of this process cost nothing, and another
        process misses them at worst.
        """
        kept = _hash(name, key)
        if self._has_ahead(kept):
            return 0.0
        if ahead > 1 and not self._pay(kept, seconds / most * ahead, seconds):
            self._keep_ahead(kept, ahead - 1, self._clock() + seconds)
            return 0.0
        return self._pay(kept, seconds / most, seconds)

    def forget(self, name: str, key: str) -> None:
        """Counts from zero again: a person who has proven to be right need not wait."""
        kept = _hash(name, key)
        with self._lock:
            self._ahead.pop(kept, None)
        self._database.run("DELETE FROM limits WHERE key = ?", kept)

    def _has_ahead(self, kept: str) -> bool:
        with self._lock:
            left, until = self._ahead.pop(kept, (0, 0.0))
            if not left or self._clock() > until:
                return False
            self._ahead[kept] = left - 1, until
            return True

    def _keep_ahead(self, kept: str, number: int, until: float) -> None:
        with self._lock:
            if len(self._ahead) >= MOST_AHEAD:
                self._ahead.clear()
            self._ahead[kept] = self._ahead.get(kept, (0, 0.0))[0] + number, until

    def _pay(self, kept: str, share: float, seconds: float) -> float:
        now = self._clock()
        with self._database.hastily(Lock.RECORDS):  # a count that power loss undoes is no harm
            self._database.run("DELETE FROM limits WHERE until < ?", now)
            row = self._database.row("SELECT until FROM limits WHERE key = ?", kept)
            paid = (
                max(now, min(row["until"], now + seconds)) if row else now
            )  # a clock set back locks nobody out
            wait = paid + share - (now + seconds)
            until = paid if wait > share / 1000 else paid + share
            self._database.run(
                "INSERT INTO limits (key, until) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET "
                "until = excluded.until",
                kept,
                until,
            )
        return float(wait) if until == paid else 0.0


def _hash(name: str, key: str) -> str:
    return hashlib.sha256(f"{name}\0{key}".encode(errors="replace")).hexdigest()
