"""Start tokens: what a console signs with the key that it shares with us."""

from __future__ import annotations

import time

import jwt
import pytest

from tests.consoles.examples import signed
from tests.product import ANA, START_KEY, start_token
from widget.consoles.claims import make_start, start_of
from widget.consoles.port import Start
from widget.domain import errors
from widget.domain.model import Attendant, Proof
from widget.domain.traffic import Why

NOW = time.time()
OTHER_KEY = "another-key-that-is-long-enough-too"


def read(token: str, key: str = START_KEY, now: float = 0.0) -> Start:
    return start_of(token, lambda _: key, "chatwoot", now or time.time())


def test_a_personal_token_says_who_the_attendant_is() -> None:
    start = read(start_token(ANA, locale="es"))

    ana = Attendant("1", "Ana Souza", "ana.souza@serranet.example", proven=True)
    assert start == Start("chatwoot", "1", ana, locale="es")
    assert start.proven == (Proof.ATTENDANT,)


def test_a_token_in_the_registered_address_serves_everybody_and_says_nobody() -> None:
    start = read(make_start(START_KEY, "chatwoot", "42"))

    assert start == Start("chatwoot", "42")
    assert start.proven == ()


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
        read(token)


@pytest.mark.parametrize("algorithm", ["none", "HS384", "HS512"])
def test_only_one_algorithm_is_accepted(algorithm: str) -> None:
    claims = {"aud": "vinculo", "host": "chatwoot", "account": "1"}
    key = "" if algorithm == "none" else START_KEY * 2
    token = jwt.encode(claims, key, algorithm=algorithm)

    with pytest.raises(errors.Unauthorised):
        read(token)


def test_clocks_may_differ_by_half_a_minute() -> None:
    token = start_token(ANA, exp=int(time.time()) - 20)

    assert read(token).attendant == Attendant(*ANA.values(), proven=True)


def test_the_error_does_not_repeat_the_token() -> None:
    token = start_token(ANA, OTHER_KEY)

    with pytest.raises(errors.Unauthorised) as caught:
        read(token)

    assert token not in str(caught.value)


def test_an_account_is_read_with_its_own_key() -> None:
    keys = {"1": OTHER_KEY, "2": START_KEY}
    token = start_token(ANA, OTHER_KEY)

    assert start_of(token, keys.__getitem__, "chatwoot", NOW).account == "1"
    with pytest.raises(errors.Unauthorised):
        start_of(start_token(ANA, OTHER_KEY, account="2"), keys.__getitem__, "chatwoot", NOW)


def test_an_empty_key_proves_nothing_also_where_the_console_signed_with_it() -> None:
    with pytest.raises(errors.Unauthorised) as caught:
        read(signed("chatwoot", ""), key="")

    assert caught.value.why == Why.SIGNATURE


@pytest.mark.parametrize(
    ("token", "why", "issued"),
    [
        (start_token(ANA, iat=NOW + 600, exp=NOW + 1200), Why.AHEAD, NOW + 600),
        (start_token(ANA, iat=NOW - 900, exp=NOW - 600), Why.EXPIRED, NOW - 900),
        (start_token(ANA, iat=None, exp=NOW - 600), Why.EXPIRED, NOW - 600),
        (start_token(ANA, key="another-key-that-is-long-enough-too"), Why.SIGNATURE, 0.0),
        (start_token(ANA, aud="somebody else"), Why.START, 0.0),
        (start_token(ANA, host="zendesk"), Why.START, 0.0),
        ("", Why.START, 0.0),
        ("not a token", Why.START, 0.0),
        (jwt.encode({"aud": "vinculo"}, "", algorithm="none"), Why.START, 0.0),
    ],
    ids=lambda value: str(value) if isinstance(value, Why) else "",
)
def test_a_refusal_says_why_and_when_it_was_signed(token: str, why: Why, issued: float) -> None:
    with pytest.raises(errors.Unauthorised) as caught:
        read(token, now=NOW)

    assert (caught.value.why, caught.value.issued) == (why, pytest.approx(issued))
