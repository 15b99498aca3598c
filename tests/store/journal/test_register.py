"""Tests of what the journal holds.

They say what waits for what, who has made which record, and what a person must see.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.crm.bench import ORIGIN, Clock
from tests.store.writes import LEAD, A, B, C, claimed, finish, found, new, process, refuse, sealed
from widget.domain.model import State
from widget.store.journal.journal import Journal

# -- in order
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "waits"),
    [
        ({"contact": "lead-1"}, {"contact": "lead-1"}, True),
        ({"contact": "lead-1"}, {"contact": "lead-2"}, False),
        (
            {"contact": "lead-1", "negotiation": "7"},
            {"contact": "client-5", "negotiation": "7"},
            True,
        ),
        (
            {"contact": "lead-1", "negotiation": "7"},
            {"contact": "client-5", "negotiation": "8"},
            False,
        ),
        ({"contact": ""}, {"contact": ""}, False),
        ({"contact": str(LEAD)}, {"contact": str(LEAD)}, True),
        (
            {"contact": str(LEAD), "negotiation": f"new-{B}"},
            {"contact": "lead-3", "negotiation": f"new-{B}"},
            True,
        ),
    ],
)
def test_what_is_of_one_contact_or_negotiation_goes_in_its_order(
    journal: Journal, first: dict[str, str], second: dict[str, str], waits: bool
) -> None:
    journal.accept([new(A, **first)])  # type: ignore[arg-type]
    journal.accept([new(B, **second)])  # type: ignore[arg-type]

    blocker = journal.blocker(found(journal, B))
    assert (blocker.key if blocker else None) == (A if waits else None)
    assert (journal.claim(B) is None) is waits

    finish(journal, A)
    assert journal.blocker(found(journal, B)) is None


def test_a_refused_entry_lets_the_next_one_pass(journal: Journal) -> None:
    journal.accept([new(A)])
    journal.accept([new(B)])
    refuse(journal)

    assert claimed(journal, B).key == B


def test_what_needs_a_refused_entry_waits_and_says_for_which(journal: Journal) -> None:
    journal.accept([new(A)])
    journal.accept([new(B, contact="lead-2", needs=(A,))])
    refuse(journal)

    blocker = journal.blocker(found(journal, B))

    assert blocker is not None
    assert (blocker.key, blocker.state, blocker.why) == (A, State.REFUSED, "VNC-210")
    assert journal.claim(B) is None


def test_writes_of_one_form_do_not_wait_for_each_other_but_for_what_they_need(
    journal: Journal,
) -> None:
    journal.accept([new(A), new(f"{A}.note"), new(f"{A}.close", needs=(A,))])

    blockers = [journal.blocker(entry) for entry in journal.of_form(A)]

    assert [blocker and blocker.key for blocker in blockers] == [None, None, A]


def test_other_integrations_have_their_own_order(tmp_path: Path) -> None:
    ours, theirs = process(tmp_path), process(tmp_path, integration="other")
    ours.accept([new(A)])
    theirs.accept([new(B)])

    assert claimed(theirs, B).key == B
    assert theirs.of_contact("lead-1") == [found(theirs, B)]
    assert [entry.key for entry in ours.open()] == [A]


# -- who has made which record
# -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "resource", "number", "taken"),
    [
        (B, "crm_substatus", "9", True),
        (A, "crm_substatus", "9", False),  # its own
        (B, "contato", "9", False),
        (B, "crm_substatus", "8", False),
    ],
)
def test_a_record_belongs_to_the_entry_that_made_it(
    journal: Journal, key: str, resource: str, number: str, taken: bool
) -> None:
    journal.accept([new(A)])
    finish(journal, A, "9")

    assert [entry.key for entry in journal.makers(key, resource, number)] == [A] * taken


# -- listed
# --------------------------------------------------------------------------------------------------


def test_a_forms_entries_come_in_their_order_and_no_other_forms(journal: Journal) -> None:
    for key in (f"{A}.b", f"{A}-", f"{A}.a", f"{A}/", f"{A}b", A, A[:-1], f"{A[:-1]}.a"):
        journal.accept([new(key)])

    assert [entry.key for entry in journal.of_form(A)] == [f"{A}.b", f"{A}.a", A]


def test_a_contacts_entries_come_newest_first_and_only_its_own(journal: Journal) -> None:
    for number, contact in enumerate(("lead-1", "client-1", "lead-1", "lead-1")):
        journal.accept([new(f"{A}{number}", contact)])

    assert [entry.key for entry in journal.of_contact("lead-1")] == [f"{A}3", f"{A}2", f"{A}0"]
    assert [entry.key for entry in journal.of_contact("lead-1", limit=2)] == [f"{A}3", f"{A}2"]


def test_open_entries_come_oldest_first(journal: Journal) -> None:
    for key in (A, B, C):
        journal.accept([new(key, contact=key)])
    finish(journal, B)

    assert [entry.key for entry in journal.open()] == [A, C]


def test_finished_entries_wait_for_a_look_as_long_as_told(journal: Journal, clock: Clock) -> None:
    for key in (A, B):
        journal.accept([new(key, contact=key)])
    finish(journal, A)
    assert [entry.key for entry in journal.unchecked(1, 0.0, 5)] == [A]
    assert journal.unchecked(1, 60.0, 5) == []
    clock.at += 60

    assert [entry.key for entry in journal.unchecked(1, 60.0, 5)] == [A]
    assert journal.unchecked(1, 60.0, 5, sends=2) == []
    journal.checked(found(journal))
    assert journal.unchecked(1, 60.0, 5) == []


# -- what a person must see
# ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conversation", "contact", "is_shown"),
    [
        ("chatwoot:1:7", "", True),
        ("chatwoot:1:8", "lead-1", True),
        ("chatwoot:1:8", "lead-2", False),
        ("chatwoot:1:8", "", False),
    ],
)
def test_what_came_back_is_shown_in_its_conversation_and_at_its_contact(
    journal: Journal, conversation: str, contact: str, is_shown: bool
) -> None:
    journal.accept([new()])
    refuse(journal)

    assert bool(journal.pending(conversation, contact)) is is_shown


def test_what_came_back_is_shown_until_somebody_has_seen_it(journal: Journal) -> None:
    journal.accept([new()])
    refuse(journal)

    journal.see(found(journal), ORIGIN)

    assert journal.pending("chatwoot:1:7", "lead-1") == []
    assert sealed(journal)[-1] == ("dismissed", A, "")


def test_a_refusal_that_was_answered_with_the_form_is_not_told_again(journal: Journal) -> None:
    journal.accept([new()])
    refuse(journal)

    journal.told(A)

    assert journal.pending("chatwoot:1:7", "lead-1") == []


@pytest.mark.parametrize(
    ("news", "more"),
    [
        ({"dropped": {"email": ""}}, {"dropped": {"email": "", "nome": ""}}),
        ({"twins": ["9", "10"]}, {"twins": ["9", "10", "11"]}),
    ],
)
def test_what_a_look_finds_is_shown_and_shown_again_when_it_is_news(
    journal: Journal, news: dict[str, Any], more: dict[str, Any]
) -> None:
    journal.accept([new()])
    finish(journal)
    assert journal.pending("chatwoot:1:7", "") == []

    journal.checked(found(journal), **news)
    assert [entry.key for entry in journal.pending("chatwoot:1:7", "")] == [A]
    journal.see(found(journal), ORIGIN)
    journal.checked(found(journal), **news)
    assert journal.pending("chatwoot:1:7", "") == []

    journal.checked(found(journal), **more)
    assert [entry.key for entry in journal.pending("chatwoot:1:7", "")] == [A]


# -- what is ahead
# -------------------------------------------------------------------------------------------------


def test_what_open_changes_will_set_is_known_to_who_edits_the_record_meanwhile(
    journal: Journal,
) -> None:
    """The later one counts; what is done, of another record or of another resource does not."""
    for key, number, record in (
        (A, "1", {"nome": "Ana", "email": "a@b.example"}),
        (B, "1", {"nome": "Ana S."}),
        (C, "2", {"nome": "Rui"}),
    ):
        change = new(key, contact=f"lead-{number}", record=record, resource="contato")
        journal.accept([replace(change, work={**change.work, "verb": "change", "id": number})])

    assert journal.ahead("contato", "1") == {"nome": "Ana S.", "email": "a@b.example"}
    assert journal.ahead("cliente", "1") == {}
    finish(journal, A)
    finish(journal, B)
    assert journal.ahead("contato", "1") == {}
