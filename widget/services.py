"""What a request may use: the services of the product, and the visit of one attendant to one conversation."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app, g

from widget import errors
from widget.access import Passes
from widget.crm.cached import Cached
from widget.crm.checking import Checking
from widget.crm.guarded import Guarded
from widget.crm.ixc.desk import Desk
from widget.crm.ixc.index import Index
from widget.crm.ixc.lookups import RESOURCES as LOOKUPS
from widget.crm.ixc.vocabulary import IXC
from widget.crm.journaled import Journaled
from widget.crm.off import Off
from widget.crm.patience import Seats
from widget.crm.protocol import Freshness
from widget.crm.settling import Settling
from widget.crm.transport import HTTP, Integration, webservice
from widget.fragments import Fragments
from widget.model import Attendant, Contact, Conversation, Fetched, Origin, Ref, State
from widget.settings import Settings
from widget.store import tables
from widget.store.cache import Cache
from widget.store.calls import Calls
from widget.store.conversations import Conversations
from widget.store.database import Database
from widget.store.drafts import Drafts
from widget.store.fills import Fills
from widget.store.journal import Journal
from widget.store.ledger import Ledger
from widget.store.links import Links
from widget.store.owners import Owners
from widget.store.people import People
from widget.store.presence import Presence
from widget.store.qualifications import Qualifications


@dataclass(frozen=True)
class Services:
    """Everything that lives as long as the process. ``clock`` gives epoch seconds, ``now`` the CRM's local time."""

    settings: Settings
    start_key: str
    passes: Passes
    crm: IXC
    journal: Journal
    ledger: Ledger
    settling: Settling
    checking: Checking
    guarded: Guarded | None
    conversations: Conversations
    drafts: Drafts
    links: Links
    owners: Owners
    qualifications: Qualifications
    fragments: Fragments
    people: People | None
    fills: Fills | None
    clock: Callable[[], float]
    now: Callable[[], datetime]

    def is_away(self) -> bool:
        """Whether nothing is heard of the CRM right now; somebody looks for its return then."""
        return self.guarded is not None and self.guarded.trouble is not None


def build(settings: Settings, *, secret: str, start_key: str, ledger_key: str, clock: Callable[[], float]) -> Services:
    """The services over one database file and one CRM."""
    zone = ZoneInfo(settings.timezone)
    database = Database(Path(settings.data) / "vinculo.db")
    integration = Integration(
        "main", settings.crm_url, settings.crm_token, settings.crm_wait, settings.crm_ca_file,
        settings.qualification_field,
    )  # fmt: skip
    name = integration.id
    ledger = Ledger(database, ledger_key or secret, clock)
    presence = Presence(Path(settings.data) / "run")
    journal = Journal(database, name, ledger, presence, clock=clock)
    ages = {"": settings.fresh_seconds, **dict.fromkeys(LOOKUPS, settings.lookup_seconds)}

    def now() -> datetime:
        return datetime.fromtimestamp(clock(), zone)

    people, fills = _index(settings, name, clock)
    http = HTTP(integration, clock, Calls(Path(settings.data) / "calls.jsonl").add)
    guarded = Guarded(http, settings.crm_wait, settings.crm_calls, clock) if settings.crm_active else None
    seats = Seats(settings.seats)
    inner = Cached(guarded or Off(), Cache(database, name), ages, clock, seats)
    settling = Settling(inner, journal, settings.settle_seconds)
    desk = Desk(
        Journaled(inner, journal, settling, settings.crm_wait, active=settings.crm_active, seats=seats), now,
        integration.qualification_field, ThreadPoolExecutor(settings.crm_calls, "crm"),
    )  # fmt: skip
    crm = IXC(desk, Index(people, fills))
    settling.instead = crm.detours.instead

    def version() -> Hashable:
        """Changes with everything that a screen is drawn from but the conversation, its reader and the time."""
        return database.version(), people and people.version(), guarded and guarded.trouble

    return Services(
        settings=settings,
        start_key=start_key,
        passes=Passes(secret, settings.token_minutes),
        crm=crm,
        journal=journal,
        ledger=ledger,
        settling=settling,
        checking=Checking(inner, journal, settling),
        guarded=guarded,
        conversations=Conversations(database, clock),
        drafts=Drafts(database, clock),
        links=Links(database, name, clock),
        owners=Owners(database, name, clock),
        qualifications=Qualifications(database, name, clock),
        fragments=Fragments(version, clock),
        people=people,
        fills=fills,
        clock=clock,
        now=now,
    )


