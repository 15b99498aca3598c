"""How options are declared."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import pytest
from marshmallow import ValidationError

from widget.domain.options import (
    days,
    is_address,
    is_option,
    is_zone,
    name_of,
    number,
    option,
    range_of,
    text,
)


@dataclass(frozen=True)
class Oven:
    """Something with two options and a field that is none."""

    degrees: int = option(number(180, 50, 250), "How hot")
    recipe: str = option(text(), "A secret of the house", name="OVEN_RECIPE", secret=True)
    is_lit: bool = False


def test_an_option_is_called_like_its_field_or_as_it_says() -> None:
    degrees, recipe, is_lit = fields(Oven)

    assert (name_of(degrees), name_of(recipe)) == ("VINCULO_DEGREES", "OVEN_RECIPE")
    assert [is_option(declared) for declared in (degrees, recipe, is_lit)] == [True, True, False]


def test_the_value_of_a_secret_option_is_not_printed() -> None:
    assert "butter" not in repr(Oven(recipe="butter"))


def test_what_a_number_may_be_is_declared_once() -> None:
    degrees = fields(Oven)[0].metadata["kind"]

    assert range_of(Oven, "degrees") == (50, 250)
    assert degrees.deserialize("250") == 250
    for wrong in ("49", "251", "hot"):
        with pytest.raises(ValidationError):
            degrees.deserialize(wrong)


@pytest.mark.parametrize(
    ("check", "good", "wrong"),
    [
        (is_address, "ixc.provedor.example:8080/adm.php", "ftp://ixc.provedor.example"),
        (is_address, "https://10.0.0.5", "https://"),
        (is_zone, "America/Manaus", "America/Nowhere"),
    ],
)
def test_a_text_is_held_against_what_it_shall_be(
    check: Callable[[str], object], good: str, wrong: str
) -> None:
    text(check=check).deserialize(good)
    with pytest.raises(ValidationError):
        text(check=check).deserialize(wrong)


def test_days_begin_at_none_which_is_for_good() -> None:
    assert days(30).deserialize("0") == 0
    with pytest.raises(ValidationError):
        days(30).deserialize("-1")
