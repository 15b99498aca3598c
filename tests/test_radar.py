"""Tests of the labelled pairs that the radar is measured on.

They are alike for one seed, many, hard enough, and rightly labelled.
"""

from collections import Counter

import pytest

from proof.bench import radar
from proof.bench.pairs import OTHER, SAME, pairs
from widget.brazil import documents, phones

PAIRS = pairs(7)


def test_one_seed_makes_the_same_pairs_and_another_makes_others() -> None:
    assert pairs(7) == PAIRS
    assert pairs(8) != PAIRS


def test_there_are_many_pairs_of_every_kind_and_enough_that_are_hard() -> None:
    kinds = Counter(pair.kind for pair in PAIRS)

    assert len(PAIRS) >= 600
    assert set(kinds) == {*SAME, *OTHER}
    assert min(kinds.values()) >= 20
    assert 0.25 < sum(pair.is_hard for pair in PAIRS) / len(PAIRS) < 0.5
    assert 0.4 < sum(pair.same for pair in PAIRS) / len(PAIRS) < 0.6


def test_every_record_is_another_and_bears_what_a_crm_would_take() -> None:
    assert len({pair.stored.ref for pair in PAIRS}) == len(PAIRS)
    for pair in PAIRS:
        assert pair.stored.name.strip()
        assert all(
            phones.parse(phone) for phone in (*pair.typed.phones, *filter(None, pair.stored.phones))
        )
        assert all(
            documents.find(text) for text in (*pair.typed.documents, pair.stored.document) if text
        )
        assert all(
            "example" in email.casefold() for email in (*pair.typed.emails, *pair.stored.emails)
        )


@pytest.mark.parametrize(
    ("kind", "clue"), [("one_phone", "phones"), ("one_mailbox", "emails"), ("old_phone", "phones")]
)
def test_who_shares_a_clue_shares_it(kind: str, clue: str) -> None:
    def keys(holder: object) -> set[object]:
        texts = getattr(holder, clue)
        return (
            {p.key for t in texts if (p := phones.parse(t))}
            if clue == "phones"
            else {t.casefold() for t in texts}
        )

    assert all(keys(pair.typed) & keys(pair.stored) for pair in PAIRS if pair.kind == kind)


def test_father_and_son_and_branches_differ_where_they_should() -> None:
    for pair in PAIRS:
        if pair.kind == "father_and_son":
            assert len(pair.typed.name.split()) != len(pair.stored.name.split())
        if pair.kind == "branches":
            one, other = (
                documents.parse(text) for text in (*pair.typed.documents, pair.stored.document)
            )
            assert (one.root == other.root, one == other) == (True, False)


def test_the_radar_is_reported_on_another_seed_than_it_was_tuned_on() -> None:
    assert radar.SEED != radar.TUNED_ON
