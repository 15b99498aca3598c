"""Tests of how politely the CRM is asked.

More is asked at once while it is quick, and pauses are longer each time it is not.
"""

from __future__ import annotations

import pytest

from widget.sync.pace import FIRST, LARGEST, LONGEST_STAY, SMALLEST, Pace, rest


@pytest.mark.parametrize(
    ("seconds", "calls", "wanted"),
    [(0.0, 60, 1.0), (0.4, 60, 1.0), (0.6, 60, 1.2), (5.0, 60, 10.0), (0.0, 6, 10.0)],
)
def test_at_most_a_third_of_the_time_and_so_many_calls_a_minute(
    seconds: float, calls: int, wanted: float
) -> None:
    assert rest(seconds, calls) == pytest.approx(wanted)


def test_while_answers_are_quick_more_is_asked_for_up_to_a_ceiling() -> None:
    pace = Pace()
    sizes = [pace.size, *(pace.size for _ in range(9) if pace.answered(0.1) == 0.0)]

    assert (sizes[0], sizes[-1]) == (FIRST, LARGEST)
    assert sizes == sorted(sizes)


def test_an_answer_neither_quick_nor_slow_changes_nothing() -> None:
    pace = Pace()

    assert (pace.answered(1.0), pace.size) == (0.0, FIRST)


def test_after_trouble_less_is_asked_for_and_each_pause_is_about_twice_as_long_up_to_a_ceiling(
    # The test needs no fixture: chance is fixed.
) -> None:
    pace = Pace(lambda: 0.5)
    pauses = [pace.failed() for _ in range(12)]

    assert pauses[:5] == [5.0, 10.0, 20.0, 40.0, 80.0]
    assert (pauses[-1], pace.size) == (LONGEST_STAY, SMALLEST)


@pytest.mark.parametrize(("drawn", "wanted"), [(0.0, 4.0), (1.0, 6.0)])
def test_no_two_servers_come_back_at_the_same_moment(drawn: float, wanted: float) -> None:
    assert Pace(lambda: drawn).failed() == pytest.approx(wanted)


def test_a_slow_answer_is_trouble_even_when_it_was_of_use() -> None:
    pace = Pace(lambda: 0.5)
    stays = []
    for _ in range(3):
        stays.append(pace.answered(2.5))
        pace.relax()

    assert stays == [5.0, 10.0, 20.0]


def test_an_answer_of_use_ends_the_trouble() -> None:
    pace = Pace(lambda: 0.5)
    pace.failed()
    pace.answered(0.1)
    assert pace.failed() == 10.0  # it answered, but nothing of use

    pace.answered(0.1)
    pace.relax()
    assert pace.failed() == 5.0
