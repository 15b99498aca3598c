"""Appointments: the next follow-up of a contact."""

from __future__ import annotations

from widget.crm.ixc import shapes
from widget.crm.ixc.base import Desk
from widget.crm.wire import Filter, Query
from widget.domain import errors
from widget.domain.model import Contact, Event, Freshness, Ref

RESOURCE = "crm_agenda"
COLUMNS = {
    Ref.CLIENT: "id_cliente",
    Ref.LEAD: "id_lead",
}


class Agenda:
    """Rows of ``crm_agenda``. Reference: webservice facts 5.5."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ahead(self, contact: Contact, freshness: Freshness) -> None:
        """Begins to read what ``next`` will ask."""
        if contact.ref.source in COLUMNS:
            self._desk.ahead(_open_ones(contact, freshness))

    def next(self, contact: Contact, freshness: Freshness) -> Event | None:
        """The earliest appointment that is still open, overdue ones too.

        None as well where the CRM does not tell.
        """
        if contact.ref.source not in COLUMNS:
            return None
        try:
            rows = self._desk.read(_open_ones(contact, freshness)).value
        except errors.CRMError:
            return None
        open_ones = [row for row in rows if shapes.date(row, "hora_inicio")]
        if not open_ones:
            return None
        # The CRM sorts its dates as it keeps them, the zeros in disguise first.
        first = min(open_ones, key=lambda row: shapes.date(row, "hora_inicio"))
        now = self._desk.now().strftime("%Y-%m-%d %H:%M:%S")
        at = shapes.date(first, "hora_inicio")
        return Event(at, "overdue" if at < now else "planned", shapes.line(first, "assunto"))


def _open_ones(contact: Contact, freshness: Freshness) -> Query:
    mine = Filter(COLUMNS[contact.ref.source], "=", contact.ref.id)
    return Query(
        RESOURCE, (mine, Filter("status", "=", "A")), sort="hora_inicio", freshness=freshness
    )
