"""The notes of a contact: those that the CRM lists, and those that it does not show yet.

Those that it lists are held against the seal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from widget.crm import signature
from widget.desk.callers import Caller
from widget.desk.sealed_notes import held
from widget.domain.model import Contact, Fetched, Freshness, Note, Ref, State
from widget.domain.permissions import Permission
from widget.store.journal.entries import Entry


def listed(
    caller: Caller, contact: Contact, negotiation: str, freshness: Freshness
) -> Fetched[tuple[Note, ...]]:
    """Returns the notes that the CRM shows, of one negotiation where one is named."""
    deals = caller.negotiations(contact, freshness).value
    owners = caller.crm.lookups.owners()
    answer = caller.crm.notes.of(contact, deals, owners, freshness)
    notes = held(caller, contact.ref, answer, is_asked=freshness is not Freshness.ANY)
    wanted = tuple(n for n in notes if not negotiation or n.negotiation_id == negotiation)
    return replace(answer, value=wanted)


def kept(caller: Caller, ref: Ref, negotiation: str, in_crm: Collection[str]) -> list[Note]:
    """Returns notes of the panel that the CRM does not show: not confirmed, or not listed yet.

    ``in_crm`` holds the references of those that it shows.
    """
    entries = caller.services.journal.of_contact(str(ref))
    return [
        _note(caller, entry) for entry in entries if _is_kept(caller, entry, negotiation, in_crm)
    ]


def by_name(notes: Iterable[Note]) -> dict[str, Note]:
    """Returns the notes by what a correction calls them."""
    return {note.reference or note.id: note for note in notes}


def _is_kept(caller: Caller, entry: Entry, negotiation: str, in_crm: Collection[str]) -> bool:
    if entry.origin.action != "note.add" or entry.state is State.REFUSED or entry.is_blank:
        return False
    if negotiation and entry.origin.negotiation != negotiation:
        return False
    if signature.reference_of(entry.key) in in_crm:
        return False
    return entry.state is not State.DONE or _may_see(caller, entry)


def _may_see(caller: Caller, entry: Entry) -> bool:
    """Tells whether a note that the CRM does not list may be shown.

    Its negotiation may be a hidden one.
    """
    is_mine = entry.origin.attendant.id == caller.attendant.id
    return is_mine or not entry.origin.negotiation or caller.may(Permission.OTHERS)


def _note(caller: Caller, entry: Entry) -> Note:
    zone = caller.services.shared.now().tzinfo
    return Note(
        text=entry.words["text"],
        author=entry.origin.attendant.name,
        at=datetime.fromtimestamp(entry.kept_at, zone).strftime("%Y-%m-%d %H:%M:%S"),
        id=entry.crm_id,
        reference=signature.reference_of(entry.key),
        corrects=entry.words["corrects"],
        negotiation_id=entry.origin.negotiation,
        state=entry.state,
    )
