"""The circuit breaker: since when the CRM does not answer, and who may ask it meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from widget.domain import errors

# A CRM that fails sooner than this may be asked again at once: nobody waits for it.
AT_ONCE = 0.9
# No usable answer came.
SILENT = (errors.Unreachable, errors.OutcomeUnknown)


@dataclass(frozen=True)
class Trouble:
    """Since when (epoch seconds) the CRM has not answered.

    ``pause`` is for how many seconds it asked to be left alone.
    """

    since: float
    is_open: bool = False
    pause: float = 0.0

    def refusal(self) -> errors.CRMError:
        """Returns the error for calls that are not let through: surely nothing was sent."""
        if self.pause:
            return errors.Busy("it asked to be left alone")
        return errors.Unreachable("it has just kept somebody waiting")


class Breaker:
    """Opens when a call has waited in vain or the CRM asks for a pause.

    It closes with the first answer. Trouble begins with any call that brought no answer, but only a
    CRM that hangs is no longer asked. While the breaker is open every call is refused at once, but
    for one at a time for which a person pressed a button. ``changed`` is called when the trouble
    gets worse or ends.
    """

    def __init__(
        self,
        changed: Callable[[], None],
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._changed = changed
        self._clock = clock
        self._steady = steady
        self._lock = threading.Lock()
        self._pressing = threading.Lock()
        self._trouble: Trouble | None = None
        self._answered = float("-inf")

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong right now, if anything."""
        return self._trouble

    def ask(self, *, presses: bool = False) -> None:
        """Raises at once what keeps a call from being let through."""
        now = self._trouble
        if now and now.is_open and (now.pause or not presses or self._pressing.locked()):
            raise now.refusal()

    @contextmanager
    def passing(self, *, presses: bool = False) -> Iterator[None]:
        """Lets one call through, or raises at once, and learns from its end."""
        now = self._trouble
        if now is None or not now.is_open:
            with self.learning():
                yield
            return
        if not presses or now.pause or not self._pressing.acquire(blocking=False):
            raise now.refusal()
        try:
            with self.learning():
                yield
        finally:
            self._pressing.release()

    @contextmanager
    def learning(self) -> Iterator[None]:
        """Learns from the end of a call, however it was let through."""
        started = self._steady()
        try:
            yield
        except errors.CRMError as error:
            self._judge(error, started)
            raise
        self._close()

    def _judge(self, error: errors.CRMError, started: float) -> None:
        has_waited = self._steady() - started > AT_ONCE
        if isinstance(error, errors.Busy) and error.after:
            self._worsen(started, is_open=True, pause=error.after)
        elif isinstance(error, SILENT):
            self._worsen(started, is_open=has_waited)
        elif isinstance(error, errors.Unexpected) and has_waited:
            # A gateway has waited in our place.
            self._worsen(started, is_open=True)
        elif not isinstance(error, errors.TooSlow):  # it answered, if only to refuse
            self._close()

    def _worsen(self, started: float, *, is_open: bool, pause: float = 0.0) -> None:
        """Notes trouble, unless the CRM has answered others since the call set out.

        In that case the end of the call is no news.
        """
        with self._lock:
            before = self._trouble
            if started < self._answered or (before and before.is_open and not pause):
                return
            now = Trouble(before.since if before else self._clock(), is_open, pause)
            self._trouble = now
        if now != before:
            self._changed()

    def _close(self) -> None:
        with self._lock:
            self._answered = self._steady()
            before = self._trouble
            self._trouble = None
        if before:
            self._changed()
