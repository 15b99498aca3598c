"""Tests of a disk that takes nothing, as the attendant meets it.

The text stays, nothing goes out, and reading goes on.
"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.product import OTAVIO, RAFAEL, Visitor, asked, services_of
from tests.store.trouble import TROUBLES, Trouble, read_only
from widget.domain import errors
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import Database

NOTES = "crm_prospeccao_anotacoes"
TEXT = "Cliente pediu retorno amanhã."


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's own."""
    return services_of(app).shared.drafts._database


# A full disk still has room for a short note in pages that are there already.
@pytest.mark.parametrize(
    "trouble", [t for t in TROUBLES if t.name != "full"], ids=lambda trouble: trouble.name
)
def test_a_save_that_cannot_be_kept_is_not_sent_and_says_what_is_wrong(
    ana: Visitor, crm: Emulator, database: Database, trouble: Trouble
) -> None:
    ana.open(RAFAEL)
    typed = {**ana.get("/tab/notes").form(".composer, .form"), "text": TEXT}

    with trouble.befall(database):
        answer = ana.post("/tab/notes", typed)

    assert (answer.status, trouble.kind.code in answer.text) == (507, True)
    # What cannot be read cannot tell whether the form was saved before either.
    assert ("nada foi ao CRM" in answer.text, errors.Unsure.code in answer.text) == (
        trouble.is_readable,
        not trouble.is_readable,
    )
    assert asked(crm, NOTES, "insert") == []


def test_once_the_disk_is_well_again_the_same_form_is_saved_once(
    ana: Visitor, crm: Emulator, database: Database
) -> None:
    ana.open(RAFAEL)
    typed = {**ana.get("/tab/notes").form(".composer, .form"), "text": TEXT}
    with read_only(database):
        ana.post("/tab/notes", typed)

    answers = [ana.post("/tab/notes", typed).status for _ in range(2)]

    assert answers == [200, 200]
    assert len(asked(crm, NOTES, "insert")) == 1


def test_reading_goes_on(ana: Visitor, database: Database) -> None:
    with read_only(database):
        opened = ana.open(RAFAEL)
        read = [ana.get(path).status for path in ("/tab/contact", "/tab/notes", "/tab/history")]
        clear = ana.get("/tab/contact/edit")

    assert "Rafael Nunes Prado" in opened.text
    assert read == [200, 200, 200]
    assert clear.status == 507  # what cannot be sealed is not shown


def test_a_form_with_mistakes_comes_back_with_its_text_although_no_draft_can_be_kept(
    ana: Visitor, database: Database
) -> None:
    ana.open(OTAVIO)
    form = ana.get("/tab/contact/new").form(".form")

    with read_only(database):
        answer = ana.post("/tab/contact/new", {**form, "name": "Otávio B", "branch": ""})

    assert answer.status == 422
    assert answer.form(".form")["name"] == "Otávio B"


def test_a_draft_that_cannot_be_kept_is_no_silent_loss(ana: Visitor, database: Database) -> None:
    ana.open(RAFAEL)

    with read_only(database):
        answer = ana.post(
            "/tab/draft/note-contact", {"text": TEXT, "key": "k" * 22, "contact": "lead-1"}
        )

    assert answer.status == 507
