"""What is installed: the lists of tabs, consoles, kinds of CRM and set-up pages.

They are the only lists to edit when one of these is added.
"""

from __future__ import annotations

from widget.consoles.chatwoot import Chatwoot
from widget.consoles.port import Console
from widget.crm.ixc.kind import Provedor
from widget.crm.port import Kind
from widget.panel.tabs import (
    check,
    contact,
    contact_new,
    history,
    interact,
    link,
    negotiation,
    notes,
    pending,
)
from widget.setup.attendants import attendants
from widget.setup.consoles import consoles
from widget.setup.data import data
from widget.setup.departments import departments
from widget.setup.integrations import integrations
from widget.setup.people import people
from widget.setup.report import diagnosis
from widget.setup.sign_in import entrance
from widget.setup.transfer import transfer

TABS = tuple(
    section.tab
    for section in (
        contact,
        contact_new,
        link,
        negotiation,
        interact,
        notes,
        history,
        pending,
        check,
    )
)

CRMS: dict[str, Kind] = {kind.name: kind for kind in (Provedor(),)}

CONSOLES: dict[str, Console] = {console.name: console for console in (Chatwoot(),)}

PAGES = (
    entrance,
    integrations,
    attendants,
    departments,
    consoles,
    diagnosis,
    data,
    people,
    transfer,
)
