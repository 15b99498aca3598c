"""The contact's card, "Adicionar contato", "Atualizar contato": what reaches the CRM, and what comes back instead."""

import pytest
from flask import Flask

from tests.product import (
    HENRIQUE,
    JONAS,
    MARINA,
    OTAVIO,
    RAFAEL,
    RUI,
    SERRA_AZUL,
    TEO,
    Visitor,
    asked,
    behind,
    product,
)
from widget.emulator.cast import JONAS as JONAS_ID
from widget.emulator.cast import MARINA as MARINA_ID
from widget.emulator.server import Emulator

SCRIPT = "<script>alert(1)</script>"
NEW = {"name": "Otávio Brandt", "phone": "(47) 99123-0045", "branch": "1"}


@pytest.fixture
def teo(app: Flask) -> Visitor:
    """Téo Lima, an attendant without an employee in the CRM."""
    return Visitor(app.test_client(), TEO)


# The card


def test_the_card_shows_who_it_is_and_how_it_was_found(ana: Visitor) -> None:
    card = ana.open(MARINA)

    assert card.status == 200
    for shown in ["Marina Teles Andrade", "Lead", "mesmo telefone, com ou sem o nono dígito", "Serra Net Chapecó",
                  "Ana Souza", "WhatsApp", "Fibra 500 Mega - casa nova", "Vendas varejo · Sondagem"]:  # fmt: skip
        assert shown in card.text


def test_the_card_masks_what_identifies_a_person(ana: Visitor, crm: Emulator) -> None:
    stored = crm.rows("contato", id=MARINA_ID)[0]
    card = ana.open(MARINA)

    assert stored["cnpj_cpf"] not in card.response.text
    assert "046" not in card.text


@pytest.mark.parametrize(
    ("field", "shown"),
    [("document", "12.ABC.345/01DE-35"), ("phone", "(49) 3444-7070"), ("email", "")],
)
def test_a_value_is_shown_in_clear_when_somebody_asks(ana: Visitor, field: str, shown: str) -> None:
    ana.open(SERRA_AZUL)

    assert ana.get(f"/tab/contact/reveal/{field}").text == shown


def test_only_masked_values_can_be_revealed(ana: Visitor) -> None:
    ana.open(SERRA_AZUL)

    assert ana.get("/tab/contact/reveal/remarks").status == 404


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


def test_a_card_that_belongs_to_another_contact_by_now_brings_the_whole_screen(app: Flask, ana: Visitor) -> None:
    ana.open(MARINA)
    rui = Visitor(app.test_client(), RUI)
    rui.open(MARINA)
    rui.post("/tab/link/client-1", {})

    card = ana.get("/tab/contact/card")

    assert card.response.headers["HX-Retarget"] == "#view"
    assert "Rafael Nunes Prado" in card.text


# A new contact


def test_the_form_is_filled_from_the_conversation(ana: Visitor) -> None:
    ana.open(OTAVIO)
    form = ana.get("/tab/contact/new").form(".form")

    assert {name: form[name] for name in ("name", "phone", "owner", "contact")} == {
        "name": "Otávio Brandt", "phone": "(47) 99123-0045", "owner": "1", "contact": "",
    }  # fmt: skip


def test_a_phone_instead_of_a_name_is_not_taken_for_a_name(ana: Visitor) -> None:
    ana.open({**OTAVIO, "name": "+5547991230045"})

    assert ana.get("/tab/contact/new").form(".form")["name"] == ""


