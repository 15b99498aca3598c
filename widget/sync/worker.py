"""The worker: settles open writes and checks finished ones, one in all processes."""

from __future__ import annotations

import logging
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from widget.crm.rings.checking import Checking
from widget.crm.rings.settling import Settling
from widget.domain import errors
from widget.domain.model import State
from widget.store.journal.entries import Entry
from widget.store.journal.journal import Journal

TASK = "worker"
HANDS = 4
# The first pause after a try that failed, and the longest, in seconds; each is about twice the one
# before.
FIRST, LONGEST = 1.0, 300.0
# This many sends may follow each other as soon as the settling time allows.
SOON = 3
TICK = 0.5
# While the whole CRM is away, one write tries for all of them, at most this many seconds apart.
LONGEST_OUTAGE = 30.0
OUTAGE = frozenset(
    kind.code
    for kind in (
        errors.Unreachable,
        errors.Busy,
        errors.CredentialsRefused,
        errors.AddressRefused,
        errors.Misconfigured,
    )
)
log = logging.getLogger("vinculo.worker")


@dataclass
class _Pause:
    """Until when (steady seconds) a form is left alone, and its tries at that time."""

    until: float
    attempts: int


@dataclass
class Worker:
    """Drains the journal.

    Every server process starts one: one of them works, the others stand by.

    ``is_away`` tells whether another part already looks for the return of the CRM. Then the worker
    goes on as soon as the CRM is back.
    """

    settling: Settling
    journal: Journal
    checking: Checking
    chance: Callable[[], float] = random.random
    is_away: Callable[[], bool] = lambda: False
    task: str = TASK
    _was_away: bool = False
    _pauses: dict[str, _Pause] = field(default_factory=dict)
    _outage: int = 0
    _knocks: int = 0
    _knock_at: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begins to work in its own thread, until ``stop``."""
        threading.Thread(target=self._work, name=self.task, daemon=True).start()

    def stop(self) -> None:
        """Ends after what is in hand."""
        self._stop.set()

    def turn(self) -> int:
        """Takes each due form one step further, and returns how many there were."""
        due = self._due()
        with ThreadPoolExecutor(HANDS, TASK) as hands:
            list(hands.map(self._try, due))
        return len(due)

    def _work(self) -> None:
        is_ours = False
        while not self._stop.wait(TICK):
            try:
                is_ours = is_ours or self.journal.presence.take(self.task)
                if is_ours:
                    self.turn()
                    self.checking.turn()
            except errors.VinculoError as error:  # the disk: it may come back
                log.warning("the worker waits: %s", error.code)
            except Exception:  # it holds the task: were it to end here, nobody would work
                log.exception("the worker met a mistake of ours")
        if is_ours:
            self.journal.presence.drop(self.task)

    def _due(self) -> list[str]:
        now = self.journal.steady.now()
        attempts: Counter[str] = Counter()
        for entry in self.journal.open():
            attempts[entry.root] += entry.attempts
        self._pauses = {root: pause for root, pause in self._pauses.items() if root in attempts}
        wanted = [root for root in attempts if self._is_wanted(root, attempts[root])]
        due = [root for root in attempts if root not in wanted and self._is_due(root, now)]
        was_away = self._was_away
        self._was_away = self.is_away()
        if not self._outage:
            return wanted + due
        if was_away and not self._was_away:
            self._knock_at = now
            due = [root for root in attempts if root not in wanted]
        if now < self._knock_at:
            return wanted
        return wanted + self._who_knocks(due)

    def _who_knocks(self, due: list[str]) -> list[str]:
        """Returns at most one due form, another one each time.

        The CRM may hang because of a single write.
        """
        self._knocks += 1
        start = self._knocks % max(1, len(due))
        in_turn = due[start:] + due[:start]
        return [root for root in in_turn if self._has_turn(root)][:1]

    def _has_turn(self, root: str) -> bool:
        left = [entry for entry in self.journal.of_form(root) if entry.is_open]
        return any(self.journal.blocker(entry) is None for entry in left)

    def _is_wanted(self, root: str, attempts: int) -> bool:
        """Whether an attendant has asked for it; then its tries are counted from zero again."""
        return root in self._pauses and attempts < self._pauses[root].attempts

    def _is_due(self, root: str, now: float) -> bool:
        return root not in self._pauses or now >= self._pauses[root].until

    def _try(self, root: str) -> None:
        try:
            self._settle(root)
        except errors.StorageFailed:
            raise
        except Exception:  # a mistake of ours in one form must not hold up the others
            log.exception("a form that cannot be settled: %s", root)
            self._pauses[root] = _Pause(self.journal.steady.now() + LONGEST, 0)

    def _settle(self, root: str) -> None:
        self.settling.pursue(root)
        left = [entry for entry in self.journal.of_form(root) if entry.is_open]
        if not left:
            self._note_success()
            return
        attempts = sum(entry.attempts for entry in left)
        waited_for = next((e for e in left if self.journal.blocker(e) is None), None)
        if waited_for is None:  # somebody else's end will let it go on
            self._pauses[root] = _Pause(self.journal.steady.now() + TICK, attempts)
            return
        until = self.journal.steady.now() + self._pause(waited_for)
        self._pauses[root] = _Pause(until, attempts)
        self._note_outage(waited_for)

    def _pause(self, entry: Entry) -> float:
        """Returns a pause that is longer each time and never quite the same.

        At first it does not last beyond the moment when the write may be sent again.
        """
        since = self.journal.steady.since(entry.key, entry.boot, entry.sent_at)
        left = self.settling.settle_seconds - since
        if entry.state is State.UNKNOWN and left > 0 and entry.sends <= SOON:
            pause = max(FIRST, since) * self._spread()
            return min(pause, left + 0.01)
        longest = LONGEST_OUTAGE if _is_outage(entry) else LONGEST
        return _doubled(entry.attempts, longest) * self._spread()

    def _note_outage(self, entry: Entry) -> None:
        if not _is_outage(entry):
            self._note_success()
            return
        self._outage += 1
        pause = _doubled(self._outage - 1, LONGEST_OUTAGE) * self._spread()
        self._knock_at = self.journal.steady.now() + pause
        # No form was at fault; the next knock tells when they may go on.
        for waiting in list(self._pauses.values()):
            waiting.until = min(waiting.until, self._knock_at)

    def _note_success(self) -> None:
        """Lets all forms go on at once after an outage."""
        if self._outage:
            self._outage = 0
            self._pauses.clear()

    def _spread(self) -> float:
        return 0.8 + 0.4 * self.chance()


def _doubled(times: int, longest: float) -> float:
    """Returns the first pause, doubled this many times, but not more than the longest."""
    return float(min(longest, FIRST * 2 ** min(times, 12)))


def _is_outage(entry: Entry) -> bool:
    return entry.why in OUTAGE and entry.state is State.KEPT
