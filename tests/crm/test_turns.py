"""One after the other, for the same key only."""

from __future__ import annotations

from threading import Barrier, Event, Thread

import pytest

from tests.crm.bench import together
from widget.crm.turns import Turns


def test_who_works_on_the_same_thing_waits_for_a_turn() -> None:
    turns, start, inside, seen = Turns(), Barrier(20), [0], []

    def work() -> None:
        start.wait(10)
        with turns.take("k"):
            inside[0] += 1
            seen.append(inside[0])
            inside[0] -= 1

    together([Thread(target=work) for _ in range(20)])

    assert seen == [1] * 20


def test_who_works_on_something_else_does_not_wait() -> None:
    turns, arrived = Turns(), Event()

    def work() -> None:
        with turns.take("other"):
            arrived.set()

    with turns.take("k"):
        other = Thread(target=work)
        other.start()
        assert arrived.wait(10)
    other.join(10)


def test_a_turn_ends_with_an_error_too() -> None:
    turns = Turns()

    with pytest.raises(RuntimeError), turns.take("k"):
        raise RuntimeError

    with turns.take("k"):
        pass


def test_nothing_is_remembered_of_finished_turns() -> None:
    turns = Turns()
    with turns.take("k"):
        assert list(turns._locks) == ["k"]

    assert turns._locks == {}
    assert not turns._waiting
