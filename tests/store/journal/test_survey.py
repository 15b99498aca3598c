"""Tests of what support reads of the journal.

It reads everything that helps and nothing personal, without touching the file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.crm.bench import ORIGIN, RUI
from tests.store.journal.test_journal import A, B, C, claimed, finish, found, new, process, refuse
from widget.domain import errors
from widget.domain.model import State
from widget.store.journal.entries import New
from widget.store.journal.journal import Journal
from widget.store.journal.survey import Found, survey

MANY = 3
SECRETS = ("Marina", "Teles", "99812", "marina@")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return process(tmp_path)


def listed(folder: Path, *, everything: bool = False) -> list[Found]:
    return survey(folder / "vinculo.db", MANY, everything=everything)


def told(folder: Path, *, everything: bool = False) -> list[str]:
    return [one.told("2026-11-20 14:07:00") for one in listed(folder, everything=everything)]


def personal(key: str = A) -> New:
    """A write in which whatever can be personal is."""
    plain = new(
        key,
        action="contact.create",
        words="Marina Teles, 49 99812-4417",
        record={"nome": "Marina Teles"},
    )
    typed = {"name": "Marina Teles", "email": "marina@example.com"}
    origin = replace(plain.origin, attendant=RUI, summary="Marina Teles", typed=typed)
    return replace(plain, origin=origin)


def test_a_write_on_its_way_is_told_by_numbers_states_and_codes(
    tmp_path: Path, journal: Journal
) -> None:
    journal.accept([new()])
    entry = claimed(journal)
    journal.failed(entry, State.UNKNOWN, errors.OutcomeUnknown.code)
    journal.release(entry)

    (line,) = told(tmp_path)
    assert line.startswith(
        "#1 | 2026-11-20 14:07:00 | note.add | lead-1 | unknown | tries 1 | VNC-202 A write went "
        "out"
    )
    assert not listed(tmp_path)[0].needs_a_person


def test_what_waits_says_for_which(tmp_path: Path, journal: Journal) -> None:
    journal.accept([new()])
    journal.accept([new(B)])
    journal.accept([new(C, contact="lead-2", needs=(A,))])

    assert [one.waits_for for one in listed(tmp_path)] == [0, 1, 1]
    assert told(tmp_path)[1].endswith("| tries 0 | waits for #1")


def test_the_writes_of_another_integration_are_listed_too_and_hold_up_nothing(
    tmp_path: Path, journal: Journal
) -> None:
    process(tmp_path, integration="other").accept([new()])
    journal.accept([new(B)])

    assert [(one.entry.key, one.waits_for) for one in listed(tmp_path)] == [(A, 0), (B, 0)]


def test_a_refusal_needs_a_person_until_somebody_has_seen_it(
    tmp_path: Path, journal: Journal
) -> None:
    journal.accept([new()])
    refuse(journal, error=errors.Rejected(("Telefone 49 99812-4417 já existe!",)))
    before = told(tmp_path)
    journal.see(found(journal), ORIGIN)

    assert [line.partition("refused")[2] for line in before] == [
        " | tries 0 | VNC-210 The CRM refused the record. | NEEDS A PERSON"
    ]
    assert told(tmp_path) == []


def test_what_a_look_found_is_told_with_the_crms_numbers_and_columns(
    tmp_path: Path, journal: Journal
) -> None:
    journal.accept([new()])
    finish(journal)
    assert listed(tmp_path) == []

    journal.checked(found(journal), dropped={"email": ""}, twins=["9", "10"])

    assert told(tmp_path)[0].endswith(
        "| done | tries 0 | CRM number 9 | there more than once: 9, 10 | not kept by the CRM: "
        "email | NEEDS A PERSON"
    )


@pytest.mark.parametrize(("tries", "needed"), [(MANY - 1, False), (MANY, True)])
def test_too_many_tries_need_a_person(
    tmp_path: Path, journal: Journal, tries: int, needed: bool
) -> None:
    journal.accept([new()])
    for _ in range(tries):
        entry = claimed(journal)
        journal.failed(entry, State.KEPT, errors.Unreachable.code)
        journal.release(entry)

    assert [one.needs_a_person for one in listed(tmp_path)] == [needed]


def test_everything_is_listed_in_order_when_asked_for(tmp_path: Path, journal: Journal) -> None:
    for key in (A, B):
        journal.accept([new(key)])
        finish(journal, key)
    journal.accept([new(C)])

    assert [one.entry.seq for one in listed(tmp_path, everything=True)] == [1, 2, 3]
    assert [one.entry.seq for one in listed(tmp_path)] == [3]


@pytest.mark.parametrize(
    "error", [errors.Rejected(("Marina Teles já existe",)), errors.Conflict({"nome": "Marina"})]
)
def test_nothing_personal_is_told(
    tmp_path: Path, journal: Journal, error: errors.VinculoError
) -> None:
    journal.accept([personal()])
    refuse(journal, error=error)
    lines = told(tmp_path, everything=True)

    assert len(lines) == 1
    assert [word for word in (*SECRETS, RUI.name, RUI.email) if word in lines[0]] == []


def test_the_file_is_read_while_somebody_writes_it_and_is_not_changed(
    tmp_path: Path, journal: Journal
) -> None:
    journal.accept([new()])
    before = (tmp_path / "vinculo.db").read_bytes()
    with journal.database.transaction():
        journal.accept([new(B)])
        seen = [one.entry.key for one in listed(tmp_path)]

    assert seen == [A]
    assert (tmp_path / "vinculo.db").read_bytes() == before
