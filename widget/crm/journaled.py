"""The journalling ring: a write is on disk before the CRM is called, and goes on when nobody waits for it any more."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from widget import errors
from widget.crm import patience
from widget.crm.patience import Seats
from widget.crm.protocol import Query, Rows, Transport, Write
from widget.crm.settling import Settling, item
from widget.model import Fetched, State, Written
from widget.store.entries import Entry, nothing, wanted
from widget.store.journal import Journal

# So many writes may be under way at once; the rest is on disk and waits.
SENDERS = 8
GLANCE = 0.02


class Journaled:
    """Accepts, sends, and answers after the longest wait at the latest; the worker does the rest."""

    def __init__(
        self, inner: Transport, journal: Journal, settling: Settling, wait: float, *, active: bool = True,
        seats: Seats | None = None,
    ) -> None:  # fmt: skip
        self._inner = inner
        self._journal = journal
        self._settling = settling
        self._wait = wait
        self._active = active
        self._seats = seats
        self._pool = ThreadPoolExecutor(SENDERS, "send")

    def read(self, query: Query) -> Fetched[Rows]:
        """Passes on."""
        return self._inner.read(query)

    def save(self, *writes: Write, also: Callable[[], None] = nothing) -> Written:
        """Once accepted nothing can lose the writes: not the CRM, not the network, not the end of this process.

        What fails afterwards in our own file is no error of theirs: they are kept, and the worker goes on.
        """
        if not self._active:
            raise errors.SwitchedOff("save")
        items = [item(write) for write in writes]
        self._journal.accept(items, also)
        root, last = items[0].root, items[-1].key
        try:
            with contextlib.suppress(errors.TooSlow):  # then nobody waits for it
                patience.sit(self._seats)
                self._follow(root)
            return self._answer(root, last)
        except errors.StorageFailed as failure:
            return Written("", State.KEPT, failure.code, last)

    def _follow(self, root: str) -> None:
        """Until it has come to its end, or must wait for what nobody has in hand."""
        until = time.monotonic() + patience.left(self._wait)
        while (left := until - time.monotonic()) > 0:
            job = self._pool.submit(self._settling.pursue, root)
            wait([job], timeout=left)
            if not job.done() or job.result() or not self._journal.is_moving(root):
                return
            time.sleep(GLANCE)

    def _answer(self, root: str, last: str) -> Written:
        entries = wanted({entry.key: entry for entry in self._journal.of_form(root)}, last)
        refused = next((entry for entry in entries.values() if entry.state is State.REFUSED), None)
        if refused:
            self._journal.told(root)
            raise refused.refusal
        return _written(next((e for e in entries.values() if e.is_open), entries[last]))


def _written(entry: Entry) -> Written:
    return Written(entry.crm_id, entry.state, entry.why, entry.key)
