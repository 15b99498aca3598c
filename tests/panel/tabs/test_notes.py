"""Tests of "Anotações": kept with their true author, never changed, corrected by new ones."""

# What a test looks for is on the page, else the test fails.
# mypy: disable-error-code="union-attr"

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.product import (
    BEATRIZ,
    HENRIQUE,
    LUCIA,
    MARINA,
    OTAVIO,
    RUI,
    TEO,
    Screen,
    Visitor,
    asked,
    behind,
    product,
    services_of,
    settled,
)
from widget.brazil import meaning
from widget.emulator.crm.cast import BEATRIZ as BEATRIZ_ID
from widget.emulator.crm.cast import LUCIA as LUCIA_ID
from widget.emulator.crm.server import Emulator

NOTES = "/tab/notes"
TABLE = "crm_prospeccao_anotacoes"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def on_lucia(ana: Visitor) -> Visitor:
    """Ana beside a prospect with twenty notes."""
    ana.open(LUCIA)
    return ana


def texts(screen: Screen) -> list[str]:
    """What the notes say, as listed."""
    return [node.text() for node in screen.html.css(".note .prose")]


def newest(crm: Emulator) -> dict[str, str]:
    """The note that the CRM got last."""
    return crm.rows(TABLE)[-1]


def test_twenty_notes_are_listed_newest_first_with_author_and_time(
    on_lucia: Visitor, crm: Emulator
) -> None:
    listed = on_lucia.get(NOTES)
    stored = sorted(crm.rows(TABLE, id_cliente=LUCIA_ID), key=lambda row: row["data"], reverse=True)

    assert texts(listed) == [meaning.prose(row["anotacao"]) for row in stored]
    assert len(texts(listed)) == 20
    assert "Rui Matos" in listed.text
    assert listed.html.css_first("time").attributes["datetime"] == stored[0]["data"]


def test_a_long_list_goes_on_on_a_further_page(on_lucia: Visitor) -> None:
    first = on_lucia.fill(NOTES, text="A vigésima primeira")
    second = on_lucia.get(f"{NOTES}/list", page=2)

    assert "Mais anotações" in first.text
    assert texts(first)[0] == "A vigésima primeira"
    assert len(texts(second)) == 1
    assert "Mais anotações" not in second.text


@pytest.mark.parametrize("page", ["0", "-3", "x", "99", "9" * 30])
def test_a_page_that_does_not_exist_is_empty_or_the_first(on_lucia: Visitor, page: str) -> None:
    assert on_lucia.get(f"{NOTES}/list", page=page).status == 200


def test_a_note_is_in_the_crm_with_its_true_author(on_lucia: Visitor, crm: Emulator) -> None:
    saved = on_lucia.fill(NOTES, text="Quer instalar\nna sexta.")
    row = newest(crm)

    assert saved.status == 200
    assert f"Anotação salva no CRM, nº {row['id']}." in saved.text
    assert re.fullmatch(
        r"\[ref [0-9A-Z]{6} - Ana Souza\]\nQuer instalar\nna sexta\.", row["anotacao"]
    )
    assert (row["id_cliente"], row["id_responsavel"]) == (LUCIA_ID, "1")
    assert texts(saved)[0] == "Quer instalar\nna sexta."
    assert saved.form(".composer")["text"] == ""


def test_the_author_is_the_attendant_not_the_owner_of_the_token(app: Flask, crm: Emulator) -> None:
    rui = Visitor(app.test_client(), RUI)
    rui.open(LUCIA)
    saved = rui.fill(NOTES, text="Do Rui")

    assert " - Rui Matos]" in newest(crm)["anotacao"]
    assert "Rui Matos" in saved.html.css_first(".note").text()


def test_an_attendant_without_employee_signs_with_his_own_name(app: Flask, crm: Emulator) -> None:
    teo = Visitor(app.test_client(), TEO)
    teo.open(LUCIA)
    asked_for = teo.fill(NOTES, text="Do Téo", owner="")
    teo.post(NOTES, {**asked_for.form(".composer"), "owner": "3"})

    assert asked_for.wrong("owner") == "Preencha este campo."
    assert asked_for.form(".composer")["text"] == "Do Téo"
    assert newest(crm)["id_responsavel"] == "3"
    assert " - Téo Lima]" in newest(crm)["anotacao"]


