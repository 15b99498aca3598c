"""The circuit breaker: what opens it, who gets through while it is open, and what closes it."""

from __future__ import annotations

import pytest

from tests.crm.bench import Clock
from widget.crm.rings.breaker import AT_ONCE, Breaker, Trouble
from widget.domain import errors


class Watched(Breaker):
    """One whose clocks stand until told, and that counts how often it changed."""

    def __init__(self) -> None:
        self.wall, self.steady, self.changes = Clock(), Clock(0.0), 0
        super().__init__(self._count, self.wall, self.steady)

    def _count(self) -> None:
        self.changes += 1

    def call(
        self, error: errors.CRMError | None = None, *, lasts: float = 0.0, presses: bool = False
    ) -> None:
        """A call that ends like this."""
        with self.passing(presses=presses):
            self.steady.at += lasts
            self.wall.at += lasts
            if error:
                raise error

    def fails(self, error: errors.CRMError, lasts: float = 8.0, *, presses: bool = False) -> None:
        with pytest.raises(type(error)):
            self.call(error, lasts=lasts, presses=presses)

    def refuses(
        self, kind: type[errors.CRMError] = errors.Unreachable, *, presses: bool = False
    ) -> None:
        """A call is refused before it has begun."""
        with pytest.raises(kind), self.passing(presses=presses):
            pytest.fail("it was let through")
        with pytest.raises(kind):
            self.ask(presses=presses)


@pytest.fixture
def breaker() -> Watched:
    return Watched()


@pytest.mark.parametrize(
    "error",
    [
        errors.Unreachable("cut"),
        errors.OutcomeUnknown("cut"),
        errors.Unexpected("a gateway's own 504"),
    ],
)
def test_it_opens_when_somebody_has_waited_in_vain(
    breaker: Watched, error: errors.CRMError
) -> None:
    breaker.fails(error)

    breaker.refuses()


@pytest.mark.parametrize(
    ("error", "lasts"),
    [
        (
            errors.Unreachable("refused"),
            AT_ONCE,
        ),  # it may be asked at once: that costs nobody anything
        (errors.OutcomeUnknown("reset"), 0.1),
        (errors.Unexpected("HTML"), 0.1),
        (errors.Busy("429, for how long it does not say"), 8.0),
        (errors.Rejected(["slowly, but an answer"]), 8.0),
        (errors.CredentialsRefused("401"), 8.0),
        (errors.TooSlow("our own limit"), 8.0),
    ],
)
def test_it_stays_closed_after_a_quick_failure_and_after_any_answer(
    breaker: Watched, error: errors.CRMError, lasts: float
) -> None:
    breaker.fails(error, lasts)

    breaker.call()


def test_a_crm_that_is_only_slow_is_asked_as_ever(breaker: Watched) -> None:
    for _ in range(3):
        breaker.call(lasts=7.9)

    assert (breaker.trouble, breaker.changes) == (None, 0)


def test_it_knows_since_when_nothing_is_heard(breaker: Watched) -> None:
    breaker.fails(errors.Unreachable("refused"), 0.1)
    since = breaker.wall.at
    breaker.fails(errors.Unreachable("cut"), 8)
    breaker.refuses()

    assert breaker.trouble == Trouble(since, is_open=True)


def test_the_first_answer_ends_the_trouble_whatever_it_says(breaker: Watched) -> None:
    breaker.fails(errors.Unreachable("cut"))
    breaker.fails(errors.Rejected(["no"]), 0.1, presses=True)

    breaker.call()
    assert breaker.trouble is None


def test_it_tells_when_it_gets_worse_and_when_it_is_over_and_not_more_often(
    breaker: Watched,
) -> None:
    seen = []
    for error, lasts in [
        (errors.Unreachable("refused"), 0.1),
        (errors.Unreachable("refused"), 0.1),
        (errors.Unreachable("cut"), 8.0),
    ]:
        breaker.fails(error, lasts)
        seen.append(breaker.changes)
    breaker.call(presses=True)
    breaker.call()

    assert (seen, breaker.changes) == ([1, 1, 2], 3)


def test_one_at_a_time_who_pressed_a_button_gets_through(breaker: Watched) -> None:
    breaker.fails(errors.Unreachable("cut"))

    with breaker.passing(presses=True):
        breaker.refuses(presses=True)
        breaker.refuses()
    breaker.call()


def test_the_next_one_may_press_when_the_first_has_waited_in_vain(breaker: Watched) -> None:
    breaker.fails(errors.Unreachable("cut"))
    breaker.fails(errors.Unreachable("cut"), presses=True)

    breaker.call(presses=True)


def test_those_who_set_out_before_the_last_answer_bring_no_news(breaker: Watched) -> None:
    set_out = breaker.passing()
    set_out.__enter__()
    breaker.steady.at += 7
    breaker.call()
    breaker.steady.at += 1
    error = errors.Unreachable("cut")
    set_out.__exit__(type(error), error, None)

    breaker.call()


def test_a_crm_that_asks_for_a_pause_gets_it_from_everybody(breaker: Watched) -> None:
    busy = errors.Busy("429")
    busy.after = 30
    breaker.fails(busy, 0.1)

    breaker.refuses(errors.Busy)
    breaker.refuses(errors.Busy, presses=True)
    assert breaker.trouble == Trouble(breaker.wall.at, is_open=True, pause=30)
