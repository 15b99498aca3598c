"""Who is in each conversation as its console told it last, and which contact its panel shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crm.bench import MARINA, RUI, TALK
from tests.store.trouble import read_only
from widget.domain.errors import ReadOnly
from widget.domain.model import Ref
from widget.store.engine.database import Database
from widget.store.records.conversations import Conversations

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


def test_two_attendants_in_one_conversation_do_not_change_each_others_panel(
    conversations: Conversations,
) -> None:
    ruis = replace(TALK, attendant=RUI)
    conversations.remember(TALK)
    conversations.remember(ruis)

    conversations.show(TALK, REF)

    assert conversations.shown(ruis) is None
    assert conversations.find(TALK.key, "2") == ruis


def test_what_is_known_already_is_written_once_an_hour_and_no_more(database: Database) -> None:
    now = [5.0]
    conversations = Conversations(database, lambda: now[0])

    def seen_at() -> list[float]:
        conversations.remember(TALK)
        conversations.show(TALK, REF)
        return [row["seen_at"] for row in database.rows("SELECT seen_at FROM conversations")]

    assert seen_at() == [5.0]
    now[0] += 3599
    assert seen_at() == [5.0]
    now[0] += 1
    assert seen_at() == [3605.0]
    now[0] -= 10  # a clock that was set back
    assert seen_at() == [3595.0]


# While the disk takes nothing


def test_while_nothing_can_be_written_the_panel_goes_on_with_whom_the_console_tells(
    database: Database, conversations: Conversations
) -> None:
    with read_only(database):
        conversations.remember(TALK)
        conversations.show(TALK, REF)

        assert conversations.find(TALK.key, "1") == TALK
        assert conversations.shown(TALK) == REF


def test_the_contact_shown_while_nothing_can_be_written_is_the_last_one_and_not_the_one_on_the_disk(
    database: Database, conversations: Conversations
) -> None:
    conversations.remember(TALK)
    conversations.show(TALK, REF)

    with read_only(database):
        conversations.show(TALK, Ref(Ref.LEAD, "2"))

        assert conversations.shown(TALK) == Ref(Ref.LEAD, "2")


@pytest.mark.parametrize("ref", [Ref(Ref.LEAD, "3"), None])
def test_what_another_process_could_write_meanwhile_counts_more(
    database: Database, conversations: Conversations, ref: Ref | None
) -> None:
    conversations.remember(TALK)
    with read_only(database):
        conversations.show(TALK, REF)
    Conversations(database).show(TALK, Ref(Ref.LEAD, "2"))

    Conversations(database).show(TALK, ref)

    assert conversations.shown(TALK) == ref


def test_what_was_remembered_goes_to_the_disk_with_the_next_word(
    database: Database, conversations: Conversations
) -> None:
    with read_only(database):
        conversations.remember(TALK)
    conversations.show(TALK, REF)

    assert Conversations(database).find(TALK.key, "1") == TALK
    assert Conversations(database).shown(TALK) == REF


def test_there_is_a_limit_to_what_the_process_remembers_by_itself(
    database: Database, conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widget.store.records.conversations.MOST_UNKEPT", 1)

    with read_only(database):
        conversations.remember(TALK)
        with pytest.raises(ReadOnly):
            conversations.remember(replace(TALK, id="8"))


def test_what_is_remembered_of_a_conversation_is_never_older_than_the_last_word(
    conversations: Conversations,
) -> None:
    conversations.remember(TALK)
    for name in ("Marina T.", "Marina Teles", "Marina T."):
        known = replace(TALK, person=replace(MARINA, name=name))
        assert conversations.find(TALK.key, "1") != known
        conversations.remember(known)
        assert conversations.find(TALK.key, "1") == known


def test_a_conversation_is_read_once_while_nothing_changes(
    conversations: Conversations, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversations.remember(TALK)
    before = conversations.find(TALK.key, "1")
    monkeypatch.setattr(database, "row", lambda *_: pytest.fail("read again"))

    assert conversations.find(TALK.key, "1") == before == TALK