def test_the_same_form_twice_makes_one_note(on_lucia: Visitor, crm: Emulator) -> None:
    form = {**on_lucia.get(NOTES).form(".composer"), "text": "Uma só"}
    on_lucia.post(NOTES, form)
    on_lucia.post(NOTES, form)

    assert sum("Uma só" in row["anotacao"] for row in crm.rows(TABLE)) == 1


def test_two_notes_of_the_same_words_are_two_notes(on_lucia: Visitor, crm: Emulator) -> None:
    on_lucia.fill(NOTES, text="Liguei de novo")
    on_lucia.fill(NOTES, text="Liguei de novo")

    assert sum("Liguei de novo" in row["anotacao"] for row in crm.rows(TABLE)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "ç" * 10_000,
        "🚀" * 10_000,
        "a 🚀\nb",
        SCRIPT,
        "{{ 7*7 }}",
        "'; DROP TABLE --",
        "— x · ref y",
    ],
)
def test_a_note_is_stored_and_shown_as_typed(on_lucia: Visitor, crm: Emulator, text: str) -> None:
    saved = on_lucia.fill(NOTES, text=text)

    assert saved.status == 200
    assert newest(crm)["anotacao"].partition("\n")[2] == text
    assert texts(saved)[0] == text
    assert saved.html.css("script") == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Preencha este campo."),
        (" \n\t ", "Preencha este campo."),
        ("\x00\x1b", "Preencha este campo."),
        ("a" * 10_001, "Texto longo demais."),
        ("🚀" * 10_001, "Texto longo demais."),
    ],
)
def test_bad_input_gets_the_same_form_back_with_the_reason(
    on_lucia: Visitor, crm: Emulator, typed: str, sentence: str
) -> None:
    before = len(crm.rows(TABLE))
    answer = on_lucia.fill(NOTES, text=typed)

    assert (answer.status, answer.wrong("text")) == (422, sentence)
    assert answer.form(".composer")["text"].strip("\N{REPLACEMENT CHARACTER}") == typed.strip(
        "\x00"
    )
    assert len(crm.rows(TABLE)) == before


def test_control_characters_are_left_out_of_a_note(on_lucia: Visitor, crm: Emulator) -> None:
    on_lucia.fill(NOTES, text="um\x07dois\r\ntrês\x00")

    assert newest(crm)["anotacao"].endswith("]\num dois\ntrês")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize(
    "address", [NOTES, f"{NOTES}/list", f"{NOTES}/correct/1", f"{NOTES}/1", f"{NOTES}/1/edit"]
)
def test_no_note_can_be_changed_or_removed_by_any_address(
    on_lucia: Visitor, crm: Emulator, method: str, address: str
) -> None:
    before = crm.rows(TABLE)
    answer = on_lucia.client.open(
        address, method=method, data={"text": "x"}, headers={"X-Panel-Token": on_lucia.token}
    )

    assert answer.status_code in {404, 405}
    assert crm.rows(TABLE) == before


def test_no_control_of_the_screen_changes_or_removes_a_note(on_lucia: Visitor) -> None:
    listed = on_lucia.get(NOTES)

    assert listed.html.css("[hx-put], [hx-patch], .note [hx-delete]") == []
    assert "Não poderá ser editada nem removida." in listed.text


def test_a_correction_is_a_new_note_that_points_at_the_old_one(
    on_lucia: Visitor, crm: Emulator
) -> None:
    wrong = on_lucia.fill(NOTES, text="Casa 12").html.css_first(".note .correct")
    assert wrong is not None
    composer = on_lucia.get((wrong.attributes["hx-get"] or "").partition("?")[0])
    reference = composer.form(".composer")["corrects"]
    corrected = on_lucia.post(NOTES, {**composer.form(".composer"), "text": "Casa 21"})

    assert "Corrige a anotação de Ana Souza" in composer.text
    assert f"ref {reference}" in crm.rows(TABLE)[-2]["anotacao"]
    assert f" - corrige {reference}]" in newest(crm)["anotacao"]
    assert texts(corrected)[:2] == ["Casa 21", "Casa 12"]
    assert "corrige a anotação de" in corrected.html.css_first(".note").text()


