"""Holds the notes that the CRM shows against what was sealed when they were written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from typing import TypeVar

from widget.crm import signature
from widget.crm.rings.evidence import plain
from widget.desk.callers import Caller
from widget.domain import errors
from widget.domain.model import Fetched, Note, Ref, State
from widget.domain.permissions import Permission
from widget.store.journal.entries import Entry

MOST = 1000
# Where a note of ours may stand, in the journal's words.
NOTE, TEXT, REMARKS = "note", "text", "remarks"
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
# A note in the CRM is ours by its number only if it was made at the same time (seconds): numbers
# may come again.
NEAR = 120.0
T = TypeVar("T")


@dataclass(frozen=True)
class Own:
    """A note of this panel as it was sealed, and what became of it."""

    entry: Entry
    text: str
    author: str
    at: datetime
    corrects: str = ""

    @property
    def reference(self) -> str:
        """What its signature calls it."""
        return signature.reference_of(self.entry.key)

    @property
    def is_remark(self) -> bool:
        """Whether it stands in remarks, so that its number is that of another record."""
        return self.entry.table != NOTE

    @property
    def original(self) -> str:
        """Author and text, as one tells them."""
        return f"{self.author}: {self.text}"

    @property
    def may_be_cut(self) -> bool:
        """Whether the CRM kept only a part when it was saved; not known before it was looked at."""
        return not self.entry.checks or bool({TEXT, REMARKS} & set(self.entry.dropped))

    def note(self) -> Note:
        """The note as it was saved."""
        return Note(
            text=self.text,
            author=self.author,
            at=self.at.strftime("%Y-%m-%d %H:%M:%S"),
            id="" if self.is_remark else self.entry.crm_id,
            reference=self.reference,
            corrects=self.corrects,
            negotiation_id=self.entry.origin.negotiation,
        )


def held(
    caller: Caller, ref: Ref, listed: Fetched[tuple[Note, ...]], *, is_asked: bool = True
) -> tuple[Note, ...]:
    """The listed notes, marked, and those of ours that the CRM has no longer.

    Whatever was not just asked for, or did not come, proves that nothing is gone.
    """
    ours = _ours(caller, ref)
    notes = _marked(ours, listed.value)
    if not is_asked or listed.stale or listed.trouble:
        return notes
    return (*notes, *_missing(caller, ours, notes))


def _marked(ours: list[Own], notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes; one of ours that says something else than the ledger carries its ``original``.

    What was erased from the ledger at a person's request cannot be compared any more.
    """
    by_reference = {own.reference: own for own in ours}
    by_number = {own.entry.crm_id: own for own in ours if own.entry.crm_id and not own.is_remark}
    return tuple(
        _compared(note, by_reference.get(note.reference), by_number.get(note.id)) for note in notes
    )


def _missing(caller: Caller, ours: list[Own], shown: Collection[Note]) -> tuple[Note, ...]:
    """Our notes that the CRM has no longer, or no longer signed; ``shown`` are those that it lists.

    Only a fresh and whole answer proves that something is not there, and only once the CRM is known
    to have had it.
    """
    references = {note.reference for note in shown}
    newest = max((own.entry.seq for own in ours if own.reference in references), default=0)
    settled = caller.services.shared.clock() - caller.services.integration.settle_seconds
    due = [
        own
        for own in ours
        if own.reference not in references
        and own.entry.state is State.DONE
        and (own.entry.checks or own.entry.seq < newest or own.entry.settled_at < settled)
        and _may_see(caller, own)
    ]
    listed = [own for own in due if not own.is_remark]
    return (
        *_gone_from_table(caller, listed),
        *_gone_from_remarks(caller, [own for own in due if own.is_remark]),
    )


