"""The guarding ring: few calls at once, and a single probe while the CRM hangs."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from widget.crm import patience
from widget.crm.rings.breaker import Breaker, Trouble
from widget.crm.wire import Query, Rows, Transport, Write
from widget.domain import errors
from widget.domain.model import Fetched, Freshness, Written

# The pauses between two probes in seconds: the first comes at once, since it may have been one
# question that hung.
FIRST, LONGEST = 1.0, 10.0
# How long a write waits for a place; on disk it waits better.
MOMENT = 1.0
# A source of its own: code that seeds the common one does not expect a thread to draw from it.
_spread = random.Random()  # noqa: S311


class Guarded:
    """Passes on what may be asked now and raises at once what may not.

    It raises Unreachable, Busy or TooSlow; the call was surely not sent. ``calls`` is how many may
    be under way at once. ``wait`` is the longest wait for one, in seconds.
    """

    def __init__(  # noqa: PLR0913 -- the last three are for tests
        self,
        inner: Transport,
        knock: Query,
        wait: float,
        calls: int,
        clock: Callable[[], float] = time.time,
        *,
        steady: Callable[[], float] = time.monotonic,
        first: float = FIRST,
    ) -> None:
        """``knock`` is the question that costs least: whether the CRM is back."""
        self._inner = inner
        self._knock = knock
        self._wait = wait
        self._first = first
        self._places = threading.Semaphore(calls)
        self._news = threading.Event()
        self._watch = threading.Lock()
        self._is_watched = False
        self._breaker = Breaker(self._look_out, clock, steady)

    @property
    def trouble(self) -> Trouble | None:
        """Since when the CRM does not answer, or None while it does."""
        return self._breaker.trouble

    def read(self, query: Query) -> Fetched[Rows]:
        """The inner answer.

        A request's read of NOW, for which somebody pressed a button, may ask a CRM that hangs.
        """
        presses = query.freshness is Freshness.NOW and patience.is_limited()
        self._breaker.ask(presses=presses)
        with self._place(patience.left(self._wait)), self._breaker.passing(presses=presses):
            return self._inner.read(query)

    def write(self, write: Write) -> Written:
        """The inner answer."""
        self._breaker.ask()
        with self._place(MOMENT), self._breaker.passing():
            return self._inner.write(write)

    @contextmanager
    def _place(self, seconds: float) -> Iterator[None]:
        if not self._places.acquire(timeout=max(0.0, seconds)):
            raise errors.TooSlow("too many calls are under way")
        try:
            yield
        finally:
            self._places.release()

    def _look_out(self) -> None:
        """Wakes the probe, which looks for the return of the CRM, or starts it.

        There is one probe, and only while the CRM is away.
        """
        self._news.set()
        with self._watch:
            if self._is_watched or not self.trouble:
                return
            self._is_watched = True
        threading.Thread(target=self._probe, name="probe", daemon=True).start()

    def _probe(self) -> None:
        """Asks for next to nothing until there is an answer.

        It has a place of its own, since all others may be taken.
        """
        pause = 0.0
        while trouble := self._still():
            if not trouble.is_open:
                pause = max(pause, self._first)
            spread = 0.8 + 0.4 * _spread.random()
            if self._news.wait(max(pause, trouble.pause) * spread):
                self._news.clear()
                continue
            with contextlib.suppress(errors.CRMError), self._breaker.learning():
                self._inner.read(self._knock)
            pause = min(max(2 * pause, self._first), LONGEST)

    def _still(self) -> Trouble | None:
        with self._watch:
            self._is_watched = self.trouble is not None
            return self.trouble
