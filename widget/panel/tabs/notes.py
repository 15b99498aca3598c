"""Notes: newest first, never changed; a correction is a new note that points at the old one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from widget.actions import notes as actions
from widget.actions.action import Subject
from widget.desk import capacity, notes, reveals
from widget.desk.visits import Visit, visit
from widget.domain import errors
from widget.domain.model import Fetched, Freshness, Note, Ref, Written
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.panel import forms, progress
from widget.panel.tab import Place, Tab

tab = Tab(
    "notes",
    __name__,
    label=mark("Anotações"),
    order=2,
    key="a",
    places=[Place("note", mark("Nova anotação"), "show", "#tab", about="negotiation")],
)

PAGE = 20


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
@needs(actions.add.permission, saves=True)
def add() -> ResponseReturnValue:
    """Keeps the note."""
    guest = visit()
    form = forms.posted(_name())

    def send(values: dict[str, str]) -> Written:
        subject = Subject(guest.same(form.contact), _negotiation())
        return actions.add(guest, subject, form.asked(values))

    def done(written: Written) -> ResponseReturnValue:
        again = forms.draw(guest, form.name, _defaults())
        return _draw(again, forms.notice(written, _done(guest, written)))

    return forms.submit(
        guest,
        form,
        actions.add.schema,
        send=send,
        done=done,
        draw_again=_draw,
        labels=guest.crm.labels["note.add"],
    )


def _done(guest: Visit, written: Written) -> str:
    """Returns what to say of a note that the CRM has: where it stands."""
    contact = guest.contact(Freshness.ANY).value
    negotiation = _negotiation() or actions.home(guest, contact)
    if guest.crm.notes.is_remark(contact, negotiation):
        return gettext("Anotação salva no CRM, nas observações do lead.")
    return gettext("Anotação salva no CRM, nº %(number)s.", number=written.id)


def _longest(guest: Visit) -> int:
    """How long a note may be here, as far as that is known; the form is drawn whatever fails."""
    longest = guest.crm.notes.longest
    with suppress(errors.VinculoError):
        contact = guest.contact(Freshness.ANY).value
        negotiation = _negotiation() or actions.home(guest, contact)
        place = actions.place(guest, contact, negotiation)
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
        found = _notes(guest, negotiation)
    except errors.CRMError as error:
        found = Fetched((), 0.0, stale=True, trouble=error.code)
    in_crm = {note.reference for note in found.value if note.reference}
    kept = notes.kept(guest, guest.ref(), negotiation, in_crm)
    everything = sorted([*kept, *found.value], key=lambda note: note.at, reverse=True)
    return {
        "notes": everything[(page - 1) * PAGE : page * PAGE],
        "more": len(everything) > page * PAGE,
        "page": page,
        "age": replace(found, value=()),
        "by_name": notes.by_name(everything),
        "negotiation": _asked(),
        "shown": _shown(),
    }


def _notes(guest: Visit, negotiation: str) -> Fetched[tuple[Note, ...]]:
    freshness = Freshness.ANY if progress.is_moving(guest) else Freshness.RECENT
    contact = guest.contact(freshness).value
    return notes.listed(guest, contact, negotiation, freshness)


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
    """The name by which the draft's form was opened.

    A draft goes on under it, also when the negotiation has got a number since.
    """
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
