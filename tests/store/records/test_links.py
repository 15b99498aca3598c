"""Who is linked with whom, and who surely is somebody else."""

from __future__ import annotations

import pytest

from tests.crm.bench import Clock
from widget.domain.model import Link, Ref
from widget.store.engine.database import Database
from widget.store.records.links import Links

PERSON = "chatwoot:1:p101"
MARINA, RAFAEL = Ref(Ref.LEAD, "1"), Ref(Ref.CLIENT, "1")


@pytest.fixture
def clock() -> Clock:
    return Clock(100.0)


@pytest.fixture
def links(database: Database, clock: Clock) -> Links:
    return Links(database, "main", clock)


def test_nobody_is_linked_at_first(links: Links) -> None:
    assert links.of(PERSON) is None
    assert links.denied(PERSON) == {}


def test_a_link_says_who_made_it_and_when(links: Links) -> None:
    links.link(PERSON, MARINA, "Ana Souza")

    assert links.of(PERSON) == Link(MARINA, "Ana Souza", 100.0)


def test_a_person_is_one_contact_only(links: Links, database: Database) -> None:
    links.link(PERSON, MARINA, "Ana Souza")
    links.link(PERSON, RAFAEL, "Rui Matos")

    assert links.of(PERSON) == Link(RAFAEL, "Rui Matos", 100.0)
    assert len(database.rows("SELECT * FROM links")) == 1


def test_a_lead_and_a_client_of_one_number_are_two_contacts(links: Links) -> None:
    links.deny(PERSON, MARINA, "Ana Souza")
    links.link(PERSON, RAFAEL, "Ana Souza")

    assert set(links.denied(PERSON)) == {MARINA}
    assert (links.of(PERSON) or Link(MARINA, "", 0)).ref == RAFAEL


def test_unlinking_is_remembered(links: Links, clock: Clock) -> None:
    links.link(PERSON, MARINA, "Ana Souza")
    clock.at = 200.0

    links.deny(PERSON, MARINA, "Rui Matos")

    assert links.of(PERSON) is None
    assert links.denied(PERSON) == {MARINA: Link(MARINA, "Rui Matos", 200.0, denied=True)}


def test_linking_again_takes_the_denial_back(links: Links) -> None:
    links.deny(PERSON, MARINA, "Rui Matos")

    links.link(PERSON, MARINA, "Ana Souza")

    assert links.denied(PERSON) == {}
    assert links.of(PERSON) == Link(MARINA, "Ana Souza", 100.0)


def test_denying_one_contact_leaves_the_link_with_another(links: Links) -> None:
    links.link(PERSON, MARINA, "Ana Souza")

    links.deny(PERSON, RAFAEL, "Ana Souza")

    assert (links.of(PERSON) or Link(RAFAEL, "", 0)).ref == MARINA


def test_persons_and_integrations_are_kept_apart(links: Links, database: Database) -> None:
    links.link(PERSON, MARINA, "Ana Souza")

    assert links.of("chatwoot:1:p102") is None
    assert links.of("chatwoot:2:p101") is None
    assert Links(database, "other").of(PERSON) is None
