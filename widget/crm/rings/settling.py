"""Carries an entry to its end: reads back what is in doubt, sends, proves, writes down."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace

from widget.brazil import cells
from widget.crm import listings
from widget.crm.bodies import damaged_columns
from widget.crm.rings.evidence import contains, equal, holds, is_another_forms, says, shows
from widget.crm.rings.proving import Proving
from widget.crm.wire import Dialect, Plain, Row, Transport, Verb, Write
from widget.domain import errors
from widget.domain.model import Freshness, State
from widget.store.journal.entries import Entry, New
from widget.store.journal.journal import Journal

# Refusals that the CRM will repeat tomorrow.
NOT_ALLOWED = (errors.PermissionDenied, errors.ResourceUnavailable)
OURS = (errors.Conflict, errors.Duplicate, errors.NotFound, errors.Illegible)
# How often a marker may fail before it counts as one by which this base cannot be asked.
PATIENCE = 5


@dataclass
class Settling:
    """Takes one step for one entry at a time.

    The caller may be a request or the worker, in any process.

    An answer of the CRM proves nothing. A write counts as done, for writes that need its number,
    once a record shows it. It counts as refused once no record does. For ``settle_seconds`` after a
    send the CRM may still be committing it. ``dialect`` is how the kind of CRM says a write, and in
    which other way a refused one can be done.
    """

    inner: Transport
    journal: Journal
    settle_seconds: float
    dialect: Dialect = field(default_factory=Plain)

    @property
    def proving(self) -> Proving:
        """Reads back through the same transport."""
        return Proving(self.inner, self.journal, self.dialect)

    def pursue(self, root: str) -> bool:
        """Takes every write of a form as far as it goes now.

        Returns whether anything could be tried at all.
        """
        tried: set[tuple[object, ...]] = set()
        took = False
        while True:
            entry = next((e for e in self._ready(root) if _way(e) not in tried), None)
            if entry:
                tried.add(_way(entry))
                took = self.step(entry.key) or took
                continue
            needs = self._unproven_needs(root)
            need = next((e for e in needs if ("prove", e.key) not in tried), None)
            if need is None:
                return took
            tried.add(("prove", need.key))
            with contextlib.suppress(errors.CRMError):
                self.prove(need)

    def step(self, key: str) -> bool:
        """Takes the entry as far as it goes now, if it is free and its turn.

        Returns whether it was.
        """
        entry = self.journal.claim(key)
        if entry is None:
            return False
        try:
            self._carry(entry, self.proving.filled(entry))
        finally:
            self.journal.release(entry)
        return True

    def prove(self, entry: Entry) -> dict[str, str]:
        """Reads what the CRM called done.

        Returns the fields that it did not keep, with what it holds there. A number of somebody
        else's record is set right. A write that no record shows is in doubt again. Raises CRMError
        when it cannot be told.
        """
        if entry.is_blank or self._is_undone(entry):
            self.journal.proven(entry, entry.crm_id)
            return {}
        write = self.proving.standing(entry)
        number, dropped = self.proving.proof(write, entry.crm_id)
        if not number and entry.proven and self._is_still_there(write, entry.crm_id):
            return {}
        if number:
            self.journal.proven(entry, number)
        else:
            self.journal.doubted(entry, errors.NotThere.code)
        return dropped

    def _is_undone(self, entry: Entry) -> bool:
        """Whether a later write of ours took back an action of the CRM.

        Then the action shows no longer.
        """
        if entry.work["verb"] != Verb.ACT:
            return False
        return entry.words.keys() <= self.journal.overtaken(entry)

    def _is_still_there(self, write: Write, number: str) -> bool:
        """Whether the record of an insert that was proven before is still there.

        People may have changed it since.
        """
        if write.verb is not Verb.INSERT:
            return False
        record = self.proving.record(replace(write, id=number))
        return record is not None and not is_another_forms(record, write)

    def may_send_again(self, entry: Entry, write: Write) -> bool:
        """Whether what is not there now will not come by itself any more."""
        passed = self.journal.steady.since(entry.key, entry.boot, entry.sent_at)
        return passed >= self.settle_seconds and bool(write.markers or write.verb is Verb.CHANGE)

    def _ready(self, root: str) -> list[Entry]:
        left = (entry for entry in self.journal.of_form(root) if entry.is_open)
        return [entry for entry in left if self.journal.blocker(entry) is None]

    def _unproven_needs(self, root: str) -> list[Entry]:
        needed = [self.journal.blocker(e) for e in self.journal.of_form(root) if e.is_open]
        return [need for need in needed if need and need.state is State.DONE]

    def _carry(self, entry: Entry, write: Write) -> None:
        """Carries an entry on.

        An entry that was ever sent is read back first. It is sent again only when it is proven
        absent.
        """
        try:
            if entry.state is State.UNKNOWN or entry.sends:
                found = self.proving.recognise(write, patience=max(0, PATIENCE - entry.attempts))
                if found:
                    self._found(entry, write, found[0])
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

    def _found(self, entry: Entry, write: Write, number: str) -> None:
        """Notes that the record is there.

        It may hold the words of an earlier send, from before a person corrected them.
        """
        is_older = (
            write.verb is Verb.INSERT
            and bool(write.before)
            and self._has_older_words(write, number)
        )
        self.journal.done(entry, number, warning=errors.AlreadySaved.code if is_older else "")

    def _has_older_words(self, write: Write, number: str) -> bool:
        record = self.proving.record(replace(write, id=number)) or {}
        corrected = [c for c, old in write.before.items() if not says(old, write.record.get(c, ""))]
        return any(
            not says(write.record.get(column, ""), record[column])
            for column in corrected
            if column in record
        )

    def _go(self, entry: Entry, write: Write) -> None:
        """Compares the record with the write, and sends what is left to do."""
        if write.verb is not Verb.CHANGE:
            self._guard(entry, write)
            self._send(entry, write, write)
            return
        self._prove_earlier(entry, write)
        record = self._compared(write)
        if holds(write, record):
            self.journal.done(entry, write.id)
            return
        unread = [column for column in damaged_columns(record) if column not in write.record]
        if unread:
            raise errors.Illegible(unread)
        below = {
            column: f"{record[column].rstrip()}\n\n{text}".strip()
            for column, text in write.append.items()
        }
        sets = replace(write, record={**write.record, **below})
        wire = replace(sets, record=self.dialect.whole(sets, record))
        before = {column: record[column] for column in write.record if column in record}
        self._send(entry, replace(write, before=before), wire)

    def _prove_earlier(self, entry: Entry, write: Write) -> None:
        """Proves earlier changes that the CRM only claims to have made.

        Under this write such a change would be lost unseen. Raises Outdated.
        """
        for earlier in self.journal.claimed(entry, write.id, write.place):
            self.prove(earlier)
            now = self.journal.find(earlier.key)
            if now and now.is_open:
                raise errors.Outdated(f"{write.resource} {write.id}")

    def _compared(self, write: Write) -> Row:
        """Returns the record, if it is as the change may find it.

        Raises Conflict, or Outdated for a copy that lags behind.
        """
        record = self.proving.record(write)
        if record is None:
            raise errors.NotFound(f"{write.resource} {write.id}")
        absent = [column for column in write.append if column not in record]
        if absent:
            raise errors.ResourceUnavailable(f"{write.resource}.{absent[0]}")
        if self._lags(write, record):
            raise errors.Outdated(f"{write.resource} {write.id}")
        theirs: dict[str, str] = {}
        for column, allowed in write.expected.items():
            now = record.get(column, "")
            if not any(equal(now, value) for value in allowed):
                theirs[column] = now
        if theirs:
            raise errors.Conflict(write.in_words(theirs))
        return record

    def _lags(self, write: Write, record: Row) -> bool:
        """Whether the record is as it was before a change of ours.

        The CRM has confirmed that change a moment ago.
        """
        since = self.journal.clock() - self.settle_seconds
        stands: dict[str, tuple[str, str]] = {}
        for entry in self.journal.changes(write.id, write.place, since):
            if entry.is_blank:
                continue
            made = self.dialect.asked(entry.work, entry.key, entry.origin)
            later = self.journal.overtaken(entry)
            for column, text in made.append.items():
                if column in record and not contains(record[column], text.partition("\n")[0]):
                    return True
            for column in made.before.keys() & made.record.keys():
                if made.word(column) not in later:
                    stands[column] = (made.record[column], made.before[column])
        return any(
            column in record and equal(record[column], before) and not equal(value, before)
            for column, (value, before) in stands.items()
        )

    def _guard(self, entry: Entry, write: Write) -> None:
        """Checks before the first send that the CRM has no such record yet.

        Raises Duplicate, or a CRMError when this cannot be told.
        """
        if entry.sends:
            return
        for query in write.guard:
            fresh = replace(query, alike="", freshness=Freshness.NOW)
            answer = listings.whole(self.inner.read, fresh).value
            shown = [row for row in answer.rows if shows(row, query)]
            column = query.filters[0].column
            alike = [
                row
                for row in answer.rows
                if query.alike and cells.share(row.get(column, ""), query.alike)
            ]
            if alike or (shown and not query.alike):
                raise errors.Duplicate(query.resource)
            if len(shown) < len(answer.rows) and not (query.alike and answer.whole):
                raise errors.Unexpected(f"{query.resource} takes no notice of a condition")
            if not answer.whole:
                raise errors.Incomplete(query.resource)

    def _send(self, entry: Entry, write: Write, wire: Write) -> None:
        self.journal.sending(entry, write.in_words(write.before))
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
        """Notes the CRM's word that the write is done.

        Where its number is used at once, the record is read before other writes build on it.
        """
        shown = ""
        is_told = False
        if write.read_back:
            with contextlib.suppress(errors.CRMError):
                shown, _ = self.proving.proof(write, number)
                is_told = True
        if is_told and not shown:
            self.journal.sent(entry, State.UNKNOWN, errors.NotThere.code, number)
        else:
            self.journal.done(entry, shown or number, proven=bool(shown))

    def _answered_no(self, entry: Entry, write: Write, error: errors.CRMError) -> None:
        """Handles a refusal, which may come after the record was written all the same.

        It holds only when no record shows the write.
        """
        is_final = isinstance(error, (*NOT_ALLOWED, errors.Rejected))
        try:
            found = self.proving.recognise(write, 0 if is_final else PATIENCE)
        except NOT_ALLOWED:
            found = []  # we may not even read, so nothing else can be asked
        except errors.CRMError:
            self.journal.sent(entry, State.KEPT, error.code)
            return
        if found:
            self._found(entry, write, found[0])
        elif is_final:
            self._say_no(entry, write, error)
        else:
            self.journal.sent(entry, State.KEPT, error.code)

    def _look_at_once(self, entry: Entry, write: Write) -> None:
        """Looks for the record at once: mostly only the answer was lost."""
        with contextlib.suppress(errors.CRMError):
            found = self.proving.recognise(write, PATIENCE)
            if found:
                self._found(entry, write, found[0])

    def _say_no(self, entry: Entry, write: Write, error: errors.VinculoError) -> None:
        """Notes that surely nothing was done: tries another way, or tells the person."""
        try:
            other = self.dialect.instead(write, error)
        except errors.CRMError as trouble:
            self.journal.failed(entry, State.KEPT, trouble.code)
            return
        if other:
            self.journal.instead(entry, [item(write, self.dialect) for write in other])
        else:
            self.journal.refused(entry, error)


def _way(entry: Entry) -> tuple[object, ...]:
    """Returns what there is to do, and how; the same again is left to later."""
    return entry.key, entry.needs, entry.work["verb"], entry.table, entry.work.get("form")


def item(write: Write, dialect: Dialect | None = None) -> New:
    """Returns the write as the journal takes it."""
    work = (dialect or Plain()).told(write)
    return New(write.key, write.origin, work, work["words"])