def _index(
    settings: Settings, integration: str, clock: Callable[[], float]
) -> tuple[People, Fills] | tuple[None, None]:
    """The people index and how far it is filled, if it is on and its file serves; without it the CRM is asked.

    A damaged file is made anew: whatever it held is in the CRM.
    """
    path = Path(settings.data) / "people.db"
    if not settings.index:
        return None, None
    for _ in range(2):
        try:
            database = Database(path, tables.people)
            people, fills = People(database, integration, clock), Fills(database, integration, clock)
            fills.claim(webservice(settings.crm_url), people)
        except errors.Damaged:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        except errors.StorageFailed:  # the log says why
            break
        else:
            return people, fills
    return None, None


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
        ref = self.shown()
        if ref is None:
            raise errors.NotFound("this conversation shows no contact")
        return ref

    def shown(self) -> Ref | None:
        """The contact that this conversation's panel shows, if any, by its number as soon as it has one."""
        ref = self.services.conversations.shown(self.conversation)
        return self.services.journal.resolve(ref) if ref else None

    def same(self, form_contact: str) -> Ref:
        """The contact, if it is still the one that the form was drawn for; raises Stale when not."""
        ref = self.unchanged(form_contact)
        if ref is None:
            raise errors.Stale("a form for nobody")
        return ref

    def unchanged(self, form_contact: str) -> Ref | None:
        """What the panel shows, if it is still the contact, or nobody, for whom the form was drawn; else Stale."""
        ref, drawn = self.shown(), Ref.parse(form_contact)
        if str(ref or "") != (str(self.services.journal.resolve(drawn)) if drawn else form_contact):
            raise errors.Stale(f"form for {form_contact or 'nobody'}, panel shows {ref or 'nobody'}")
        return ref

    def contact(self, freshness: Freshness = Freshness.RECENT, ref: Ref | None = None) -> Fetched[Contact]:
        """The contact that the panel shows, or the given one; raises NotFound when the CRM has it no longer."""
        ref = ref or self.ref()
        found = self.find(ref, freshness)
        if found.value is None:
            raise errors.NotFound(f"{ref} is not in the CRM")
        return Fetched(found.value, found.at, found.stale, found.trouble)

    def find(self, ref: Ref, freshness: Freshness) -> Fetched[Contact | None]:
        """The contact as the CRM has it, or, of one that waits in the journal, as it will be."""
        ref = self.services.journal.resolve(ref)
        if ref.source != Ref.NEW:
            return self._read(ref, freshness)
        entry = self.services.journal.find(ref.id)
        is_there = entry is not None and not (entry.state is State.REFUSED and entry.seen)
        kept = self.crm.people.kept(ref, entry.work["record"]) if entry and is_there else None
        return Fetched(kept, self.services.clock())

    def _read(self, ref: Ref, freshness: Freshness) -> Fetched[Contact | None]:
        """The record; where any age will do, or the CRM fails, what the index keeps of it stands in."""
        people, known = self.crm.people, self.crm.index.one(ref)
        if known is None or freshness is Freshness.NOW:
            return people.one(ref, freshness)
        if freshness is Freshness.ANY:
            kept = people.one(ref, Freshness.KNOWN)
            return kept if kept.at >= known.at else known
        try:
            return people.one(ref, freshness)
        except errors.CRMError as error:
            return replace(known, trouble=error.code)

    def link(self, ref: Ref) -> None:
        """From now on this conversation's person is the contact, in every panel."""
        self._seal("linked", ref)
        self.services.links.link(self.conversation.person_key, ref, self.attendant.name)

    def unlink(self, ref: Ref) -> None:
        """This person is not that contact."""
        self._seal("unlinked", ref)
        self.services.links.deny(self.conversation.person_key, ref, self.attendant.name)

    def qualify(self, negotiation: str, value: str) -> None:
        """Keeps the qualification of a negotiation, for a CRM that has no column for it."""
        origin = self.origin("negotiation.qualify", value, negotiation=negotiation)
        self.services.ledger.append("qualified", origin, key="", facts={"value": value})
        self.services.qualifications.give(negotiation, value, self.attendant.name)

    def _seal(self, event: str, ref: Ref) -> None:
        origin = Origin(self.conversation.key, self.attendant, str(ref), f"contact.{event}")
        self.services.ledger.append(event, origin, key="", facts={"person": self.conversation.person_key})

    def origin(
        self, action: str, summary: str = "", *, contact: Contact | None = None, negotiation: str = ""
    ) -> Origin:
        """Where a write comes from, and what it was typed against."""
        link = self.services.links.of(self.conversation.person_key)
        return Origin(
            self.conversation.key, self.attendant, str(contact.ref) if contact else "", action, summary=summary,
            negotiation=negotiation, link=f"{link.ref} {link.by} {link.at:.0f}" if link else "",
            version=contact.updated_at if contact else "",
        )  # fmt: skip

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
