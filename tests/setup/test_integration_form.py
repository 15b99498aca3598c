"""The form of an integration becomes one, or says what is wrong where."""

import pytest

from widget.domain.integrations import Integration
from widget.setup import integration_form

HASH = "5e2a9c07d4b1f3868d0ce14b7fa92560c3d871ee4fb0962a5d13c8947be60f1a"
TOKEN = f"7:{HASH}"
FORM = {
    "name": "Vendas",
    "url": "ixc.provedor.example",
    "token": TOKEN,
    "wait": "8",
    "calls": "16",
    "settle_seconds": "120",
    "active": "1",
    "index": "1",
}


def test_the_form_becomes_an_integration() -> None:
    stored, problems = integration_form.read(
        {**FORM, "wait": " 12 "}, Integration("", ""), ["Vendas"]
    )

    assert problems == {}
    assert (stored.name, stored.url, stored.token) == (
        "Vendas",
        "https://ixc.provedor.example/webservice/v1",
        TOKEN,
    )
    assert (stored.wait, stored.departments, stored.private) == (12, ("Vendas",), False)


def test_a_token_left_empty_stays_as_it_was() -> None:
    stored, problems = integration_form.read(
        {**FORM, "token": ""}, Integration("a", "A", token="1:before")
    )

    assert (stored.token, problems) == ("1:before", {})


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"url": ""}, "url"),
        ({"token": ""}, "token"),
        ({"wait": "0"}, "wait"),
        ({"wait": "121"}, "wait"),
        ({"wait": "x"}, "wait"),
        ({"wait": "8²"}, "wait"),
        ({"calls": ""}, "calls"),
        ({"wait": "100"}, "settle_seconds"),
        ({"ca": "x"}, "ca"),
        ({"qualification_field": "a; DROP"}, "qualification_field"),
        ({"ca": "-----BEGIN PRIVATE KEY-----"}, "ca"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(typed: dict[str, str], field: str) -> None:
    _, problems = integration_form.read({**FORM, **typed}, Integration("", ""))

    assert list(problems) == [field]
    assert problems[field]


def test_the_token_is_never_among_the_fields() -> None:
    assert TOKEN not in str(integration_form.typed(Integration("a", "A", token=TOKEN)))


def test_a_stored_token_is_not_sent_to_another_server() -> None:
    before = Integration("a", "A", "https://ixc.provedor.example/webservice/v1", TOKEN)
    other = {**FORM, "url": "ixc.other.example"}

    assert list(integration_form.read({**other, "token": ""}, before)[1]) == ["token"]
    assert integration_form.read({**other, "token": TOKEN}, before)[1] == {}
    assert (
        integration_form.read({**FORM, "token": "", "url": "ixc.provedor.example/adm.php"}, before)[
            1
        ]
        == {}
    )


@pytest.mark.parametrize(
    "url", ["http://ixc.provedor.example", "https://ixc.provedor.example:8443"]
)
def test_nor_to_another_port_or_in_clear(url: str) -> None:
    before = Integration("a", "A", "https://ixc.provedor.example/webservice/v1", TOKEN)

    assert list(integration_form.read({**FORM, "token": "", "url": url}, before)[1]) == ["token"]
