"""The sparing ring: a CRM that has just kept a reader waiting in vain is not asked again for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable

from widget import errors
from widget.crm.protocol import Freshness, Query, Rows, Transport, Write
from widget.model import Fetched, Written

# Long enough that everybody in the queue is told, short enough that nobody misses the CRM's return.
PAUSE = 1.0
PATIENCE = 0.9


class Spared:
    """Passes on. When a reader has waited in vain, those behind it in the queue are told at once.

    Otherwise they would wait one after the other, longer and longer, until no thread is left even for the health
    route. A read of NOW, for which somebody has just pressed a button, always goes through; a write does too.
    """

    def __init__(self, inner: Transport, clock: Callable[[], float] = time.monotonic) -> None:
        self._inner = inner
        self._clock = clock
        self._until = 0.0

    def read(self, query: Query) -> Fetched[Rows]:
        """The inner answer; Unreachable at once during the pause."""
        if self._clock() < self._until and query.freshness is not Freshness.NOW:
            raise errors.Unreachable("it has just kept a reader waiting")
        started = self._clock()
        try:
            answer = self._inner.read(query)
        except errors.Unreachable:
            if self._clock() - started > PATIENCE:  # one that refuses at once may be asked at once
                self._until = self._clock() + PAUSE
            raise
        self._until = 0.0
        return answer

    def write(self, write: Write) -> Written:
        """Passes on."""
        return self._inner.write(write)
