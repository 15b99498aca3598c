"""Tests of what a text looks like while it is typed.

They say whether the text is whole, and how the index's keys may begin for it.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.brazil import criteria, documents, phones
from widget.domain.model import Person


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("m", "name"),
        ("Marina Teles", "name"),
        ("josé da silva 2", "name"),
        ("3M do Brasil", "name"),
        ("D'Ávila", "name"),
        ("", "name"),
        ("🚀", "name"),
        ("S.A. Andrade", "name"),
        ("ana@", "email"),
        ("ana.souza@example.com", "email"),
        ("@example.com", "email"),
        ("49", "phone"),
        ("4998", "phone"),
        ("49988124417", "phone"),
        ("(49) 98", "phone"),
        ("+55 49", "phone"),
        ("49 3322-1188", "phone"),
        ("5549988124417", "phone"),
        ("0800 123 4567", "phone"),
        ("049 98812", "phone"),
        ("390.5", "document"),
        ("390.533.447-05", "document"),
        ("39053344705", "document"),
        ("12ABC", "document"),
        ("12.ABC.345/01DE-35", "document"),
        ("12abc34501de35", "document"),
        ("11.222.333/0001-81", "document"),
        ("11222333000181", "document"),
        ("390533", "document"),
        (" 390.533.447-05 ", "document"),
    ],
)
def test_the_criterion_is_guessed_from_what_is_typed(text: str, criterion: str) -> None:
    assert criteria.guess(text) == criterion


@given(st.text(max_size=40))
def test_any_text_has_a_criterion_a_beginning_and_no_error(text: str) -> None:
    criterion = criteria.guess(text)

    assert criterion in criteria.CRITERIA
    assert all(isinstance(key, str) for key in criteria.beginnings(criterion, text))
    assert criteria.person(criterion, text) is None or not criteria.problem(criterion, f"{text:3}")


@pytest.mark.parametrize(
    ("criterion", "text", "person"),
    [
        ("document", "390.533.447-05", Person(documents=("390.533.447-05",))),
        ("document", "390.533.447", None),
        ("phone", "49 98812-4417", Person(phones=("49 98812-4417",))),
        ("phone", "49 98812", None),
        ("email", "ana@example.com", Person(emails=("ana@example.com",))),
        ("email", "ana@exa", None),
        ("name", "Ana", None),
    ],
)
def test_a_whole_clue_means_a_person(criterion: str, text: str, person: Person | None) -> None:
    assert criteria.person(criterion, text) == person


@pytest.mark.parametrize(
    "whole",
    ["(49) 98812-4417", "49988124417", "+55 49 8812-4417", "(49) 3322-1188", "55 99123-4567"],
)
def test_a_phone_is_found_by_each_of_its_beginnings(whole: str) -> None:
    key = phones.Phone.key.fget(phones.parse(whole))  # type: ignore[attr-defined]
    ends = [
        n
        for n in range(len(whole) + 1)
        if sum(c.isdigit() for c in whole[:n].removeprefix("+55")) >= 4
    ]

    for end in ends:
        assert any(
            key.startswith(beginning) for beginning in criteria.beginnings("phone", whole[:end])
        ), whole[:end]


@pytest.mark.parametrize("whole", ["390.533.447-05", "12.abc.345/01de-35"])
def test_a_document_is_found_by_each_of_its_beginnings(whole: str) -> None:
    found = documents.find(whole)

    assert found
    assert all(
        found.number.startswith(criteria.beginnings("document", whole[:end]))
        for end in range(3, len(whole))
    )


@pytest.mark.parametrize("text", ["", "4", "49", "(49", "+55 49", "0"])
def test_too_few_digits_of_a_phone_find_nobody(text: str) -> None:
    assert criteria.beginnings("phone", text) == ()
