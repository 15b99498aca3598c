"""What proves who is asking: a console's start token, and a panel token of our own."""

from __future__ import annotations

import time

import jwt
import pytest
import time_machine

from tests.product import ANA, START_KEY, start_token
from widget.domain import errors
from widget.web.tokens import Pass, Passes, Start, make_start, read_start

OTHER_KEY = "another-key-that-is-long-enough-too"


def test_a_personal_token_says_who_the_attendant_is() -> None:
    start = read_start(start_token(ANA, locale="es"), START_KEY, "chatwoot")

    assert start == Start("chatwoot", "1", "1", "Ana Souza", "ana.souza@serranet.example", "es")


def test_a_token_in_the_registered_address_serves_everybody_and_says_nobody() -> None:
    start = read_start(make_start(START_KEY, "chatwoot", "42"), START_KEY, "chatwoot")

    assert start == Start("chatwoot", "42")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(start_token(ANA, OTHER_KEY), id="another key"),
        pytest.param(start_token(ANA, aud="other"), id="another audience"),
        pytest.param(start_token(ANA, aud=None), id="no audience"),
        pytest.param(start_token(ANA, host="zendesk"), id="another console"),
        pytest.param(start_token(ANA, host=None), id="no console"),
        pytest.param(start_token(ANA, account=None), id="no account"),
        pytest.param(start_token(ANA, account=""), id="an empty account"),
        pytest.param(start_token(ANA, exp=int(time.time()) - 60), id="expired"),
        pytest.param(start_token(ANA, exp=None), id="personal without an end"),
        pytest.param(start_token(ANA, iat=int(time.time()) + 3600), id="from the future"),
        pytest.param(start_token(ANA, sub=7), id="an attendant that is no text"),
        pytest.param(start_token(ANA)[:-4], id="cut"),
        pytest.param(start_token(ANA) + "A", id="longer"),
        pytest.param("a.b.c", id="nonsense"),
        pytest.param("", id="nothing"),
        pytest.param("🚀", id="emoji"),
        pytest.param(".".join(start_token(ANA).split(".")[:2]) + ".", id="without signature"),
    ],
)
def test_what_proves_nothing_opens_nothing(token: str) -> None:
    with pytest.raises(errors.Unauthorised):
        read_start(token, START_KEY, "chatwoot")


@pytest.mark.parametrize("algorithm", ["none", "HS384", "HS512"])
def test_only_one_algorithm_is_accepted(algorithm: str) -> None:
    claims = {"aud": "vinculo", "host": "chatwoot", "account": "1"}
    key = "" if algorithm == "none" else START_KEY * 2
    token = jwt.encode(claims, key, algorithm=algorithm)

    with pytest.raises(errors.Unauthorised):
        read_start(token, START_KEY, "chatwoot")


def test_clocks_may_differ_by_half_a_minute() -> None:
    token = start_token(ANA, exp=int(time.time()) - 20)

    assert read_start(token, START_KEY, "chatwoot").attendant_id == "1"


def test_the_error_does_not_repeat_the_token() -> None:
    token = start_token(ANA, OTHER_KEY)

    with pytest.raises(errors.Unauthorised) as caught:
        read_start(token, START_KEY, "chatwoot")

    assert token not in str(caught.value)


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
