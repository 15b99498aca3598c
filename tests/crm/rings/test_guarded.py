"""Tests of the guarding ring: how many calls go out at once.

They also say who waits for a CRM that hangs, and how its return is noticed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, Thread

import pytest

from tests.crm.bench import ORIGIN, Bench, Wrapped, http, reason, together
from widget.crm import patience
from widget.crm.ixc.kind import Provedor
from widget.crm.rings.guarded import Guarded
from widget.crm.rings.journaled import Journaled
from widget.crm.rings.settling import Settling
from widget.crm.wire import Query, Rows, Transport, Write
from widget.domain import errors
from widget.domain.model import Fetched, Freshness, State, Written
from widget.emulator.crm.server import Emulator

KNOCK = Provedor.knock
FUNNELS = Query("crm_funil")
PRESSED = Query("crm_funil", freshness=Freshness.NOW)


class Hanging(Wrapped):
    """Keeps every call until it is let go, and then fails like one that was cut.

    Afterwards it passes on.
    """

    def __init__(self, inner: Transport) -> None:
        super().__init__(inner)
        self.asked: list[Query | Write] = []
        self.arrived, self.probed, self.may_end = Event(), Event(), Event()
        self.hangs, self.passed = True, 0.0

    def read(self, query: Query) -> Fetched[Rows]:
        self._keep(query, self.probed if query is KNOCK else self.arrived)
        return super().read(query)

    def write(self, write: Write) -> Written:
        self._keep(write, self.arrived)
        return super().write(write)

    def steady(self) -> float:
        return self.passed

    def _keep(self, what: Query | Write, arrived: Event) -> None:
        self.asked.append(what)
        arrived.set()
        if self.hangs:
            assert self.may_end.wait(10)
            self.passed += 8
            raise errors.Unreachable("cut")


@pytest.fixture
def hanging(bench: Bench) -> Iterator[Hanging]:
    hanging = Hanging(bench.http)
    yield hanging
    hanging.hangs = False
    hanging.may_end.set()


@pytest.fixture
def guarded(hanging: Hanging, bench: Bench) -> Guarded:
    return Guarded(hanging, KNOCK, 8.0, 16, bench.clock, steady=hanging.steady, first=0.01)


@pytest.fixture
def request_() -> Iterator[patience.Patience]:
    """Somebody sits in front of a screen."""
    mine = patience.begin(8.0)
    yield mine
    mine.end()


def hang(guarded: Guarded, hanging: Hanging, query: Query = FUNNELS) -> None:
    """One reader waits in vain; the probe that follows hangs."""
    hanging.may_end.set()
    with pytest.raises(errors.Unreachable):
        guarded.read(query)
    hanging.may_end.clear()


def is_well(guarded: Guarded) -> bool:
    deadline = time.monotonic() + 60
    while guarded.trouble and time.monotonic() < deadline:
        time.sleep(0.005)
    return guarded.trouble is None


def test_while_the_crm_hangs_only_the_first_one_waits(guarded: Guarded, hanging: Hanging) -> None:
    hang(guarded, hanging)
    for _ in range(10):
        with pytest.raises(errors.Unreachable):
            guarded.read(FUNNELS)
        with pytest.raises(errors.Unreachable):
            guarded.write(reason())

    assert [what for what in hanging.asked if what is not KNOCK] == [FUNNELS]


def test_those_who_wait_for_a_place_are_told_as_soon_as_one_has_waited_in_vain(
    hanging: Hanging, bench: Bench
) -> None:
    guarded = Guarded(hanging, KNOCK, 8.0, 1, bench.clock, steady=hanging.steady)
    told: list[str] = []

    def read() -> None:
        with pytest.raises(errors.CRMError) as caught:
            guarded.read(FUNNELS)
        told.append(caught.value.code)

    threads = [Thread(target=read) for _ in range(5)]
    threads[0].start()
    assert hanging.arrived.wait(10)
    for thread in threads[1:]:
        thread.start()
    hanging.may_end.set()
    for thread in threads:
        thread.join(10)

    assert told == [errors.Unreachable.code] * 5
    assert [what for what in hanging.asked if what is not KNOCK] == [FUNNELS]


def test_its_return_is_noticed_without_anybody_asking(guarded: Guarded, hanging: Hanging) -> None:
    hang(guarded, hanging)
    assert hanging.probed.wait(10)
    hanging.hangs = False
    hanging.may_end.set()

    assert is_well(guarded)
    assert guarded.read(FUNNELS).value.rows


def test_one_question_that_hung_keeps_nobody_from_the_others_for_long(
    guarded: Guarded, hanging: Hanging
) -> None:
    """The first probe comes at once."""
    hanging.may_end.set()
    with pytest.raises(errors.Unreachable):
        guarded.read(FUNNELS)
    hanging.hangs = False

    assert is_well(guarded)
    assert len([what for what in hanging.asked if what is KNOCK]) <= 2


def test_one_that_refuses_at_once_is_asked_at_once_and_looked_for_all_the_same(
    bench: Bench, crm: Emulator
) -> None:
    guarded = Guarded(bench.http, KNOCK, 2.0, 16, bench.clock, first=0.01)
    crm.control(fault="reset")
    for _ in range(3):
        with pytest.raises(errors.Unreachable):
            guarded.read(FUNNELS)

    assert guarded.trouble
    assert guarded.trouble.since == bench.clock.at
    assert bench.asked("crm_funil") == 3
    crm.control(fault="none")
    assert is_well(guarded)


def test_who_pressed_a_button_asks_and_ends_it_for_all(
    guarded: Guarded, hanging: Hanging, request_: patience.Patience
) -> None:
    hang(guarded, hanging)
    assert hanging.probed.wait(10)
    hanging.hangs = False

    assert guarded.read(PRESSED).value.rows == guarded.read(FUNNELS).value.rows
    assert guarded.trouble is None
    assert request_


def test_the_worker_presses_nothing(guarded: Guarded, hanging: Hanging) -> None:
    hang(guarded, hanging)

    with pytest.raises(errors.Unreachable):
        guarded.read(PRESSED)
    assert PRESSED not in hanging.asked


def test_a_write_while_the_crm_hangs_is_kept_at_once_and_goes_when_it_is_back(
    guarded: Guarded, hanging: Hanging, bench: Bench
) -> None:
    hang(guarded, hanging)
    settling = Settling(guarded, bench.journal, 8.0)
    journaled = Journaled(guarded, bench.journal, settling, 8.0)

    began = time.monotonic()
    written = journaled.save(reason())

    assert (written.state, written.why) == (State.KEPT, errors.Unreachable.code)
    assert time.monotonic() - began < 7
    hanging.hangs = False
    hanging.may_end.set()
    assert is_well(guarded)
    settling.step(written.key)
    assert len(bench.crm.rows("crm_substatus", descricao="Mudou de cidade")) == 1


def test_no_more_calls_are_under_way_than_allowed(hanging: Hanging, bench: Bench) -> None:
    guarded = Guarded(hanging, KNOCK, 0.2, 2, bench.clock, steady=hanging.steady)

    def read() -> None:
        with pytest.raises(errors.Unreachable):
            guarded.read(FUNNELS)

    threads = [Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert hanging.arrived.wait(10)
        hanging.arrived.clear()

    with pytest.raises(errors.TooSlow):
        guarded.read(FUNNELS)
    assert len(hanging.asked) == 2
    hanging.may_end.set()
    for thread in threads:
        thread.join(10)


def test_a_place_is_free_again_however_the_call_ended(
    guarded: Guarded, bench: Bench, crm: Emulator
) -> None:
    guarded = Guarded(bench.http, KNOCK, 2.0, 1, bench.clock)
    crm.control(fault="500", fault_times=3)
    for _ in range(3):
        with pytest.raises(errors.Unexpected):
            guarded.read(FUNNELS)

    together([Thread(target=guarded.read, args=(FUNNELS,)) for _ in range(4)])
    assert guarded.write(Write("crm_substatus", {"descricao": "x"}, "k" * 20, ORIGIN)).id


def test_a_crm_that_asks_for_a_pause_is_left_alone_so_long(bench: Bench, crm: Emulator) -> None:
    guarded = Guarded(bench.http, KNOCK, 2.0, 16, bench.clock, first=0.01)
    crm.control(fault="429", fault_times=1, retry_after_seconds=1)
    with pytest.raises(errors.Busy):
        guarded.read(FUNNELS)
    with pytest.raises(errors.Busy):
        guarded.read(PRESSED)

    assert len(crm.calls) == 1
    assert is_well(guarded)
    assert guarded.read(FUNNELS).value.rows


def test_a_real_hang_is_found_by_its_length_and_its_end_by_one_probe(
    bench: Bench, crm: Emulator
) -> None:
    guarded = Guarded(http(crm, 1.0), KNOCK, 1.0, 16, first=0.01)
    crm.control(fault="hang", fault_resources=["crm_funil"])
    with pytest.raises(errors.Unreachable):
        guarded.read(FUNNELS)

    assert is_well(guarded)
    assert [call["resource"] for call in crm.calls] == ["crm_funil", KNOCK.resource]
    assert bench
