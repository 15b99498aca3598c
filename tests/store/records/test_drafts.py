"""Tests that what is being typed is there again.

It is there for the person who typed it, in the conversation and form where it was typed.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crm.bench import ANA, RUI, TALK
from widget.domain.model import Conversation
from widget.store.engine.database import Database
from widget.store.records.drafts import Drafts

TYPED = {"text": "Quer 500 Mega\nà noite 🚀 <b>", "key": "k", "owner": ""}


@pytest.fixture
def drafts(database: Database) -> Drafts:
    return Drafts(database, lambda: 5.0)


def test_nothing_is_typed_at_first(drafts: Drafts) -> None:
    assert drafts.find(TALK, "note") == {}


def test_what_was_typed_comes_back_as_it_was(drafts: Drafts) -> None:
    drafts.keep(TALK, "note", TYPED)

    assert drafts.find(TALK, "note") == TYPED


def test_typing_on_replaces_what_was_typed_before(drafts: Drafts, database: Database) -> None:
    drafts.keep(TALK, "note", TYPED)
    drafts.keep(TALK, "note", {"text": "Quer 700"})

    assert drafts.find(TALK, "note") == {"text": "Quer 700"}
    assert len(database.rows("SELECT * FROM drafts")) == 1


@pytest.mark.parametrize(
    ("conversation", "form"),
    [
        (replace(TALK, id="8"), "note"),
        (replace(TALK, account="2"), "note"),
        (replace(TALK, host="zendesk"), "note"),
        (replace(TALK, attendant=RUI), "note"),
        (TALK, "contact-new"),
    ],
)
def test_a_draft_is_seen_nowhere_else(
    drafts: Drafts, conversation: Conversation, form: str
) -> None:
    drafts.keep(TALK, "note", TYPED)

    assert drafts.find(conversation, form) == {}


def test_a_saved_draft_is_forgotten_and_no_other(drafts: Drafts) -> None:
    drafts.keep(TALK, "note", TYPED)
    drafts.keep(TALK, "contact-new", {"name": "Ana"})

    drafts.drop(TALK, "note")

    assert drafts.find(TALK, "note") == {}
    assert drafts.find(TALK, "contact-new") == {"name": "Ana"}


def test_a_draft_outlives_the_process(drafts: Drafts, database: Database) -> None:
    drafts.keep(TALK, "note", TYPED)

    assert Drafts(type(database)(database._path)).find(TALK, "note") == TYPED


def test_an_attendant_who_came_back_with_another_name_finds_the_draft(drafts: Drafts) -> None:
    drafts.keep(TALK, "note", TYPED)

    assert drafts.find(replace(TALK, attendant=replace(ANA, name="Ana S.")), "note") == TYPED
