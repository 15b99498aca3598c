"""A mirror over a real CRM and a real index, with time that only tests let go by."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crm.bench import Clock, Wrapped, http
from widget.crm.ixc.kind import Mirroring
from widget.crm.wire import Query, Rows
from widget.domain.model import Fetched, Ref
from widget.emulator.crm.server import Emulator
from widget.store.engine import migrations
from widget.store.engine.database import Database
from widget.store.engine.presence import Presence
from widget.store.people.fills import Fills
from widget.store.people.people import People
from widget.sync.mirror import Mirror
from widget.sync.table import PASS_EVERY


class Timed(Wrapped):
    """A CRM whose answers take as long as the test says; remembers what was asked when."""

    def __init__(self, office: Office) -> None:
        super().__init__(http(office.crm, 5.0, office.clock))
        self._office = office
        self.asked: list[tuple[float, Query]] = []

    def read(self, query: Query) -> Fetched[Rows]:
        self.asked.append((self._office.passed, query))
        self._office.passes(self._office.takes)
        return super().read(query)


@dataclass
class Office:
    """Where the mirror works. ``takes``: seconds that each answer takes."""

    crm: Emulator
    folder: Path
    takes: float = 0.0
    options: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    passed: float = 0.0

    def __post_init__(self) -> None:
        self.database = Database(self.folder / "people.db", migrations.people)
        self.people = People(self.database, "main", self.clock)
        self.fills = Fills(self.database, "main", self.clock, Mirroring.resources.values())
        self.source = Timed(self)
        self.mirror = self.process()

    def process(self, size: int = 0) -> Mirror:
        """Another server's mirror, which asks for so many at once in the beginning."""
        made = Mirror(
            self.source,
            Mirroring(),
            self.people,
            self.fills,
            Presence(self.folder / "run"),
            clock=self.clock,
            today=self.clock.now,
            steady=lambda: self.passed,
            chance=lambda: 0.5,
            **self.options,
        )
        for table in made._tables:
            table.pace.size = size or table.pace.size
        return made

    def passes(self, seconds: float) -> None:
        """Lets time go by, on the wall and by the steady clock."""
        self.passed += seconds
        self.clock.at += seconds

    def step(self) -> float:
        """One turn, and the time until the next."""
        wait = self.mirror.turn()
        self.passes(wait)
        return wait

    def works(self, seconds: float) -> None:
        """The mirror works for so long."""
        until = self.passed + seconds
        while self.passed < until:
            self.step()

    def next_day(self) -> None:
        """A night without work, and then the slow pass."""
        self.passes(PASS_EVERY)
        self.works(300)

    def fills_up(self, steps: int = 500) -> None:
        """The mirror works until the first pass is over."""
        for _ in range(steps):
            if self.fills.is_complete:
                return
            self.step()
        raise AssertionError(self.fills.progress())

    def name(self, number: str, source: str = Ref.LEAD) -> str:
        """How the index calls somebody; "" of nobody."""
        found = self.people.one(source, number)
        return found.row.get("nome", found.row.get("razao", "")) if found else ""

    def calls(self, since: float = 0.0) -> list[Query]:
        """What was asked since that steady moment."""
        return [query for at, query in self.source.asked if at >= since]
