"""The history of a contact: notes, stage and status changes, our own actions, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from widget.actions import notes
from widget.actions.catalogue import ACTIONS
from widget.desk import reveals
from widget.desk.sealed_notes import held
from widget.desk.visits import Visit, visit
from widget.domain.model import Event, Freshness, Negotiation, Note, State, Status
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.panel.tab import Tab
from widget.store.ledger.ledger import Sealed

tab = Tab("history", __name__, label=mark("Histórico"), order=3, key="h")

PAGE = 30
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
    written = held(guest, contact.ref, noted)
    found = [
        *told.value,
        *(Event(n.at, _kind(n), n.text, n.author, n.id, n.negotiation_id) for n in written),
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
    zone = guest.services.shared.now().tzinfo
    lines = guest.services.ledger.of(guest.services.journal.names(guest.ref()))
    ends = {line.key: line for line in reversed(lines) if line.event in ENDS}
    wanted = [line for line in lines if _is_told(line)]
    return [_event(line, ends.get(line.key), zone) for line in wanted]


def _is_told(line: Sealed) -> bool:
    """Tells whether the line is an action of its own, and no note: notes are shown as notes."""
    if line.event in ENDS or "." in line.key:
        return False
    return line.action in ACTIONS and line.action != notes.add.name


def _event(line: Sealed, end: Sealed | None, zone: tzinfo | None) -> Event:
    past, summary = gettext(ACTIONS[line.action].past), _summary(line)
    return Event(
        datetime.fromtimestamp(line.at, zone).strftime("%Y-%m-%d %H:%M:%S"),
        _kind_of_ours(line, end),
        f"{past}: {summary}" if summary else past,
        line.author.name,
        end.crm_id if end else "",
        line.negotiation,
    )


def _kind_of_ours(line: Sealed, end: Sealed | None) -> str:
    """What is to be said of an own action: how it ended, or that it is under way."""
    if end:
        return f"ours-{ENDS[end.event]}"
    return f"ours-{State.KEPT}" if line.key else "ours"


def _summary(line: Sealed) -> str:
    """What the action was about; of an update the names of the fields, in the reader's language."""
    if line.facts is None:
        return gettext("(apagado a pedido)")
    if line.action != "contact.update":
        return line.summary
    return ", ".join(gettext(CHANGED[name]) for name in line.summary.split(", ") if name in CHANGED)
