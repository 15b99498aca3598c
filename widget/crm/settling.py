"""Carries an entry of the journal to its end: reads back what is in doubt, compares, sends, proves, writes it down."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from widget import errors
from widget.crm.bodies import damaged_columns
from widget.crm.evidence import contains, equal, holds, is_another_forms, lost, sets, shows
from widget.crm.protocol import Filter, Freshness, Query, Row, Transport, Verb, Write, packed, unpacked
from widget.model import State
from widget.store.entries import Entry, New
from widget.store.journal import Journal

# The CRM will say the same tomorrow.
NOT_ALLOWED = (errors.PermissionDenied, errors.ResourceUnavailable)
OURS = (errors.Conflict, errors.Duplicate, errors.NotFound, errors.Illegible)
# A base may never answer to a question of this kind; any other trouble passes.
NEVER = (errors.Unexpected, errors.Rejected, errors.ResourceUnavailable)
# So often a marker may fail before it counts as one that this base cannot be asked by.
PATIENCE = 5
# So many of the newest rows are looked through where a base takes no notice of a marker.
NEWEST = 500
Instead = Callable[[Write, errors.VinculoError], Sequence[Write]]


@dataclass
class Settling:
    """One step for one entry at a time; whoever calls may be a request or the worker, in any process.

    An answer is no fact: a write counts as done for those who need its number once a record shows it, and as refused
    once no record does. ``settle_seconds``: so long after a send the CRM may still be committing it. ``instead`` tells
    in which other way a refused write can be done, or nothing.
    """

    inner: Transport
    journal: Journal
    settle_seconds: float
    instead: Instead = lambda _write, _error: ()

    def pursue(self, root: str) -> bool:
        """Takes every write of a form as far as it goes now; whether anything could be tried at all."""
        tried: set[tuple[object, ...]] = set()
        took = False
        while True:
            entry = next((e for e in self._ready(root) if _way(e) not in tried), None)
            if entry:
                tried.add(_way(entry))
                took = self.step(entry.key) or took
                continue
            need = next((e for e in self._unproven_needs(root) if ("prove", e.key) not in tried), None)
            if need is None:
                return took
            tried.add(("prove", need.key))
            with contextlib.suppress(errors.CRMError):
                self.prove(need)

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
        needed = {f"@{key}": found for key in work.needs if (found := self.journal.find(key))}
        made = {name: found.number for name, found in needed.items() if found.number}
        return with_numbers(work, made) if made else work

    def standing(self, entry: Entry) -> Write:
        """What must still be seen of a finished write: later writes of ours may have set some of its columns anew."""
        write = self.filled(entry)
        if write.verb is not Verb.CHANGE:
            return write
        later = self.journal.overtaken(entry)
        return replace(write, record={c: value for c, value in write.record.items() if c not in later})

    def prove(self, entry: Entry) -> dict[str, str]:
        """Reads what the CRM called done; returns the columns that it did not keep, with what it holds there.

        A number that names somebody else's record is set right. What no record shows is in doubt again. Raises
        CRMError when it cannot be told.
        """
        number, dropped = self._proof(self.standing(entry), entry.crm_id)
        if number:
            self.journal.proven(entry, number)
        else:
            self.journal.doubted(entry, errors.NotThere.code)
        return dropped

    def recognise(self, write: Write, patience: int = 0) -> list[str]:
        """The numbers of the records that show the effect; none only if the CRM could be asked and has none.

        Raises CRMError when it cannot be known. A marker that a base can never be asked by is left to the next one,
        once there is no more ``patience``: the trouble may pass.
        """
        if write.verb is Verb.CHANGE and not write.markers:
            record = self.record(write)
            return [write.id] if record is not None and holds(write, record) else []
        trouble: errors.CRMError | None = None
        answered = False
        for marker in write.markers:
            try:
                found = self.found(write, marker)
            except NEVER as error:
                trouble = error
                continue
            if found:
                return found
            answered = True
        if trouble and (patience or not answered):
            raise trouble
        return []

    def found(self, write: Write, marker: Query) -> list[str]:
        """The numbers of the rows that show the marker and are no other form's; raises Unexpected when untold.

        A base that takes no notice of the marker answers with other rows, or with more than fit on a page: then its
        newest rows are looked through, and only a listing that came whole tells that ours is not there.
        """
        answer = self.inner.read(replace(marker, freshness=Freshness.NOW)).value
        numbers = self._ours(write, marker, answer.rows)
        is_heeded = all(shows(row, marker) for row in answer.rows)
        if numbers or (is_heeded and answer.total <= len(answer.rows)):
            return numbers
        wide = replace(marker, size=NEWEST, descending=True, freshness=Freshness.NOW)
        answer = self.inner.read(wide).value
        numbers = self._ours(write, marker, answer.rows)
        if not numbers and answer.total > len(answer.rows):
            raise errors.Unexpected(f"{marker.resource} takes no notice of a condition")
        return numbers

    def record(self, write: Write) -> Row | None:
        """The record as it is right now; None when the CRM has it no longer."""
        return self._numbered(write.resource, write.id)

    def may_send_again(self, entry: Entry, write: Write) -> bool:
        """Whether what is not there now will not come by itself any more."""
        passed = self.journal.steady.since(entry.key, entry.boot, entry.sent_at)
        return passed >= self.settle_seconds and bool(write.markers or write.verb is Verb.CHANGE)

    def _ready(self, root: str) -> list[Entry]:
        return [e for e in self.journal.of_form(root) if e.is_open and self.journal.blocker(e) is None]

    def _unproven_needs(self, root: str) -> list[Entry]:
        needed = [self.journal.blocker(e) for e in self.journal.of_form(root) if e.is_open]
        return [need for need in needed if need and need.state is State.DONE]

    def _carry(self, entry: Entry, write: Write) -> None:
        """An entry that was ever sent is read back first, and sent again only when it is proven absent."""
        try:
            if entry.state is State.UNKNOWN or entry.sends:
                found = self.recognise(write, patience=max(0, PATIENCE - entry.attempts))
                if found:
                    self.journal.done(entry, found[0])
                    return
                if entry.state is State.UNKNOWN and not self.may_send_again(entry, write):
                    return
                if entry.state is State.UNKNOWN and entry.crm_id:
                    self._say_no(entry, write, errors.NotThere(entry.crm_id))
                    return
            self._go(entry, write)
        except OURS as error:
            self._say_no(entry, write, error)
        except errors.CRMError as error:
            if isinstance(error, NOT_ALLOWED) and entry.state is State.KEPT:
                self._say_no(entry, write, error)
            else:
                self.journal.failed(entry, entry.state, error.code)

    def _go(self, entry: Entry, write: Write) -> None:
        """Compares, and sends what is left to do."""
        if write.verb is not Verb.CHANGE:
            self._guard(entry, write)
            self._send(entry, write, write)
            return
        record = self._compared(write)
        if holds(write, record):
            self.journal.done(entry, write.id)
            return
        unread = [column for column in damaged_columns(record) if column not in write.record]
        if unread:
            raise errors.Illegible(unread)
        below = {column: f"{record[column].rstrip()}\n\n{text}".strip() for column, text in write.append.items()}
        wire = replace(write, record={**record, **write.record, **below})
        before = {column: record[column] for column in write.record if column in record}
        self._send(entry, replace(write, before=before), wire)

    def _compared(self, write: Write) -> Row:
        """The record, if it is as the change may find it; raises Conflict, or Outdated for a copy that lags behind."""
        record = self.record(write)
        if record is None:
            raise errors.NotFound(f"{write.resource} {write.id}")
        absent = [column for column in write.append if column not in record]
        if absent:
            raise errors.ResourceUnavailable(f"{write.resource}.{absent[0]}")
        if self._lags(write, record):
            raise errors.Outdated(f"{write.resource} {write.id}")
        theirs = {
            column: now for column, allowed in write.expected.items()
            if not any(equal(now := record.get(column, ""), value) for value in allowed)
        }  # fmt: skip
        if theirs:
            raise errors.Conflict(theirs)
        return record

    def _lags(self, write: Write, record: Row) -> bool:
        """Whether the record is as it was before a change of ours that the CRM has confirmed a moment ago."""
        since = self.journal.clock() - self.settle_seconds
        stands: dict[str, tuple[str, str]] = {}
        for entry in self.journal.changes(write.id, since):
            made = unpacked(entry.work, entry.key, entry.origin)
            if not {made.resource, *made.touches} & {write.resource, *write.touches}:
                continue
            if any(c in record and not contains(record[c], text) for c, text in made.append.items()):
                return True
            stands |= {c: (value, made.before[c]) for c, value in made.record.items() if c in made.before}
        return any(
            column in record and equal(record[column], before) and not equal(value, before)
            for column, (value, before) in stands.items()
        )

    def _guard(self, entry: Entry, write: Write) -> None:
        """Nobody like this may be there before the first send; raises Duplicate, or Unexpected when untold."""
        for query in write.guard if not entry.sends else ():
            rows = self.inner.read(replace(query, freshness=Freshness.NOW)).value.rows
            if any(shows(row, query) for row in rows):
                raise errors.Duplicate(query.resource)
            if rows:
                raise errors.Unexpected(f"{query.resource} takes no notice of a condition")

    def _send(self, entry: Entry, write: Write, wire: Write) -> None:
        self.journal.sending(entry, write.before)
        try:
            written = self.inner.write(wire)
        except errors.OutcomeUnknown as error:
            self.journal.sent(entry, State.UNKNOWN, error.code)
            self._look_at_once(entry, write)
        except errors.CRMError as error:
            if error.answered:
                self._answered_no(entry, write, error)
            else:
                self.journal.unsent(entry, error.code)
        else:
            self._answered_yes(entry, write, written.id)

    def _answered_yes(self, entry: Entry, write: Write, number: str) -> None:
        """The CRM's word; where its number is used at once, the record is read before anybody builds on it."""
        shown = ""
        is_told = False
        if write.read_back:
            with contextlib.suppress(errors.CRMError):
                shown, _ = self._proof(write, number)
                is_told = True
        if is_told and not shown:
            self.journal.sent(entry, State.UNKNOWN, errors.NotThere.code, number)
        else:
            self.journal.done(entry, shown or number, proven=bool(shown))

    def _answered_no(self, entry: Entry, write: Write, error: errors.CRMError) -> None:
        """A refusal may come after the record was written all the same: it holds once no record shows that."""
        is_final = isinstance(error, (*NOT_ALLOWED, errors.Rejected))
        try:
            found = self.recognise(write, 0 if is_final else PATIENCE)
        except NOT_ALLOWED:
            found = []  # where we may not even read, there is nobody else to ask
        except errors.CRMError:
            self.journal.sent(entry, State.KEPT, error.code)
            return
        if found:
            self.journal.done(entry, found[0])
        elif is_final:
            self._say_no(entry, write, error)
        else:
            self.journal.sent(entry, State.KEPT, error.code)

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

    def _proof(self, write: Write, number: str) -> tuple[str, dict[str, str]]:
        """The number of the record that shows the write, "" when none does, and what of it was not kept.

        The record under the ``number`` that the CRM named is asked first. Raises CRMError when it cannot be told.
        """
        if write.verb is Verb.ACT:
            return next(iter(self.recognise(write) if write.markers else [number]), ""), {}
        record = self._numbered(write.resource, number)
        if record is not None and self._is_shown(write, record):
            return number, lost(write, record, write.before)
        found = self.recognise(write) if write.verb is Verb.INSERT else []
        return next(iter(found), ""), {}

    def _is_shown(self, write: Write, record: Row) -> bool:
        """Whether the record is the one that was made, or whether anything of a change stands in it."""
        if write.verb is Verb.INSERT:
            markers = [marker for marker in write.markers if self._ours(write, marker, (record,))]
            return bool(markers) or not write.markers
        wanted = sets(write, record)
        return not wanted or not wanted <= lost(write, record, write.before).keys()

    def _ours(self, write: Write, marker: Query, rows: Sequence[Row]) -> list[str]:
        shown = [row for row in rows if shows(row, marker) and not is_another_forms(row, write)]
        return [row["id"] for row in shown if not self._is_taken(write, row)]

    def _is_taken(self, write: Write, row: Row) -> bool:
        """Whether the row is what another entry has made: the number alone does not tell, it may have come again."""
        if write.verb is not Verb.INSERT:
            return False
        for maker in self.journal.makers(write.key, write.resource, row["id"]):
            if maker.is_blank:
                return True
            made = self.filled(maker)
            if any(shows(row, marker) for marker in made.markers) and not is_another_forms(row, made):
                return True
        return False

    def _numbered(self, resource: str, number: str) -> Row | None:
        """The record with this number, None when there is none; raises Unexpected when the CRM shows another one."""
        query = Query(resource, (Filter("id", "=", number),), size=1, freshness=Freshness.NOW)
        rows = self.inner.read(query).value.rows
        record = next((row for row in rows if row["id"] == number), None)
        if rows and record is None:
            raise errors.Unexpected(f"{resource} {number} was asked for, another one came")
        return record


def _way(entry: Entry) -> tuple[object, ...]:
    """What there is to do, and how: the same again is left to later."""
    return entry.key, entry.needs, entry.work["verb"], entry.work["resource"]


def item(write: Write) -> New:
    """The write as the journal takes it."""
    return New(write.key, write.origin, packed(write), write.words)


def with_numbers(write: Write, made: Mapping[str, str]) -> Write:
    """The write with numbers where other writes were named."""

    def put(value: str) -> str:
        return made.get(value, value)

    def ask(query: Query) -> Query:
        return replace(query, filters=tuple(replace(f, value=put(f.value)) for f in query.filters))

    return replace(
        write, id=put(write.id), record={column: put(value) for column, value in write.record.items()},
        markers=tuple(map(ask, write.markers)), guard=tuple(map(ask, write.guard)),
    )  # fmt: skip
