"""The base as it was at a moment: a read of the file that is held open while the file goes on."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from widget.emulator.crm.base import Base


class Past:
    """One moment at most is held; whoever reads it waits for whoever else does."""

    def __init__(self, base: Base, clock: Callable[[], float] = time.monotonic) -> None:
        self._base = base
        self._clock = clock
        self._lock = threading.RLock()
        self._connection: Any = None
        self._since = 0.0

    def hold(self) -> None:
        """From now on the past is this moment."""
        with self._lock:
            self.release()
            self._connection = self._base.open()
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            self._since = self._clock()

    def release(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def young(self, seconds: float) -> bool:
        """Whether a moment is held, and one of so short a while ago."""
        with self._lock:
            return self._connection is not None and self._clock() - self._since <= seconds

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """A connection that sees the held moment; without one, the present."""
        with self._lock:
            if self._connection is not None:
                yield self._connection
                return
        with self._base.reading() as connection:
            yield connection
