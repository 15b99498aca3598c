"""Tests of notes held against the ledger.

What the CRM shows otherwise than it was sealed is marked.
"""

import pytest
from flask import Flask

from tests.product import BEATRIZ, LUCIA, Screen, Visitor, behind, services_of, settled
from widget.emulator.crm.cast import BEATRIZ as BEATRIZ_ID
from widget.emulator.crm.cast import LUCIA as LUCIA_ID
from widget.emulator.crm.server import Emulator
from widget.store.engine.database import sqlite3

NOTES, HISTORY = "/tab/notes", "/tab/history"
TABLE = "crm_prospeccao_anotacoes"
TEXT = "Paga na sexta, se a fatura chegar"
ALTERED, CUT, GONE = "Alterada no CRM.", "O CRM guardou só o começo.", "Não está mais no CRM"


@pytest.fixture
def saved(ana: Visitor, app: Flask, crm: Emulator) -> dict[str, str]:
    """A note of Ana's as the CRM has it, looked at once after it was saved."""
    ana.open(LUCIA)
    ana.fill(NOTES, text=TEXT)
    check(app)
    return crm.rows(TABLE)[-1]


def check(app: Flask) -> None:
    """What was saved is there, and was looked at once."""
    settled(app)
    services_of(app).checking.turn()


def look(ana: Visitor, app: Flask) -> Screen:
    """The notes as the CRM has them right now."""
    services_of(app).journal.database.run("UPDATE cache SET outdated = 1")
    return ana.get(NOTES)


def delete(crm: Emulator, number: str) -> None:
    """Somebody deletes a note in the CRM."""
    with sqlite3.connect(crm.path) as connection:
        connection.execute(f"DELETE FROM {TABLE} WHERE id = ?", [number])


def mark_of(screen: Screen, text: str = TEXT) -> str:
    """What is said beside the one note that shows this text, or tells it as the original."""
    (note,) = (node for node in screen.html.css(".note") if text in node.text())
    found = note.css_first(".notice")
    return found.text() if found else ""


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

    assert (ALTERED in notes.text) is marked
    assert ("Ana Souza: Paga na sexta" in notes.text) is marked


def test_what_nobody_touched_bears_no_mark(ana: Visitor, app: Flask, saved: dict[str, str]) -> None:
    assert mark_of(look(ana, app)) == ""


# -- the signature
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left", [TEXT, "Paga na quinta", "", "[ref ZZZZZZ - Ana Souza]\n" + TEXT])
def test_a_note_whose_signature_was_stripped_is_known_by_its_number_and_time(
    ana: Visitor, app: Flask, crm: Emulator, saved: dict[str, str], left: str
) -> None:
    behind(crm, TABLE, saved["id"], anotacao=left)

    found = look(ana, app)

    assert mark_of(found) == f"{ALTERED} Como foi salva: Ana Souza: {TEXT}"
    assert found.text.count(f"nº {saved['id']}") == 1


def test_a_number_that_another_note_got_since_is_not_ours(
    ana: Visitor, app: Flask, crm: Emulator, saved: dict[str, str]
) -> None:
    delete(crm, saved["id"])
    behind(
        crm, TABLE, saved["id"], id_cliente=LUCIA_ID, anotacao="Do CRM", data="2030-01-01 10:00:00"
    )

    found = look(ana, app)

    assert mark_of(found, "Do CRM") == ""
    assert GONE in mark_of(found)


# -- what is not there
# ---------------------------------------------------------------------------------------------


def test_a_note_that_was_deleted_in_the_crm_is_shown_as_such(
    ana: Visitor, app: Flask, crm: Emulator, saved: dict[str, str]
) -> None:
    delete(crm, saved["id"])

    found = look(ana, app)

    assert GONE in mark_of(found)
    assert f"nº {saved['id']}" not in found.text
    assert GONE in ana.get(HISTORY).text


