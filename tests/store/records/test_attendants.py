"""Attendants, their departments, and what these may do."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.product import Hour
from tests.store.trouble import read_only
from widget.domain.model import Attendant, Conversation, Person
from widget.domain.permissions import ALL, Permission, Right
from widget.store.engine.database import Database
from widget.store.records.attendants import EVERYBODY, Attendants, Colleague

ANA = Attendant("1", "Ana Souza", "ana.souza@serranet.example", proven=True)
TALK = Conversation("chatwoot", "1", "7", Person(), ANA)
ONLY_SEE = frozenset({Permission.SEE})


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "vinculo.db")


@pytest.fixture
def attendants(database: Database, hour: Hour) -> Attendants:
    return Attendants(database, lambda: hour.now)


def test_whoever_was_met_is_listed_with_the_newest_name(attendants: Attendants, hour: Hour) -> None:
    attendants.meet(TALK)
    attendants.meet(replace(TALK, attendant=replace(ANA, name="Ana S. Prado")))

    assert attendants.all() == [
        Colleague("chatwoot", "1", "1", "Ana S. Prado", ANA.email, EVERYBODY, hour.now)
    ]


def test_meeting_somebody_again_soon_writes_nothing(
    attendants: Attendants, database: Database
) -> None:
    attendants.meet(TALK)
    before = database.version()
    attendants.meet(TALK)

    assert database.version() == before


def test_whoever_is_in_no_department_may_do_what_everybody_may(attendants: Attendants) -> None:
    first = attendants.right(TALK)
    attendants.allow(EVERYBODY, ONLY_SEE)

    assert first == Right(EVERYBODY, ALL)
    assert attendants.right(TALK) == Right(EVERYBODY, ONLY_SEE)


def test_a_department_decides_for_its_attendants_only(attendants: Attendants) -> None:
    attendants.meet(TALK)
    attendants.allow("Suporte", ONLY_SEE)
    attendants.move("chatwoot", "1", "1", "Suporte")
    other = replace(TALK, attendant=Attendant("2", "Rui Matos"))

    assert attendants.right(TALK) == Right("Suporte", ONLY_SEE)
    assert attendants.right(other).permissions == ALL
    assert attendants.right(replace(TALK, account="2")).permissions == ALL


def test_meeting_somebody_does_not_change_the_department(
    attendants: Attendants, hour: Hour
) -> None:
    attendants.add(Colleague("chatwoot", "1", "1", "Ana", department="Suporte"))
    hour.passes()
    hour.passes()
    attendants.meet(TALK)

    assert attendants.find("chatwoot", "1", "1") == Colleague(
        "chatwoot", "1", "1", ANA.name, ANA.email, "Suporte", hour.now
    )


def test_a_department_that_is_dissolved_leaves_its_attendants_to_everybodys_rules(
    attendants: Attendants,
) -> None:
    attendants.add(Colleague("chatwoot", "1", "1", "Ana", department="Suporte"))
    attendants.allow("Suporte", ONLY_SEE)
    attendants.dissolve("Suporte")

    assert attendants.right(TALK) == Right(EVERYBODY, ALL)
    assert set(attendants.departments()) == {EVERYBODY}


def test_a_disk_that_takes_nothing_keeps_nobody_from_reading(
    attendants: Attendants, database: Database
) -> None:
    with read_only(database):
        attendants.meet(TALK)

        assert attendants.right(TALK).permissions == ALL
