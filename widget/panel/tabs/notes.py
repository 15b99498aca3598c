"""Notes: newest first, never changed; a correction is a new note that points at the old one."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from widget.crm import signature
from widget.crm.port import NewNote
from widget.crm.wire import Freshness
from widget.desk import capacity, reveals
from widget.desk.sealed_notes import held
from widget.desk.visits import Visit, visit
from widget.domain import errors
from widget.domain.model import Contact, Fetched, Negotiation, Note, Ref, State, Status
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.panel import card, forms, progress
from widget.store.journal.entries import Entry
from widget.web import fields

tab = Blueprint("notes", __name__)

PAGE = 20
LONGEST = 10_000


class NewNoteForm(Schema):
    """What "Nova anotação" asks; the owner only of an attendant who is unknown to the CRM."""

    text = fields.prose(required=True, longest=LONGEST)
    owner = fields.number(required=True)
    corrects = fields.text(longest=20)


@tab.get("")
@needs(Permission.SEE)
def show() -> ResponseReturnValue:
    """The composer, and the notes of the contact or of one negotiation."""
    return _draw(forms.draw(visit(), _name(), _defaults()))


@tab.get("/list")
@needs(Permission.SEE)
def more() -> ResponseReturnValue:
    """A further page of notes."""
    page = max(1, request.args.get("page", 1, type=int))
    return render_template("note_list.html", **_listed(visit(), _negotiation(), page))


@tab.get("/correct/<name>")
@needs(Permission.EDIT)
def correct(name: str) -> ResponseReturnValue:
    """The composer, for a note that sets another one right."""
    form = forms.draw(visit(), _name(), _defaults())
    form.values["corrects"] = name[:20]
    return _draw(form)


@tab.post("")
@needs(Permission.EDIT, saves=True)
def add() -> ResponseReturnValue:
    """Keeps the note."""
    guest = visit()
    form = forms.posted(_name())

    def act(values: dict[str, str]) -> ResponseReturnValue:
        contact = guest.contact(Freshness.ANY, guest.same(form.contact)).value
        _check_correction(guest, values["corrects"])
        negotiation = _checked_negotiation(guest, contact) or _home(guest, contact)
        new = NewNote(values["text"], values["owner"], values["corrects"])
        place = guest.crm.notes.place(contact, negotiation, guest.attendant.name, new.corrects)
        capacity.check(guest.services, form.key, {"text": capacity.Text(place, new.text)})
        origin = forms.origin(guest, form, "note.add", values["text"][:80], contact, negotiation)
        also = guest.remembering(values["owner"])
        written = guest.crm.notes.add(contact, negotiation, new, form.key, origin, also=also)
        done = gettext("Anotação salva no CRM, nº %(number)s.", number=written.id)
        if guest.crm.notes.is_remark(contact, negotiation):
            done = gettext("Anotação salva no CRM, nas observações do lead.")
        return _draw(forms.draw(guest, form.name, _defaults()), forms.notice(written, done))

    return forms.submit(
        guest, form, NewNoteForm(), act=act, draw_again=_draw, labels=guest.crm.labels["note.add"]
    )


def _longest(guest: Visit) -> int:
    """How long a note may be here, as far as that is known; the form is drawn whatever fails."""
    longest = guest.crm.notes.longest
    with suppress(errors.VinculoError):
        contact = guest.contact(Freshness.ANY).value
        negotiation = _negotiation() or _home(guest, contact)
        place = guest.crm.notes.place(contact, negotiation, guest.attendant.name, "")
        return capacity.left(guest.services, place, longest)
    return longest


def _shown() -> dict[str, float]:
    """What of the contact this attendant sees in clear, also where it stands in a text."""
    return reveals.shown(visit(), visit().ref())


def _draw(form: forms.Form, notice: str = "") -> str:
    guest = visit()
    lookups = guest.crm.lookups
    return render_template(
        "tabs/notes.html",
        form=form,
        notice=notice,
        longest=_longest(guest),
        owners=lookups.owners(),
        mine=guest.owner_id(),
        **_listed(guest, _negotiation(), 1),
    )


def _listed(guest: Visit, negotiation: str, page: int) -> dict[str, object]:
    """The notes of a page.

    When the CRM cannot be read, those that this panel kept, and the trouble.
    """
    try:
        notes = _notes(guest, negotiation)
    except errors.CRMError as error:
        notes = Fetched((), 0.0, stale=True, trouble=error.code)
    kept = _kept(guest, negotiation, {n.reference for n in notes.value if n.reference})
    everything = sorted([*kept, *notes.value], key=lambda n: n.at, reverse=True)
    return {
        "notes": everything[(page - 1) * PAGE : page * PAGE],
        "more": len(everything) > page * PAGE,
        "page": page,
        "age": replace(notes, value=()),
        "by_name": _names(everything),
        "negotiation": _asked(),
        "shown": _shown(),
    }


def _names(notes: Iterable[Note]) -> dict[str, Note]:
    """The notes by what a correction calls them."""
    return {note.reference or note.id: note for note in notes}


def _notes(guest: Visit, negotiation: str) -> Fetched[tuple[Note, ...]]:
    freshness = Freshness.ANY if progress.is_moving(guest) else forms.freshness()
    contact = guest.contact(freshness).value
    deals = guest.negotiations(contact, freshness).value
    answer = guest.crm.notes.of(contact, deals, guest.crm.lookups.owners(), freshness)
    notes = held(guest, answer, is_asked=freshness is not Freshness.ANY)
    return replace(
        answer, value=tuple(n for n in notes if not negotiation or n.negotiation_id == negotiation)
    )


def _kept(guest: Visit, negotiation: str, in_crm: set[str]) -> list[Note]:
    """Notes of this panel that the CRM does not show: not confirmed, or not listed yet."""
    zone = guest.services.now().tzinfo
    found = []
    for entry in guest.services.journal.of_contact(str(guest.ref())):
        reference = signature.reference_of(entry.key)
        wanted = entry.origin.action == "note.add" and (
            not negotiation or entry.origin.negotiation == negotiation
        )
        if not wanted or reference in in_crm or entry.state is State.REFUSED or entry.is_blank:
            continue
        if entry.state is State.DONE and not _may_see(guest, entry):
            continue
        found.append(
            Note(
                text=entry.words["text"],
                author=entry.origin.attendant.name,
                at=datetime.fromtimestamp(entry.kept_at, zone).strftime("%Y-%m-%d %H:%M:%S"),
                id=entry.crm_id,
                reference=reference,
                corrects=entry.words["corrects"],
                negotiation_id=entry.origin.negotiation,
                state=entry.state,
            )
        )
    return found


def _may_see(guest: Visit, entry: Entry) -> bool:
    """Whether a note that the CRM does not list may be shown: its negotiation may be one that is hidden."""
    is_mine = entry.origin.attendant.id == guest.attendant.id
    return is_mine or not entry.origin.negotiation or guest.may(Permission.OTHERS)


def _check_correction(guest: Visit, name: str) -> None:
    """A correction names a note that the contact has; raises Invalid."""
    negotiation = _negotiation()
    if name and name not in _names(
        [*_kept(guest, negotiation, set()), *_notes(guest, negotiation).value]
    ):
        raise errors.Invalid({"text": mark("A anotação a corrigir não é deste contato.")})


def _checked_negotiation(guest: Visit, contact: Contact) -> str:
    """The negotiation that the note is for, if it is the contact's; raises NotFound."""
    number = _negotiation()
    known = {n.id for n in _deals(guest, contact)}
    if number and number not in known:
        raise errors.NotFound(f"negotiation {number} of another contact")
    return number


