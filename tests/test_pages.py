"""Tests that no person is missed because pages are short.

This holds wherever a listing is read, through the panel's own addresses.
"""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.product import NOBODY, OTAVIO, Visitor
from widget.crm import listings
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import sqlite3

TAIL = "0045"


def crowd(crm: Emulator, count: int, name: str = "Alguém") -> None:
    """Puts this number of leads into the CRM whose phones end like Otávio's.

    None of them is his, and all come before his in the alphabet.
    """
    rows = [(f"{name} {n:04}", f"(48) 9{8000 + n} - {TAIL}", "S") for n in range(count)]
    with closing(sqlite3.connect(crm.path)) as connection, connection:
        connection.executemany(
            "INSERT INTO contato (nome, fone_celular, ativo) VALUES (?, ?, ?)", rows
        )


@pytest.fixture
def many(crm: Emulator) -> Emulator:
    crowd(crm, 600)
    crm.put("contato", nome="Zeno Brandt", fone_celular="(47) 99123-0045", ativo="S")
    return crm


def test_a_person_is_recognised_among_hundreds_with_the_same_last_digits(
    many: Emulator, ana: Visitor
) -> None:
    assert "Zeno Brandt" in ana.open(OTAVIO).text


def test_a_duplicate_among_hundreds_is_not_created(many: Emulator, ana: Visitor) -> None:
    ana.open(NOBODY)
    answer = ana.fill(
        "/tab/contact/new", name="Outro Nome", phone="47991230045", owner="2", branch="1"
    )

    assert answer.status == 409
    assert "Zeno Brandt" in answer.text


def test_what_could_not_be_read_to_its_end_is_not_called_nobody(
    many: Emulator, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "MOST_PAGES", 0)

    screen = ana.open(OTAVIO)

    assert "não dá para saber se alguém tem" in screen.text
    assert "Ninguém no CRM" not in screen.text


def test_where_nobody_can_tell_the_attendant_decides(
    many: Emulator, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "MOST_PAGES", 0)
    ana.open(NOBODY)
    typed = {
        "name": "Quirino Novo",
        "phone": "(41) 3333-0045",
        "owner": "2",
        "branch": "1",
    }

    asked = ana.fill("/tab/contact/new", **typed)

    assert asked.status == 409
    assert "Não dá para saber se já existe" in asked.text
    assert not many.rows("contato", nome="Quirino Novo")

    assert ana.post("/tab/contact/new", asked.form(".form")).status == 200
    assert len(many.rows("contato", nome="Quirino Novo")) == 1


@pytest.mark.parametrize("cap", [7, 20])
def test_a_base_that_caps_its_pages_hides_nobody(crm: Emulator, ana: Visitor, cap: int) -> None:
    crowd(crm, 60)
    crm.put("contato", nome="Zeno Brandt", fone_celular="(47) 99123-0045", ativo="S")
    crm.control(rp_cap=cap)

    assert "Zeno Brandt" in ana.open(OTAVIO).text
    assert (
        "Zeno Brandt"
        in ana.get("/tab/link/search", criterion="phone", q="47991230045", ask="1").text
    )

    ana.open(NOBODY)
    answer = ana.fill(
        "/tab/contact/new", name="Outro Nome", phone="47991230045", owner="2", branch="1"
    )
    assert answer.status == 409
    assert "Zeno Brandt" in answer.text


def test_the_lists_to_choose_from_are_whole_on_a_base_that_caps_its_pages(
    crm: Emulator, ana: Visitor
) -> None:
    ana.open(NOBODY)
    whole = ana.get("/tab/contact/new").html.css("option")
    crm.control(rp_cap=2)

    assert [o.text() for o in ana.get("/tab/contact/new").html.css("option")] == [
        o.text() for o in whole
    ]


def test_two_hundred_notes_and_more_are_all_there(crm: Emulator, ana: Visitor) -> None:
    ana.open({"id": 102, "phone_number": "+5549999032288"})
    for n in range(230):
        crm.put(
            "crm_prospeccao_anotacoes",
            id_cliente="1",
            anotacao=f"Nota {n:03}.",
            data=f"2024-01-01 00:{n // 60:02}:{n % 60:02}",
        )

    shown = [ana.get("/tab/notes/list", page=str(page)).text for page in range(1, 14)]

    assert all(sum(f"Nota {n:03}." in text for text in shown) == 1 for n in range(230))


NOTICE = "<br />\n<b>Notice</b>:  Undefined index: x in <b>/a.php</b> on line <b>1</b><br />\n"


@pytest.mark.parametrize("before", ["\ufeff", NOTICE])
def test_what_is_saved_behind_a_notice_is_saved_once_and_confirmed(
    crm: Emulator, ana: Visitor, before: str
) -> None:
    crm.control(preamble=before, rows_as_object=True)
    ana.open(NOBODY)
    saved = ana.fill(
        "/tab/contact/new", name="Quirino Novo", phone="(41) 3333-1199", owner="2", branch="1"
    )

    assert (saved.status, saved.state) == (200, "done")
    assert len(crm.rows("contato", nome="Quirino Novo")) == 1
