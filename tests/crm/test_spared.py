"""The sparing ring: who waits for a CRM that hangs, and who is told at once."""

from __future__ import annotations

import pytest

from tests.crm.bench import ORIGIN, Bench, Clock, Wrapped
from widget import errors
from widget.crm.protocol import Freshness, Query, Rows, Transport, Write
from widget.crm.spared import PAUSE, Spared
from widget.model import Fetched

FUNNELS = Query("crm_funil")


class Slow(Wrapped):
    """A CRM that takes its time, and may then not answer at all."""

    def __init__(self, inner: Transport, clock: Clock) -> None:
        super().__init__(inner)
        self.clock, self.seconds, self.fails, self.asked = clock, 0.0, False, 0

    def read(self, query: Query) -> Fetched[Rows]:
        self.asked += 1
        self.clock.at += self.seconds
        if self.fails:
            raise errors.Unreachable("no answer")
        return super().read(query)


@pytest.fixture
def slow(bench: Bench) -> Slow:
    return Slow(bench.http, bench.clock)


@pytest.fixture
def spared(bench: Bench, slow: Slow) -> Spared:
    return Spared(slow, bench.clock)


def fail(spared: Spared, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(errors.Unreachable):
            spared.read(FUNNELS)


def test_while_the_crm_hangs_only_the_first_one_waits(spared: Spared, slow: Slow) -> None:
    slow.seconds, slow.fails = 8, True
    fail(spared, times=10)

    assert slow.asked == 1


def test_after_the_pause_somebody_tries_again(spared: Spared, slow: Slow, bench: Bench) -> None:
    slow.seconds, slow.fails = 8, True
    fail(spared)
    bench.clock.at += PAUSE + 1
    fail(spared, times=3)

    assert slow.asked == 2


def test_one_that_refuses_at_once_may_be_asked_at_once(spared: Spared, slow: Slow) -> None:
    slow.fails = True
    fail(spared, times=3)

    assert slow.asked == 3


def test_a_crm_that_is_only_slow_is_asked_as_ever(spared: Spared, slow: Slow) -> None:
    slow.seconds = 7
    answers = [spared.read(FUNNELS).value.total for _ in range(3)]

    assert answers == [3, 3, 3]


def test_who_pressed_a_button_always_gets_through_and_ends_the_pause(spared: Spared, slow: Slow) -> None:
    slow.seconds, slow.fails = 8, True
    fail(spared)
    slow.seconds, slow.fails = 0, False
    pressed = spared.read(Query("crm_funil", freshness=Freshness.NOW))
    after = spared.read(FUNNELS)

    assert pressed.value.rows == after.value.rows


def test_a_write_is_never_held_back(spared: Spared, slow: Slow, bench: Bench) -> None:
    slow.seconds, slow.fails = 8, True
    fail(spared)
    note = {"anotacao": "Oi", "id_cliente": "5", "id_responsavel": "1", "data": "21/11/2026 10:00:00"}

    assert spared.write(Write("crm_prospeccao_anotacoes", note, "k" * 20, ORIGIN)).id
