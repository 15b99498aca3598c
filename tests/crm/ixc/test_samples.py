"""What a token looks like, and one row asked for."""

import base64
import json

import pytest

from widget.crm.ixc.samples import ask, shape_of_token
from widget.crm.probe import Line, place_of
from widget.emulator.crm.server import Emulator

TOKEN = "7:" + "5e2a9c07" * 8


@pytest.mark.parametrize(
    ("token", "slug"),
    [
        (TOKEN, "token-ok"),
        ("", "token-empty"),
        ("  \n", "token-empty"),
        (f" {TOKEN}", "token-blanks"),
        (f"{TOKEN}\n", "token-blanks"),
        (TOKEN.replace(":", ": "), "token-blanks"),
        (base64.b64encode(TOKEN.encode()).decode(), "token-encoded"),
        ("Basic" + base64.b64encode(TOKEN.encode()).decode(), "token-encoded"),
        ("5e2a9c07" * 8, "token-shape"),
        ("7:abc", "token-shape"),
    ],
)
def test_a_token_is_judged_by_its_looks(token: str, slug: str) -> None:
    assert shape_of_token(token) == slug


def test_a_row_is_asked_for_as_the_transport_asks(crm: Emulator) -> None:
    line = Line(place_of(crm.url), 3.0)

    answer = ask(line, "crm_canditados", crm.token)

    assert len(json.loads(answer.text)["registros"]) == 1
    assert ask(line, "crm_canditados").status == 401
