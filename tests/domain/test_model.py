"""The words of the trade: what they are equal to, and what they say of themselves."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.domain.model import (
    Attendant,
    Certainty,
    Contact,
    Conversation,
    Kind,
    Match,
    Person,
    Reason,
    Ref,
)

CONTACT = Contact(Ref(Ref.LEAD, "1"), Kind.LEAD, "Marina")


@pytest.mark.parametrize(
    "ref", [Ref(Ref.LEAD, "1"), Ref(Ref.CLIENT, "1"), Ref(Ref.CLIENT, "12345678901234")]
)
def test_a_reference_is_read_as_it_was_written(ref: Ref) -> None:
    assert Ref.parse(str(ref)) == ref


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lead",
        "lead-",
        "-1",
        "1",
        "contato-1",
        "LEAD-1",
        "lead-1a",
        "lead--1",
        "lead-1-2",
        " lead-1",
        "lead-²",
        "lead-١",
        "client-1;x",
        "client 1",
    ],
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert Ref.parse(text) is None


@given(st.text())
def test_reading_a_reference_never_raises(text: str) -> None:
    ref = Ref.parse(text)

    assert ref is None or str(ref) == text


def test_a_lead_and_a_client_of_one_number_differ() -> None:
    assert Ref(Ref.LEAD, "1") != Ref(Ref.CLIENT, "1")


def conversation(account: str = "1", thread: str = "7", person: str = "") -> Conversation:
    return Conversation("chatwoot", account, thread, Person(person), Attendant("1", "Ana"))


def test_a_conversation_is_named_among_all_consoles() -> None:
    assert conversation().key == "chatwoot:1:7"


def test_a_person_is_the_same_in_each_of_its_conversations() -> None:
    assert (
        conversation(thread="7", person="5").person_key
        == conversation(thread="8", person="5").person_key
    )


def test_a_person_without_a_number_is_known_by_the_conversation_only() -> None:
    assert conversation(thread="7").person_key != conversation(thread="8").person_key


def test_person_five_is_not_who_talks_in_conversation_five() -> None:
    assert conversation(thread="9", person="5").person_key != conversation(thread="5").person_key


def test_persons_of_two_accounts_differ() -> None:
    assert conversation("1", person="5").person_key != conversation("2", person="5").person_key


@pytest.mark.parametrize(
    ("certainties", "sure"),
    [
        ([Certainty.EXACT], True),
        ([Certainty.VARIANT], True),
        ([Certainty.ASK], False),
        ([Certainty.ASK, Certainty.VARIANT], True),
        ([], False),
    ],
)
def test_a_match_is_sure_when_one_reason_is(certainties: list[Certainty], sure: bool) -> None:
    match = Match(CONTACT, tuple(Reason("phone", certainty) for certainty in certainties))

    assert match.is_sure is sure


def test_values_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        CONTACT.name = "Outra"  # type: ignore[misc]


def test_an_attendant_is_unproven_unless_somebody_says_otherwise() -> None:
    assert not Attendant("1", "Ana").proven
