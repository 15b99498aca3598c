"""The history of a contact: notes, stage and status changes, our own actions, in order."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from widget.crm.protocol import Freshness
from widget.model import Event, Negotiation, Origin, Status
from widget.services import Visit, visit
from widget.texts import gettext, mark

tab = Blueprint("history", __name__)

PAGE = 30
ACTIONS = {
    "contact.create": mark("Contato criado pelo painel"),
    "contact.update": mark("Contato atualizado pelo painel"),
    "negotiation.create": mark("Negociação criada pelo painel"),
    "negotiation.update": mark("Negociação alterada pelo painel"),
    "note.add": mark("Anotação pelo painel"),
}
CHANGED = {
    "name": mark("Nome"), "document": mark("CPF/CNPJ"), "email": mark("E-mail"), "phone": mark("Número de telefone"),
    "owner": mark("Responsável"), "branch": mark("Filial"),
}  # fmt: skip


@tab.get("")
def show() -> ResponseReturnValue:
    """Everything that is known to have happened, newest first."""
    page = max(1, request.args.get("page", 1, type=int))
    negotiation = request.args.get("negotiation", "")
    events, age = _events(visit(), negotiation)
    return render_template(
        "tabs/history.html", events=events[(page - 1) * PAGE : page * PAGE], more=len(events) > page * PAGE,
        page=page, negotiation=negotiation, age=age,
    )  # fmt: skip


def _events(guest: Visit, negotiation: str) -> tuple[list[Event], object]:
    contact = guest.contact(Freshness.RECENT).value
    every = guest.crm.negotiations.of(contact, Freshness.RECENT)
    owners = guest.crm.lookups.owners()
    told = guest.crm.notes.history(contact, every.value, owners, Freshness.RECENT)
    notes = guest.crm.notes.of(contact, every.value, owners, Freshness.RECENT).value
    found = [
        *told.value,
        *(Event(n.at, "note", n.text, n.author, n.id, n.negotiation_id) for n in notes),
        *(event for deal in every.value for event in _milestones(deal)),
        *_ours(guest),
    ]
    chosen = (event for event in found if not negotiation or event.negotiation_id == negotiation)
    return sorted(chosen, key=lambda e: e.at, reverse=True), every


def _milestones(deal: Negotiation) -> list[Event]:
    told = [(deal.started, "started", gettext("Negociação aberta: %(title)s", title=deal.title))]
    if deal.status is Status.WON:
        told.append((deal.closed, "won", gettext("Vencida: %(title)s", title=deal.title)))
    if deal.status is Status.LOST:
        told.append((deal.closed, "lost", gettext("Perdida: %(title)s", title=deal.title)))
    return [Event(at, kind, text, negotiation_id=deal.id) for at, kind, text in told if at]


def _ours(guest: Visit) -> list[Event]:
    """The panel's own writes; notes are shown as notes already."""
    zone = guest.services.now().tzinfo
    return [
        Event(
            datetime.fromtimestamp(entry.kept_at, zone).strftime("%Y-%m-%d %H:%M:%S"),
            f"ours-{entry.state}",
            f"{gettext(ACTIONS[entry.origin.action])}: {_summary(entry.origin)}",
            entry.origin.attendant.name,
            entry.crm_id,
            entry.origin.negotiation,
        )
        for entry in guest.services.journal.of_contact(str(guest.ref()))
        if entry.origin.action in ACTIONS and entry.origin.action != "note.add"
    ]


def _summary(origin: Origin) -> str:
    """What the action was about; of an update the names of the fields, in the reader's language."""
    if origin.action != "contact.update":
        return origin.summary
    return ", ".join(gettext(CHANGED[name]) for name in origin.summary.split(", ") if name in CHANGED)
