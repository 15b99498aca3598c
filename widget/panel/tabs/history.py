"""The history of a contact: notes, stage and status changes, our own actions, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from widget.crm.wire import Freshness
from widget.desk import reveals
from widget.desk.sealed_notes import held
from widget.desk.visits import Visit, visit
from widget.domain.model import Event, Negotiation, Note, State, Status
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.store.ledger.ledger import Sealed

tab = Blueprint("history", __name__)

PAGE = 30
ACTIONS = {
    "contact.create": mark("Contato criado pelo painel"),
    "contact.update": mark("Contato atualizado pelo painel"),
    "negotiation.create": mark("Negociação criada pelo painel"),
    "negotiation.update": mark("Negociação alterada pelo painel"),
    "note.add": mark("Anotação pelo painel"),
    "contact.linked": mark("Vinculado à conversa pelo painel"),
    "contact.unlinked": mark("Desvinculado da conversa pelo painel"),
}
ENDS = {
    "done": State.DONE,
    "refused": State.REFUSED,
    "dismissed": State.REFUSED,
}
CHANGED = {
    "name": mark("Nome"),
    "document": mark("CPF/CNPJ"),
    "email": mark("E-mail"),
    "phone": mark("Número de telefone"),
    "owner": mark("Responsável"),
    "branch": mark("Filial"),
}


@tab.get("")
@needs(Permission.SEE)
def show() -> ResponseReturnValue:
    """Everything that is known to have happened, newest first."""
    page = max(1, request.args.get("page", 1, type=int))
    negotiation = request.args.get("negotiation", "")
    events, age = _events(visit(), negotiation)
    return render_template(
        "tabs/history.html",
        events=events[(page - 1) * PAGE : page * PAGE],
        more=len(events) > page * PAGE,
        page=page,
        negotiation=negotiation,
        age=age,
        shown=reveals.shown(visit(), visit().ref()),
    )


def _events(guest: Visit, negotiation: str) -> tuple[list[Event], object]:
    contact = guest.contact(Freshness.RECENT).value
    every = guest.negotiations(contact, Freshness.RECENT)
    owners = guest.crm.lookups.owners()
    told = guest.crm.notes.history(contact, every.value, owners, Freshness.RECENT)
    noted = guest.crm.notes.of(contact, every.value, owners, Freshness.RECENT)
    notes = held(guest, noted)
    found = [
        *told.value,
        *(Event(n.at, _kind(n), n.text, n.author, n.id, n.negotiation_id) for n in notes),
        *(event for deal in every.value for event in _milestones(deal)),
        *_ours(guest),
    ]
    chosen = (event for event in found if not negotiation or event.negotiation_id == negotiation)
    return sorted(chosen, key=lambda e: e.at, reverse=True), replace(
        every, trouble=every.trouble or told.trouble or noted.trouble
    )


def _kind(note: Note) -> str:
    """What there is to say of a note beside its text."""
    if note.is_gone:
        return "note-gone"
    if note.is_cut:
        return "note-cut"
    return "note-altered" if note.original else "note"


def _milestones(deal: Negotiation) -> list[Event]:
    told = [(deal.started, "started", gettext("Negociação aberta: %(title)s", title=deal.title))]
    if deal.status is Status.WON:
        told.append((deal.closed, "won", gettext("Vencida: %(title)s", title=deal.title)))
    if deal.status is Status.LOST:
        told.append((deal.closed, "lost", gettext("Perdida: %(title)s", title=deal.title)))
    return [Event(at, kind, text, negotiation_id=deal.id) for at, kind, text in told if at]


def _ours(guest: Visit) -> list[Event]:
    """The panel's own actions as the ledger has them sealed, each with how it ended.

    Notes are shown as notes.
    """
    zone = guest.services.now().tzinfo
    lines = guest.services.ledger.of(guest.services.journal.names(guest.ref()))
    ends = {line.key: line for line in reversed(lines) if line.event in ENDS}
    return [
        Event(
            datetime.fromtimestamp(line.at, zone).strftime("%Y-%m-%d %H:%M:%S"),
            f"ours-{ENDS[end.event]}"
            if (end := ends.get(line.key))
            else f"ours-{State.KEPT}"
            if line.key
            else "ours",
            f"{gettext(ACTIONS[line.action])}: {_summary(line)}"
            if _summary(line)
            else gettext(ACTIONS[line.action]),
            line.author.name,
            end.crm_id if end else "",
            line.negotiation,
        )
        for line in lines
        if line.event not in ENDS
        and line.action in ACTIONS
        and line.action != "note.add"
        and "." not in line.key
    ]


def _summary(line: Sealed) -> str:
    """What the action was about; of an update the names of the fields, in the reader's language."""
    if line.facts is None:
        return gettext("(apagado a pedido)")
    if line.action != "contact.update":
        return line.summary
    return ", ".join(gettext(CHANGED[name]) for name in line.summary.split(", ") if name in CHANGED)
