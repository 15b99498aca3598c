"""Tests of what the index keeps of a row: what is needed, and nothing more.

The index keeps the clues that a search uses, and gives the contact back.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from widget.crm.ixc import shapes
from widget.crm.ixc.mirrored import COLUMNS, contact, mirrored
from widget.domain.model import Ref
from widget.emulator.crm.server import Emulator
from widget.emulator.crm.tables import TABLES
from widget.store.people.people import Clue, Found

SOURCES = [Ref.LEAD, Ref.CLIENT]


@pytest.mark.parametrize("source", SOURCES)
def test_the_contact_that_comes_back_is_the_crms_but_for_the_remarks(
    crm: Emulator, source: str
) -> None:
    for row in crm.rows(shapes.RESOURCES[source]):
        kept = mirrored(source, row)
        found = Found(source, kept.number, kept.row, 1.0)

        assert contact(found) == replace(shapes.contact(source, row), remarks="")
        assert (kept.name, kept.updated) == (contact(found).name, contact(found).updated_at)


@pytest.mark.parametrize("source", SOURCES)
def test_only_columns_that_recognise_and_show_a_person_are_kept_and_no_empty_ones(
    crm: Emulator, source: str
) -> None:
    rows = [mirrored(source, row).row for row in crm.rows(shapes.RESOURCES[source])]

    assert set().union(*rows) <= COLUMNS[source]
    assert not {"obs", "endereco", "numero", "data_nascimento", "senha", "alerta"} & COLUMNS[source]
    assert {value for row in rows for value in row.values() if not value.strip()} == set()
    assert COLUMNS[source] <= {*TABLES[shapes.RESOURCES[source]].columns, "fantasia"}


PHONE, DOCUMENT, EMAIL = Clue.PHONE, Clue.DOCUMENT, Clue.EMAIL


@pytest.mark.parametrize(
    ("row", "clues"),
    [
        ({}, set()),
        (
            {"fone_celular": "(49) 98812-4417", "fone_whatsapp": "49988124417"},
            {(PHONE, "4988124417")},
        ),
        ({"fone_celular": "(49) 8812-4417"}, {(PHONE, "4988124417")}),
        ({"fone_celular": "não tem", "fone_comercial": "0800 123 4567"}, {(PHONE, "*08001234567")}),
        ({"cnpj_cpf": "390.533.447-05"}, {(DOCUMENT, "39053344705")}),
        ({"cnpj_cpf": "390.533.447-06"}, {(DOCUMENT, "39053344706")}),
        ({"cnpj_cpf": "12.abc.345/01de-35"}, {(DOCUMENT, "12ABC34501DE35")}),
        (
            {"email": "A@b.example; C@d.example,nada"},
            {(EMAIL, "a@b.example"), (EMAIL, "c@d.example")},
        ),
    ],
)
def test_a_person_is_found_by_every_phone_document_and_address(
    row: dict[str, str], clues: set[tuple[Clue, str]]
) -> None:
    assert mirrored(Ref.LEAD, {"id": "7", **row}).clues == clues


@pytest.mark.parametrize("nothing", ["", "0", " "])
def test_no_branch_is_no_branch_however_the_crm_writes_it(nothing: str) -> None:
    assert mirrored(Ref.LEAD, {"id": "7", "id_filial": nothing}).row == {"id": "7"}


def test_a_customer_without_a_name_goes_by_the_trade_name() -> None:
    assert mirrored(Ref.CLIENT, {"id": "7", "razao": "", "fantasia": "Padaria"}).name == "Padaria"
