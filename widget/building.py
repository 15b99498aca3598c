"""Puts the services together: one database file, one CRM behind its rings, one people index."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from widget import errors
from widget.access import Passes
from widget.crm.cached import Cached
from widget.crm.guarded import Guarded
from widget.crm.ixc import shapes
from widget.crm.ixc.desk import Desk
from widget.crm.ixc.index import Index
from widget.crm.ixc.lookups import RESOURCES as LOOKUPS
from widget.crm.ixc.vocabulary import IXC
from widget.crm.journaled import Journaled
from widget.crm.learning import Learning
from widget.crm.off import Off
from widget.crm.patience import Seats
from widget.crm.settling import Settling
from widget.crm.transport import HTTP, Integration, webservice
from widget.fragments import Fragments
from widget.services import Services
from widget.settings import Settings
from widget.store import tables
from widget.store.arrivals import Arrivals
from widget.store.attendants import Attendants
from widget.store.cache import Cache
from widget.store.calls import Calls
from widget.store.capacities import Capacities
from widget.store.conversations import Conversations
from widget.store.database import Database
from widget.store.drafts import Drafts
from widget.store.fills import Fills
from widget.store.integrations import Stored
from widget.store.journal import Journal
from widget.store.ledger import Ledger
from widget.store.limits import Limits
from widget.store.links import Links
from widget.store.owners import Owners
from widget.store.pairings import Pairings
from widget.store.people import People
from widget.store.presence import Presence
from widget.store.qualifications import Qualifications
from widget.store.revealed import Revealed

INDEX = "people.db"


@dataclass(frozen=True)
class Keys:
    """What signs panel tokens, what consoles sign with, what seals the ledger, what locks tokens of CRMs.

    Where the last two are "", the first one does their work.
    """

    secret: str = field(repr=False)
    start: str = field(repr=False)
    ledger: str = field(default="", repr=False)
    vault: str = field(default="", repr=False)


@dataclass(frozen=True)
class Base:
    """What all integrations of a process share."""

    database: Database
    presence: Presence
    attendants: Attendants
    pairings: Pairings
    limits: Limits
    arrivals: Arrivals
    calls: Calls

    @classmethod
    def open(cls, settings: Settings, keys: Keys, clock: Callable[[], float]) -> Base:
        """The data folder of these settings, and this process beside the others that serve it."""
        folder = Path(settings.data)
        database = Database(folder / "vinculo.db")
        return cls(
            database, Presence(folder / "run"), Attendants(database, clock), Pairings(database, keys.secret, clock),
            Limits(database, clock), Arrivals(folder, clock), Calls(folder),
        )  # fmt: skip


def build(settings: Settings, keys: Keys, clock: Callable[[], float], base: Base, stored: Stored) -> Services:
    """The services of one integration over what is shared; ``settings`` are as they are for it."""
    name, database, zone = stored.id, base.database, ZoneInfo(settings.timezone)
    ledger = Ledger(database, keys.ledger or keys.secret, clock, name)
    journal = Journal(database, name, ledger, base.presence, clock=clock)
    people, fills = _index(settings, name, clock)
    seats = Seats(settings.seats)
    guarded, inner = _reader(settings, stored, base, clock, seats)
    settling = Settling(inner, journal, settings.settle_seconds)
    journaled = Journaled(inner, journal, settling, settings.crm_wait, active=settings.crm_active, seats=seats)

    def now() -> datetime:
        return datetime.fromtimestamp(clock(), zone)

    desk = Desk(journaled, now, settings.qualification_field, ThreadPoolExecutor(settings.crm_calls, "crm"))
    crm = IXC(desk, Index(people, fills))
    settling.instead = crm.detours.instead
    capacities = Capacities(database, name, shapes.TABLES, clock)

    def version() -> Hashable:
        """Changes with everything that a screen is drawn from but the conversation, its reader and the time."""
        return database.version(), people and people.version(), guarded and guarded.trouble

    return Services(
        id=name, linkers=stored.departments, settings=settings, start_key=keys.start,
        passes=Passes(keys.secret, settings.token_minutes), calls=base.calls, arrivals=base.arrivals,
        attendants=base.attendants, limits=base.limits, pairings=base.pairings,
        crm=crm, journal=journal, ledger=ledger, settling=settling,
        checking=Learning(inner, journal, settling, inner.outdate, capacities=capacities),
        guarded=guarded, conversations=Conversations(database, clock), drafts=Drafts(database, clock),
        links=Links(database, name, clock), owners=Owners(database, name, clock),
        qualifications=Qualifications(database, name, clock), capacities=capacities,
        revealed=Revealed(database, name, 60 * settings.reveal_minutes, clock),
        fragments=Fragments(version, clock), people=people, fills=fills, clock=clock, now=now,
    )  # fmt: skip


def _reader(
    settings: Settings, stored: Stored, base: Base, clock: Callable[[], float], seats: Seats
) -> tuple[Guarded | None, Cached]:
    """The way to the CRM with what spares it; without the first where it is switched off."""
    integration = Integration(
        stored.id, settings.crm_url, settings.crm_token, settings.crm_wait, settings.crm_ca_file,
        settings.qualification_field, stored.private,
    )  # fmt: skip
    http = HTTP(integration, clock, base.calls.add)
    guarded = Guarded(http, settings.crm_wait, settings.crm_calls, clock) if settings.crm_active else None
    ages = {"": settings.fresh_seconds, **dict.fromkeys(LOOKUPS, settings.lookup_seconds)}
    return guarded, Cached(guarded or Off(), Cache(base.database, stored.id), ages, clock, seats)


def forget_index(settings: Settings, integration: str, clock: Callable[[], float]) -> None:
    """Erases who was mirrored from the integration, also where its index is switched off by now."""
    path = Path(settings.data) / INDEX
    if path.exists():
        People(Database(path, tables.people), integration, clock).erase()


def _index(
    settings: Settings, integration: str, clock: Callable[[], float]
) -> tuple[People, Fills] | tuple[None, None]:
    """The people index and how far it is filled, if it is on and its file serves; without it the CRM is asked.

    A damaged file is made anew: whatever it held is in the CRM.
    """
    path = Path(settings.data) / INDEX
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
