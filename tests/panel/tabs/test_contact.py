"""Tests of the contact's card and of "Atualizar contato".

They say what reaches the CRM, and what comes back instead.
"""

import pytest
from flask import Flask

from tests.product import (
    HENRIQUE,
    JONAS,
    LUCIA,
    MARINA,
    RAFAEL,
    RUI,
    SERRA_AZUL,
    Visitor,
    asked,
    behind,
    settled,
)
from widget.domain import errors
from widget.emulator.crm.cast import JONAS as JONAS_ID
from widget.emulator.crm.cast import MARINA as MARINA_ID
from widget.emulator.crm.server import Emulator

SCRIPT = "<script>alert(1)</script>"
BAD = [
    ("name", "  \t ", "Preencha este campo."),
    ("name", "a" * 201, "Texto longo demais."),
    ("document", "390.533.447-06", "Os dígitos verificadores não conferem."),
    ("document", "123", "Faltam 8 dígitos do CPF."),
    ("phone", "91230045", "Falta o DDD."),
    ("phone", "não sei", "Isto não parece um telefone."),
    ("email", "otavio@", "Isto não parece um e-mail."),
]


# The card


def test_the_card_shows_who_it_is_and_how_it_was_found(ana: Visitor) -> None:
    card = ana.open(MARINA)

    assert card.status == 200
    for shown in [
        "Marina Teles Andrade",
        "Lead",
        "mesmo telefone, no CRM com o nono dígito",
        "Serra Net Chapecó",
        "Ana Souza",
        "WhatsApp",
        "Fibra 500 Mega - casa nova",
        "Vendas varejo · Sondagem",
    ]:
        assert shown in card.text


def test_the_card_masks_what_identifies_a_person(ana: Visitor, crm: Emulator) -> None:
    stored = crm.rows("contato", id=MARINA_ID)[0]
    card = ana.open(MARINA)

    assert stored["cnpj_cpf"] not in card.response.text
    assert "046" not in card.text


@pytest.mark.parametrize(
    ("field", "shown"), [("document", "12.ABC.345/01DE-35"), ("phone", "(49) 3444-7070")]
)
def test_a_value_is_shown_in_clear_when_somebody_asks(ana: Visitor, field: str, shown: str) -> None:
    ana.open(SERRA_AZUL)

    assert shown in ana.post(f"/tab/contact/reveal/{field}", {}).text


