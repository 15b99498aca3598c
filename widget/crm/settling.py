"""Carries an entry of the journal to its end: reads back what is in doubt, compares, sends, writes down the outcome."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from widget import errors
from widget.crm.bodies import damaged_columns
from widget.crm.protocol import Filter, Freshness, Query, Row, Transport, Verb, Write, packed, unpacked
from widget.model import State
from widget.store.entries import Entry, New
from widget.store.journal import Journal

# The CRM will say the same tomorrow.
NOT_ALLOWED = (errors.PermissionDenied, errors.ResourceUnavailable)
OURS = (errors.Conflict, errors.Duplicate, errors.NotFound, errors.Illegible)
# So often a marker may fail before it counts as one that this base cannot be asked by.
PATIENCE = 5
Instead = Callable[[Write, errors.VinculoError], Sequence[Write]]


@dataclass
class Settling:
    """One step for one entry at a time; whoever calls may be a request or the worker, in any process.

    ``settle_seconds``: so long after a send the CRM may still be committing it. ``instead`` tells in which other way a
    refused write can be done, or nothing.
    """

    inner: Transport
    journal: Journal
    settle_seconds: float
    instead: Instead = lambda _write, _error: ()

    def pursue(self, root: str) -> bool:
        """Takes every write of a form as far as it goes now; whether anything could be tried at all."""
        tried: set[tuple[object, ...]] = set()
        took = False
        while entry := next((e for e in self._ready(root) if _way(e) not in tried), None):
            tried.add(_way(entry))
            took = self.step(entry.key) or took
        return took

    def step(self, key: str) -> bool:
        """Takes the entry as far as it goes now, if it is free and its turn; whether it was."""
        entry = self.journal.claim(key)
        if entry is None:
            return False
        try:
            self._carry(entry, self.filled(entry))
        finally:
            self.journal.release(entry)
        return True

    def filled(self, entry: Entry) -> Write:
        """What there is to do, with the numbers of what had to be done before."""
        work = unpacked(entry.work, entry.key, entry.origin)
        made = {f"@{key}": found.crm_id for key in work.needs if (found := self.journal.find(key))}
        return with_numbers(work, made) if made else work

    def recognise(self, write: Write, patience: int = 0) -> list[str]:
        """The numbers of the records that show the effect; none only if the CRM could be asked and has none.

        Raises CRMError when it cannot be known. A marker that a base can never be asked by is left to the next one,
        once there is no more ``patience``: the trouble may pass.
        """
        if write.verb is Verb.CHANGE and not write.markers:
            record = self._record(write)
            return [write.id] if record is not None and holds(write, record) else []
        trouble: errors.CRMError | None = None
        answered = False
        for marker in write.markers:
            try:
                rows = self.inner.read(replace(marker, freshness=Freshness.NOW)).value.rows
            except (errors.Unexpected, errors.Rejected, errors.ResourceUnavailable) as error:
                trouble = error
                continue
            found = [row["id"] for row in rows if not self.journal.is_taken(write.key, write.resource, row["id"])]
            if found or (rows and write.verb is not Verb.INSERT):
                return found or [rows[0]["id"]]
            answered = True
        if trouble and (patience or not answered):
            raise trouble
        return []

    def _ready(self, root: str) -> list[Entry]:
        return [e for e in self.journal.of_form(root) if e.is_open and self.journal.blocker(e) is None]

    def _carry(self, entry: Entry, write: Write) -> None:
        """An entry that was sent is read back first, and sent again only when it is proven absent."""
        try:
            if entry.state is State.UNKNOWN:
                found = self.recognise(write, patience=max(0, PATIENCE - entry.attempts))
                if found:
                    self.journal.done(entry, found[0])
                    return
                if not self.may_send_again(entry, write):
                    return
            wire = self._compared(write) if write.verb is Verb.CHANGE else self._guarded(entry, write)
            if wire is None:
                self.journal.done(entry, write.id)
            else:
                self._send(entry, write, wire)
        except OURS as error:
            self._say_no(entry, write, error)
        except errors.CRMError as error:
            if isinstance(error, NOT_ALLOWED) and entry.state is State.KEPT:
                self._say_no(entry, write, error)
            else:
                self.journal.failed(entry, entry.state, error.code)

    def may_send_again(self, entry: Entry, write: Write) -> bool:
        """Whether what is not there now will not come by itself any more."""
        passed = self.journal.steady.since(entry.key, entry.boot, entry.sent_at)
        return passed >= self.settle_seconds and bool(write.markers or write.verb is Verb.CHANGE)

    def _compared(self, write: Write) -> Write | None:
        """The change as the whole record that the CRM wants, None if nothing is left to do; raises Conflict."""
        record = self._record(write)
        if record is None:
            raise errors.NotFound(f"{write.resource} {write.id}")
        absent = [column for column in write.append if column not in record]
        if absent:
            raise errors.ResourceUnavailable(f"{write.resource}.{absent[0]}")
        theirs = {
            column: now for column, allowed in write.expected.items()
            if plain(now := record.get(column, "")) not in map(plain, allowed)
        }  # fmt: skip
        if theirs:
            raise errors.Conflict(theirs)
        if holds(write, record):
            return None
        unread = [column for column in damaged_columns(record) if column not in write.record]
        if unread:
            raise errors.Illegible(unread)
        below = {column: f"{record[column].rstrip()}\n\n{text}".strip() for column, text in write.append.items()}
        return replace(write, record={**record, **write.record, **below})

    def _guarded(self, entry: Entry, write: Write) -> Write:
        if entry.state is State.KEPT:
            for query in write.guard:
                if self.inner.read(replace(query, freshness=Freshness.NOW)).value.rows:
                    raise errors.Duplicate(query.resource)
        return write

    def _send(self, entry: Entry, write: Write, wire: Write) -> None:
        self.journal.sending(entry)
        try:
            written = self.inner.write(wire)
        except errors.OutcomeUnknown as error:
            self.journal.failed(entry, State.UNKNOWN, error.code)
            self._look_at_once(entry, write)
        except (*NOT_ALLOWED, errors.Rejected) as error:
            self._say_no(entry, write, error)
        except errors.CRMError as error:
            self.journal.failed(entry, State.KEPT, error.code)
        else:
            self.journal.done(entry, written.id)

    def _look_at_once(self, entry: Entry, write: Write) -> None:
        """Mostly it was the answer alone that got lost."""
        with contextlib.suppress(errors.CRMError):
            found = self.recognise(write, PATIENCE)
            if found:
                self.journal.done(entry, found[0])

    def _say_no(self, entry: Entry, write: Write, error: errors.VinculoError) -> None:
        """Certainly nothing was done: in another way then, or back to the person."""
        try:
            other = self.instead(write, error)
        except errors.CRMError as trouble:
            self.journal.failed(entry, State.KEPT, trouble.code)
            return
        if other:
            self.journal.instead(entry, [item(write) for write in other])
        else:
            self.journal.refused(entry, error)

    def _record(self, write: Write) -> Row | None:
        """The record as it is right now; None when the CRM has it no longer."""
        query = Query(write.resource, (Filter("id", "=", write.id),), size=1, freshness=Freshness.NOW)
        return next(iter(self.inner.read(query).value.rows), None)


def _way(entry: Entry) -> tuple[object, ...]:
    """What there is to do, and how: the same again is left to later."""
    return entry.key, entry.needs, entry.work["verb"], entry.work["resource"]


def item(write: Write) -> New:
    """The write as the journal takes it."""
    return New(write.key, write.origin, packed(write), write.words)


def with_numbers(write: Write, made: dict[str, str]) -> Write:
    """The write with numbers where other writes were named."""

    def put(value: str) -> str:
        return made.get(value, value)

    def ask(query: Query) -> Query:
        return replace(query, filters=tuple(replace(f, value=put(f.value)) for f in query.filters))

    return replace(
        write, id=put(write.id), record={column: put(value) for column, value in write.record.items()},
        markers=tuple(map(ask, write.markers)), guard=tuple(map(ask, write.guard)),
    )  # fmt: skip


def holds(write: Write, record: Row) -> bool:
    """Whether the record shows the change already."""
    return all(plain(record.get(column, "")) == plain(value) for column, value in write.record.items()) and all(
        plain(text) in plain(record.get(column, "")) for column, text in write.append.items()
    )


def plain(value: str) -> str:
    """As two values are compared: the CRM keeps line ends and outer blanks in its own way, and "0" for no number."""
    text = str(value).replace("\r\n", "\n").strip()
    return "" if text == "0" else text
