"""The pace of the calls in the background: page size, rests, and pauses after trouble."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

SMALLEST, FIRST, LARGEST, STEP = 50, 200, 500, 100
# An answer that takes longer than SLOW seconds is a burden, one below QUICK is none.
QUICK, SLOW = 0.5, 2.0
SHORTEST_STAY, LONGEST_STAY = 5.0, 600.0
# After each answer the CRM rests for this many times as long: our calls take a third at most.
REST = 2.0


@dataclass
class Pace:
    """The pace of one table.

    ``size`` is how many rows to ask for. ``chance`` keeps several servers from coming back at the
    same moment.
    """

    chance: Callable[[], float] = random.random
    size: int = field(default=FIRST, init=False)
    _troubles: int = field(default=0, init=False)
    _was_slow: bool = field(default=False, init=False)

    def answered(self, seconds: float) -> float:
        """Returns after an answer the seconds to stay away: none unless it was slow."""
        self._was_slow = seconds > SLOW
        if self._was_slow:
            return self.failed()
        if seconds < QUICK:
            self.size = min(LARGEST, self.size + STEP)
        return 0.0

    def relax(self) -> None:
        """Notes that the answer was of use: earlier trouble counts no more, unless it was slow."""
        if not self._was_slow:
            self._troubles = 0

    def failed(self) -> float:
        """Returns after no answer the seconds to stay away, and asks for less from now on.

        The seconds grow about twofold each time.
        """
        self.size = max(SMALLEST, self.size // 2)
        doublings = min(self._troubles, 12)
        stay: float = min(LONGEST_STAY, SHORTEST_STAY * 2**doublings)
        self._troubles += 1
        spread = 0.8 + 0.4 * self.chance()
        return min(LONGEST_STAY, stay * spread)


def rest(seconds: float, calls: int) -> float:
    """Returns the seconds to wait after a call that took ``seconds``.

    At most ``calls`` calls are made a minute.
    """
    return max(60.0 / calls, REST * seconds)
