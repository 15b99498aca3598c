"""What stays in clear: for whom, where and how long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crm.bench import ANA, TALK, Clock
from widget.domain.model import Ref
from widget.store.engine.database import Database
from widget.store.records.revealed import Revealed

RAFAEL, MARINA = Ref(Ref.CLIENT, "1"), Ref(Ref.LEAD, "1")


@pytest.fixture
def revealed(database: Database, clock: Clock) -> Revealed:
    return Revealed(database, "main", 60, clock)


def test_what_was_revealed_stays_so_for_its_time_and_no_longer(
    revealed: Revealed, clock: Clock
) -> None:
    revealed.keep(TALK, RAFAEL, ["phone"])
    until = clock() + 60
    clock.at += 59
    before = revealed.of(TALK, RAFAEL)
    clock.at += 1

    assert (before, revealed.of(TALK, RAFAEL)) == ({"phone": until}, {})


def test_a_clock_that_was_set_back_makes_nothing_last_longer(
    revealed: Revealed, clock: Clock
) -> None:
    revealed.keep(TALK, RAFAEL, ["phone"])
    clock.at -= 3600

    assert revealed.of(TALK, RAFAEL) == {}


def test_it_holds_for_this_attendant_conversation_contact_and_integration_only(
    database: Database, revealed: Revealed, clock: Clock
) -> None:
    revealed.keep(TALK, RAFAEL, ["phone", "email"])
    other = replace(TALK, attendant=replace(ANA, id="77"))

    assert revealed.of(TALK, RAFAEL).keys() == {"phone", "email"}
    assert (
        revealed.of(other, RAFAEL)
        == revealed.of(replace(TALK, id="77"), RAFAEL)
        == revealed.of(TALK, MARINA)
        == {}
    )
    assert Revealed(database, "other", 60, clock).of(TALK, RAFAEL) == {}


def test_what_is_hidden_is_hidden_at_once_and_nothing_else(revealed: Revealed) -> None:
    for ref in (RAFAEL, MARINA):
        revealed.keep(TALK, ref, ["phone"])
    revealed.hide(TALK, RAFAEL)

    assert (revealed.of(TALK, RAFAEL), [*revealed.of(TALK, MARINA)]) == ({}, ["phone"])


def test_what_is_over_leaves_the_file_with_the_next(
    database: Database, revealed: Revealed, clock: Clock
) -> None:
    revealed.keep(TALK, RAFAEL, ["phone"])
    clock.at += 61
    revealed.keep(TALK, MARINA, ["email"])

    assert [row["contact"] for row in database.rows("SELECT contact FROM reveals")] == ["lead-1"]
