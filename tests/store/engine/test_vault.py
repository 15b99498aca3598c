"""What is locked can be opened with its key only."""

import pytest

from widget.store.engine.vault import Vault


def test_what_was_locked_is_opened_with_the_same_key() -> None:
    locked = Vault("a key").lock("7:0123çã🚀")

    assert Vault("a key").open(locked) == "7:0123çã🚀"
    assert "0123" not in locked


def test_the_same_text_never_looks_the_same() -> None:
    vault = Vault("a key")

    assert vault.lock("x") != vault.lock("x")


@pytest.mark.parametrize(
    "touched", [lambda t: t[:-2] + "AA", lambda t: "", lambda t: "x", lambda t: "é"]
)
def test_what_was_touched_opens_as_nothing(touched: object) -> None:
    assert callable(touched)
    assert Vault("a key").open(touched(Vault("a key").lock("secret"))) == ""


def test_another_key_opens_nothing() -> None:
    assert Vault("another").open(Vault("a key").lock("secret")) == ""
