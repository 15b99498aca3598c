"""A write in the journal: its form, what it needs, how it lies on disk."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.crm.bench import ORIGIN, reason
from tests.store.writes import found, new
from widget.crm.rings.settling import item
from widget.domain.model import Ref, State
from widget.store.journal.entries import Entry, New, new_name, packed
from widget.store.journal.journal import Journal


@pytest.mark.parametrize(
    ("key", "root"),
    [("key-of-the-form-1", "key-of-the-form-1"), ("key-of-the-form-1.close", "key-of-the-form-1")],
)
def test_the_writes_of_one_form_share_its_key(key: str, root: str) -> None:
    assert New(key, ORIGIN, {}, {}).root == root


@pytest.mark.parametrize("state", State)
def test_what_is_done_or_refused_goes_no_further(state: State) -> None:
    entry = Entry("k", ORIGIN, {}, {}, state=state)

    assert entry.is_open is (state in {State.KEPT, State.SENDING, State.UNKNOWN})


def test_what_is_yet_to_be_made_is_called_by_its_key() -> None:
    assert Ref.parse(new_name("key-of-the-form-1")) == Ref(Ref.NEW, "key-of-the-form-1")


@pytest.mark.parametrize("words", [{}, {"text": "Quer 500"}])
def test_on_disk_there_are_no_secrets_and_everything_else(words: dict[str, str]) -> None:
    work = {
        **item(reason()).work,
        "record": {"nome": "Zé 🚀", "senha": "x", "hotsite_email": "y"},
        "words": {"a": "b"},
    }

    assert json.loads(packed(work, words)) == json.loads(
        json.dumps({**work, "record": {"nome": "Zé 🚀"}})
    )


def test_what_a_person_wrote_is_there_once(journal: Journal) -> None:
    wanted = new(words="S3NTENCE")
    typed = {"text": "S3NTENCE", "owner": "1", "other": ""}
    wanted = replace(
        wanted,
        origin=replace(wanted.origin, typed=typed),
        work={**wanted.work, "record": {"a": "b"}},
    )

    journal.accept([wanted])

    row = journal.database.row("SELECT * FROM journal")
    assert str(row).count("S3NTENCE") == 1
    assert (found(journal).origin.typed, found(journal).words) == (typed, {"text": "S3NTENCE"})
    assert found(journal).work["words"] == wanted.work["words"]
