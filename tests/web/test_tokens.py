"""Panel tokens of our own."""

from __future__ import annotations

import pytest
import time_machine

from widget.domain import errors
from widget.web.tokens import Pass, Passes

OTHER_KEY = "another-key-that-is-long-enough-too"
SECRET = "secret-of-the-tests-is-long-enough-too"


def test_a_panel_token_holds_ids_and_nothing_else() -> None:
    passes = Passes(SECRET, 60)

    assert passes.read(passes.make("chatwoot:1:7", "1")) == Pass("chatwoot:1:7", "1")


def test_a_panel_token_ends(time_machine: time_machine.TimeMachineFixture) -> None:
    passes = Passes(SECRET, 60)
    time_machine.move_to("2026-11-20 12:00:00", tick=False)
    token = passes.make("chatwoot:1:7", "1")

    time_machine.shift(59 * 60)
    assert passes.read(token).attendant_id == "1"

    time_machine.shift(2 * 60)
    with pytest.raises(errors.Unauthorised):
        passes.read(token)


def test_a_panel_token_is_worn_long_before_it_ends(
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    passes = Passes(SECRET, 60)
    time_machine.move_to("2026-11-20 12:00:00", tick=False)
    found = passes.read(passes.make("chatwoot:1:7", "1"))
    at_once = passes.is_worn(found)
    time_machine.shift(4 * 60)

    assert (at_once, passes.is_worn(found)) == (False, True)


def test_a_panel_token_from_the_future_is_refused(
    time_machine: time_machine.TimeMachineFixture,
) -> None:
    passes = Passes(SECRET, 60)
    time_machine.move_to("2026-11-20 12:00:00", tick=False)
    token = passes.make("chatwoot:1:7", "1")
    passes.read(token)
    time_machine.shift(-60)

    with pytest.raises(errors.Unauthorised):
        passes.read(token)


@pytest.mark.parametrize(
    "change",
    [lambda t: t[:-1], lambda t: "A" + t, lambda t: "", lambda t: "a.b.c", lambda t: "ç🚀"],
)
def test_a_panel_token_that_was_touched_is_refused(change: object) -> None:
    passes = Passes(SECRET, 60)
    assert callable(change)

    with pytest.raises(errors.Unauthorised):
        passes.read(change(passes.make("chatwoot:1:7", "1")))


def test_a_panel_token_of_another_key_is_refused() -> None:
    with pytest.raises(errors.Unauthorised):
        Passes(SECRET, 60).read(Passes(OTHER_KEY, 60).make("chatwoot:1:7", "1"))


def test_what_we_signed_for_another_purpose_is_no_panel_token() -> None:
    serializer = Passes(SECRET, 60)._serializer

    with pytest.raises(errors.Unauthorised):
        Passes(SECRET, 60).read(str(serializer.dumps("one text only")))
