"""Who is in each conversation as its console told it last, and which contact its panel shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crm.bench import MARINA, RUI, TALK
from widget.model import Ref
from widget.store.conversations import Conversations
from widget.store.database import Database

REF = Ref(Ref.LEAD, "1")


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database, lambda: 5.0)


def test_what_the_console_told_comes_back_whole(conversations: Conversations) -> None:
    conversations.remember(TALK)

    assert conversations.find(TALK.key, "1") == TALK


def test_an_unknown_conversation_is_none(conversations: Conversations) -> None:
    conversations.remember(TALK)

    assert conversations.find("chatwoot:1:8", "1") is None
    assert conversations.find(TALK.key, "2") is None


def test_the_console_s_last_word_counts(conversations: Conversations) -> None:
    conversations.remember(TALK)
    known = replace(TALK, person=replace(MARINA, phones=("+5549999032288",)))

    conversations.remember(known)

    assert conversations.find(TALK.key, "1") == known


def test_no_panel_shows_anybody_at_first(conversations: Conversations) -> None:
    conversations.remember(TALK)

    assert conversations.shown(TALK) is None


def test_the_shown_contact_is_remembered_and_forgotten(conversations: Conversations) -> None:
    conversations.remember(TALK)
    conversations.show(TALK, REF)
    assert conversations.shown(TALK) == REF

    conversations.show(TALK, None)

    assert conversations.shown(TALK) is None


def test_the_console_s_next_word_leaves_the_shown_contact(conversations: Conversations) -> None:
    conversations.remember(TALK)
    conversations.show(TALK, REF)

    conversations.remember(TALK)

    assert conversations.shown(TALK) == REF


def test_two_attendants_in_one_conversation_do_not_change_each_others_panel(conversations: Conversations) -> None:
    ruis = replace(TALK, attendant=RUI)
    conversations.remember(TALK)
    conversations.remember(ruis)

    conversations.show(TALK, REF)

    assert conversations.shown(ruis) is None
    assert conversations.find(TALK.key, "2") == ruis