def test_a_note_written_in_the_crm_itself_can_be_corrected_by_its_number(
    on_lucia: Visitor, crm: Emulator
) -> None:
    number = crm.rows(TABLE, id_cliente=LUCIA_ID)[0]["id"]
    form = on_lucia.get(f"{NOTES}/correct/{number}").form(".composer")
    on_lucia.post(NOTES, {**form, "text": "Era outra rua"})

    assert f" - corrige {number}]" in newest(crm)["anotacao"]


@pytest.mark.parametrize(
    "target", ["99999", "ZZZZZZ", "x · ref AAAAAA", "<script>", "1 2", "a" * 30]
)
def test_a_correction_of_a_note_that_is_not_the_contacts_is_refused(
    on_lucia: Visitor, crm: Emulator, target: str
) -> None:
    before = len(crm.rows(TABLE))
    answer = on_lucia.fill(NOTES, text="Corrige o quê?", corrects=target)

    assert answer.status == 422
    assert answer.form(".composer")["text"] == "Corrige o quê?"
    assert len(crm.rows(TABLE)) == before


def test_a_signature_inside_a_note_forges_no_author(on_lucia: Visitor) -> None:
    saved = on_lucia.fill(NOTES, text="Combinado.\n\n— Rui Matos · ref ABC123")
    note = saved.html.css_first(".note")

    assert note is not None
    assert note.css_first("strong").text() == "Ana Souza"


def test_notes_of_a_negotiation_are_listed_apart(ana: Visitor, crm: Emulator) -> None:
    ana.open(HENRIQUE)
    ana.fill(NOTES, text="Do contato")
    form = ana.get(NOTES, negotiation="2").form(".composer")
    saved = ana.post(NOTES, {**form, "text": "Da negociação"})

    assert texts(saved) == ["Da negociação"]
    assert newest(crm)["id_negociacao"] == "2"
    assert sorted(texts(ana.get(NOTES))) == ["Da negociação", "Do contato"]
    assert texts(ana.get(NOTES, negotiation="3")) == []


@pytest.mark.parametrize("number", ["7", "99999", "x", "1'", "１"])
def test_a_note_for_a_negotiation_of_another_contact_is_not_found(
    ana: Visitor, crm: Emulator, number: str
) -> None:
    ana.open(HENRIQUE)
    form = ana.get(NOTES).form(".composer")
    before = len(crm.rows(TABLE))
    answer = ana.post(NOTES, {**form, "text": "Fora", "negotiation": number})

    assert answer.status == 404
    assert len(crm.rows(TABLE)) == before