def _home(guest: Visit, contact: Contact) -> str:
    """Where a note about a pure lead belongs: its newest open negotiation, since notes have no column for leads."""
    if contact.ref.source == Ref.CLIENT or contact.client_id:
        return ""
    return next((deal.id for deal in _deals(guest, contact) if deal.status is Status.OPEN), "")


def _deals(guest: Visit, contact: Contact) -> list[Negotiation]:
    """The contact's negotiations, those that the CRM does not have yet first."""
    waiting = [negotiation for negotiation, _ in card.unsent(guest, contact.ref)]
    return [*waiting, *guest.negotiations(contact, Freshness.ANY).value]


def _negotiation() -> str:
    """The negotiation that is asked for, by its number as soon as it has one; "" for none.

    Raises NotFound.
    """
    name = _asked()
    ref = Ref.parse(name)
    if ref and ref.source == Ref.NEW:
        entry = visit().services.journal.find(ref.id)
        return (entry.crm_id if entry else "") or name
    if name and not (name.isascii() and name.isdigit()):
        raise errors.NotFound(f"negotiation {name[:40]!r}")
    return name


def _name() -> str:
    """A draft goes on under the name by which its form was opened, also when the negotiation has got a number since."""
    _negotiation()
    return f"note-{_asked() or 'contact'}"


def _asked() -> str:
    return request.values.get("negotiation", "")


def _defaults() -> dict[str, str]:
    return {
        "text": "",
        "owner": visit().owner_id(),
        "corrects": "",
        "negotiation": _asked(),
    }