def _ours(caller: Caller, ref: Ref) -> list[Own]:
    """The notes that this panel wrote for the contact, as far as their texts are still sealed."""
    services = caller.services
    entries = {entry.key: entry for entry in services.journal.of_contact(str(ref), MOST)}
    zone = services.shared.now().tzinfo
    found: dict[str, Own] = {}
    for line in services.ledger.of(services.journal.names(ref), 2 * MOST):  # newest first
        entry = entries.get(line.key)
        is_note = line.action == "note.add" and line.event == "accepted"
        if is_note and entry and line.facts is not None and line.key not in found:
            at = datetime.fromtimestamp(line.at, zone)
            corrects = line.facts.get("corrects", "")
            found[line.key] = Own(entry, line.facts.get("text", ""), line.author.name, at, corrects)
    return list(found.values())


def _compared(note: Note, own: Own | None, under_number: Own | None) -> Note:
    is_older_start = False
    if own is None and under_number is not None and _is_its_row(note, under_number):
        own = under_number
        is_older_start = _is_start_of_older(note, own)
        note = replace(note, reference=own.reference)
        if not is_older_start:
            return replace(note, original=own.original)  # the signature was stripped
    if own is None or UNREADABLE in note.text + note.author or _is_same(note, own):
        return note
    if own.may_be_cut and (_is_start(note, own) or is_older_start):
        return replace(note, original=own.original, is_cut=True)
    return replace(note, original=own.original)


def _is_its_row(note: Note, own: Own) -> bool:
    """Whether the row that bears our number is still ours.

    A later row may have got the same number.
    """
    if plain(own.text) and plain(own.text) in plain(note.text):
        return True
    with suppress(ValueError):
        at = datetime.fromisoformat(note.at).replace(tzinfo=own.at.tzinfo)
        return abs((at - own.at).total_seconds()) < NEAR
    return False


def _is_same(note: Note, own: Own) -> bool:
    is_text = unescape(plain(note.text)) == unescape(plain(own.text))
    return is_text and note.author in {signature.signer(own.author), " ".join(own.author.split())}


def _is_start(note: Note, own: Own) -> bool:
    """Whether the CRM has just the beginning of what was saved."""
    author = signature.signer(own.author)
    is_author = note.author == author or (not note.text and author.startswith(note.author))
    return is_author and plain(own.text).startswith(plain(note.text))


def _is_start_of_older(note: Note, own: Own) -> bool:
    """The same for a text with its signature at the end, as older versions wrote it."""
    sent = plain(own.entry.work["record"].get(TEXT, ""))
    is_older = bool(sent) and not sent.startswith("[ref ")
    return is_older and own.may_be_cut and bool(note.text) and sent.startswith(plain(note.text))


def _may_see(caller: Caller, own: Own) -> bool:
    """Whether the attendant may read the note.

    A note of a negotiation is read only where the negotiation may be seen.
    """
    return caller.may(Permission.OTHERS) or not own.entry.origin.negotiation


def _gone_from_table(caller: Caller, ours: list[Own]) -> list[Note]:
    rows = (
        _proven(lambda: caller.crm.notes.under([own.entry.crm_id for own in ours]))
        if ours
        else None
    )
    if rows is None:
        return []
    return [
        replace(own.note(), is_gone=True)
        for own in ours
        if own.entry.crm_id not in rows or not _is_still_there(rows[own.entry.crm_id], own)
    ]


def _is_still_there(note: Note, own: Own) -> bool:
    """Whether the row under our number is ours, though the contact's list does not show it."""
    return note.reference == own.reference or (not note.reference and _is_its_row(note, own))


def _gone_from_remarks(caller: Caller, ours: list[Own]) -> list[Note]:
    places = {(own.entry.table, own.entry.crm_id) for own in ours}
    texts = {place: _proven(_reading(caller, *place)) for place in places}
    found = []
    for own in ours:
        remarks = texts[own.entry.table, own.entry.crm_id]
        if remarks is None or f"ref {own.reference}" in remarks:
            continue
        is_there = plain(own.text) in plain(remarks)
        found.append(
            replace(own.note(), is_gone=not is_there, original=own.original if is_there else "")
        )
    return found


def _reading(caller: Caller, subject: str, number: str) -> Callable[[], str | None]:
    return lambda: caller.crm.notes.remarks_of(subject, number)


def _proven(read: Callable[[], T | None]) -> T | None:
    """What is read, or nothing where the CRM does not tell."""
    with suppress(errors.CRMError):
        return read()
    return None