def test_reading_anew_shows_what_changed_in_the_crm(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    behind(crm, "contato", MARINA_ID, nome="Marina Andrade Silva")

    assert "Marina Teles Andrade" in ana.get("/tab/contact").text
    assert "Marina Andrade Silva" in ana.get("/tab/contact", fresh="now").text


def test_the_card_alone_is_read_anew_in_its_place(ana: Visitor) -> None:
    ana.open(MARINA)
    card = ana.get("/tab/contact/card")

    assert "Marina Teles Andrade" in card.text
    assert "HX-Retarget" not in card.response.headers


def test_a_card_that_belongs_to_another_contact_by_now_brings_the_whole_screen(
    app: Flask, ana: Visitor
) -> None:
    ana.open(MARINA)
    rui = Visitor(app.test_client(), RUI)
    rui.open(MARINA)
    rui.link("client-1")

    card = ana.get("/tab/contact/card")

    assert card.response.headers["HX-Retarget"] == "#view"
    assert "Rafael Nunes Prado" in card.text


# The update


def test_a_draft_typed_for_one_contact_is_not_offered_for_another(ana: Visitor) -> None:
    ana.open(MARINA)
    ana.post(
        "/tab/draft/contact-edit", {**ana.get("/tab/contact/edit").form(".form"), "name": "Outra"}
    )
    ana.link("client-1")

    assert ana.get("/tab/contact/edit").form(".form")["name"] == "Rafael Nunes Prado"


def test_an_update_writes_what_was_changed_and_leaves_the_rest(ana: Visitor, crm: Emulator) -> None:
    before = crm.rows("contato", id=MARINA_ID)[0]
    ana.open(MARINA)
    saved = ana.fill("/tab/contact/edit", name="Marina T. Andrade", owner="2")
    after = crm.rows("contato", id=MARINA_ID)[0]

    assert saved.status == 200
    assert "Contato atualizado no CRM." in saved.text
    assert "Marina T. Andrade" in saved.text
    assert {c for c in before if before[c] != after[c]} - {"ultima_atualizacao"} == {
        "nome",
        "id_responsavel",
    }


def test_a_record_with_text_that_came_unreadable_is_not_written_back(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    crm.alter("contato", "1", endereco="Rua S\ufffdo Jos\ufffd")
    before = crm.rows("contato", id=1)

    refused = ana.fill("/tab/contact/edit", email="nova@example.com")

    assert refused.status == errors.Illegible.status
    assert "endereco" in refused.text
    assert crm.rows("contato", id=1) == before


@pytest.mark.parametrize("name", ["São José", "JOÃO DA CONCEIÇÃO"])
def test_a_base_of_another_code_page_keeps_its_text(ana: Visitor, crm: Emulator, name: str) -> None:
    crm.alter("contato", "1", endereco=name, bairro="Água Fria")
    crm.control(charset="cp1252", ascii_json=False)
    ana.open(MARINA)

    saved = ana.fill("/tab/contact/edit", email="nova@example.com")

    assert saved.status == 200
    row = crm.rows("contato", id=1)[0]
    assert (row["email"], row["endereco"], row["bairro"]) == ("nova@example.com", name, "Água Fria")


@pytest.mark.parametrize("name", ["São José", "José", "São Bento", "JOSÉ", "Água", "Conceição"])
def test_text_with_one_broken_letter_is_not_destroyed(
    ana: Visitor, crm: Emulator, name: str
) -> None:
    crm.alter("contato", "1", endereco=name)
    crm.control(charset="broken")
    ana.open(MARINA)

    refused = ana.fill("/tab/contact/edit", email="nova@example.com")

    assert refused.status == errors.Illegible.status
    assert "endereco" in refused.text
    assert crm.rows("contato", id=1)[0]["endereco"] == name


def test_unreadable_text_is_mended_by_typing_it_anew(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    crm.alter("contato", "1", nome="Marina Jos\ufffd")

    ana.fill("/tab/contact/edit", name="Marina José")

    assert crm.rows("contato", id=1)[0]["nome"] == "Marina José"


def test_an_update_without_a_change_writes_nothing(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)

    assert "Nada mudou." in ana.fill("/tab/contact/edit").text
    assert asked(crm, "contato", "update") == []


def test_the_same_update_twice_is_written_once(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = {**ana.get("/tab/contact/edit").form(".form"), "name": "Marina T."}
    ana.post("/tab/contact/edit", form)
    ana.post("/tab/contact/edit", form)

    assert len(asked(crm, "contato", "update")) == 1


def test_the_form_shows_the_contact_as_it_is_right_now(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    behind(crm, "contato", MARINA_ID, email="nova@example.com")

    assert ana.get("/tab/contact/edit").form(".form")["email"] == "nova@example.com"


def test_what_somebody_else_changed_meanwhile_stays_when_it_was_not_touched_here(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "contato", MARINA_ID, email="nova@example.com", bairro="Centro")
    ana.post("/tab/contact/edit", {**form, "name": "Marina T."})

    row = crm.rows("contato", id=MARINA_ID)[0]
    assert (row["nome"], row["email"], row["bairro"]) == ("Marina T.", "nova@example.com", "Centro")


@pytest.mark.parametrize(
    ("choice", "stored"), [("mine", "minha@example.com"), ("theirs", "deles@example.com")]
)
def test_a_field_changed_on_both_sides_is_asked(
    ana: Visitor, crm: Emulator, choice: str, stored: str
) -> None:
    behind(crm, "contato", MARINA_ID, email="antes@example.com")
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "contato", MARINA_ID, email="deles@example.com")

    conflict = ana.post("/tab/contact/edit", {**form, "email": "minha@example.com"})
    saved = ana.post("/tab/contact/edit", {**conflict.form(".form"), "choice_email": choice})

    assert conflict.status == 409
    for shown in ["minha@example.com", "deles@example.com", "antes@example.com"]:
        assert shown in conflict.text
    assert conflict.form(".form")["email"] == "minha@example.com"
    assert saved.status == 200
    assert crm.rows("contato", id=MARINA_ID)[0]["email"] == stored


def test_a_field_that_changed_again_after_the_choice_is_asked_again(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "contato", MARINA_ID, email="deles@example.com")
    conflict = ana.post("/tab/contact/edit", {**form, "email": "minha@example.com"}).form(".form")
    behind(crm, "contato", MARINA_ID, email="outra@example.com")

    again = ana.post("/tab/contact/edit", {**conflict, "choice_email": "mine"})

    assert again.status == 409
    assert "outra@example.com" in again.text
    assert crm.rows("contato", id=MARINA_ID)[0]["email"] == "outra@example.com"


@pytest.mark.parametrize(("field", "typed", "sentence"), BAD)
def test_a_bad_change_gets_the_form_back_with_the_reason(
    ana: Visitor, crm: Emulator, field: str, typed: str, sentence: str
) -> None:
    ana.open(RAFAEL)
    answer = ana.fill("/tab/contact/edit", **{"email": "novo@example.com", field: typed})

    assert answer.status == 422
    assert answer.wrong(field) == sentence
    assert asked(crm, "cliente", "update") == []


def test_a_mistake_that_stands_in_the_crm_already_does_not_stop_another_change(
    ana: Visitor, crm: Emulator
) -> None:
    behind(crm, "contato", MARINA_ID, cnpj_cpf="000.000.000-00", email="a@x.example; b@x.example")
    ana.open(MARINA)

    assert ana.fill("/tab/contact/edit", name="Marina T.").status == 200
    assert crm.rows("contato", id=MARINA_ID)[0]["cnpj_cpf"] == "000.000.000-00"


def test_an_owner_who_left_is_not_replaced_by_the_first_of_the_list(
    ana: Visitor, crm: Emulator
) -> None:
    behind(crm, "contato", MARINA_ID, id_responsavel="12")
    ana.open(MARINA)
    ana.fill("/tab/contact/edit", name="Marina T.")

    assert crm.rows("contato", id=MARINA_ID)[0]["id_responsavel"] == "12"


def test_owner_and_branch_stay_when_the_base_does_not_release_their_tables(
    crm: Emulator, ana: Visitor
) -> None:
    crm.control(not_released=["funcionarios", "filial"])
    ana.open(MARINA)
    ana.fill("/tab/contact/edit", name="Marina T.")

    row = crm.rows("contato", id=MARINA_ID)[0]
    assert (row["nome"], row["id_responsavel"], row["id_filial"]) == ("Marina T.", "1", "1")


def test_a_form_that_lacks_a_field_does_not_empty_it(crm: Emulator, ana: Visitor) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    sent = {name: value for name, value in form.items() if name not in {"owner", "phone"}}
    ana.post("/tab/contact/edit", {**sent, "name": "Marina T."})

    row = crm.rows("contato", id=MARINA_ID)[0]
    assert (row["nome"], row["id_responsavel"], row["fone_whatsapp"]) == (
        "Marina T.",
        "1",
        "(49) 98812-4417",
    )


def test_what_was_typed_is_kept_while_a_question_is_open(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "contato", MARINA_ID, email="deles@example.com")
    ana.post("/tab/contact/edit", {**form, "email": "minha@example.com"})

    assert ana.get("/tab/contact/edit").form(".form")["email"] == "minha@example.com"


def test_a_form_drawn_for_one_contact_never_changes_another(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    ana.link("client-1")
    stopped = ana.post("/tab/contact/edit", {**form, "name": "Marina T."})

    assert stopped.status == 409
    assert (
        "O contato desta conversa mudou depois que este formulário foi aberto. Nada foi salvo."
        in stopped.text
    )
    assert stopped.form(".form")["name"] == "Marina T."
    assert asked(crm, "", "update") == []


def test_an_update_while_the_crm_is_down_is_kept_and_made_later(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = {**ana.get("/tab/contact/edit").form(".form"), "name": "Marina T."}
    crm.stop()
    kept = ana.post("/tab/contact/edit", form)
    crm.start()
    settled(app)

    assert (kept.status, kept.state) == (200, "kept")
    assert "Guardado aqui; segue sozinho para o CRM. O CRM está fora do ar." in kept.text
    assert crm.rows("contato", id=MARINA_ID)[0]["nome"] == "Marina T."
    assert len(asked(crm, "contato", "update")) == 1


def test_an_update_that_meets_another_one_in_the_background_comes_back_with_both(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = {**ana.get("/tab/contact/edit").form(".form"), "name": "Minha Marina"}
    crm.stop()
    kept = ana.post("/tab/contact/edit", form)
    crm.start()
    behind(crm, "contato", MARINA_ID, nome="Marina deles")
    settled(app)
    back = ana.get("/tab/contact/edit", entry=form["key"])
    again = ana.post(
        "/tab/contact/edit", {**back.form(".form"), "name": "Minha Marina", "choice_name": "mine"}
    )

    assert kept.state == "kept"
    assert "Marina deles" in back.text
    assert back.form(".form")["name"] == "Minha Marina"
    assert (again.status, again.state) == (200, "done")
    assert crm.rows("contato", id=MARINA_ID)[0]["nome"] == "Minha Marina"


def test_a_token_without_the_right_to_write_is_said_as_such(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = {**ana.get("/tab/contact/edit").form(".form"), "name": "Marina T."}
    crm.control(not_writable=["contato"])
    refused = ana.post("/tab/contact/edit", form)

    assert refused.status == 403
    assert "O usuário do token não tem permissão para isto no CRM." in refused.text
    assert refused.form(".form")["name"] == "Marina T."


def test_a_contact_that_vanished_from_the_crm_is_said_as_such(ana: Visitor, crm: Emulator) -> None:
    ana.open(JONAS)
    ana.link(f"client-{JONAS_ID}")
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "cliente", JONAS_ID, id="9999")
    gone = ana.post("/tab/contact/edit", {**form, "name": "Jonas"})

    assert gone.status == 404
    assert "Isto não existe mais" in gone.text


def test_deals_of_a_contact_come_open_ones_first(ana: Visitor) -> None:
    ana.open(HENRIQUE)
    deals = ana.get("/tab/contact/deals")

    titles = [node.text() for node in deals.html.css(".deal strong")]
    assert titles[:3] == [
        "TV junto com a fibra",
        "Upgrade para 700 Mega",
        "Segundo ponto na chácara",
    ]
    assert len(titles) == 5


def test_a_form_that_was_read_while_an_own_save_landed_is_no_conflict(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    form, drawn = (ana.get("/tab/contact/edit").form(".form") for _ in range(2))
    ana.post("/tab/contact/edit", {**form, "key": "k" * 22, "email": "antes@example.com"})

    saved = ana.post("/tab/contact/edit", {**drawn, "email": "depois@example.com"})

    assert (saved.status, saved.state) == (200, "done")
    assert crm.rows("contato", id=MARINA_ID)[0]["email"] == "depois@example.com"


ESCAPED = "Lucia &amp; Irm&atilde;os <b>ME</b>"


@pytest.fixture
def escaped(app: Flask, crm: Emulator) -> Visitor:
    """An attendant before somebody whose name the CRM keeps with its own form's markup."""
    behind(crm, "cliente", "6", razao=ESCAPED)
    visitor = Visitor(app.test_client())
    visitor.open(LUCIA)
    return visitor


def test_a_name_is_shown_as_it_was_meant_and_stays_stored_as_it_was(
    escaped: Visitor, crm: Emulator
) -> None:
    form = escaped.get("/tab/contact/edit").form(".form")
    saved = escaped.post("/tab/contact/edit", {**form, "email": "lucia@x.example"})

    assert "Lucia & Irmãos ME" in escaped.get("/tab/contact").text
    assert (form["name"], saved.status) == ("Lucia & Irmãos ME", 200)
    assert (crm.rows("cliente", id=6)[0]["razao"], crm.rows("cliente", id=6)[0]["email"]) == (
        ESCAPED,
        "lucia@x.example",
    )


def test_a_name_that_is_changed_is_compared_with_what_is_stored(
    escaped: Visitor, crm: Emulator
) -> None:
    saved = escaped.fill("/tab/contact/edit", name="Lucia & Irmãos LTDA")

    assert (saved.status, crm.rows("cliente", id=6)[0]["razao"]) == (200, "Lucia & Irmãos LTDA")


def test_a_name_that_both_changed_is_asked_as_it_was_meant(escaped: Visitor, crm: Emulator) -> None:
    form = escaped.get("/tab/contact/edit").form(".form")
    behind(crm, "cliente", "6", razao="Outra &amp; Cia")
    asked_ = escaped.post("/tab/contact/edit", {**form, "name": "Minha"})
    again = escaped.post("/tab/contact/edit", {**asked_.form(".form"), "choice_name": "theirs"})

    assert (asked_.status, "Outra & Cia" in asked_.text) == (409, True)
    assert (again.status, crm.rows("cliente", id=6)[0]["razao"]) == (200, "Outra &amp; Cia")
