"""The kinds of CRM as their contract meets them.

Each kind has a server of its own, and the same ways to disturb it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crm.bench import SETTLE, Clock
from tests.crm.tiny.kind import COLUMNS, Tiny
from tests.crm.tiny.server import KEY, Cards
from tests.product import behind, integration
from widget.crm.index import Index
from widget.crm.ixc.kind import Provedor
from widget.crm.ixc.words import LEAD
from widget.crm.port import CRM, Kind
from widget.crm.rings.cached import Cached
from widget.crm.rings.checking import Checking
from widget.crm.rings.journaled import Journaled
from widget.crm.rings.settling import Settling
from widget.domain.model import Ref
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import Database
from widget.store.engine.presence import Presence, Steady
from widget.store.journal.journal import Journal
from widget.store.ledger.ledger import Ledger
from widget.store.records.cache import Cache
from widget.sync.worker import Worker

# One person who is there from the beginning, whatever the kind.
IDA = {
    "name": "Ida Prado Wessel",
    "document": "076.768.130-42",
    "mobile": "(47) 99123-0077",
    "email": "ida@example.com",
}


@dataclass
class Disturbed:
    """A server and what tests do to it. ``rows`` are its people as it keeps them, by our words."""

    url: str
    token: str
    ida: Ref
    stop: Callable[[], None]
    start: Callable[[], None]
    lose_an_answer: Callable[[], None]
    refuse: Callable[[], str]
    forget: Callable[[str], None]
    change: Callable[[str, str], None]
    rows: Callable[[], list[dict[str, str]]]


def tiny(cards: Cards) -> Disturbed:
    """The cards."""
    number = cards.add(**{COLUMNS[name]: value for name, value in IDA.items()})

    def refuse() -> str:
        cards.refuses = "full_name is too nice"
        return cards.refuses

    return Disturbed(
        cards.url,
        KEY,
        Ref(Ref.LEAD, number),
        cards.stop,
        cards.start,
        lambda: setattr(cards, "loses", 1),
        refuse,
        lambda name: setattr(cards, "forgets", (COLUMNS[name],)),
        lambda name, value: cards.card(number).update({COLUMNS[name]: value}),
        lambda: [{w: card[c] for w, c in COLUMNS.items()} for card in cards.cards],
    )


def ixc(crm: Emulator) -> Disturbed:
    """The emulator of IXC's webservice."""
    columns = {word: column for column, word in LEAD.items()}
    ida = {columns[name]: value for name, value in IDA.items()}
    behind(crm, "contato", "900", lead="S", data_cadastro="2026-11-01 10:00:00", **ida)

    def refuse() -> str:
        crm.control(require_branch=True)
        return "Preencha Filial!"

    return Disturbed(
        crm.url,
        crm.token,
        Ref(Ref.LEAD, "900"),
        crm.stop,
        crm.start,
        lambda: crm.control(fault="reset_after_commit", fault_on="write", fault_times=1),
        refuse,
        lambda name: crm.control(drop_fields=[f"contato.{columns[name]}"]),
        lambda name, value: behind(crm, "contato", "900", **{columns[name]: value}),
        lambda: [
            {word: str(row[column]) for word, column in columns.items()}
            for row in crm.rows("contato")
        ],
    )


KINDS: dict[str, Kind] = {"ixc": Provedor(), "tiny": Tiny()}


@dataclass
class Stand:
    """Every ring around one kind of CRM, put together from what the kind supplies."""

    kind: Kind
    server: Disturbed
    folder: Path
    clock: Clock = field(default_factory=Clock)
    passed: float = 0.0

    def __post_init__(self) -> None:
        server, clock = self.server, self.clock
        connected = integration(server.url, server.token, wait=2.0)
        database = Database(self.folder / "vinculo.db")
        self.database = database
        inner = Cached(
            self.kind.transport(connected, clock, lambda _: None),
            Cache(database, "main"),
            {"": 120},
            clock,
        )
        self.journal = Journal(
            database,
            "main",
            Ledger(database, "key-of-the-ledger", clock),
            Presence(self.folder / "run"),
            Steady(lambda: 1000.0 + self.passed),
            clock,
        )
        dialect = self.kind.dialect(inner, clock.now, "")
        self.settling = Settling(inner, self.journal, SETTLE, dialect)
        self.checking = Checking(inner, self.journal, self.settling)
        self.worker = Worker(self.settling, self.journal, self.checking, chance=lambda: 0.5)
        self.crm: CRM = self.kind.crm(
            Journaled(inner, self.journal, self.settling, 2.0),
            clock.now,
            Index(contact=self.kind.mirroring.contact),
            calls=4,
            qualification_field="",
        )

    def settles(self) -> None:
        """Lets the worker work until nothing is open, as time goes by."""
        for _ in range(200):
            self.worker.turn()
            if not self.journal.open():
                return
            self.passed += SETTLE / 4
            self.clock.at += SETTLE / 4
        raise AssertionError(self.journal.open())

    def works(self) -> list[dict[str, Any]]:
        """What the journal keeps on disk."""
        rows = self.database.rows("SELECT work FROM journal ORDER BY seq")
        return [json.loads(row["work"]) for row in rows]

    def holding(self, text: str) -> int:
        """How often the text stands in the CRM."""
        return sum(str(row).count(text) for row in self.server.rows())
