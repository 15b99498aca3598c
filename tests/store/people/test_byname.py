"""Tests that names are found as people type them.

They type them unfinished, in any order, without accents, by ear, and mistyped.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crm.bench import Clock
from tests.store.crowd import named, names_of
from widget.store.engine.database import Database
from widget.store.engine.migrations import people as tables
from widget.store.people.byname import MOST_WORDS, heard, spelt
from widget.store.people.people import People

CROWD = [
    "José da Silva",
    "José da Silva Filho",
    "Maria José Silva",
    "Luís Souza",
    "Luiz Sousa Lima",
    "Maria da Conceição",
    "Maria Dalva Prado",
    "João D'Ávila Gomes",
    "Tiago Cazagrande",
    "Guilherme Albuquerque",
    "Ana Beatriz Schmidt",
    "Wagner de Oliveira e Souza",
    "Anna Karoline Müller",
    "PADARIA PÃO & CIA LTDA",
    "Conceição",
    "José Sílvia",
    "Rádio 104 FM",
    "Açaí do Ângelo 2_irmãos",
    "Rui Sá",
    "李 小龙",
]


def indexed(path: Path) -> People:
    return People(Database(path / "people.db", tables), "main", Clock())


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> People:
    people = indexed(tmp_path_factory.mktemp("crowd"))
    people.keep(named(CROWD), 1.0)
    return people


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        (
            "jose silva",
            ["José da Silva", "José da Silva Filho"],
        ),  # in the typed order, short names first
        ("josé da silva filho", ["José da Silva Filho"]),
        ("  JOSÉ   SILVA ", ["José da Silva"]),
        ("silva jose", ["José da Silva"]),
        ("jos sil", ["José da Silva"]),
        ("jose silvi", ["José Sílvia"]),
        (
            "maria d",
            ["Maria da Conceição", "Maria Dalva Prado"],
        ),  # the small word, or the beginning of another
        ("maria da", ["Maria da Conceição", "Maria Dalva Prado"]),
        ("maria da c", ["Maria da Conceição"]),
        ("davila", ["João D'Ávila Gomes"]),
        ("d'avila", ["João D'Ávila Gomes"]),
        ("d’Ávila", ["João D'Ávila Gomes"]),
        ("gomes joão", ["João D'Ávila Gomes"]),
        ("luis sousa", ["Luís Souza"]),  # the first sounds like it, the other holds one word more
        ("luiz souza", ["Luís Souza"]),
        ("thiago casagrande", ["Tiago Cazagrande"]),
        ("thiag casag", ["Tiago Cazagrande"]),
        ("vagner", ["Wagner de Oliveira e Souza"]),
        ("wagner souza oliveira", ["Wagner de Oliveira e Souza"]),
        ("shimit", ["Ana Beatriz Schmidt"]),
        ("muller", ["Anna Karoline Müller"]),
        ("guilehrme", ["Guilherme Albuquerque"]),
        ("gilherme albuqerqe", ["Guilherme Albuquerque"]),
        ("guilherme albuqueruqe", ["Guilherme Albuquerque"]),
        ("conceicao", ["Conceição", "Maria da Conceição"]),
        ("concecao", ["Conceição"]),
        ("pao padaria", ["PADARIA PÃO & CIA LTDA"]),
        ("radio 104", ["Rádio 104 FM"]),
        ("2_ir", ["Açaí do Ângelo 2_irmãos"]),
        ("rui sa", ["Rui Sá"]),
        ("小龙", ["李 小龙"]),
    ],
)
def test_whoever_is_meant_is_found_first(crowd: People, typed: str, best: list[str]) -> None:
    assert names_of(crowd.by_name(typed))[: len(best)] == best


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        '"',
        "'",
        "*",
        "(",
        "NEAR",
        "NEAR(",
        "a AND b OR",
        "NOT NOT",
        "plain:x",
        "^",
        "-",
        "\\",
        "%",
        "_",
        "🙂",
        "\0",
        "x" * 5000,
        "a b c d e f g h i j k l m n o p",
        "'; DROP TABLE people; --",
        "{plain} : ",
        "zzzz",
        "\ud800",
    ],
)
def test_nonsense_finds_nobody_and_is_no_syntax(crowd: People, typed: str) -> None:
    assert names_of(crowd.by_name(typed)) == []


@pytest.mark.parametrize(
    "typed",
    ['"jose" silva', "jose* silva*", "jose) silva", "josé-silva", "jose, silva", "jose/silva;"],
)
def test_signs_between_words_do_not_matter(crowd: People, typed: str) -> None:
    assert names_of(crowd.by_name(typed))[:1] == ["José da Silva"]


def test_everybody_with_every_word_is_found_but_nobody_else(crowd: People) -> None:
    assert set(names_of(crowd.by_name("jose silva"))) == {
        "José da Silva",
        "José da Silva Filho",
        "Maria José Silva",
    }


def test_no_more_than_asked_for_come(crowd: People) -> None:
    assert names_of(crowd.by_name("jose silva", limit=2)) == [
        "José da Silva",
        "José da Silva Filho",
    ]


def test_a_name_typed_to_the_end_comes_before_thousands_that_hold_its_words(tmp_path: Path) -> None:
    people = indexed(tmp_path)
    people.keep(
        named([*(f"Ana Maria {n} Silva" for n in range(600)), "Maria Silva", "Maria X Silva"]), 1.0
    )

    assert names_of(people.by_name("maria da silva"))[0] == "Maria Silva"


def test_a_typing_error_means_the_frequent_name_before_the_rare_one(tmp_path: Path) -> None:
    people = indexed(tmp_path)
    people.keep(
        named([*["Maria Santos"] * 9, *["Marana Santos"] * 9, *["Maria Sanotski"] * 30]), 1.0
    )

    assert names_of(people.by_name("marai santos"))[0] == "Maria Santos"
    assert names_of(people.by_name("maria snatos"))[0] == "Maria Santos"


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("José Silva", ["José da Silva", "José da Silva Filho", "Maria José Silva"]),
        ("Luis de Sousa Lima", ["Luiz Sousa Lima", "Luís Souza"]),
        ("Luiz Augusto Sousa", ["Luís Souza", "Luiz Sousa Lima"]),
        ("Guilherme Albuquerqe Neto", ["Guilherme Albuquerque"]),
        ("Ana Betriz Schmitd", ["Ana Beatriz Schmidt"]),
        ("Conceição", ["Conceição", "Maria da Conceição"]),
        ("", []),
        ("Nobody Here", []),
        ("Tiago", ["Tiago Cazagrande"]),
    ],
)
def test_who_may_have_the_same_name_is_found_by_two_words_in_common(
    crowd: People, name: str, likely: list[str]
) -> None:
    assert set(likely) <= set(names_of(crowd.alike(name)))
    assert likely or crowd.alike(name) == []


def test_the_likeliest_comes_first_and_one_word_in_common_is_not_enough(crowd: People) -> None:
    found = names_of(crowd.alike("Jose da Silva Filho"))

    assert found[0] == "José da Silva Filho"
    assert "Luís Souza" not in found


def test_of_a_common_name_the_same_one_is_found_among_thousands(tmp_path: Path) -> None:
    people = indexed(tmp_path)
    people.keep(
        named([*(f"Maria {n} Silva Souza" for n in range(600)), "Maria Aparecida da Silva"]), 1.0
    )

    assert names_of(people.alike("Maria Aparecida Silva"))[0] == "Maria Aparecida da Silva"


@pytest.mark.parametrize(
    ("name", "words"),
    [("José da Silva", "jose silva"), ("da de", "da de"), ("***", ""), ("A" * 500, "a" * 200)],
)
def test_a_name_is_indexed_by_its_words_and_how_else_they_sound(name: str, words: str) -> None:
    assert spelt(name) == words
    assert not set(heard(words).split()) & set(words.split())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(min_size=1, max_size=30).filter(spelt), min_size=1, max_size=6, unique_by=spelt
    )
)
def test_every_name_is_found_by_its_own_text(
    tmp_path_factory: pytest.TempPathFactory, written: list[str]
) -> None:
    people = indexed(tmp_path_factory.mktemp("any"))
    people.keep(named(written), 1.0)

    for name in written:
        if len(spelt(name).split()) <= MOST_WORDS:
            assert name in names_of(people.by_name(name)), name
