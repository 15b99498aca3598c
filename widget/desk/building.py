"""Puts the services of an integration together: its CRM behind its rings, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path

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
from widget.desk.services import Services
from widget.desk.shared import Shared
from widget.domain import errors
from widget.domain.integrations import Integration
from widget.domain.settings import Settings
from widget.store.engine import migrations
from widget.store.engine.database import Database
from widget.store.journal.journal import Journal
from widget.store.ledger.ledger import Ledger
from widget.store.people.fills import Fills
from widget.store.people.people import People
from widget.store.records.cache import Cache
from widget.store.records.capacities import Capacities
from widget.store.records.links import Links
from widget.store.records.owners import Owners
from widget.store.records.qualifications import Qualifications
from widget.store.records.revealed import Revealed
from widget.web.fragments import Fragments

INDEX = "people.db"


def build(shared: Shared, integration: Integration, kind: Kind) -> Services:
    """Returns the services of one integration, whose CRM is of that kind."""
    name = integration.id
    settings, keys, clock = shared.settings, shared.keys, shared.clock
    database = shared.database
    ledger = Ledger(database, keys.ledger or keys.secret, clock, name)
    journal = Journal(database, name, ledger, shared.presence, clock=clock)
    people, fills = _index(shared, integration, kind)
    seats = Seats(settings.seats)
    guarded, inner = _reader(shared, integration, kind, seats)
    dialect = kind.dialect(inner, shared.now, integration.qualification_field)
    renew(journal, dialect)
    settling = Settling(inner, journal, integration.settle_seconds, dialect)
    journaled = Journaled(
        inner,
        journal,
        settling,
        integration.wait,
        active=integration.active,
        seats=seats,
    )
    crm = kind.crm(
        journaled,
        shared.now,
        Index(people, fills, kind.mirroring.contact),
        calls=integration.calls,
        qualification_field=integration.qualification_field,
    )
    capacities = Capacities(database, name, kind.tables, clock)

    def version() -> Hashable:
        """Changes with everything that a screen is drawn from, but for three things.

        These are the conversation, its reader and the time.
        """
        return database.version(), people and people.version(), guarded and guarded.trouble

    return Services(
        shared=shared,
        integration=integration,
        kind=kind,
        crm=crm,
        journal=journal,
        ledger=ledger,
        settling=settling,
        checking=Learning(inner, journal, settling, inner.outdate, capacities=capacities),
        guarded=guarded,
        links=Links(database, name, clock),
        owners=Owners(database, name, clock),
        qualifications=Qualifications(database, name, clock),
        capacities=capacities,
        revealed=Revealed(database, name, 60 * settings.reveal_minutes, clock),
        fragments=Fragments(version, clock),
        people=people,
        fills=fills,
    )


def _reader(
    shared: Shared, integration: Integration, kind: Kind, seats: Seats
) -> tuple[Guarded | None, Cached]:
    """The way to the CRM with what spares it; without the first where it is switched off."""
    settings, clock = shared.settings, shared.clock
    inner = kind.transport(integration, clock, shared.calls.add)
    guarded = None
    if integration.active:
        guarded = Guarded(inner, kind.knock, integration.wait, integration.calls, clock)
    ages = {
        "": settings.fresh_seconds,
        **dict.fromkeys(kind.seldom, settings.lookup_seconds),
    }
    cache = Cache(shared.database, integration.id)
    return guarded, Cached(guarded or Off(), cache, ages, clock, seats)


def forget_index(settings: Settings, integration: str, clock: Callable[[], float]) -> None:
    """Erases who was mirrored from the integration, also where its index is switched off by now."""
    path = Path(settings.data) / INDEX
    if path.exists():
        People(Database(path, migrations.people), integration, clock).erase()


def _index(
    shared: Shared, integration: Integration, kind: Kind
) -> tuple[People, Fills] | tuple[None, None]:
    """The people index and how far it is filled, if it is on and its file serves.

    Without it the CRM is asked.

    A damaged file is made anew: whatever it held is in the CRM.
    """
    path = Path(shared.settings.data) / INDEX
    if not integration.index:
        return None, None
    for _ in range(2):
        try:
            database = Database(path, migrations.people)
            people = People(database, integration.id, shared.clock)
            resources = kind.mirroring.resources.values()
            fills = Fills(database, integration.id, shared.clock, resources)
            fills.claim(kind.address(integration.url), people)
        except errors.Damaged:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        except errors.StorageFailed:  # the log says why
            break
        else:
            return people, fills
    return None, None
