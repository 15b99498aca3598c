"""What scheme is meant, however it is typed."""

import pytest

from widget.crm.addresses import with_scheme


@pytest.mark.parametrize(
    "typed",
    ["crm.example", "https:/crm.example", "HTTPS;//crm.example", "http://https://crm.example"],
)
def test_a_mistyped_scheme_is_understood(typed: str) -> None:
    assert with_scheme(typed) == "https://crm.example"


@pytest.mark.parametrize("typed", ["http:/crm.example", "http//crm.example", "http://crm.example"])
def test_what_is_asked_for_in_the_clear_stays_so(typed: str) -> None:
    assert with_scheme(typed) == "http://crm.example"


def test_another_scheme_is_left_to_whoever_refuses_it() -> None:
    assert with_scheme("ftp://crm.example") == "ftp://crm.example"
