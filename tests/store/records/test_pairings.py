"""Tests that codes work once and soon, and browsers until they are revoked.

Neither can be read from the file.
"""

from pathlib import Path

import pytest

from tests.product import Hour
from widget.store.engine.database import Database
from widget.store.records.pairings import ALPHABET, Pairings

WHERE = ("chatwoot", "1")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "vinculo.db")


@pytest.fixture
def pairings(database: Database, hour: Hour) -> Pairings:
    return Pairings(database, "a key", lambda: hour.now)


def test_a_code_is_easily_read_aloud_and_never_the_same(pairings: Pairings) -> None:
    codes = {pairings.invite(*WHERE, "1") for _ in range(50)}

    assert len(codes) == 50
    assert all(len(code) == 9 and code[4] == "-" for code in codes)
    assert set("".join(codes)) - {"-"} <= set(ALPHABET)


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda c: f"  {c} ", lambda c: c.replace("-", ""), " ".join]
)
def test_a_code_is_understood_however_it_is_typed(pairings: Pairings, typed: object) -> None:
    assert callable(typed)
    secret = pairings.redeem(*WHERE, typed(pairings.invite(*WHERE, "7")), "Firefox")

    assert pairings.find(*WHERE, secret)[1] == "7"


def test_a_code_works_once(pairings: Pairings) -> None:
    code = pairings.invite(*WHERE, "7")
    first = pairings.redeem(*WHERE, code, "Firefox")

    assert pairings.redeem(*WHERE, code, "Chrome") == ""
    assert pairings.find(*WHERE, first)[1] == "7"


def test_a_code_is_good_for_a_day(pairings: Pairings, hour: Hour) -> None:
    code = pairings.invite(*WHERE, "7")
    for _ in range(25):
        hour.passes()

    assert pairings.redeem(*WHERE, code, "Firefox") == ""
    assert pairings.of(*WHERE) == []


@pytest.mark.parametrize("where", [("chatwoot", "2"), ("zendesk", "1")])
def test_what_was_given_for_one_account_is_nothing_in_another(
    pairings: Pairings, where: tuple[str, str]
) -> None:
    code = pairings.invite(*WHERE, "7")
    secret = pairings.redeem(*WHERE, pairings.invite(*WHERE, "8"), "Firefox")

    assert pairings.redeem(*where, code, "Firefox") == ""
    assert pairings.find(*where, secret) == ("", "")


def test_administrators_see_what_is_open_and_when_each_browser_was_last_used(
    pairings: Pairings, hour: Hour
) -> None:
    secret = pairings.redeem(*WHERE, pairings.invite(*WHERE, "7"), "Firefox" * 30)
    hour.passes()
    hour.passes()
    pairings.find(*WHERE, secret)
    pairings.invite(*WHERE, "8")
    newest, oldest = pairings.of(*WHERE)

    assert (newest.number, newest.is_open, newest.used_at) == ("8", True, 0)
    assert (oldest.number, oldest.is_open, oldest.used_at, len(oldest.browser)) == (
        "7",
        False,
        hour.now,
        80,
    )


def test_what_was_revoked_proves_nothing(pairings: Pairings) -> None:
    code, secret = (
        pairings.invite(*WHERE, "7"),
        pairings.redeem(*WHERE, pairings.invite(*WHERE, "8"), "Firefox"),
    )
    for pairing in pairings.of(*WHERE):
        pairings.revoke(pairing.id)

    assert pairings.redeem(*WHERE, code, "Firefox") == ""
    assert pairings.find(*WHERE, secret) == ("", "")


def test_the_file_tells_neither_codes_nor_secrets(pairings: Pairings, database: Database) -> None:
    code = pairings.invite(*WHERE, "7")
    secret = pairings.redeem(*WHERE, pairings.invite(*WHERE, "8"), "Firefox")
    kept = str(database.rows("SELECT * FROM pairings"))

    assert code.replace("-", "") not in kept
    assert secret not in kept
