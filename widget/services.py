"""What a request may use: the services of the product, and the visit of one attendant to one conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app, g

from widget import errors
from widget.access import Passes
from widget.crm.cached import Cached
from widget.crm.ixc.desk import Desk
from widget.crm.ixc.lookups import RESOURCES as LOOKUPS
from widget.crm.ixc.vocabulary import IXC
from widget.crm.journaled import Journaled
from widget.crm.protocol import Freshness
from widget.crm.spared import Spared
from widget.crm.transport import HTTP, Integration
from widget.model import Attendant, Contact, Conversation, Fetched, Origin, Ref
from widget.settings import Settings
from widget.store.cache import Cache
from widget.store.conversations import Conversations
from widget.store.database import Database
from widget.store.drafts import Drafts
from widget.store.journal import Journal
from widget.store.links import Links
from widget.store.owners import Owners
from widget.store.qualifications import Qualifications


@dataclass(frozen=True)
class Services:
    """Everything that lives as long as the process. ``clock`` gives epoch seconds, ``now`` the CRM's local time."""

    settings: Settings
    start_key: str
    passes: Passes
    crm: IXC
    journal: Journal
    conversations: Conversations
    drafts: Drafts
    links: Links
    owners: Owners
    qualifications: Qualifications
    clock: Callable[[], float]
    now: Callable[[], datetime]


def build(settings: Settings, *, secret: str, start_key: str, clock: Callable[[], float]) -> Services:
    """The services over one database file and one CRM."""
    zone = ZoneInfo(settings.timezone)
    database = Database(Path(settings.data) / "vinculo.db")
    integration = Integration(
        "main", settings.crm_url, settings.crm_token, settings.crm_wait, settings.crm_ca_file,
        settings.qualification_field,
    )  # fmt: skip
    name = integration.id
    journal = Journal(database, name, clock)
    ages = {"": settings.fresh_seconds, **dict.fromkeys(LOOKUPS, settings.lookup_seconds)}

    def now() -> datetime:
        return datetime.fromtimestamp(clock(), zone)

    rings = Journaled(Cached(Spared(HTTP(integration, clock)), Cache(database, name), ages, clock), journal)
    return Services(
        settings=settings,
        start_key=start_key,
        passes=Passes(secret, settings.token_minutes),
        crm=IXC(Desk(rings, now, integration.qualification_field)),
        journal=journal,
        conversations=Conversations(database, clock),
        drafts=Drafts(database, clock),
        links=Links(database, name, clock),
        owners=Owners(database, name, clock),
        qualifications=Qualifications(database, name, clock),
        clock=clock,
        now=now,
    )


@dataclass(frozen=True)
class Visit:
    """One attendant's request inside one conversation: who, where, and which contact may be written to."""

    services: Services
    conversation: Conversation

    @property
    def attendant(self) -> Attendant:
        """Who is asking."""
        return self.conversation.attendant

    @property
    def crm(self) -> IXC:
        """The CRM's questions."""
        return self.services.crm

    def ref(self) -> Ref:
        """The contact that this conversation's panel shows; raises NotFound when it shows none."""
        ref = self.services.conversations.shown(self.conversation)
        if ref is None:
            raise errors.NotFound("this conversation shows no contact")
        return ref

    def same(self, form_contact: str) -> Ref:
        """The contact, if it is still the one that the form was drawn for; raises Stale when not."""
        ref = self.unchanged(form_contact)
        if ref is None:
            raise errors.Stale("a form for nobody")
        return ref

    def unchanged(self, form_contact: str) -> Ref | None:
        """What the panel shows, if it is still the contact, or nobody, for whom the form was drawn; else Stale."""
        ref = self.services.conversations.shown(self.conversation)
        if str(ref or "") != form_contact:
            raise errors.Stale(f"form for {form_contact or 'nobody'}, panel shows {ref or 'nobody'}")
        return ref

    def contact(self, freshness: Freshness = Freshness.RECENT, ref: Ref | None = None) -> Fetched[Contact]:
        """The contact that the panel shows, or the given one; raises NotFound when the CRM has it no longer."""
        ref = ref or self.ref()
        found = self.crm.people.one(ref, freshness)
        if found.value is None:
            raise errors.NotFound(f"{ref} is not in the CRM")
        return Fetched(found.value, found.at, found.stale, found.trouble)

    def origin(self, action: str, summary: str = "", *, ref: Ref | None = None, negotiation: str = "") -> Origin:
        """Where a write comes from."""
        return Origin(
            self.conversation.key, self.attendant, str(ref or ""), action, summary=summary, negotiation=negotiation
        )

    def owner_id(self) -> str:
        """The attendant's employee number in the CRM: as chosen, else by e-mail, "" when there is none."""
        chosen = self.services.owners.find(self._attendant_key)
        return chosen or self.crm.lookups.owner_by_email(self.attendant.email)

    def remember_owner(self, owner_id: str) -> None:
        """From now on the attendant is this employee."""
        self.services.owners.choose(self._attendant_key, owner_id)

    @property
    def _attendant_key(self) -> str:
        return f"{self.conversation.host}:{self.conversation.account}:{self.attendant.id}"


def services() -> Services:
    """The services of the running application."""
    found: Services = current_app.extensions["vinculo"]
    return found


def visit() -> Visit:
    """The visit of this request; it was admitted before the view began."""
    found: Visit = g.visit
    return found
