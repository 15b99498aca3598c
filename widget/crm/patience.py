"""How long one request waits for the CRM in all, and how many may wait at once."""

from __future__ import annotations

import threading
import time
from contextvars import ContextVar
from dataclasses import dataclass, field

from widget.domain import errors

# What begins in the last moment would only be cut.
LEAST = 1.0


class Seats:
    """Limits how many requests may wait for one CRM at the same time.

    The other threads serve what needs no CRM.
    """

    def __init__(self, number: int) -> None:
        self._free = threading.Semaphore(number)

    def take(self) -> bool:
        """Takes a seat and returns whether one was free; it does not wait for one."""
        return self._free.acquire(blocking=False)

    def leave(self) -> None:
        """Gives one back."""
        self._free.release()


@dataclass
class Patience:
    """One request's: until when (monotonic seconds) it waits, and the seats that it has taken."""

    until: float
    _taken: list[Seats] = field(default_factory=list)
    _is_over: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sit(self, seats: Seats) -> None:
        """Takes a seat until the request ends, once however many reads it waits for.

        Raises TooSlow.
        """
        with self._lock:
            if self._is_over or seats in self._taken:
                return
            if not seats.take():
                raise errors.TooSlow("too many wait for it already")
            self._taken.append(seats)

    def end(self) -> None:
        """The request is over."""
        with self._lock:
            for seats in self._taken:
                seats.leave()
            self._taken.clear()
            self._is_over = True
        _mine.set(None)


_mine: ContextVar[Patience | None] = ContextVar("patience", default=None)


def begin(seconds: float) -> Patience:
    """Limits the waiting of this thread, from now on, to this many seconds in all.

    The reads that it sends side by side count too.
    """
    mine = Patience(time.monotonic() + seconds + LEAST)
    _mine.set(mine)
    return mine


def left(longest: float) -> float:
    """How long a call may take now: the longest wait, or what is left of it.

    Outside a request the longest wait.
    """
    mine = _mine.get()
    return longest if mine is None else min(longest, mine.until - time.monotonic())


def is_limited() -> bool:
    """Whether a person waits in front of a screen."""
    return _mine.get() is not None


def sit(seats: Seats | None) -> None:
    """Called before waiting for the CRM; raises TooSlow when this request may not wait any more."""
    mine = _mine.get()
    if mine is None:
        return
    if left(LEAST) < LEAST:
        raise errors.TooSlow("this request has waited long enough")
    if seats:
        mine.sit(seats)
