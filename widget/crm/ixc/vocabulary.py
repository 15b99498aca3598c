"""IXC as the tabs know it: its groups of questions over one transport."""

from __future__ import annotations

from widget.crm.ixc.agenda import Agenda
from widget.crm.ixc.base import Desk
from widget.crm.ixc.detours import Detours
from widget.crm.ixc.index import Index
from widget.crm.ixc.lookups import Lookups
from widget.crm.ixc.negotiations import Negotiations
from widget.crm.ixc.notes import Notes
from widget.crm.ixc.people import People


class IXC:
    """The questions that a CRM answers for the panel."""

    def __init__(self, desk: Desk, index: Index | None = None) -> None:
        self.people = People(desk)
        self.index = index or Index()
        self.negotiations = Negotiations(desk)
        self.notes = Notes(desk)
        self.lookups = Lookups(desk)
        self.agenda = Agenda(desk)
        self.detours = Detours(self.people, self.notes)
        self.qualification_field = desk.qualification_field
