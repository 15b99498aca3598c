"""Tests of the set-up as a text: without secrets, and always the same.

It is held against the rules, and brought back all or nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.product import SECRET, START_KEY
from widget.desk.running import Running
from widget.desk.shared import Keys
from widget.domain.integrations import Integration
from widget.domain.permissions import Permission
from widget.domain.settings import Settings
from widget.registry import CONSOLES, CRMS
from widget.setup import layout
from widget.setup.layout import Unfit
from widget.store.records.accounts import Account

TOKEN = "7:abcdef0123456789"
URL = "https://ixc.provedor.example/webservice/v1"
SALES = Integration(
    "vendas", "Vendas", URL, TOKEN, departments=("Vendas",), index=False, active=False
)
NORTH = Integration("norte", "Norte", URL, TOKEN, wait=12, index=False, active=False)
CHAT = Account("chatwoot", "1", "vendas", ("https://chat.example",))


def running(folder: Path) -> Running:
    return Running(Settings(data=str(folder)), Keys(SECRET, START_KEY), CRMS, time.time)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Running]:
    """A server that is set up."""
    found = running(tmp_path / "made")
    found.integrations.add(SALES)
    found.integrations.add(NORTH)
    found.accounts.put(CHAT)
    found.shared.attendants.allow("Vendas", {Permission.SEE, Permission.LINK})
    yield found
    found.shared.presence.leave()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Running]:
    """Another server, with nothing on it."""
    found = running(tmp_path / "bare")
    yield found
    found.shared.presence.leave()


def brought(to: Running, text: str) -> None:
    """As the command does."""
    layout.apply(to, layout.merged(layout.of(to), layout.read(text, CONSOLES, CRMS)))


def test_what_was_told_brings_another_server_to_the_same_text(made: Running, bare: Running) -> None:
    text = layout.told(layout.of(made))
    brought(bare, text)

    assert layout.told(layout.of(bare)) == text
    assert bare.integrations.find("vendas") == replace(SALES, token="")


def test_no_token_stands_in_the_text(made: Running) -> None:
    text = layout.told(layout.of(made))

    assert TOKEN not in text
    assert "token" not in text


def test_the_order_in_which_things_were_made_does_not_show(made: Running, bare: Running) -> None:
    for stored in (NORTH, SALES):
        bare.integrations.add(stored)
    bare.shared.attendants.allow("Vendas", {Permission.LINK, Permission.SEE})
    bare.accounts.put(CHAT)

    assert layout.told(layout.of(bare)) == layout.told(layout.of(made))


def test_tokens_and_what_the_text_does_not_name_stay(made: Running) -> None:
    text = json.loads(layout.told(layout.of(made)))
    text["integrations"] = [
        {**one, "wait": 20} for one in text["integrations"] if one["id"] == "vendas"
    ]
    text["consoles"] = text["departments"] = []
    brought(made, json.dumps(text))

    assert made.integrations.find("vendas") == replace(SALES, wait=20)
    assert made.integrations.find("norte") == NORTH
    assert made.accounts.find("chatwoot", "1") == CHAT


def test_a_token_is_not_kept_for_another_server(made: Running) -> None:
    brought(made, layout.told(layout.of(made)).replace("ixc.provedor.example", "ixc.other.example"))

    assert [one.token for one in made.integrations.all()] == ["", ""]


def test_what_everybody_may_do_is_told_when_somebody_has_changed_it(made: Running) -> None:
    assert '"name": ""' not in layout.told(layout.of(made))

    made.shared.attendants.allow("", {Permission.SEE})

    assert '"name": ""' in layout.told(layout.of(made))


ONE = {"id": "sul", "name": "Sul", "url": "ixc.sul.example"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "não é JSON"),
        ("[]", "formato 1"),
        ({"format": 2}, "formato 1"),
        ({"format": 1, "extra": []}, "formato 1"),
        ({"format": 1, "integrations": [{"name": "x"}]}, "número 1: falta id"),
        ({"format": 1, "integrations": [{**ONE, "token": TOKEN}]}, "um token não pertence"),
        ({"format": 1, "integrations": [{**ONE, "colour": "red"}]}, "colour"),
        ({"format": 1, "integrations": [{**ONE, "ca_file": "/etc/shadow"}]}, "ca_file"),
        ({"format": 1, "integrations": [{**ONE, "from_settings": False}]}, "from_settings"),
        ({"format": 1, "integrations": [{**ONE, "index": "no"}]}, "tipo certo: index"),
        ({"format": 1, "integrations": [{**ONE, "id": "main"}]}, "main"),
        ({"format": 1, "integrations": [{**ONE, "id": "../x"}]}, "não servem"),
        ({"format": 1, "integrations": [{**ONE, "wait": 500}]}, "wait"),
        ({"format": 1, "integrations": [{**ONE, "url": "ftp://x"}]}, "url"),
        ({"format": 1, "integrations": [ONE, ONE]}, "duas vezes"),
        ({"format": 1, "consoles": [{**vars(CHAT), "host": "x"}]}, "não há console x"),
        ({"format": 1, "consoles": [{**vars(CHAT), "parents": ["*"]}]}, "consoles, número 1"),
        ({"format": 1, "consoles": ["x"]}, "consoles, número 1"),
        ({"format": 1, "consoles": [{**vars(CHAT), "options": {"x": "1"}}]}, "não se conhece x"),
        ({"format": 1, "departments": [{"name": "A", "actions": ["fly"]}]}, "não há ação fly"),
        (
            {"format": 1, "departments": [{"name": "A", "actions": 7}]},
            "departments, número 1: não é do tipo certo",
        ),
        ({"format": 1, "departments": [{"name": "A"}]}, "falta actions"),
    ],
)
def test_what_is_no_set_up_is_refused_with_the_reason(content: Any, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        layout.read(content if isinstance(content, str) else json.dumps(content), CONSOLES, CRMS)


def test_a_console_of_an_integration_that_is_nowhere_is_refused_and_nothing_changes(
    bare: Running,
) -> None:
    with pytest.raises(Unfit, match="não há integração vendas"):
        brought(bare, json.dumps({"format": 1, "integrations": [ONE], "consoles": [vars(CHAT)]}))

    assert bare.integrations.all() == []


def test_whatever_address_stands_in_the_text_becomes_the_webservices(bare: Running) -> None:
    brought(
        bare, json.dumps({"format": 1, "integrations": [{**ONE, "active": False, "index": False}]})
    )

    assert [one.url for one in bare.integrations.all()] == ["https://ixc.sul.example/webservice/v1"]