def test_a_note_deleted_before_anybody_looked_is_known_by_a_later_one(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(LUCIA)
    ana.fill(NOTES, text=TEXT)
    delete(crm, crm.rows(TABLE)[-1]["id"])

    assert GONE in mark_of(ana.fill(NOTES, text="Mais uma"))


@pytest.mark.parametrize(
    "switches",
    [
        {"not_released": [TABLE]},
        {"not_permitted": [TABLE]},
        {"fault": "html200", "fault_resources": [TABLE]},
        {"fault": "500", "fault_resources": [TABLE]},
        {"unheeded": ["id"]},
    ],
    ids="-".join,
)
def test_an_answer_that_proves_nothing_marks_nothing(
    ana: Visitor, app: Flask, crm: Emulator, saved: dict[str, str], switches: dict[str, object]
) -> None:
    delete(crm, saved["id"])
    crm.control(**switches)

    assert mark_of(look(ana, app)) == ""


def test_a_note_that_nobody_has_seen_there_yet_is_not_called_gone(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    ana.open(LUCIA)
    ana.fill(NOTES, text=TEXT)
    delete(crm, crm.rows(TABLE)[-1]["id"])

    assert mark_of(look(ana, app)) == ""


def test_a_note_that_the_list_does_not_show_but_the_crm_has_is_not_gone(
    ana: Visitor, app: Flask, crm: Emulator, saved: dict[str, str]
) -> None:
    behind(crm, TABLE, saved["id"], id_cliente="5")

    assert mark_of(look(ana, app)) == ""


def test_what_was_erased_at_a_persons_request_is_not_shown_again(
    ana: Visitor, app: Flask, crm: Emulator, saved: dict[str, str]
) -> None:
    services = services_of(app)
    services.ledger.erase(
        [f"client-{LUCIA_ID}"], services.journal.of_contact(f"client-{LUCIA_ID}")[0].origin
    )
    delete(crm, saved["id"])

    assert GONE not in look(ana, app).text


# -- inside remarks
# ------------------------------------------------------------------------------------------------


@pytest.fixture
def in_remarks(ana: Visitor, app: Flask, crm: Emulator) -> str:
    """The remarks of a lead with a note of Ana's in them."""
    ana.open(BEATRIZ)
    ana.fill(NOTES, text=TEXT)
    check(app)
    return crm.rows("contato", id=BEATRIZ_ID)[0]["obs"]


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        (lambda _: "Outra coisa.", GONE),
        (lambda _: "", GONE),
        (lambda _: f"Outra coisa. {TEXT}", ALTERED),
        (lambda obs: obs.replace("sexta", "quinta"), ALTERED),
        (lambda obs: f"{obs}\n\nmais do CRM", ""),
    ],
)
def test_a_note_in_remarks_that_is_gone_or_altered_is_marked(
    ana: Visitor, app: Flask, crm: Emulator, in_remarks: str, change: object, mark: str
) -> None:
    behind(crm, "contato", BEATRIZ_ID, obs=change(in_remarks))  # type: ignore[operator]

    found = mark_of(look(ana, app))

    assert found.startswith(mark) if mark else found == ""


def test_remarks_that_cannot_be_read_prove_nothing(
    ana: Visitor, app: Flask, crm: Emulator, in_remarks: str
) -> None:
    crm.control(hide_fields=["contato.obs"])

    assert in_remarks
    assert mark_of(look(ana, app)) == ""


# -- cut by the CRM itself
# -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [45, 40, 30, 20, 14])
def test_a_note_that_the_crm_cut_is_called_cut_and_not_altered(
    ana: Visitor, app: Flask, crm: Emulator, length: int
) -> None:
    crm.control(long_notes="cut", note_limit=length)
    ana.open(LUCIA)
    at_once = ana.fill(NOTES, text=TEXT)
    check(app)
    later = look(ana, app)

    for screen in (at_once, later):
        assert mark_of(screen) == f"{CUT} Como foi salva: Ana Souza: {TEXT}"


def test_a_note_of_an_older_version_that_the_crm_cut_is_called_cut(
    ana: Visitor, app: Flask, crm: Emulator, saved: dict[str, str]
) -> None:
    whole = f"{TEXT}\n\n— Ana Souza · ref ABC123"
    services_of(app).journal.database.run(
        "UPDATE journal SET dropped = '[\"text\"]', work = json_set(work, '$.record.text', ?)",
        whole,
    )
    behind(crm, TABLE, saved["id"], anotacao=whole[:-10])

    assert mark_of(look(ana, app)).startswith(CUT)


def test_a_note_that_somebody_shortened_after_it_was_kept_whole_is_altered(
    ana: Visitor, app: Flask, crm: Emulator, saved: dict[str, str]
) -> None:
    behind(crm, TABLE, saved["id"], anotacao=saved["anotacao"][:40])

    assert mark_of(look(ana, app)).startswith(ALTERED)


def test_a_note_that_came_back_and_was_saved_with_other_words_is_not_altered(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    crm.control(not_writable=[TABLE])
    ana.open(LUCIA)
    refused = ana.fill(NOTES, text="Antes")
    crm.control(not_writable=[])
    ana.post(NOTES, {**refused.form(".composer"), "text": TEXT})

    assert mark_of(look(ana, app)) == ""
