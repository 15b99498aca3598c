"""The file: transactions are kept whole or not at all, text is compared as the CRM compares it."""

from pathlib import Path

import pytest

from widget.emulator.crm import base


@pytest.fixture
def file(tmp_path: Path) -> base.Base:
    made = base.Base(str(tmp_path / "a" / "crm.db"))
    with made.writing() as connection:
        base.create(connection)
    return made


def test_a_transaction_that_fails_leaves_nothing(file: base.Base) -> None:
    def fail_midway() -> None:
        with file.writing() as connection:
            base.insert(connection, "uf", {"sigla": "XX", "nome": "Nenhum"})
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail_midway()
    with file.reading() as connection:
        assert base.find(connection, "uf", "1") is None
    file.close()


def test_a_closed_base_opens_anew(file: base.Base) -> None:
    with file.writing() as connection:
        record = base.insert(connection, "uf", {"sigla": "SC", "nome": "Santa Catarina"})
    file.close()

    with file.reading() as connection:
        found = base.find(connection, "uf", record)
    file.close()

    assert found
    assert (found["id"], found["sigla"]) == ("1", "SC")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cláudia", "CLAUDIA"),
        ("Müller", "muller"),
        ("GRÄFF", "graff"),
        ("São José", "sao jose"),
        ("Ñ", "n"),
        ("ç", "C"),
    ],
)
def test_case_and_accents_do_not_matter(one: str, other: str) -> None:
    assert base.fold(one) == base.fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ana", "Ana "), ("José", "Josè s"), ("🚀", ""), ("a-b", "ab")]
)
def test_other_differences_matter(one: str, other: str) -> None:
    assert base.fold(one) != base.fold(other)
