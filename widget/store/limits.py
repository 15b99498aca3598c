"""How often something may be done, counted in the file so that it holds for all processes together."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from widget.store.database import Database


class Limits:
    """Counters by name and key. A key is stored as a hash, and forgotten when its time is over.

    Each name and key has one moment, up to which it is paid for (GCRA, the generic cell rate algorithm): whoever does
    something pays a share of the span, and who is a whole span ahead waits.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def take(self, name: str, key: str, most: int, seconds: float) -> float:
        """Counts one; 0.0 when that is fine, else the seconds to wait until the next one is, and nothing is counted.

        At once there may be ``most``, after that one every ``seconds / most``.
        """
        share, now, kept = seconds / most, self._clock(), _hash(name, key)
        with self._database.hastily():  # a count that power loss undoes is no harm
            self._database.run("DELETE FROM limits WHERE until < ?", now)
            row = self._database.row("SELECT until FROM limits WHERE key = ?", kept)
            paid = max(now, min(row["until"], now + seconds)) if row else now  # a clock set back locks nobody out
            wait = paid + share - (now + seconds)
            until = paid if wait > share / 1000 else paid + share
            self._database.run(
                "INSERT INTO limits (key, until) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET until = excluded.until",
                kept, until,
            )  # fmt: skip
        return float(wait) if until == paid else 0.0

    def forget(self, name: str, key: str) -> None:
        """Counts anew: whoever has proven to be right need not wait for those before."""
        self._database.run("DELETE FROM limits WHERE key = ?", _hash(name, key))


def _hash(name: str, key: str) -> str:
    return hashlib.sha256(f"{name}\0{key}".encode(errors="replace")).hexdigest()
