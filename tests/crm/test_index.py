"""Tests of what the people index tells as contacts.

It tells them at once and with its age, and tells nothing at all when it cannot be relied on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from widget.crm.index import Index, clues
from widget.crm.ixc.mirrored import contact, mirrored
from widget.domain.model import Person, Ref
from widget.store.engine import migrations
from widget.store.engine.database import Database
from widget.store.people.fills import Fills
from widget.store.people.people import Clue, People

TABLES = ("contato", "cliente")

READ_AT, CHECKED_AT = 1_000.0, 5_000.0
OLGA = {
    "id": "7",
    "razao": "Olga Prates",
    "cnpj_cpf": "390.533.447-05",
    "fone": "(49) 98812-4417",
    "cidade": "1",
}
LEAD = {
    "id": "3",
    "nome": "Olga P.",
    "email": "olga@example.com; o.prates@example.com",
    "id_cliente": "7",
    "lead": "S",
}


@dataclass
class Shelf:
    """An index with two rows of one person in it."""

    database: Database
    people: People
    fills: Fills
    index: Index
    now: float = READ_AT

    def fill(self) -> None:
        self.people.keep([mirrored(Ref.CLIENT, OLGA), mirrored(Ref.LEAD, LEAD)], READ_AT)
        for resource in TABLES:
            self.fills.finish(self.fills.begin(resource, ""))
        self.now = CHECKED_AT
        for resource in TABLES:
            self.fills.check(self.fills.of(resource))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    database = Database(tmp_path / "people.db", migrations.people)
    people = People(database, "main")
    fills = Fills(database, "main", lambda: made.now, TABLES)
    made = Shelf(database, people, fills, Index(people, fills, contact))
    return made


QUESTIONS: dict[str, Callable[[Index], object]] = {
    "of": lambda index: index.of(Person(phones=("49988124417",))),
    "one": lambda index: index.one(Ref(Ref.CLIENT, "7")),
    "by_name": lambda index: index.by_name("olga", 10),
    "starting": lambda index: index.starting(Clue.PHONE, "4988", 10),
    "alike": lambda index: index.alike(Person(name="Olga Prates")),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_an_index_that_is_off_not_whole_or_broken_tells_nothing(
    shelf: Shelf, ask: Callable[[Index], object]
) -> None:
    assert ask(Index()) is None
    shelf.people.keep([mirrored(Ref.CLIENT, OLGA)], READ_AT)
    assert ask(shelf.index) is None
    shelf.fill()
    assert ask(shelf.index) is not None
    for table in ("people", "fills"):
        shelf.database.run(f"DROP TABLE {table}")
        assert ask(shelf.index) is None


@pytest.mark.parametrize(
    "person",
    [
        Person(phones=("(49) 8812-4417",)),
        Person(phones=("5549988124417@s.whatsapp.net", "abc")),
        Person(documents=("39053344705",)),
        Person(emails=(" O.Prates@Example.com",)),
    ],
)
def test_a_person_is_found_by_each_clue_with_the_age_of_the_reading(
    shelf: Shelf, person: Person
) -> None:
    shelf.fill()
    told = shelf.index.of(person)

    assert told
    assert Ref(Ref.CLIENT, "7") in {contact.ref for contact in told.value}
    assert (told.at, told.stale, told.trouble) == (READ_AT, True, "")


def test_with_a_lead_comes_the_client_behind_it(shelf: Shelf) -> None:
    shelf.fill()
    told = shelf.index.of(Person(emails=("olga@example.com",)))

    assert told
    assert [str(contact.ref) for contact in told.value] == ["lead-3", "client-7"]


def test_who_is_not_in_it_was_not_in_the_crm_when_it_was_looked_through(shelf: Shelf) -> None:
    shelf.fill()
    told = shelf.index.of(Person(phones=("11 98765-4321",)))

    assert told
    assert (told.value, shelf.index.at) == ((), CHECKED_AT)
    assert Index().at == 0


@pytest.mark.parametrize(
    "person",
    [
        Person(name="Olga Prattes da Silva"),
        Person(documents=("39053344705",)),
        Person(phones=("49 98812-4417",)),
    ],
)
def test_whoever_may_be_the_same_is_told_to_the_radar(shelf: Shelf, person: Person) -> None:
    shelf.fill()
    told = shelf.index.alike(person)

    assert told
    assert Ref(Ref.CLIENT, "7") in {contact.ref for contact in told.value}


def test_another_branch_of_the_firm_is_told_to_the_radar_but_is_not_the_person(
    shelf: Shelf,
) -> None:
    shelf.fill()
    shelf.people.keep(
        [mirrored(Ref.CLIENT, {**OLGA, "id": "8", "cnpj_cpf": "11.222.333/0001-81"})], READ_AT
    )
    branch = Person(documents=("11.222.333/0002-62",))
    alike, same = shelf.index.alike(branch), shelf.index.of(branch)

    assert alike
    assert same
    assert [str(contact.ref) for contact in alike.value] == ["client-8"]
    assert same.value == ()


def test_clues_are_in_the_form_of_the_keys(shelf: Shelf) -> None:
    person = Person(
        phones=("49 98812-4417", "?"),
        documents=("390.533.447-05", "x"),
        emails=("A@b.example ", "x"),
    )

    assert clues(person) == {
        (Clue.PHONE, "4988124417"),
        (Clue.PHONE, "?88124417"),
        (Clue.DOCUMENT, "39053344705"),
        (Clue.EMAIL, "a@b.example"),
    }
