"""One after the other: whoever works on the same thing at the same moment waits for a turn."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """One lock for each key in use, forgotten when nobody waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()
        self._locks: dict[str, threading.Lock] = {}

    @contextmanager
    def take(self, key: str) -> Iterator[None]:
        """Waits until everybody who came before for the same key has finished."""
        with self._lock:
            self._waiting[key] += 1
            lock = self._locks.setdefault(key, threading.Lock())
        try:
            with lock:
                yield
        finally:
            with self._lock:
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    del self._waiting[key], self._locks[key]
