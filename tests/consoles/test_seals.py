"""Our own seal over what a console proved once."""

import pytest
import time_machine

from widget.consoles.port import Start
from widget.consoles.seals import Seals
from widget.domain import errors
from widget.domain.model import Attendant, Person

KEY = "key-of-the-account"
START = Start(
    "plain",
    "1",
    Attendant("1", "Ana Souza", "ana.souza@serranet.example", proven=True),
    Person("101", "Marina", ("+554988124417",), ("marina@example.com",)),
    "7",
    "es",
)
SEALS = Seals("secret-of-the-tests-is-long-enough-too")


def opened(text: str, key: str = KEY, console: str = "plain", seals: Seals = SEALS) -> Start:
    return seals.open(text, lambda _: key, console)


def test_what_was_sealed_is_opened_as_it_was_and_may_be_shown_again() -> None:
    sealed = SEALS.seal(START, KEY)

    assert opened(sealed) == START
    assert opened(sealed).token == sealed
    assert SEALS.is_seal(sealed)


def test_a_start_that_proves_nobody_is_sealed_too() -> None:
    assert opened(SEALS.seal(Start("plain", "2"), KEY)) == Start("plain", "2")


def test_a_seal_ends_after_a_working_day(time_machine: time_machine.TimeMachineFixture) -> None:
    time_machine.move_to("2026-11-20 08:00:00", tick=False)
    sealed = SEALS.seal(START, KEY)
    time_machine.shift(12 * 3600)
    assert opened(sealed) == START

    time_machine.shift(2)
    with pytest.raises(errors.Unauthorised):
        opened(sealed)


@pytest.mark.parametrize(
    "text", ["", "seal.", "seal.a.b.c", "seal.ç🚀", SEALS.seal(START, KEY)[:-1]]
)
def test_what_was_touched_opens_nothing(text: str) -> None:
    with pytest.raises(errors.Unauthorised):
        opened(text)


def test_a_seal_counts_for_its_console_its_key_and_our_secret_only() -> None:
    sealed = SEALS.seal(START, KEY)

    for wrong in (
        {"key": "another key"},
        {"console": "chatwoot"},
        {"seals": Seals("another-secret-that-is-long-enough")},
    ):
        with pytest.raises(errors.Unauthorised):
            opened(sealed, **wrong)  # type: ignore[arg-type]
