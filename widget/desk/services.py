"""What a request may use: the services of the integration that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flask import current_app, g

from widget.crm import patience
from widget.crm.port import CRM, Kind
from widget.crm.rings.checking import Checking
from widget.crm.rings.guarded import Guarded
from widget.crm.rings.settling import Settling
from widget.desk.shared import Shared
from widget.domain.integrations import Integration
from widget.store.journal.journal import Journal
from widget.store.ledger.ledger import Ledger
from widget.store.people.fills import Fills
from widget.store.people.people import People
from widget.store.records.capacities import Capacities
from widget.store.records.links import Links
from widget.store.records.owners import Owners
from widget.store.records.qualifications import Qualifications
from widget.store.records.revealed import Revealed
from widget.web.fragments import Fragments


@dataclass(frozen=True)
class Services:
    """What one integration is served with, beside what all integrations share."""

    shared: Shared
    integration: Integration
    kind: Kind
    crm: CRM
    journal: Journal
    ledger: Ledger
    settling: Settling
    checking: Checking
    guarded: Guarded | None
    links: Links
    owners: Owners
    qualifications: Qualifications
    capacities: Capacities
    revealed: Revealed
    fragments: Fragments
    people: People | None
    fills: Fills | None

    @property
    def id(self) -> str:
        """The id of the integration."""
        return self.integration.id

    def is_away(self) -> bool:
        """Whether nothing is heard of the CRM right now; somebody looks for its return then."""
        return self.guarded is not None and self.guarded.trouble is not None


class Served(Protocol):
    """All integrations that an application serves; running.py has them."""

    def all(self) -> list[Services]: ...

    def any(self) -> Services:
        """What is the same for all of them can be asked here."""
        ...

    def named(self, integration: str) -> Services | None: ...

    def of(self, host: str, account: str) -> Services:
        """Those of a console's account; raises NotConnected."""
        ...

    def parents(self, host: str, account: str) -> tuple[str, ...]:
        """The origins that may embed the panel of the account."""
        ...

    def key(self, host: str, account: str) -> str:
        """What the console signs with in the account; raises Unauthorised where it is lost."""
        ...

    def options(self, host: str, account: str) -> Mapping[str, str]:
        """What was set for the account of the console, by the names of its options."""
        ...


def served() -> Served:
    """All that the running application serves."""
    found: Served = current_app.extensions["vinculo"]
    return found


def enter(found: Services) -> Services:
    """From here on this request is served by these.

    It waits about as long as one call to their CRM may take.
    """
    leave()
    g.services, g.patience = found, patience.begin(found.integration.wait)
    return found


def leave() -> None:
    """The request is over, or served by others."""
    g.pop("services", None)
    if mine := g.pop("patience", None):
        mine.end()


def services() -> Services:
    """The services of this request; before it is known which integration it is about, any."""
    found: Services | None = g.get("services")
    return found or served().any()
