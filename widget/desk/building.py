"""Puts the services together: one database file, one CRM behind its rings, one people index."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from widget.crm.index import Index
from widget.crm.patience import Seats
from widget.crm.port import Kind
from widget.crm.rings.cached import Cached
from widget.crm.rings.guarded import Guarded
from widget.crm.rings.journaled import Journaled
from widget.crm.rings.learning import Learning
from widget.crm.rings.off import Off
from widget.crm.rings.renewing import renew
from widget.crm.rings.settling import Settling
from widget.crm.wire import Integration
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.settings import Settings
from widget.store.engine import migrations
from widget.store.engine.database import Database
from widget.store.engine.presence import Presence
from widget.store.journal.journal import Journal
from widget.store.ledger.ledger import Ledger
from widget.store.people.fills import Fills
from widget.store.people.people import People
from widget.store.records.arrivals import Arrivals
from widget.store.records.attendants import Attendants
from widget.store.records.cache import Cache
from widget.store.records.calls import Calls
from widget.store.records.capacities import Capacities
from widget.store.records.conversations import Conversations
from widget.store.records.drafts import Drafts
from widget.store.records.integrations import Stored
from widget.store.records.limits import Limits
from widget.store.records.links import Links
from widget.store.records.owners import Owners
from widget.store.records.pairings import Pairings
from widget.store.records.qualifications import Qualifications
from widget.store.records.revealed import Revealed
from widget.web.fragments import Fragments
from widget.web.tokens import Passes

INDEX = "people.db"


@dataclass(frozen=True)
class Keys:
    """The keys that sign, seal and lock.

    They are what signs panel tokens, what consoles sign with, what seals the ledger, and what locks
    tokens of CRMs. Where the last two are "", the first one does their work.
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
            database,
            Presence(folder / "run"),
            Attendants(database, clock),
            Pairings(database, keys.secret, clock),
            Limits(database, clock),
            Arrivals(folder, clock),
            Calls(folder),
        )


def build(
    settings: Settings,
    keys: Keys,
    clock: Callable[[], float],
    base: Base,
    stored: Stored,
    kind: Kind,
) -> Services:
    """The services of one integration over what is shared; ``settings`` are as they are for it."""
    name, database, zone = stored.id, base.database, ZoneInfo(settings.timezone)

    def now() -> datetime:
        return datetime.fromtimestamp(clock(), zone)

    ledger = Ledger(database, keys.ledger or keys.secret, clock, name)
    journal = Journal(database, name, ledger, base.presence, clock=clock)
    people, fills = _index(settings, name, clock, kind)
    seats = Seats(settings.seats)
    guarded, inner = _reader(settings, stored, base, clock, seats, kind)
    dialect = kind.dialect(inner, now, settings.qualification_field)
    renew(journal, dialect)
    settling = Settling(inner, journal, settings.settle_seconds, dialect)
    journaled = Journaled(
        inner, journal, settling, settings.crm_wait, active=settings.crm_active, seats=seats
    )
    crm = kind.crm(
        journaled,
        now,
        Index(people, fills, kind.mirroring.contact),
        calls=settings.crm_calls,
        qualification_field=settings.qualification_field,
    )
    capacities = Capacities(database, name, kind.tables, clock)

    def version() -> Hashable:
        """Changes with everything that a screen is drawn from, but for three things.

        These are the conversation, its reader and the time.
        """
        return database.version(), people and people.version(), guarded and guarded.trouble

    return Services(
        id=name,
        linkers=stored.departments,
        settings=settings,
        start_key=keys.start,
        passes=Passes(keys.secret, settings.token_minutes),
        calls=base.calls,
        arrivals=base.arrivals,
        attendants=base.attendants,
        limits=base.limits,
        pairings=base.pairings,
        kind=kind,
        crm=crm,
        journal=journal,
        ledger=ledger,
        settling=settling,
        checking=Learning(inner, journal, settling, inner.outdate, capacities=capacities),
        guarded=guarded,
        conversations=Conversations(database, clock),
        drafts=Drafts(database, clock),
        links=Links(database, name, clock),
        owners=Owners(database, name, clock),
        qualifications=Qualifications(database, name, clock),
        capacities=capacities,
        revealed=Revealed(database, name, 60 * settings.reveal_minutes, clock),
        fragments=Fragments(version, clock),
        people=people,
        fills=fills,
        clock=clock,
        now=now,
    )


def _reader(
    settings: Settings,
    stored: Stored,
    base: Base,
    clock: Callable[[], float],
    seats: Seats,
    kind: Kind,
) -> tuple[Guarded | None, Cached]:
    """The way to the CRM with what spares it; without the first where it is switched off."""
    integration = Integration(
        stored.id,
        settings.crm_url,
        settings.crm_token,
        settings.crm_wait,
        settings.crm_ca_file,
        settings.qualification_field,
        stored.private,
    )
    inner = kind.transport(integration, clock, base.calls.add)
    guarded = (
        Guarded(inner, kind.knock, settings.crm_wait, settings.crm_calls, clock)
        if settings.crm_active
        else None
    )
    ages = {
        "": settings.fresh_seconds,
        **dict.fromkeys(kind.seldom, settings.lookup_seconds),
    }
    return guarded, Cached(guarded or Off(), Cache(base.database, stored.id), ages, clock, seats)


def forget_index(settings: Settings, integration: str, clock: Callable[[], float]) -> None:
    """Erases who was mirrored from the integration, also where its index is switched off by now."""
    path = Path(settings.data) / INDEX
    if path.exists():
        People(Database(path, migrations.people), integration, clock).erase()


def _index(
    settings: Settings, integration: str, clock: Callable[[], float], kind: Kind
) -> tuple[People, Fills] | tuple[None, None]:
    """The people index and how far it is filled, if it is on and its file serves.

    Without it the CRM is asked.

    A damaged file is made anew: whatever it held is in the CRM.
    """
    path = Path(settings.data) / INDEX
    if not settings.index:
        return None, None
    for _ in range(2):
        try:
            database = Database(path, migrations.people)
            people, fills = (
                People(database, integration, clock),
                Fills(database, integration, clock, kind.mirroring.resources.values()),
            )
            fills.claim(kind.address(settings.crm_url), people)
        except errors.Damaged:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        except errors.StorageFailed:  # the log says why
            break
        else:
            return people, fills
    return None, None
