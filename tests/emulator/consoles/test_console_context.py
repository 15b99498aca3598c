"""The shape of Chatwoot's records, as far as a panel reads them or must not read them."""

import pytest

from widget.emulator.consoles.console_context import agent, conversation, known, person
from widget.emulator.consoles.conversations import RUI, TALKS, Talk

NOW = 1_800_000_000


def talk(number: int) -> Talk:
    return TALKS[number - 1]


@pytest.mark.parametrize("one", TALKS, ids=lambda one: str(one.id))
def test_a_conversation_names_its_account_inbox_channel_and_display_id(one: Talk) -> None:
    told = conversation(one, 42, NOW)

    assert (told["id"], told["account_id"], told["inbox_id"]) == (one.id, 42, one.inbox.id)
    assert told["meta"]["channel"] == one.inbox.channel
    assert told["meta"]["sender"] == person(one, NOW)


def test_what_is_not_known_is_null_and_never_absent() -> None:
    told = person(talk(3), NOW)

    assert (told["phone_number"], told["identifier"]) == (None, None)
    assert told["email"] == "Beatriz.Lemos@Example.com "


def test_a_missing_contact_is_an_empty_object() -> None:
    told = known(talk(10), 1, NOW)

    assert told["contact"] == {}
    assert told["conversation"]["meta"]["sender"]["phone_number"] is None


@pytest.mark.parametrize(("number", "late"), [(1, False), (5, True), (9, True), (10, False)])
def test_a_late_contact_is_marked_for_the_page(number: int, *, late: bool) -> None:
    assert known(talk(number), 1, NOW)["late"] is late


def test_private_notes_are_shared_with_the_panel_as_chatwoot_does() -> None:
    messages = conversation(talk(1), 1, NOW)["messages"]

    assert [message["private"] for message in messages].count(True) == 1
    assert {message["message_type"] for message in messages} == {0, 1}


def test_message_ids_differ_over_all_conversations() -> None:
    ids = [message["id"] for one in TALKS for message in conversation(one, 1, NOW)["messages"]]

    assert len(set(ids)) == len(ids)


def test_an_agent_has_three_fields_only() -> None:
    assert agent(RUI) == {"id": 2, "name": "Rui Matos", "email": "rui.matos@serranet.example"}
