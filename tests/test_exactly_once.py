"""Tests of exactly once, in order, whatever fails.

An attendant, processes that die and a CRM in trouble act by chance.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.crm.bench import ORIGIN, Clock
from widget.crm.rings.checking import Checking
from widget.crm.rings.settling import Settling, item
from widget.crm.wire import Filter, Query, Rows, Write
from widget.domain import errors
from widget.domain.model import Fetched, State, Written
from widget.store.engine.database import Database
from widget.store.engine.presence import Presence, Steady
from widget.store.journal.journal import Journal
from widget.store.ledger.ledger import Ledger
from widget.sync.worker import Worker

SETTLE = 8.0
# How a send can end: done; done, but the answer is lost; lost before; done later than the answer;
# done by a process that stood still for long; surely not done; refused; the process dies before the
# CRM has it, or after.
ENDS = (
    "done",
    "late",
    "answer lost",
    "lost",
    "stood still",
    "not done",
    "refused",
    "dies before",
    "dies after",
)
KINDS = ("crm_prospeccao_anotacoes", "crm_negociacoes")


class Dies(BaseException):
    """The process ends here, whatever it was doing."""


# The worst of them comes as often as all the others.
DRAWN = st.sampled_from(ENDS) | st.just("late")
ERRORS: dict[str, BaseException] = {
    "not done": errors.Busy("x"),
    "refused": errors.Rejected(("Não!",)),
    "dies before": Dies(),
    "dies after": Dies(),
}


@dataclass
class Time:
    """Seconds that go by when somebody says so; the wall clock may be set besides."""

    passed: float = 0.0

    def __call__(self) -> float:
        return 1000.0 + self.passed


@dataclass
class CRM:
    """A CRM in memory.

    What a send or a read meets is drawn before; a late commit comes within the settling time.
    """

    time: Time
    rows: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    late: list[tuple[float, Write]] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    deaf: int = 0
    meanwhile: Callable[[], None] = lambda: None

    def read(self, query: Query) -> Fetched[Rows]:
        if self.deaf:
            self.deaf -= 1
            raise errors.Unreachable("x")
        found = [
            row
            for resource, row in self.rows
            if resource == query.resource and self._fits(row, query.filters)
        ]
        return Fetched(Rows(tuple(found), len(found)), self.time())

    def write(self, write: Write) -> Written:
        end = self.ends.pop(0) if self.ends else "done"
        if end == "stood still":
            self.meanwhile()
        if end in {"done", "answer lost", "stood still", "dies after"}:
            number = self.commit(write)
        if end == "late":
            self.late.append((self.time.passed + SETTLE * 0.9, write))
        if end in {"done", "stood still"}:
            return Written(number)
        raise ERRORS.get(end, errors.OutcomeUnknown("x"))

    def commit(self, write: Write) -> str:
        self.rows.append((write.resource, {"id": str(len(self.rows) + 1), **write.record}))
        return str(len(self.rows))

    def goes_on(self) -> None:
        """Commits what is late by now."""
        for due, write in [one for one in self.late if one[0] <= self.time.passed]:
            self.late.remove((due, write))
            self.commit(write)

    @staticmethod
    def _fits(row: dict[str, str], filters: tuple[Filter, ...]) -> bool:
        return all(row.get(f.column) == f.value for f in filters)


@dataclass
class Process:
    """One server process over the shared file: its journal, its steps, its worker."""

    folder: Path
    crm: CRM
    time: Time
    clock: Clock

    def __post_init__(self) -> None:
        database = Database(self.folder / "vinculo.db")
        self.presence = Presence(self.folder / "run")
        ledger = Ledger(database, "key-of-the-ledger", self.clock)
        self.journal = Journal(
            database, "main", ledger, self.presence, Steady(self.time), self.clock
        )
        self.settling = Settling(self.crm, self.journal, SETTLE)
        self.give_back, self.journal.release = (  # type: ignore[method-assign]
            self.journal.release,
            self.release,
        )
        checking = Checking(self.crm, self.journal, self.settling)
        self.worker = Worker(self.settling, self.journal, checking, chance=lambda: 0.5)

    def release(self, entry: Any) -> None:
        """The dead give nothing back."""
        if not isinstance(sys.exception(), Dies):
            self.give_back(entry)


def wanted(number: int, contact: int, kind: int) -> Write:
    """A note or negotiation of a contact.

    Every third one says the same as another form of the contact.
    """
    key = f"key-of-the-form-{number:04}"
    text = f"text {number // 2 if number % 3 == 0 else number}"
    record = {"text": text, "contact": str(contact), "key": key}
    return Write(
        KINDS[kind],
        record,
        key,
        replace(ORIGIN, contact=f"lead-{contact}"),
        words={"text": text},
        markers=(Query(KINDS[kind], (Filter("key", "=", key),)),),
    )


class ExactlyOnce(RuleBasedStateMachine):
    """What an attendant was told is saved reaches the CRM once, in the order of each contact."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="exactly-once-"))
        self.time, self.clock = Time(), Clock()
        self.crm = CRM(self.time)
        self.accepted: dict[str, Write] = {}
        self.processes = [self.born(), self.born()]

    def born(self) -> Process:
        return Process(self.folder, self.crm, self.time, self.clock)

    def dies(self, which: int) -> None:
        self.processes[which].presence.leave()
        self.processes[which] = self.born()

    def settles(self, which: int, root: str) -> bool:
        """Whether the process survives it."""
        process, other = self.processes[which], self.processes[1 - which]
        self.crm.meanwhile = lambda: self.others_go_on(other, root)
        try:
            process.worker._settle(root)
        except Dies:
            self.dies(which)
            return False
        return True

    def others_go_on(self, other: Process, root: str) -> None:
        """One process stands still in the middle of a call.

        Meanwhile the other finds the form open for long.
        """
        self.time_passes(2 * SETTLE)
        other.settling.pursue(root)

    @rule(
        contact=st.integers(1, 2),
        kind=st.integers(0, 1),
        which=st.integers(0, 1),
        end=DRAWN,
        deaf=st.integers(0, 2),
    )
    def saves(self, contact: int, kind: int, which: int, end: str, deaf: int) -> None:
        """Somebody saves a form; the CRM gets it now, later, or for the time being not."""
        write = wanted(len(self.accepted), contact, kind)
        process = self.processes[which]
        self.crm.ends, self.crm.deaf = [end], deaf
        process.journal.accept([item(write)])
        self.accepted[write.key] = write
        self.settles(which, write.key)

    @rule(back=st.integers(0, 3), which=st.integers(0, 1), end=DRAWN)
    def saves_the_same_again(self, back: int, which: int, end: str) -> None:
        """A click repeated, a page loaded anew, a second window: in this process or the other."""
        if len(self.accepted) <= back:
            return
        write = list(self.accepted.values())[-1 - back]
        process = self.processes[which]
        self.crm.ends = [end]
        process.journal.accept([item(write)])
        self.settles(which, write.key)

    @rule(which=st.integers(0, 1), ends=st.lists(DRAWN, max_size=3), deaf=st.integers(0, 3))
    def works(self, which: int, ends: list[str], deaf: int) -> None:
        """The worker of a process takes each form one step further."""
        process = self.processes[which]
        self.crm.ends, self.crm.deaf = ends, deaf
        for root in process.worker._due():
            if not self.settles(which, root):
                return

    @rule(seconds=st.sampled_from([0.5, SETTLE / 2, SETTLE, 60.0]))
    def time_passes(self, seconds: float) -> None:
        self.time.passed += seconds
        self.clock.at += seconds
        self.crm.goes_on()

    @rule(hours=st.sampled_from([-1, 1]))
    def the_wall_clock_is_set(self, hours: int) -> None:
        self.clock.at += hours * 3600

    @rule(which=st.integers(0, 1))
    def a_process_is_killed(self, which: int) -> None:
        self.dies(which)

    @invariant()
    def nothing_is_there_twice(self) -> None:
        if hasattr(self, "crm"):
            twice = {
                key: n
                for key, n in Counter(row["key"] for _, row in self.crm.rows).items()
                if n > 1
            }
            assert twice == {}

    @invariant()
    def what_is_told_done_is_there(self) -> None:
        if hasattr(self, "crm"):
            there = {row["id"]: row["key"] for _, row in self.crm.rows}
            rows = self.processes[0].journal.database.rows(
                "SELECT key, crm_id FROM journal WHERE state = 'done'"
            )
            assert [row for row in rows if there.get(row["crm_id"]) != row["key"]] == []

    def teardown(self) -> None:
        """Everything heals, and time goes by: then everything is there, and in order."""
        if not hasattr(self, "crm"):
            return
        try:
            self.heal()
        finally:
            for process in self.processes:
                process.presence.leave()
                process.journal.database.close()
            shutil.rmtree(self.folder)

    def heal(self) -> None:
        self.crm.ends, self.crm.deaf = [], 0
        journal = self.processes[0].journal
        for _ in range(200):
            if not journal.open() and not self.crm.late:
                break
            self.time_passes(SETTLE)
            for root in self.processes[0].worker._due():
                self.processes[0].worker._settle(root)
        assert journal.open() == []
        self.nothing_is_there_twice()
        self.what_is_told_done_is_there()
        states = {key: entry.state for key in self.accepted if (entry := journal.find(key))}
        assert set(states) == set(self.accepted)
        arrived = [row["key"] for _, row in self.crm.rows]
        assert sorted(arrived) == sorted(
            key for key, state in states.items() if state is State.DONE
        )
        for contact in ("1", "2"):
            of_contact = [row["key"] for _, row in self.crm.rows if row["contact"] == contact]
            refused_once = {
                key for key in of_contact if self.was_refused(key)
            }  # it went on when it was corrected
            straight = [key for key in of_contact if key not in refused_once]
            assert straight == sorted(straight)

    def was_refused(self, key: str) -> bool:
        database = self.processes[0].journal.database
        return (
            database.row("SELECT 1 FROM ledger WHERE key = ? AND event = 'refused'", key)
            is not None
        )


TestExactlyOnce = ExactlyOnce.TestCase
TestExactlyOnce.settings = settings(
    max_examples=80, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
