"""The address under which the CRM sees this server is told where it can be known."""

import pytest

from widget.setup.own_address import Seen, seen_from


def test_on_this_machine_it_is_this_machine() -> None:
    assert seen_from("http://127.0.0.1:8080") == Seen("127.0.0.1", is_inner=False)


@pytest.mark.parametrize("url", ["", "https://", "https://nowhere.invalid"])
def test_what_cannot_be_known_is_not_guessed(url: str) -> None:
    assert seen_from(url) is None
