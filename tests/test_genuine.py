"""Tests of notes held against the ledger: what the CRM shows otherwise than it was sealed is marked."""

import pytest

from tests.product import LUCIA, Visitor
from widget.emulator.server import Emulator
from widget.store.database import sqlite3

TABLE = "crm_prospeccao_anotacoes"
MARK = "Alterada no CRM. Como foi salva:"


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("Paga na sexta", "Paga na quinta", True),
        ("Ana Souza]", "Rui Matos]", True),
        ("Paga na sexta", "Paga na sexta  ", False),
    ],
)
def test_a_note_that_somebody_altered_in_the_crm_tells_how_it_was_saved(
    ana: Visitor, crm: Emulator, old: str, new: str, marked: bool
) -> None:
    ana.open(LUCIA)
    ana.fill("/tab/notes", text="Paga na sexta")
    with sqlite3.connect(crm.path) as connection:
        connection.execute(f"UPDATE {TABLE} SET anotacao = replace(anotacao, ?, ?)", (old, new))
    ana.get("/tab/contact", fresh="now")

    ana.open(LUCIA)
    notes = ana.fill("/tab/notes", text="Mais uma")

    assert (MARK in notes.text) is marked
    assert ("Ana Souza: Paga na sexta" in notes.text) is marked
