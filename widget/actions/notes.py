"""Keep a note: it is never changed; a correction is a new note that names the old one."""

from __future__ import annotations

from marshmallow import Schema

from widget.actions.action import Asked, Subject, action
from widget.actions.origins import origin
from widget.crm.port import NewNote, Place
from widget.desk import capacity, notes
from widget.desk.callers import Caller
from widget.domain import errors
from widget.domain.model import Contact, Freshness, Ref, Status, Written
from widget.domain.permissions import Permission
from widget.domain.texts import mark
from widget.web import fields

# The most characters of one note.
LONGEST = 10_000
# How much of a note its line on the screen repeats.
SUMMARY = 80


class NoteForm(Schema):
    """What "Nova anotação" asks; the owner only of an attendant who is unknown to the CRM."""

    text = fields.prose(required=True, longest=LONGEST)
    owner = fields.number(required=True)
    corrects = fields.text(longest=20)


@action(
    "note.add",
    permission=Permission.EDIT,
    schema=NoteForm,
    label=mark("Anotação"),
    past=mark("Anotação pelo painel"),
    undone_by="",
)
def add(caller: Caller, subject: Subject, asked: Asked) -> Written:
    """Keeps a note of the contact, or of one of its negotiations."""
    values = asked.values
    contact = caller.contact_of(subject.ref, Freshness.ANY).value
    _check_correction(caller, contact, subject.negotiation, values["corrects"])
    _check_negotiation(caller, contact, subject.negotiation)
    negotiation = subject.negotiation or home(caller, contact)
    new = NewNote(values["text"], values["owner"], values["corrects"])
    text = capacity.Text(place(caller, contact, negotiation, new.corrects), new.text)
    capacity.check(caller.services, asked.key, {"text": text})
    whence = origin(
        caller,
        asked,
        add.name,
        values["text"][:SUMMARY],
        contact=contact,
        negotiation=negotiation,
    )
    also = caller.remembering(values["owner"])
    return caller.crm.notes.add(contact, negotiation, new, asked.key, whence, also=also)


def home(caller: Caller, contact: Contact) -> str:
    """Returns the negotiation where a note about a pure lead belongs, "" where it needs none.

    It is the newest open one: notes have no column for leads.
    """
    if contact.ref.source == Ref.CLIENT or contact.client_id:
        return ""
    waiting = [negotiation for negotiation, _ in caller.unsent(contact.ref)]
    known = [*waiting, *caller.negotiations(contact, Freshness.ANY).value]
    return next((deal.id for deal in known if deal.status is Status.OPEN), "")


def place(caller: Caller, contact: Contact, negotiation: str, corrects: str = "") -> Place:
    """Returns where a note will stand, with what stands around it there."""
    return caller.crm.notes.place(contact, negotiation, caller.attendant.name, corrects)


def _check_correction(caller: Caller, contact: Contact, negotiation: str, name: str) -> None:
    """A correction names a note that the contact has; raises Invalid."""
    if not name:
        return
    kept = notes.kept(caller, contact.ref, negotiation, set())
    listed = notes.listed(caller, contact, negotiation, Freshness.ANY).value
    if name not in notes.by_name([*kept, *listed]):
        raise errors.Invalid({"text": mark("A anotação a corrigir não é deste contato.")})


def _check_negotiation(caller: Caller, contact: Contact, number: str) -> None:
    """The negotiation that the note is for is the contact's; raises NotFound."""
    waiting = {negotiation.id for negotiation, _ in caller.unsent(contact.ref)}
    known = {deal.id for deal in caller.negotiations(contact, Freshness.ANY).value}
    if number and number not in waiting | known:
        raise errors.NotFound(f"negotiation {number} of another contact")
