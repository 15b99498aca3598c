"""Tests of the worker: one of all processes.

They say what is due and when, that pauses grow, and what one bad form may not do.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest

from tests.crm.bench import ORIGIN, SETTLE, Bench, Wrapped, reason
from widget.crm.wire import Write
from widget.domain import errors
from widget.domain.model import State, Written
from widget.emulator.crm.server import Emulator
from widget.store.journal.entries import Entry
from widget.sync.worker import FIRST, HANDS, LONGEST, LONGEST_OUTAGE, Worker

KEY = "key-of-the-form-1"


def entry(bench: Bench, key: str = KEY) -> Entry:
    found = bench.journal.find(key)
    assert found is not None
    return found


def kept(bench: Bench, *keys: str) -> None:
    """Accepts a write for each key, each for a contact of its own, and sends none."""
    bench.journaled._settling = replace(bench.settling, inner=Away(bench.http))
    for key in keys or (KEY,):
        write = reason(f"Motivo {key}", key)
        bench.journaled.save(replace(write, origin=replace(ORIGIN, contact=f"lead-{key}")))


class Away(Wrapped):
    """A CRM that certainly gets nothing."""

    def write(self, write: Write) -> Written:
        raise errors.Unreachable("x")


class Trying(Wrapped):
    """A CRM in trouble, with what was tried on it."""

    def __init__(self, bench: Bench, error: errors.CRMError) -> None:
        super().__init__(bench.cached)
        self.error: errors.CRMError | None = error
        self.tried: list[str] = []
        self.at: list[float] = []
        self._bench = bench

    def write(self, write: Write) -> Written:
        self.tried.append(write.key)
        self.at.append(self._bench.passed)
        if self.error:
            raise self.error
        return super().write(write)


def works(bench: Bench, seconds: float, step: float = 0.25) -> None:
    """The worker works as time goes by."""
    until = bench.passed + seconds
    while bench.passed < until:
        bench.worker.turn()
        bench.passes(step)


# -- what is due
# --------------------------------------------------------------------------------------------------


def test_a_turn_settles_what_is_open_and_says_how_much_that_was(bench: Bench) -> None:
    kept(bench, *(f"{KEY}{n}" for n in range(3)))

    assert [bench.worker.turn() for _ in range(2)] == [3, 0]
    assert bench.journal.open() == []
    assert bench.asked("crm_substatus", "insert") == 3


def test_in_one_turn_many_forms_are_taken_but_only_so_many_at_once(bench: Bench) -> None:
    kept(bench, *(f"{KEY}{n}" for n in range(3 * HANDS)))
    most = [0, 0]

    class Counting(Wrapped):
        def write(self, write: Write) -> Written:
            most[0] += 1
            most[1] = max(most)
            try:
                return super().write(write)
            finally:
                most[0] -= 1

    bench.settling.inner = Counting(bench.cached)
    bench.crm.control(delay_seconds=0.02)

    assert bench.worker.turn() == 3 * HANDS
    assert 1 < most[1] <= HANDS


@pytest.mark.parametrize("error", [errors.Rejected(("Não!",)), errors.OutcomeUnknown("x")])
def test_what_cannot_be_settled_is_tried_again_after_pauses_that_grow_to_a_ceiling(
    bench: Bench, error: errors.CRMError
) -> None:
    bench.settling.dialect.instead = unreachable  # type: ignore[method-assign]
    kept(bench)
    bench.settling.inner = trying = Trying(bench, error)

    works(bench, 1800, step=1.0)

    gaps = [later - sooner for sooner, later in pairwise(trying.at)]
    floor = SETTLE if isinstance(error, errors.OutcomeUnknown) else FIRST
    assert floor <= min(gaps) <= 2 * SETTLE
    assert all(later >= sooner for sooner, later in pairwise(gaps[3:]))
    assert gaps[-1] == pytest.approx(LONGEST, abs=2)


def unreachable(_write: Write, _error: errors.VinculoError) -> tuple[Write, ...]:
    raise errors.Unexpected("x")


@pytest.mark.parametrize("attempts", [0, 1, 5, 40])
def test_pauses_double_and_are_never_quite_the_same(bench: Bench, attempts: int) -> None:
    waiting = replace(entry_like(bench), attempts=attempts, why=errors.Unexpected.code)
    pauses = [replace(bench.worker, chance=lambda c=c: c)._pause(waiting) for c in (0.0, 0.5, 1.0)]

    middle = min(LONGEST, FIRST * 2**attempts)
    assert pauses == pytest.approx([0.8 * middle, middle, 1.2 * middle])


def entry_like(bench: Bench) -> Entry:
    kept(bench)
    return entry(bench)


def test_what_is_in_doubt_is_looked_at_right_when_it_may_be_sent_again(bench: Bench) -> None:
    bench.crm.control(fault="reset", fault_on="write", fault_times=1)
    bench.journaled.save(reason())

    works(bench, SETTLE + 0.5, step=0.05)

    assert (entry(bench).state, entry(bench).sends) == (State.DONE, 2)


@pytest.mark.parametrize("error", [errors.Misconfigured("x"), errors.Unexpected("x")])
def test_somebody_who_wants_it_now_gets_it_tried_at_once(
    bench: Bench, error: errors.CRMError
) -> None:
    kept(bench)
    bench.settling.inner = trying = Trying(bench, error)
    works(bench, 70)
    before = len(trying.tried)
    assert bench.worker.turn() == 0

    bench.journal.push(KEY)

    assert [bench.worker.turn() for _ in range(2)] == [1, 0]
    assert len(trying.tried) == before + 1


def test_what_waits_for_another_entry_goes_on_when_that_one_ends(bench: Bench) -> None:
    bench.crm.control(fault="reset", fault_on="write", fault_times=1)
    bench.journaled.save(reason("Primeiro", f"{KEY}0"))
    bench.journaled.save(reason("Segundo", f"{KEY}1"))

    works(bench, SETTLE + 2)

    inserted = [c["query"]["descricao"] for c in bench.crm.calls if c["answer"] == "insert"]
    assert inserted == ["Primeiro", "Segundo"]


# -- an outage
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        errors.Unreachable("x"),
        errors.Busy("x"),
        errors.CredentialsRefused("x"),
        errors.AddressRefused("x"),
    ],
)
def test_while_the_crm_is_away_one_write_knocks_for_all(
    bench: Bench, error: errors.CRMError
) -> None:
    keys = [f"{KEY}{n:02}" for n in range(20)]
    kept(bench, *keys)
    bench.settling.inner = trying = Trying(bench, error)
    bench.worker.turn()
    trying.tried.clear()

    works(bench, 300, step=1.0)

    assert 8 < len(trying.tried) <= 300 / LONGEST_OUTAGE + 6
    assert len(set(trying.tried)) > 1, (
        "it may be one write alone that the CRM does not want to hear of"
    )
    trying.error = None
    works(bench, 1.2 * LONGEST_OUTAGE + 2)
    assert bench.journal.open() == []


def test_an_outage_ends_for_all_at_once(bench: Bench) -> None:
    keys = [f"{KEY}{n}" for n in range(9)]
    kept(bench, *keys)
    bench.settling.inner = trying = Trying(bench, errors.Unreachable("x"))
    works(bench, 300, step=1.0)
    trying.error = None
    trying.tried.clear()

    works(bench, 1.2 * LONGEST_OUTAGE + 2)

    assert sorted(trying.tried) == keys
    assert bench.journal.open() == []


# -- what goes wrong on our side
# -----------------------------------------------------------------------------------


def test_who_sees_the_crm_return_spares_the_pause_until_the_next_knock(bench: Bench) -> None:
    keys = [f"{KEY}{n:02}" for n in range(3)]
    kept(bench, *keys)
    bench.settling.inner = trying = Trying(bench, errors.Unreachable("away"))
    away = [True]
    bench.worker.is_away = lambda: away[0]
    works(bench, 300, step=1.0)  # the pauses have grown to their longest
    trying.error = None
    away[0] = False

    bench.worker.turn()
    bench.worker.turn()

    assert bench.journal.open() == []


def test_one_form_that_cannot_be_settled_holds_up_no_other(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    kept(bench, f"{KEY}0", f"{KEY}1")

    class Broken(Wrapped):
        def write(self, write: Write) -> Written:
            if write.key == f"{KEY}0":
                raise RuntimeError("a mistake of ours")
            return super().write(write)

    bench.settling.inner = Broken(bench.cached)
    with caplog.at_level(logging.ERROR):
        works(bench, 20)

    assert [e.key for e in bench.journal.open()] == [f"{KEY}0"]
    assert entry(bench, f"{KEY}0").sends == entry(bench, f"{KEY}1").sends
    assert "a form that cannot be settled" in caplog.text


# -- one of all processes
# ------------------------------------------------------------------------------------------


@pytest.fixture
def others(crm: Emulator, tmp_path: Path) -> Iterator[list[Bench]]:
    """Two server processes over one file."""
    benches = [Bench(crm, tmp_path / "data") for _ in range(2)]
    yield benches
    for each in benches:
        each.worker.stop()


class Turns(Worker):
    """Tells when it works."""

    worked: Event

    def turn(self) -> int:
        self.worked.set()
        return super().turn()


def started(bench: Bench) -> Turns:
    worker = Turns(bench.settling, bench.journal, bench.checking)
    worker.worked = Event()
    bench.worker = worker
    worker.start()
    return worker


def test_only_one_process_works_and_another_takes_over_when_it_leaves(others: list[Bench]) -> None:
    first = started(others[0])
    assert first.worked.wait(10)
    second = started(others[1])
    for _ in range(3):
        first.worked.clear()
        assert first.worked.wait(10)
    assert not second.worked.is_set()

    first.stop()
    others[0].presence.leave()
    kept(others[1])

    assert second.worked.wait(10)
    while entry(others[1]).is_open:
        second.worked.clear()
        assert second.worked.wait(10)
    assert others[1].asked("crm_substatus", "insert") == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errors.DiskFull("x"), "the worker waits: VNC-302"),
        (RuntimeError("x"), "the worker met a mistake of ours"),
    ],
)
def test_a_worker_survives_what_fails_for_a_while(
    others: list[Bench], caplog: pytest.LogCaptureFixture, error: Exception, told: str
) -> None:
    bench = others[0]
    failing = [True]

    class Unlucky(Turns):
        def turn(self) -> int:
            self.worked.set()
            if failing[0]:
                raise error
            return Worker.turn(self)

    kept(bench)
    bench.worker = worker = Unlucky(bench.settling, bench.journal, bench.checking)
    worker.worked = Event()
    worker.start()
    assert worker.worked.wait(10)
    failing[0] = False
    while entry(bench).is_open:
        worker.worked.clear()
        assert worker.worked.wait(10)

    assert told in caplog.text
