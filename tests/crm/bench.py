"""The CRM's layers as their tests use them.

They stand over a real emulator, a real store and a clock that tests turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

from tests.product import integration
from widget.crm.ixc.base import Desk
from widget.crm.ixc.dialect import Dialect
from widget.crm.ixc.transport import Webservice
from widget.crm.ixc.vocabulary import IXC
from widget.crm.rings.cached import Cached
from widget.crm.rings.checking import Checking
from widget.crm.rings.journaled import Journaled
from widget.crm.rings.settling import Settling
from widget.crm.wire import Filter, Query, Rows, Transport, Write, packed, unpacked
from widget.domain.model import Attendant, Conversation, Fetched, Origin, Person, Written
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import Database
from widget.store.engine.presence import Presence, Steady
from widget.store.journal.journal import Journal
from widget.store.ledger.ledger import Ledger
from widget.store.records.cache import Cache
from widget.sync.worker import Worker

ZONE = ZoneInfo("America/Sao_Paulo")
ANA = Attendant("1", "Ana Souza", "ana.souza@serranet.example", proven=True)
RUI = Attendant("2", "Rui Matos", "rui.matos@serranet.example", proven=True)
MARINA = Person(
    "101", "Marina 🚀", ("+554988124417",), ("a@b.example", "c@d.example"), ("12abc34501de35",)
)
TALK = Conversation("chatwoot", "1", "7", MARINA, ANA, "whatsapp")
ORIGIN = Origin("chatwoot:1:7", ANA, "lead-1", "test")
SETTLE = 8.0
AGES = {"": 120, "crm_funil": 3600}


@dataclass
class Clock:
    """A clock that stands until somebody turns it."""

    at: float = datetime(2026, 11, 20, 14, 7, tzinfo=ZONE).timestamp()

    def __call__(self) -> float:
        return self.at

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, ZONE)


class AsItIs(Dialect):
    """IXC's way of writing, with a journal that keeps any write just as it was made."""

    marks = frozenset(("external_id", "external_system"))

    def told(self, write: Write) -> dict[str, Any]:
        return packed(write)

    def asked(self, work: Mapping[str, Any], key: str, origin: Origin) -> Write:
        return unpacked(work, key, origin)


@dataclass
class Bench:
    """Every layer over one CRM. ``ixc`` speaks through all rings, as the product does.

    ``in_words``: the journal keeps our words, as in the product; else it keeps writes as the tests
    of the rings make them.
    """

    crm: Emulator
    folder: Path
    wait: float = 2.0
    in_words: bool = False
    qualification: str = ""
    clock: Clock = field(default_factory=Clock)
    passed: float = 0.0

    def __post_init__(self) -> None:
        self.steady = Steady(lambda: 1000.0 + self.passed)
        self.http = http(self.crm, self.wait, self.clock)
        self.database = Database(self.folder / "vinculo.db")
        self.cache = Cache(self.database, "main")
        self.cached = Cached(self.http, self.cache, AGES, self.clock)
        self.ledger = Ledger(self.database, "key-of-the-ledger", self.clock)
        self.presence = Presence(self.folder / "run")
        self.journal = Journal(
            self.database, "main", self.ledger, self.presence, self.steady, self.clock
        )
        dialect = (Dialect if self.in_words else AsItIs)(
            self.cached, self.clock.now, self.qualification
        )
        self.settling = Settling(self.cached, self.journal, SETTLE, dialect)
        self.journaled = Journaled(self.cached, self.journal, self.settling, self.wait)
        self.desk = Desk(self.journaled, self.clock.now, self.qualification)
        self.ixc = IXC(self.desk)
        self.checking = Checking(self.cached, self.journal, self.settling)
        self.worker = Worker(self.settling, self.journal, self.checking, chance=lambda: 0.5)

    def passes(self, seconds: float) -> None:
        """Lets time go by, on the wall and by the steady clock."""
        self.passed += seconds
        self.clock.at += seconds

    def settles(self) -> None:
        """Lets the worker work until nothing is open, as time goes by; a day at most."""
        for _ in range(1000):
            self.worker.turn()
            if not self.journal.open():
                return
            self.passes(SETTLE / 4)
        raise AssertionError(self.journal.open())

    def asked(self, resource: str = "", kind: str = "") -> int:
        """How often the CRM was asked for the resource."""
        calls = self.crm.calls
        return sum(resource in {"", c["resource"]} and kind in {"", c["kind"]} for c in calls)


def http(crm: Emulator, wait: float = 2.0, clock: Clock | None = None) -> Webservice:
    """The innermost transport, for an emulator."""
    return Webservice(integration(crm.url, crm.token, wait=wait), clock or Clock())


def reason(
    text: str = "Mudou de cidade", key: str = "key-of-the-form-1", marked: bool = True
) -> Write:
    """The smallest write: a loss reason, found again by its text."""
    markers = (Query("crm_substatus", (Filter("descricao", "=", text),), size=5),) if marked else ()
    record = {"descricao": text}
    return Write("crm_substatus", record, key, ORIGIN, markers=markers, words=record)


class Wrapped:
    """A transport over another, for tests that make a bad moment last; what answers is the CRM."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner

    def read(self, query: Query) -> Fetched[Rows]:
        return self.inner.read(query)

    def write(self, write: Write) -> Written:
        return self.inner.write(write)


def together(threads: list[Thread], seconds: float = 60) -> None:
    """Starts them at the same moment and waits until all have ended."""
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
        assert not thread.is_alive()
