"""Names: folding, words, how they sound, and how far two may be one person's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget.brazil.names import distance, fold, similarity, sound, words

HEARD_ALIKE = """
    luis luiz
    thiago tiago
    souza sousa
    cazagrande casagrande
    wagner vagner
    felipe phelipe filipe philip
    giovana geovanna jeovana giovanna
    wiliam william uilian
    goncalves gonsalves
    conceicao conceisao
    correa correia
    victor vitor
    batista baptista
    matheus mateus
    cristian christian
    kaique caique kayke
    manoel manuel
    stefany estefani stephanie
    hellen elen helen
    erick eric erique
    nascimento nacimento
    jessica gessica
    david davi
    jefferson jeferson
    schmidt schmitt
    teixeira texeira
    jaqueline jacqueline
    xavier chavier
    lourenco lourenso
    mendonca mendonsa
    elisabeth elizabete
    michele micheli
    guilherme guilierme
    andrea andreia
    walter valter
    kelly keli
    yasmin iasmim
    isaac isaque
    george jorge
"""
HEARD_APART = """
    nelson nilson mario maria paulo paula joao jose ana eva pedro diego franco franca marcos marcio
"""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  José   DA\tSilva\n", "jose da silva"),
        ("ÇÃÉÎÕÜ", "caeiou"),
        ("Straße", "strasse"),
        ("Ｊｏｓé\u200b", "jose"),
        ("İ", "i"),
        ("", ""),
    ],
)
def test_folding_takes_accents_case_and_blanks(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(deadline=None)
@given(st.text())
def test_folded_text_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("José da Silva", ("jose", "silva")),
        ("Joana D’Ávila e Souza", ("joana", "davila", "souza")),
        ("Silva, José da.", ("silva", "jose")),
        ("da", ()),
        ("🙂", ()),
        ("", ()),
    ],
)
def test_a_name_is_its_words_without_particles(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize("line", [line.strip() for line in HEARD_ALIKE.strip().splitlines()])
def test_spellings_of_one_name_sound_alike(line: str) -> None:
    assert len({sound(word) for word in line.split()}) == 1


def test_different_names_sound_different() -> None:
    assert len({sound(word) for word in HEARD_APART.split()}) == len(HEARD_APART.split())


@settings(deadline=None)
@given(st.text(max_size=40))
def test_every_word_has_a_sound_and_nothing_raises(text: str) -> None:
    assert all(isinstance(sound(word), str) for word in words(text))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("José da Silva", "JOSE SILVA"),
        ("Silva, José da", "José da Silva"),
        ("Zé da Silva", "José da Silva"),
        ("Ana Souza", "Ana Souza Pereira"),
        ("Mairna Teles", "Marina Teles"),
        ("Thiago Souza", "Tiago de Sousa"),
        ("Chico Buarque", "Francisco Buarque"),
        ("Beto Casagrande", "Roberto Cazagrande"),
        ("Ana L. Souza", "Ana Lúcia Souza"),
        ("Paulinha Souza", "Paula Souza"),
        ("Marquinhos Souza", "Marcos Souza"),
        ("Luizinho Souza", "Luís Souza"),
        ("Zezinho Souza", "José Souza"),
        ("Aparecida Souza Lima", "Maria Aparecida Souza Lima"),
        ("Padaria Trigo Bom Ltda", "Padaria Trigo Bom"),
    ],
)
def test_names_of_one_person_are_alike_in_both_directions(a: str, b: str) -> None:
    assert similarity(a, b) == similarity(b, a) >= 0.85


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("José da Silva", "José da Silva Filho"),
        ("José da Silva Filho", "José da Silva Neto"),
        ("Ana Souza Lima", "Pedro Souza Lima"),
        ("José da Silva", "José de Souza"),
        ("Marina", "Marina Teles"),
        ("J. Silva", "José Silva"),
        ("Nelson Souza", "Nilson Souza"),
        ("Paulo Souza", "Paula Souza"),
        ("Joel Souza", "Joela Souza"),
        ("Ana Clara Souza Lima", "Ana Júlia Souza Lima"),
        ("Maria Lima Souza", "José Lima Souza"),
        ("José José", "José"),
        ("", ""),
        ("🙂", "🙂"),
    ],
)
def test_names_that_may_be_two_people_reach_one_half_at_most(a: str, b: str) -> None:
    assert similarity(a, b) == similarity(b, a) <= 0.5


SOME_WORDS = ["José", "Zé", "da", "Silva", "Sousa", "Souza", "Filho", "J.", "Ana", "Anna", "Maria"]
SOME = st.lists(st.sampled_from(SOME_WORDS), max_size=5).map(" ".join)


@settings(deadline=None)
@given(SOME | st.text(max_size=20), SOME | st.text(max_size=20))
def test_similarity_has_no_direction_and_stays_between_nothing_and_one(a: str, b: str) -> None:
    assert 0 <= similarity(a, b) <= 1
    assert similarity(a, b) == pytest.approx(similarity(b, a))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("marina", "marina", 0),
        ("marina", "mairna", 1),
        ("marina", "marna", 1),
        ("marina", "marinna", 1),
        ("marina", "narina", 1),
        ("marina", "mariza", 1),
        ("marina", "karima", 2),
        ("marina", "teles", 3),
        ("", "abcd", 3),
    ],
)
def test_the_distance_counts_errors_of_typing_up_to_a_limit(a: str, b: str, expected: int) -> None:
    assert distance(a, b, 2) == distance(b, a, 2) == expected
