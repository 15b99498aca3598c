"""How long one request waits for the CRM in all, and how many may wait at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest

from tests.crm.bench import Bench, http, reason
from widget.crm import patience
from widget.crm.ixc.base import Desk
from widget.crm.patience import LEAST, Seats
from widget.crm.rings.cached import Cached
from widget.crm.rings.journaled import Journaled
from widget.crm.wire import Query
from widget.domain import errors
from widget.domain.model import Freshness, State
from widget.emulator.crm.server import Emulator

FUNNELS, REASONS = Query("crm_funil"), Query("crm_substatus")


@pytest.fixture(autouse=True)
def _over() -> Iterator[None]:
    """Whatever a test began has ended."""
    yield
    patience.begin(0).end()


def test_outside_a_request_a_call_may_take_the_longest_wait() -> None:
    assert patience.left(8.0) == 8.0
    assert not patience.is_limited()


def test_the_first_call_of_a_request_may_take_the_longest_wait_and_later_ones_what_is_left() -> (
    None
):
    patience.begin(8.0)

    assert patience.left(8.0) == 8.0
    assert 0 < patience.left(60.0) <= 8.0 + LEAST


def test_a_request_that_has_waited_long_enough_asks_nothing_more() -> None:
    patience.begin(-0.5)

    with pytest.raises(errors.TooSlow):
        patience.sit(Seats(1))


def test_a_request_takes_one_seat_however_many_reads_it_waits_for() -> None:
    seats = Seats(1)
    first = patience.begin(8.0)
    patience.sit(seats)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            pool.submit(copy_context().run, patience.sit, seats).result()

    patience.begin(8.0)
    with pytest.raises(errors.TooSlow):
        patience.sit(seats)
    first.end()
    patience.begin(8.0)
    patience.sit(seats)


def test_what_goes_on_after_its_request_takes_no_seat() -> None:
    seats = Seats(1)
    first = patience.begin(8.0)
    left_over = copy_context()
    first.end()
    left_over.run(patience.sit, seats)

    patience.begin(8.0)
    patience.sit(seats)


def test_several_slow_answers_in_a_row_do_not_add_up(bench: Bench, crm: Emulator) -> None:
    """Each of them alone would be in time."""
    crm.control(delay_seconds=0.8)
    slow = Cached(http(crm, 1.0), bench.cache, {"": 120})
    began = time.monotonic()
    patience.begin(1.0)

    failed = 0
    for resource in ("crm_funil", "crm_substatus", "filial", "cidade", "uf", "usuarios"):
        try:
            slow.read(Query(resource))
        except (errors.TooSlow, errors.Unreachable):
            failed += 1

    assert failed >= 3
    assert time.monotonic() - began < 1.0 + LEAST + 0.5


def test_reads_side_by_side_share_the_patience_of_their_request(
    bench: Bench, crm: Emulator
) -> None:
    seats = Seats(1)
    desk = Desk(
        Journaled(
            Cached(bench.http, bench.cache, {"": 120}, seats=seats),
            bench.journal,
            bench.settling,
            2.0,
        ),
        bench.clock.now,
    )
    mine = patience.begin(8.0)

    assert len(desk.each([FUNNELS, REASONS])) == 2

    patience.begin(8.0)
    with pytest.raises(errors.TooSlow):
        desk.read(Query("filial"))
    mine.end()
    assert crm.calls


def test_what_is_known_needs_no_seat_and_the_stale_is_shown_with_its_trouble(bench: Bench) -> None:
    cached = Cached(bench.http, bench.cache, {"": 120}, bench.clock, Seats(0))
    cached.read(FUNNELS)
    patience.begin(8.0)

    assert cached.read(FUNNELS).trouble == ""
    bench.clock.at += 500
    answer = cached.read(FUNNELS)
    assert (answer.stale, answer.trouble, len(answer.value.rows)) == (True, errors.TooSlow.code, 3)
    with pytest.raises(errors.TooSlow):
        cached.read(Query("crm_funil", freshness=Freshness.NOW))


def test_a_save_that_finds_no_seat_is_kept_and_nobody_waits(bench: Bench) -> None:
    journaled = Journaled(bench.cached, bench.journal, bench.settling, 8.0, seats=Seats(0))
    patience.begin(8.0)

    written = journaled.save(reason())

    assert written.state is State.KEPT
    assert bench.asked() == 0
    bench.settles()
    assert len(bench.crm.rows("crm_substatus", descricao="Mudou de cidade")) == 1
