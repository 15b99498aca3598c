"""IXC as the panel knows it: its groups of questions and deeds over one transport."""

from __future__ import annotations

from collections.abc import Mapping

from widget.crm.index import Index
from widget.crm.ixc import shapes
from widget.crm.ixc.agenda import Agenda
from widget.crm.ixc.base import Desk
from widget.crm.ixc.lookups import Lookups
from widget.crm.ixc.negotiations import Negotiations
from widget.crm.ixc.notes import Notes
from widget.crm.ixc.people import People

# The CRM names a field by its label; this is where that label's message belongs.
LABELS: Mapping[str, Mapping[str, str]] = {
    "contact.create": {
        **shapes.CONTACT_LABELS,
        "cidade": "city",
    },
    "contact.update": shapes.CONTACT_LABELS,
    "negotiation.create": {
        "descricao": "title",
        "plano": "plan",
        "funil": "funnel",
        "estagio": "stage",
        "etapa": "stage",
        "responsavel": "owner",
        "cidade": "city",
        "cliente": "title",
    },
    "negotiation.update": {
        "funil": "funnel",
        "estagio": "stage",
        "etapa": "stage",
        "substatus": "loss_reason",
        "motivo": "loss_reason",
        "status": "status",
    },
    "note.add": {
        "anotacao": "text",
        "responsavel": "owner",
        "negociacao": "text",
        "cliente": "text",
    },
}


class IXC:
    """The questions that a CRM answers for the panel."""

    labels = LABELS

    def __init__(self, desk: Desk, index: Index | None = None) -> None:
        self.people = People(desk)
        self.index = index or Index()
        self.negotiations = Negotiations(desk)
        self.notes = Notes(desk)
        self.lookups = Lookups(desk)
        self.agenda = Agenda(desk)
        self.keeps_qualification = bool(desk.qualification_field)