def test_a_new_contact_is_in_the_crm_and_linked(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    saved = ana.fill("/tab/contact/new", branch="2", document="529.982.247-25", email="otavio@example.com", channel="3")

    [row] = crm.rows("contato", nome="Otávio Brandt")
    assert saved.status == 200
    assert f"Contato salvo no CRM, nº {row['id']}." in saved.text
    assert row["fone_celular"] == row["fone_whatsapp"] == "(47) 99123-0045"
    assert (row["cnpj_cpf"], row["email"]) == ("529.982.247-25", "otavio@example.com")
    assert (row["id_filial"], row["id_responsavel"], row["id_candidato_tipo"]) == ("2", "1", "3")
    assert "vinculado por Ana Souza" in ana.open(OTAVIO).text


def test_a_landline_is_no_mobile(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    ana.fill("/tab/contact/new", branch="1", phone="47 3322-1199")

    [row] = crm.rows("contato", nome="Otávio Brandt")
    assert (row["fone_comercial"], row["fone_celular"], row["fone_whatsapp"]) == ("(47) 3322-1199", "", "")


def test_the_same_form_twice_makes_one_contact(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    form = {**ana.get("/tab/contact/new").form(".form"), "branch": "1"}

    first, second = ana.post("/tab/contact/new", form), ana.post("/tab/contact/new", form)

    assert (first.status, second.status) == (200, 200)
    assert len(crm.rows("contato", nome="Otávio Brandt")) == 1


def test_a_possible_duplicate_is_shown_before_anything_is_created(ana: Visitor, crm: Emulator) -> None:
    ana.open(JONAS)
    warned = ana.fill("/tab/contact/new", document="39053344705", branch="1")

    assert warned.status == 409
    assert "Talvez já exista." in warned.text
    assert "Jonas P. Siqueira" in warned.text
    assert warned.html.css_first('[hx-get="/tab/link/client-7"]') is not None
    assert warned.form(".form")["document"] == "39053344705"
    assert asked(crm, "contato", "insert") == []


def test_who_saves_again_after_the_warning_gets_the_contact(ana: Visitor, crm: Emulator) -> None:
    ana.open(JONAS)
    warned = ana.fill("/tab/contact/new", document="39053344705", branch="1")
    saved = ana.post("/tab/contact/new", warned.form(".form"))

    assert saved.status == 200
    assert len(crm.rows("contato", cnpj_cpf="390.533.447-05")) == 1


def test_a_warning_of_one_duplicate_does_not_cover_another(ana: Visitor, crm: Emulator) -> None:
    ana.open(JONAS)
    warned = ana.fill("/tab/contact/new", document="39053344705", branch="1").form(".form")
    again = ana.post("/tab/contact/new", {**warned, "phone": "(49) 99177-6031"})

    assert again.status == 409
    assert "Henrique Paz Duarte" in again.text
    assert asked(crm, "contato", "insert") == []


def test_duplicates_are_looked_for_while_typing(ana: Visitor) -> None:
    ana.open(OTAVIO)
    found = ana.post("/tab/contact/new/duplicates", {"name": "JONAS p siqueira", "phone": ""})

    assert "Jonas P. Siqueira" in found.text
    assert "nome parecido: confira" in found.text


def test_duplicates_are_looked_for_again_after_the_crm_refused(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    crm.control(require_branch=True)
    refused = ana.fill("/tab/contact/new", branch="0").form(".form")
    crm.control(require_branch=False)
    warned = ana.post("/tab/contact/new", {**refused, "branch": "1", "document": "39053344705"})

    assert warned.status == 409
    assert "Jonas P. Siqueira" in warned.text


def test_the_search_for_duplicates_may_fail_without_disturbing(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    crm.control(fault="503")
    found = ana.post("/tab/contact/new/duplicates", {"name": "Jonas P Siqueira"})

    assert (found.status, found.text) == (200, "")


BAD = [
    ("name", "", "Preencha este campo."),
    ("name", "  \t ", "Preencha este campo."),
    ("name", "\x00\x07", "Preencha este campo."),
    ("name", "a" * 201, "Texto longo demais."),
    ("document", "390.533.447-06", "Os dígitos verificadores não conferem."),
    ("document", "12.ABC.345/01DE-36", "Os dígitos verificadores não conferem."),
    ("document", "111.111.111-11", "Números repetidos não são um documento."),
    ("document", "123", "Faltam 8 dígitos do CPF."),
    ("document", SCRIPT, "Só números (e letras, no CNPJ novo)."),
    ("phone", "9123", "Faltam dígitos. Com DDD são 10 ou 11."),
    ("phone", "91230045", "Falta o DDD."),
    ("phone", "(20) 99123-0045", "Este DDD não existe."),
    ("phone", "47 99123 0045 1", "Há dígitos demais. Com DDD são 10 ou 11."),
    ("phone", "não sei", "Isto não parece um telefone."),
    ("email", "otavio@", "Isto não parece um e-mail."),
    ("email", "otavio example.com", "Isto não parece um e-mail."),
    ("owner", "", "Preencha este campo."),
    ("owner", "Ana", "Escolha uma das opções."),
    ("branch", "", "Preencha este campo."),
    ("branch", "１", "Escolha uma das opções."),
    ("channel", "<b>", "Escolha uma das opções."),
]


@pytest.mark.parametrize(("field", "typed", "sentence"), BAD)
def test_bad_input_gets_the_same_form_back_with_the_reason_at_the_field(
    ana: Visitor, crm: Emulator, field: str, typed: str, sentence: str
) -> None:
    ana.open(OTAVIO)
    sent = {**ana.get("/tab/contact/new").form(".form"), **NEW, "email": "o@example.com", field: typed}
    answer = ana.post("/tab/contact/new", sent)
    back = answer.form(".form")

    assert answer.status == 422
    assert answer.wrong(field) == sentence
    kept = {name for name in ("key", "contact", "document", "phone", "email") if back[name] == sent[name]}
    assert kept == {"key", "contact", "document", "phone", "email"}
    assert asked(crm, "contato", "insert") == []


def test_without_phone_and_email_nobody_could_be_reached(ana: Visitor) -> None:
    ana.open(OTAVIO)

    assert ana.fill("/tab/contact/new", branch="1", phone="").wrong("phone") == "Informe um telefone ou um e-mail."


def test_a_foreign_number_is_fine_with_its_plus(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    ana.fill("/tab/contact/new", branch="1", phone="+1 415 555 2671")

    assert len(crm.rows("contato", nome="Otávio Brandt")) == 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Otávio 🚀 Brandt", "Otávio 🚀 Brandt"),
        ("Otávio\tB\x1brandt ", "Otávio B randt"),
        (SCRIPT, SCRIPT),
        ('O\'Brien "x" {{ 7*7 }}', 'O\'Brien "x" {{ 7*7 }}'),
        ("a" * 200, "a" * 200),
    ],
)
def test_a_name_is_stored_as_typed_without_control_characters(
    ana: Visitor, crm: Emulator, typed: str, stored: str
) -> None:
    ana.open(OTAVIO)
    saved = ana.fill("/tab/contact/new", name=typed, branch="1")

    assert saved.status == 200
    assert len(crm.rows("contato", nome=stored)) == 1
    assert stored in saved.text
    assert saved.html.css("script") == []


@pytest.mark.parametrize("field", ["name", "document", "phone", "email", "owner", "branch", "channel", "contact"])
def test_markup_in_any_field_comes_back_as_text(ana: Visitor, field: str) -> None:
    ana.open(OTAVIO)
    attack = f'"><img src=x onerror=alert(1)>{SCRIPT}'
    answer = ana.fill("/tab/contact/new", **{"email": "nobody", field: attack})

    assert answer.status == 422
    assert answer.html.css("script, img") == []


def test_what_the_crm_refuses_stands_at_the_field_it_means(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    crm.control(require_branch=True)
    refused = ana.fill("/tab/contact/new", branch="0")

    assert refused.status == 422
    assert refused.wrong("branch") == "Preencha Filial!"
    assert refused.form(".form")["name"] == "Otávio Brandt"


def test_while_the_crm_is_down_nothing_is_lost_and_later_it_is_saved_once(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    form = {**ana.get("/tab/contact/new").form(".form"), "branch": "1", "name": "Otávio B."}
    ana.post("/tab/contact/new/duplicates", form)
    crm.stop()
    refused = ana.post("/tab/contact/new", form)
    crm.start()
    saved = ana.post("/tab/contact/new", {**refused.form(".form"), "branch": "1"})

    assert refused.status == 503
    assert "O CRM está fora do ar. O que você digitou continua aqui." in refused.text
    assert refused.form(".form")["name"] == "Otávio B."
    assert saved.status == 200
    assert len(crm.rows("contato", nome="Otávio B.")) == 1


def test_a_save_whose_answer_was_lost_is_found_again_instead_of_doubled(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    crm.control(fault="reset_after_commit", fault_on="write", fault_times=1)
    unknown = ana.fill("/tab/contact/new", branch="1")
    saved = ana.post("/tab/contact/new", {**unknown.form(".form"), "branch": "1"})

    assert unknown.status == 504
    assert saved.status == 200
    assert len(crm.rows("contato", nome="Otávio Brandt")) == 1


def test_an_attendant_without_employee_chooses_one_and_the_panel_remembers(teo: Visitor) -> None:
    teo.open(OTAVIO)
    before = teo.get("/tab/contact/new")
    teo.post("/tab/contact/new", {**before.form(".form"), "branch": "1", "owner": "3"})

    assert "Você não tem colaborador no CRM com este e-mail." in before.text
    assert before.form(".form")["owner"] == ""
    assert teo.get("/tab/contact/new").form(".form")["owner"] == "3"


# Drafts


def test_what_is_typed_is_there_again(ana: Visitor) -> None:
    ana.open(OTAVIO)
    form = ana.get("/tab/contact/new").form(".form")
    kept = ana.post("/tab/draft/contact-new", {**form, "name": "Otávio B", "branch": "3"})
    ana.open(MARINA)
    ana.open(OTAVIO)
    again = ana.get("/tab/contact/new")

    assert kept.status == 204
    assert "Rascunho recuperado." in again.text
    assert again.form(".form") | {"sure": ""} == {**form, "name": "Otávio B", "branch": "3", "sure": ""}


@pytest.mark.parametrize("somebody", ["another conversation", "another attendant"])
def test_a_draft_is_of_one_attendant_in_one_conversation(app: Flask, ana: Visitor, somebody: str) -> None:
    ana.open(OTAVIO)
    ana.post("/tab/draft/contact-new", {**ana.get("/tab/contact/new").form(".form"), "name": "Otávio B"})
    other = Visitor(app.test_client(), RUI if somebody == "another attendant" else ana.attendant)
    other.open(OTAVIO, 104 if somebody == "another attendant" else 105)

    assert other.get("/tab/contact/new").form(".form")["name"] == "Otávio Brandt"


def test_a_draft_can_be_thrown_away(ana: Visitor) -> None:
    ana.open(OTAVIO)
    ana.post("/tab/draft/contact-new", {**ana.get("/tab/contact/new").form(".form"), "name": "Otávio B"})
    gone = ana.client.delete("/tab/draft/contact-new", headers={"X-Panel-Token": ana.token})

    assert gone.status_code == 204
    assert "Rascunho" not in ana.get("/tab/contact/new").text


def test_a_draft_that_arrives_after_its_form_was_saved_is_not_kept(ana: Visitor) -> None:
    ana.open(OTAVIO)
    form = {**ana.get("/tab/contact/new").form(".form"), "branch": "1"}
    ana.post("/tab/contact/new", form)
    ana.post("/tab/draft/contact-new", form)

    assert "Rascunho" not in ana.open(OTAVIO).text


def test_a_draft_typed_for_one_contact_is_not_offered_for_another(ana: Visitor) -> None:
    ana.open(MARINA)
    ana.post("/tab/draft/contact-edit", {**ana.get("/tab/contact/edit").form(".form"), "name": "Outra"})
    ana.post("/tab/link/client-1", {})

    assert ana.get("/tab/contact/edit").form(".form")["name"] == "Rafael Nunes Prado"


# The update


def test_an_update_writes_what_was_changed_and_leaves_the_rest(ana: Visitor, crm: Emulator) -> None:
    before = crm.rows("contato", id=MARINA_ID)[0]
    ana.open(MARINA)
    saved = ana.fill("/tab/contact/edit", name="Marina T. Andrade", owner="2")
    after = crm.rows("contato", id=MARINA_ID)[0]

    assert saved.status == 200
    assert "Contato atualizado no CRM." in saved.text
    assert "Marina T. Andrade" in saved.text
    assert {c for c in before if before[c] != after[c]} - {"ultima_atualizacao"} == {"nome", "id_responsavel"}


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


def test_what_somebody_else_changed_meanwhile_stays_when_it_was_not_touched_here(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "contato", MARINA_ID, email="nova@example.com", bairro="Centro")
    ana.post("/tab/contact/edit", {**form, "name": "Marina T."})

    row = crm.rows("contato", id=MARINA_ID)[0]
    assert (row["nome"], row["email"], row["bairro"]) == ("Marina T.", "nova@example.com", "Centro")


@pytest.mark.parametrize(("choice", "stored"), [("mine", "minha@example.com"), ("theirs", "deles@example.com")])
def test_a_field_changed_on_both_sides_is_asked(ana: Visitor, crm: Emulator, choice: str, stored: str) -> None:
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


def test_a_field_that_changed_again_after_the_choice_is_asked_again(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "contato", MARINA_ID, email="deles@example.com")
    conflict = ana.post("/tab/contact/edit", {**form, "email": "minha@example.com"}).form(".form")
    behind(crm, "contato", MARINA_ID, email="outra@example.com")

    again = ana.post("/tab/contact/edit", {**conflict, "choice_email": "mine"})

    assert again.status == 409
    assert "outra@example.com" in again.text
    assert crm.rows("contato", id=MARINA_ID)[0]["email"] == "outra@example.com"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"), [row for row in BAD if row[0] in {"name", "document", "phone", "email"}]
)
def test_a_bad_change_gets_the_form_back_with_the_reason(
    ana: Visitor, crm: Emulator, field: str, typed: str, sentence: str
) -> None:
    ana.open(RAFAEL)
    answer = ana.fill("/tab/contact/edit", **{"email": "novo@example.com", field: typed})

    assert answer.status == 422
    assert answer.wrong(field) == sentence
    assert asked(crm, "cliente", "update") == []


def test_a_mistake_that_stands_in_the_crm_already_does_not_stop_another_change(ana: Visitor, crm: Emulator) -> None:
    behind(crm, "contato", MARINA_ID, cnpj_cpf="000.000.000-00", email="a@x.example; b@x.example")
    ana.open(MARINA)

    assert ana.fill("/tab/contact/edit", name="Marina T.").status == 200
    assert crm.rows("contato", id=MARINA_ID)[0]["cnpj_cpf"] == "000.000.000-00"


def test_an_owner_who_left_is_not_replaced_by_the_first_of_the_list(ana: Visitor, crm: Emulator) -> None:
    behind(crm, "contato", MARINA_ID, id_responsavel="12")
    ana.open(MARINA)
    ana.fill("/tab/contact/edit", name="Marina T.")

    assert crm.rows("contato", id=MARINA_ID)[0]["id_responsavel"] == "12"


def test_owner_and_branch_stay_when_the_base_does_not_release_their_tables(crm: Emulator, ana: Visitor) -> None:
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
    assert (row["nome"], row["id_responsavel"], row["fone_whatsapp"]) == ("Marina T.", "1", "(49) 98812-4417")


def test_what_was_typed_is_kept_while_a_question_is_open(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "contato", MARINA_ID, email="deles@example.com")
    ana.post("/tab/contact/edit", {**form, "email": "minha@example.com"})

    assert ana.get("/tab/contact/edit").form(".form")["email"] == "minha@example.com"


def test_a_form_drawn_for_one_contact_never_changes_another(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    ana.post("/tab/link/client-1", {})
    stopped = ana.post("/tab/contact/edit", {**form, "name": "Marina T."})

    assert stopped.status == 409
    assert "O contato desta conversa mudou depois que este formulário foi aberto. Nada foi salvo." in stopped.text
    assert stopped.form(".form")["name"] == "Marina T."
    assert asked(crm, "", "update") == []


def test_a_new_contact_is_not_made_when_the_conversation_got_one_meanwhile(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    form = {**ana.get("/tab/contact/new").form(".form"), "branch": "1"}
    ana.post("/tab/link/client-1", {})
    stopped = ana.post("/tab/contact/new", form)

    assert stopped.status == 409
    assert asked(crm, "", "insert") == []


def test_an_update_while_the_crm_is_down_keeps_the_form(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    form = {**ana.get("/tab/contact/edit").form(".form"), "name": "Marina T."}
    crm.stop()
    refused = ana.post("/tab/contact/edit", form)
    crm.start()
    ana.post("/tab/contact/edit", refused.form(".form"))

    assert refused.status == 503
    assert refused.form(".form")["name"] == "Marina T."
    assert crm.rows("contato", id=MARINA_ID)[0]["nome"] == "Marina T."


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
    ana.post(f"/tab/link/client-{JONAS_ID}", {})
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "cliente", JONAS_ID, id="9999")
    gone = ana.post("/tab/contact/edit", {**form, "name": "Jonas"})

    assert gone.status == 404
    assert "Isto não existe mais" in gone.text


def test_deals_of_a_contact_come_open_ones_first(ana: Visitor) -> None:
    ana.open(HENRIQUE)
    deals = ana.get("/tab/contact/deals")

    titles = [node.text() for node in deals.html.css(".deal strong")]
    assert titles[:3] == ["TV junto com a fibra", "Upgrade para 700 Mega", "Segundo ponto na chácara"]
    assert len(titles) == 5


def test_a_crm_that_is_slow_with_a_save_answers_within_its_longest_wait(crm: Emulator, tmp_path: object) -> None:
    ana = Visitor(product(crm, tmp_path, crm_wait=1).test_client())
    ana.open(OTAVIO)
    form = {**ana.get("/tab/contact/new").form(".form"), "branch": "1"}
    ana.post("/tab/contact/new/duplicates", form)
    crm.control(fault="hang", fault_on="write")
    answer = ana.post("/tab/contact/new", form)

    assert answer.status == 504
    assert answer.form(".form")["name"] == "Otávio Brandt"