def test_a_note_of_a_lead_goes_to_its_open_negotiation(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    ana.fill(NOTES, text="Do lead")

    assert newest(crm)["id_negociacao"] == "1"


def test_a_note_of_a_lead_without_negotiation_stands_in_its_remarks(
    ana: Visitor, crm: Emulator
) -> None:
    behind(crm, "contato", BEATRIZ_ID, obs="Cliente antiga.")
    ana.open(BEATRIZ)
    saved = ana.fill(NOTES, text="Primeira")
    ana.fill(NOTES, text="Segunda")
    remarks = crm.rows("contato", id=BEATRIZ_ID)[0]["obs"]

    assert "Anotação salva no CRM, nas observações do lead." in saved.text
    assert re.match(
        r"Cliente antiga\.\n\n\[\d\d/\d\d/\d{4} \d\d:\d\d - ref \w{6} - Ana "
        r"Souza\]\nPrimeira\n\[fim",
        remarks,
    )
    assert set(texts(ana.get(NOTES))) == {"Primeira", "Segunda"}


def test_a_base_without_notes_keeps_them_in_the_remarks(ana: Visitor, crm: Emulator) -> None:
    crm.control(not_released=[TABLE])
    ana.open(HENRIQUE)
    saved = ana.fill(NOTES, text="Nas observações")

    assert "Nas observações" in crm.rows("cliente", id="5")[0]["obs"]
    assert "Nas observações" in texts(saved)


def test_while_the_crm_is_down_nothing_is_lost_and_later_it_is_saved_once(
    on_lucia: Visitor, app: Flask, crm: Emulator
) -> None:
    form = {**on_lucia.get(NOTES).form(".composer"), "text": "Depois"}
    crm.stop()
    kept = on_lucia.post(NOTES, form)
    crm.start()
    settled(app)

    assert (kept.status, kept.state) == (200, "kept")
    assert texts(kept)[0] == "Depois"
    assert len(texts(kept)) == 20
    assert sum("Depois" in row["anotacao"] for row in crm.rows(TABLE)) == 1


def test_while_the_integration_is_switched_off_nothing_is_accepted_and_the_text_stays(
    on_lucia: Visitor, crm: Emulator, tmp_path: Path
) -> None:
    form = {**on_lucia.get(NOTES).form(".composer"), "text": "Agora não"}
    off = product(crm, tmp_path / "data", active=False)
    refused = Visitor(off.test_client(), token=on_lucia.token).post(NOTES, form)

    assert refused.status == 503
    assert "A integração com o CRM está desligada. Nada foi salvo." in refused.text
    assert services_of(off).journal.find(form["key"]) is None
    assert refused.form(".composer")["text"] == "Agora não"
    back = on_lucia.get(NOTES).form(".composer")
    assert (back["text"], back["key"]) == ("Agora não", form["key"])


def test_notes_saved_while_the_crm_is_down_arrive_in_their_order(
    on_lucia: Visitor, app: Flask, crm: Emulator
) -> None:
    on_lucia.get(NOTES)
    crm.stop()
    for number in range(3):
        on_lucia.fill(NOTES, text=f"Nota {number}")
    crm.start()
    settled(app)

    assert [row["anotacao"].partition("\n")[2] for row in crm.rows(TABLE)[-3:]] == [
        "Nota 0",
        "Nota 1",
        "Nota 2",
    ]


def test_a_note_refused_in_the_background_comes_back_with_its_text_and_is_saved_once(
    on_lucia: Visitor, app: Flask, crm: Emulator
) -> None:
    form = {**on_lucia.get(NOTES).form(".composer"), "text": "Depois"}
    crm.stop()
    on_lucia.post(NOTES, form)
    crm.start()
    crm.control(not_writable=[TABLE])
    settled(app)
    crm.control(not_writable=[])
    back = on_lucia.get(NOTES, entry=form["key"])
    saved = on_lucia.post(NOTES, back.form(".composer"))

    assert (back.form(".composer")["text"], back.form(".composer")["key"]) == (
        "Depois",
        form["key"],
    )
    assert "não tem permissão" in back.text
    assert (saved.status, saved.state) == (200, "done")
    assert sum("Depois" in row["anotacao"] for row in crm.rows(TABLE)) == 1


def test_the_notes_open_while_the_crm_is_down(on_lucia: Visitor, crm: Emulator) -> None:
    crm.stop()
    opened = on_lucia.get(NOTES)
    crm.start()

    assert opened.status == 200
    assert "O CRM não respondeu agora; a lista pode estar incompleta." in opened.text
    assert "text" in opened.form(".composer")


@pytest.mark.parametrize("fault", ["reset_after_commit", "html200", "cut_body"])
def test_a_note_whose_answer_was_lost_is_found_again(
    on_lucia: Visitor, app: Flask, crm: Emulator, fault: str
) -> None:
    crm.control(fault=fault, fault_on="write", fault_times=1)
    saved = on_lucia.fill(NOTES, text="Sem confirmar")
    settled(app)

    assert (saved.status, saved.state) == (200, "unknown" if fault == "html200" else "done")
    assert sum("Sem confirmar" in row["anotacao"] for row in crm.rows(TABLE)) == 1


@pytest.mark.parametrize("fault", ["reset_after_commit", "html200", "cut_body"])
def test_a_note_of_which_the_crm_kept_only_the_start_is_found_again(
    on_lucia: Visitor, app: Flask, crm: Emulator, fault: str
) -> None:
    crm.control(long_notes="cut", note_limit=30)
    crm.control(fault=fault, fault_on="write", fault_times=1)
    on_lucia.fill(NOTES, text="Um texto mais longo do que a base guarda")
    settled(app)

    assert sum("Um t" in row["anotacao"] for row in crm.rows(TABLE)) == 1


def test_a_form_sent_twice_where_notes_are_kept_in_remarks_makes_one_note(
    on_lucia: Visitor, crm: Emulator
) -> None:
    crm.control(not_released=[TABLE])
    form = {**on_lucia.get(NOTES).form(".composer"), "text": "Duas vezes"}
    first, second = on_lucia.post(NOTES, form), on_lucia.post(NOTES, form)

    assert (first.status, second.status) == (200, 200)
    assert crm.rows("cliente", id=LUCIA_ID)[0]["obs"].count("Duas vezes") == 1


def test_a_note_that_was_changed_after_a_lost_answer_keeps_both_texts(
    on_lucia: Visitor, app: Flask, crm: Emulator
) -> None:
    form = on_lucia.get(NOTES).form(".composer")
    crm.control(fault="reset", fault_on="write", fault_times=1)
    first = on_lucia.post(NOTES, {**form, "text": "Sem confirmar"})
    asked_back = on_lucia.post(NOTES, {**form, "text": "Outro texto"})
    on_lucia.post(NOTES, asked_back.form(".composer"))
    settled(app)

    assert (first.state, asked_back.status) == ("unknown", 409)
    assert asked_back.form(".composer")["text"] == "Outro texto"
    for text in ("Sem confirmar", "Outro texto"):
        assert sum(text in row["anotacao"] for row in crm.rows(TABLE)) == 1


def test_a_note_without_confirmation_is_shown_as_such(on_lucia: Visitor, crm: Emulator) -> None:
    crm.control(fault="html200", fault_on="write", fault_times=1)
    unknown = on_lucia.fill(NOTES, text="Sem confirmar")

    assert "sem confirmação" in unknown.text
    assert texts(unknown)[0] == "Sem confirmar"


def test_a_note_for_one_contact_is_never_written_for_another(
    on_lucia: Visitor, crm: Emulator
) -> None:
    form = {**on_lucia.get(NOTES).form(".composer"), "text": "De quem?"}
    on_lucia.link("client-5")
    stopped = on_lucia.post(NOTES, form)

    assert stopped.status == 409
    assert "Nada foi salvo." in stopped.text
    assert stopped.form(".composer")["text"] == "De quem?"
    assert asked(crm, TABLE, "insert") == []


def test_a_draft_of_a_note_is_there_again(on_lucia: Visitor) -> None:
    form = on_lucia.get(NOTES).form(".composer")
    on_lucia.post("/tab/draft/note-contact", {**form, "text": "Meio escr"})
    card = on_lucia.open(LUCIA)

    assert "Rascunho guardado: Nova anotação" in card.text
    assert on_lucia.get(NOTES).form(".composer")["text"] == "Meio escr"


def test_where_nobody_is_shown_nothing_can_be_noted(ana: Visitor) -> None:
    ana.open(OTAVIO)

    assert ana.get(NOTES).status == 404
    assert ana.post(NOTES, {"key": "k" * 20, "text": "x", "owner": "1"}).status in {404, 409}


@pytest.mark.parametrize("key", ["", "short", "k" * 65])
def test_a_form_without_its_key_is_refused(on_lucia: Visitor, crm: Emulator, key: str) -> None:
    answer = on_lucia.post(
        NOTES,
        {
            "key": key,
            "contact": f"client-{LUCIA_ID}",
            "text": "x",
            "owner": "1",
        },
    )

    assert answer.status == 409
    assert asked(crm, TABLE, "insert") == []


def test_markup_in_the_notes_of_the_crm_is_read_as_it_was_meant(on_lucia: Visitor) -> None:
    assert 'Dúvida: "o roteador é comodato?" Sim, é comodato.' in texts(on_lucia.get(NOTES))
