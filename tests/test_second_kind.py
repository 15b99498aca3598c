"""The proof that the CRM is behind a port.

A second kind carries a note through panel, journal and settling.

Nothing of the product is changed for it; the test adds it to the registry, as its package would be
added.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.crm.stands import IDA
from tests.crm.tiny.kind import COLUMNS, Tiny
from tests.crm.tiny.server import KEY, Cards
from tests.product import SECRET, START_KEY, TEMPLATES, Visitor, services_of, settled
from widget.app import create_app
from widget.desk.shared import Keys
from widget.domain.integrations import Integration
from widget.domain.model import State
from widget.domain.settings import Settings
from widget.registry import CRMS

NOTES, NOTE = "/tab/notes", "Quer 500 Mega 🚀"
PERSON = {"id": 301, "name": "Ida", "phone_number": "+5547991230077"}


@pytest.fixture
def cards() -> Iterator[Cards]:
    made = Cards()
    made.start()
    made.add(**{COLUMNS[name]: value for name, value in IDA.items()})
    yield made
    made.stop()


@pytest.fixture
def app(cards: Cards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A server whose only integration is of the second kind."""
    monkeypatch.setitem(CRMS, Tiny.name, Tiny())
    settings = Settings(data=str(tmp_path / "data"), parents=("http://localhost",))
    made = create_app(settings, Keys(SECRET, START_KEY), time.time)
    made.jinja_env.bytecode_cache = TEMPLATES
    made.extensions["vinculo"].integrations.add(
        Integration("cards", "Cards", cards.url, KEY, kind=Tiny.name, private=True, index=False)
    )
    return made


@pytest.fixture
def ana(app: Flask) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.open(PERSON)
    return visitor


def memo(cards: Cards) -> str:
    return cards.card("1")["memo"]


def test_the_person_is_recognised_by_the_phone(ana: Visitor) -> None:
    assert ana.screen is not None
    assert (ana.screen.status, IDA["name"] in ana.screen.text) == (200, True)


def test_a_note_stands_in_the_crm_in_the_panel_and_in_the_journal(
    ana: Visitor, app: Flask, cards: Cards
) -> None:
    saved = ana.fill(NOTES, text=NOTE)

    assert (saved.status, saved.state) == (200, State.DONE)
    assert (memo(cards).count(NOTE), "Ana Souza" in memo(cards), cards.writes) == (1, True, 1)
    assert NOTE in ana.get(NOTES).text
    [entry] = services_of(app).journal.of_contact("lead-1")
    assert (entry.table, entry.state, [*entry.work["append"]]) == ("lead", State.DONE, ["remarks"])


def test_a_note_that_was_saved_while_the_crm_was_away_arrives_once_when_it_is_back(
    ana: Visitor, app: Flask, cards: Cards
) -> None:
    form = {**ana.get(NOTES).form(".composer"), "text": NOTE}
    cards.stop()
    waiting = ana.post(NOTES, form)
    assert (waiting.status, waiting.state) == (200, State.KEPT)
    assert ana.post(NOTES, form).state == State.KEPT

    cards.start()
    settled(app)

    assert (memo(cards).count(NOTE), cards.writes) == (1, 1)
    assert NOTE in ana.get(NOTES).text


def test_a_note_whose_answer_was_lost_is_not_sent_again(
    ana: Visitor, app: Flask, cards: Cards
) -> None:
    cards.loses = 1

    ana.fill(NOTES, text=NOTE)
    settled(app)

    assert (memo(cards).count(NOTE), cards.writes) == (1, 1)


def test_an_edit_meets_a_change_by_somebody_else_field_by_field(ana: Visitor, cards: Cards) -> None:
    form = {**ana.get("/tab/contact/edit").form(), "name": "Ida W."}
    cards.card("1")["full_name"] = "Ida Outra"

    asked = ana.post("/tab/contact/edit", form)
    assert (asked.status, "Ida Outra" in asked.text) == (409, True)

    again = {**asked.form(), "choice_name": "mine"}
    assert ana.post("/tab/contact/edit", again).state == State.DONE
    assert (cards.card("1")["full_name"], cards.card("1")["mail"]) == ("Ida W.", IDA["email"])
