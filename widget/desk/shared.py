"""What all integrations of a server process share: its settings, its keys, its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from widget.domain.settings import Settings
from widget.store.engine.database import Database
from widget.store.engine.presence import Presence
from widget.store.records.arrivals import Arrivals
from widget.store.records.attendants import Attendants
from widget.store.records.calls import Calls
from widget.store.records.conversations import Conversations
from widget.store.records.drafts import Drafts
from widget.store.records.limits import Limits
from widget.store.records.pairings import Pairings
from widget.web.tokens import Passes


@dataclass(frozen=True)
class Keys:
    """The keys that sign, seal and lock.

    ``secret`` signs panel tokens. ``start`` is what consoles sign with. ``ledger`` seals the ledger
    and ``vault`` locks the tokens of CRMs; by default ``secret`` does both.
    """

    secret: str = field(repr=False)
    start: str = field(repr=False)
    ledger: str = field(default="", repr=False)
    vault: str = field(default="", repr=False)


@dataclass(frozen=True)
class Shared:
    """What is the same for every integration. ``clock`` gives epoch seconds."""

    settings: Settings
    keys: Keys
    clock: Callable[[], float]
    database: Database
    presence: Presence
    passes: Passes
    attendants: Attendants
    pairings: Pairings
    limits: Limits
    arrivals: Arrivals
    calls: Calls
    conversations: Conversations
    drafts: Drafts

    @classmethod
    def open(cls, settings: Settings, keys: Keys, clock: Callable[[], float]) -> Shared:
        """Opens the data folder of the settings, beside the other processes that serve it."""
        folder = Path(settings.data)
        database = Database(folder / "vinculo.db")
        return cls(
            settings=settings,
            keys=keys,
            clock=clock,
            database=database,
            presence=Presence(folder / "run"),
            passes=Passes(keys.secret, settings.token_minutes),
            attendants=Attendants(database, clock),
            pairings=Pairings(database, keys.secret, clock),
            limits=Limits(database, clock),
            arrivals=Arrivals(folder, clock),
            calls=Calls(folder),
            conversations=Conversations(database, clock),
            drafts=Drafts(database, clock),
        )

    def now(self) -> datetime:
        """The CRM's local time."""
        return datetime.fromtimestamp(self.clock(), ZoneInfo(self.settings.timezone))
