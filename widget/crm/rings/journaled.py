"""The journalling ring: a write is on disk before the CRM is called."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

from widget.crm import patience
from widget.crm.patience import Seats
from widget.crm.rings.settling import Settling, item
from widget.crm.wire import Query, Rows, Transport, Write
from widget.domain import errors
from widget.domain.model import Fetched, State, Written, nothing
from widget.store.journal.entries import Entry, New, wanted
from widget.store.journal.journal import Journal

# How many writes may be under way at once; the others wait on disk.
SENDERS = 8
GLANCE = 0.02
# How many of a contact's last saves are searched for what a form may not have shown yet.
RECENT = 20


class Journaled:
    """Accepts a write, sends it, and answers after the longest wait at the latest.

    The worker does the rest.
    """

    def __init__(
        self,
        inner: Transport,
        journal: Journal,
        settling: Settling,
        wait: float,
        *,
        active: bool = True,
        seats: Seats | None = None,
    ) -> None:
        self._inner = inner
        self._journal = journal
        self._settling = settling
        self._wait = wait
        self._active = active
        self._seats = seats
        self._pool = ThreadPoolExecutor(SENDERS, "send")

    def read(self, query: Query) -> Fetched[Rows]:
        """Passes the read on."""
        return self._inner.read(query)

    def save(self, *writes: Write, also: Callable[[], None] = nothing) -> Written:
        """Accepts the writes of a form; after that nothing can lose them.

        Neither the CRM, nor the network, nor the end of this process can. A later failure of our
        own file is no error of the writes: they are kept, and the worker goes on.
        """
        if not self._active:
            raise errors.SwitchedOff("save")
        items = [self._with_ours(item(write, self._settling.dialect)) for write in writes]
        self._journal.accept(items, also)
        root = items[0].root
        last = items[-1].key
        try:
            with contextlib.suppress(errors.TooSlow):  # then the answer does not wait for it
                patience.sit(self._seats)
                self._follow(root)
            return self._answer(root, last)
        except errors.StorageFailed as failure:
            return Written("", State.KEPT, failure.code, last)

    def _with_ours(self, new: New) -> New:
        """Returns the write, which expects also what the attendant's own earlier saves made.

        The form was drawn while those saves landed. They are no change by somebody else.
        """
        if not new.work["expected"]:
            return new
        recent = self._journal.of_contact(new.origin.contact, RECENT)
        before = [entry for entry in recent if _is_before(entry, new)]
        expected: dict[str, Sequence[str]] = {}
        for field, allowed in new.work["expected"].items():
            ours = _made_of(field, allowed[0], new, before)
            expected[field] = allowed if ours is None else (*allowed, ours)
        return replace(new, work={**new.work, "expected": expected})

    def _follow(self, root: str) -> None:
        """Follows the form to its end, or until it must wait for what no process has in hand."""
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
        older = next((entry for entry in entries.values() if entry.warning), None)
        if older and older.why == errors.AlreadySaved.code:
            self._journal.told(root)
            raise errors.AlreadySaved(older.crm_id)
        return _written(next((e for e in entries.values() if e.is_open), entries[last]))


def _is_before(entry: Entry, new: New) -> bool:
    """Whether the entry is an earlier write to the same record, that was not refused."""
    is_other = entry.state is not State.REFUSED and entry.root != new.root
    is_same = entry.work.get("id") == new.work["id"] and entry.table == new.work["subject"]
    return is_other and is_same


def _made_of(field: str, shown: str, new: New, before: Sequence[Entry]) -> str | None:
    """Returns what the attendant's last saves made of the value that the form showed.

    ``before`` holds the saves, newest first. The result is None when they made nothing of it. A
    save of another attendant among them ends the search: it is a change that the form did not show.
    """
    newest: str | None = None
    for entry in before:
        made = entry.sets
        if field not in made:
            continue
        if entry.origin.attendant.id != new.origin.attendant.id:
            return None
        newest = made[field] if newest is None else newest
        parts = [part for part in before if part.root == entry.root]
        if any(shown in part.work["expected"].get(field, ()) for part in parts):
            return newest
    return None


def _written(entry: Entry) -> Written:
    return Written(entry.crm_id, entry.state, entry.why, entry.key)
