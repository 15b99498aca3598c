"""Our own check digits agree with what others compute."""

import random

import pytest
from stdnum.br import cnpj as others_cnpj
from stdnum.br import cpf as others_cpf
from validate_docbr import CNPJ, CPF

from widget.emulator.crm import documents


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (documents.cpf("390533447"), "390.533.447-05"),
        (documents.cnpj("12ABC34501DE"), "12.ABC.345/01DE-35"),
        (documents.cnpj("112223330001"), "11.222.333/0001-81"),
        (documents.bare("12.ABC.345/01DE-35"), "12ABC34501DE35"),
    ],
)
def test_known_documents_come_out(made: str, wanted: str) -> None:
    assert made == wanted


@pytest.mark.parametrize("letters", [False, True])
def test_a_thousand_documents_are_valid_elsewhere(letters: bool) -> None:
    chance = random.Random(1)  # noqa: S311 (invented people need repeatable chance)

    firms = [documents.any_cnpj(chance, letters=letters) for _ in range(1000)]
    persons = [documents.any_cpf(chance) for _ in range(1000)]

    assert all(others_cnpj.is_valid(firm) and CNPJ().validate(firm) for firm in firms)
    assert all(others_cpf.is_valid(person) and CPF().validate(person) for person in persons)
