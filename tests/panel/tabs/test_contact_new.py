"""Tests of "Adicionar contato", "Criar novo".

They cover duplicates first, bad input, a CRM that fails, and drafts.
"""

import time

import pytest
from flask import Flask

from tests.product import (
    JONAS,
    MARINA,
    OTAVIO,
    RUI,
    TEO,
    Visitor,
    asked,
    behind,
    mirrored,
    product,
    settled,
)
from widget.emulator.crm.server import Emulator

SCRIPT = "<script>alert(1)</script>"
NEW = "/tab/contact/new"
TABLE = "crm_prospeccao_anotacoes"
FILLED = {"name": "Otávio Brandt", "phone": "(47) 99123-0045", "branch": "1"}


@pytest.fixture
def teo(app: Flask) -> Visitor:
    """Téo Lima, an attendant without an employee in the CRM."""
    return Visitor(app.test_client(), TEO)


def test_the_form_is_filled_from_the_conversation(ana: Visitor) -> None:
    ana.open(OTAVIO)
    form = ana.get(NEW).form(".form")

    assert {name: form[name] for name in ("name", "phone", "owner", "contact")} == {
        "name": "Otávio Brandt",
        "phone": "(47) 99123-0045",
        "owner": "1",
        "contact": "",
    }


def test_a_phone_instead_of_a_name_is_not_taken_for_a_name(ana: Visitor) -> None:
    ana.open({**OTAVIO, "name": "+5547991230045"})

    assert ana.get(NEW).form(".form")["name"] == ""


def test_a_new_contact_is_in_the_crm_and_linked(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    saved = ana.fill(
        NEW, branch="2", document="529.982.247-25", email="otavio@example.com", channel="3"
    )

    [row] = crm.rows("contato", nome="Otávio Brandt")
    assert saved.status == 200
    assert f"Contato salvo no CRM, nº {row['id']}." in saved.text
    assert row["fone_celular"] == row["fone_whatsapp"] == "(47) 99123-0045"
    assert (row["cnpj_cpf"], row["email"]) == ("529.982.247-25", "otavio@example.com")
    assert (row["id_filial"], row["id_responsavel"], row["id_candidato_tipo"]) == ("2", "1", "3")
    assert "vinculado por Ana Souza" in ana.open(OTAVIO).text


def test_a_landline_is_no_mobile(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    ana.fill(NEW, branch="1", phone="47 3322-1199")

    [row] = crm.rows("contato", nome="Otávio Brandt")
    assert (row["fone_comercial"], row["fone_celular"], row["fone_whatsapp"]) == (
        "(47) 3322-1199",
        "",
        "",
    )


def test_the_same_form_twice_makes_one_contact(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    form = {**ana.get(NEW).form(".form"), "branch": "1"}

    first, second = ana.post(NEW, form), ana.post(NEW, form)

    assert (first.status, second.status) == (200, 200)
    assert len(crm.rows("contato", nome="Otávio Brandt")) == 1


def test_a_possible_duplicate_is_shown_before_anything_is_created(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(JONAS)
    warned = ana.fill(NEW, document="39053344705", branch="1")

    assert warned.status == 409
    assert "Talvez já exista." in warned.text
    assert "Jonas P. Siqueira" in warned.text
    assert warned.html.css_first('[hx-get="/tab/link/client-7?from=new"]') is not None
    assert warned.form(".form")["document"] == "39053344705"
    assert asked(crm, "contato", "insert") == []


def test_who_saves_again_after_the_warning_gets_the_contact(ana: Visitor, crm: Emulator) -> None:
    ana.open(JONAS)
    warned = ana.fill(NEW, document="39053344705", branch="1")
    saved = ana.post(NEW, warned.form(".form"))

    assert saved.status == 200
    assert len(crm.rows("contato", cnpj_cpf="390.533.447-05")) == 1


def test_a_warning_of_one_duplicate_does_not_cover_another(ana: Visitor, crm: Emulator) -> None:
    ana.open(JONAS)
    warned = ana.fill(NEW, document="39053344705", branch="1").form(".form")
    again = ana.post(NEW, {**warned, "phone": "(49) 99177-6031"})

    assert again.status == 409
    assert "Henrique Paz Duarte" in again.text
    assert asked(crm, "contato", "insert") == []


def test_a_question_that_was_seen_does_not_cover_the_same_contact_once_it_is_sure(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(JONAS)
    by_name = ana.fill(NEW, branch="1")
    by_document = ana.post(NEW, {**by_name.form(".form"), "document": "39053344705"})
    saved = ana.post(NEW, by_document.form(".form"))

    assert [answer.status for answer in (by_name, by_document, saved)] == [409, 409, 200]
    assert (by_name.form(".form")["sure"], by_document.form(".form")["sure"]) == (
        "client-7?name",
        "client-7+documentcpf",
    )


def test_duplicates_that_the_screen_shows_already_are_not_drawn_again(ana: Visitor) -> None:
    ana.open(JONAS)
    form = ana.get(NEW).form(".form")
    shown = ana.post(f"{NEW}/duplicates", form)
    sure = shown.html.css_first("[name=sure]").attributes["value"]  # type: ignore[union-attr]
    same = ana.post(f"{NEW}/duplicates", {**form, "sure": sure, "email": "j@example.com"})
    other = ana.post(f"{NEW}/duplicates", {**form, "sure": sure, "document": "39053344705"})

    assert (same.status, same.text) == (204, "")
    assert "mesmo CPF" in other.text


def test_duplicates_are_looked_for_while_typing(ana: Visitor) -> None:
    ana.open(OTAVIO)
    found = ana.post(f"{NEW}/duplicates", {"name": "JONAS p siqueira", "phone": ""})

    assert "Jonas P. Siqueira" in found.text
    assert "mesmo nome: confira" in found.text


@pytest.mark.parametrize(
    ("typed", "stored", "why"),
    [
        ({"name": "Thiago Souza"}, {"nome": "TIAGO SOUSA"}, None),  # the CRM finds very words only
        ({"name": "Luísa Prado Nunes"}, {"nome": "LUIZA PRADO"}, None),
        ({"name": "Célia Prado Nunes"}, {"nome": "CELIA PRADO"}, "nome parecido: confira"),
        (
            {"name": "Célia Nunes"},
            {"nome": "Celia Prado Nunes", "cidade": "2"},
            "nome parecido: confira",
        ),
        (
            {"name": "Célia Nunes", "city": "2"},
            {"nome": "Celia Nunes", "cidade": "2"},
            "mesmo nome, mesma cidade",
        ),
        ({"name": "Célia Nunes Filho"}, {"nome": "Celia Nunes"}, None),
        (
            {"name": "Célia Nunes", "phone": "(49) 97555-0101"},
            {"nome": "Davi Nunes", "fone_celular": "4997555-0101"},
            "mesmo telefone, outro nome",
        ),
        (
            {"name": "Célia Nunes", "phone": "(49) 98555-0101"},
            {"nome": "Célia", "fone_celular": "(49) 8555-0101"},
            "mesmo telefone, no CRM sem o nono dígito",
        ),
        (
            {"name": "Célia", "email": "celia@example.com "},
            {"nome": "C.", "email": "CELIA@example.com"},
            "mesmo e-mail",
        ),
        (
            {"name": "Casa Célia", "document": "11.222.333/0002-62"},
            {"nome": "Casa Célia", "cnpj_cpf": "11222333000181", "fone_celular": "(49) 97555-0101"},
            "mesma empresa, outra filial",
        ),
    ],
)
def test_the_radar_says_why_somebody_may_be_in_the_crm(
    ana: Visitor, crm: Emulator, typed: dict[str, str], stored: dict[str, str], why: str | None
) -> None:
    behind(crm, "contato", "900", ativo="S", **stored)
    ana.open(OTAVIO)
    found = ana.post(f"{NEW}/duplicates", {"phone": "", **typed})

    row = found.html.css_first('[hx-get="/tab/link/lead-900?from=new"]')
    assert (row.css_first(".why").text().strip() if row else None) == why


def test_who_opens_a_candidate_finds_the_form_again_as_it_was_typed(ana: Visitor) -> None:
    ana.open(JONAS)
    form = {
        **ana.get(NEW).form(".form"),
        "document": "390.533.447-05",
        "email": "j@example.com",
        "branch": "3",
    }
    ana.post("/tab/draft/contact-new", form)
    radar = ana.post(f"{NEW}/duplicates", form).html.css_first(".result")
    assert radar is not None
    candidate = ana.get(str(radar.attributes["hx-get"]))
    back = candidate.html.css_first('[aria-label="Voltar"]')
    assert back is not None
    again = ana.get(str(back.attributes["hx-get"]))

    assert "Jonas P. Siqueira" in candidate.text
    assert {**again.form(".form"), "sure": ""} == {**form, "sure": ""}


def test_recognising_and_looking_for_duplicates_rewrites_nothing(
    ana: Visitor, crm: Emulator
) -> None:
    before = [crm.rows(table) for table in ("contato", "cliente")]
    for whom in (MARINA, JONAS, OTAVIO):
        ana.open(whom)
        ana.post(
            f"{NEW}/duplicates",
            {"name": "marina teles andrade", "phone": "(49) 8812-4417", "document": "39053344705"},
        )

    assert [crm.rows(table) for table in ("contato", "cliente")] == before
    assert [call for call in asked(crm) if call["kind"] not in {"list", "read"}] == []


def test_a_city_is_saved_when_it_was_taken_from_the_list(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    typed = ana.fill(NEW, branch="1", city_name="Chape")
    saved = ana.fill(NEW, branch="1", city_name="Xaxim SC", city="2")

    [row] = crm.rows("contato", nome="Otávio Brandt")
    assert (typed.status, typed.wrong("city")) == (422, "Escolha uma cidade da lista.")
    assert (saved.status, row["cidade"]) == (200, "2")


def test_duplicates_are_looked_for_again_after_the_crm_refused(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    crm.control(require_branch=True)
    refused = ana.fill(NEW, branch="0").form(".form")
    crm.control(require_branch=False)
    warned = ana.post(NEW, {**refused, "branch": "1", "document": "39053344705"})

    assert warned.status == 409
    assert "Jonas P. Siqueira" in warned.text


def test_the_search_for_duplicates_may_fail_without_disturbing(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    crm.control(fault="503")
    found = ana.post(f"{NEW}/duplicates", {"name": "Jonas P Siqueira"})

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
    sent = {
        **ana.get(NEW).form(".form"),
        **FILLED,
        "email": "o@example.com",
        field: typed,
    }
    answer = ana.post(NEW, sent)
    back = answer.form(".form")

    assert answer.status == 422
    assert answer.wrong(field) == sentence
    kept = {
        name
        for name in ("key", "contact", "document", "phone", "email")
        if back[name] == sent[name]
    }
    assert kept == {"key", "contact", "document", "phone", "email"}
    assert asked(crm, "contato", "insert") == []


def test_without_phone_and_email_nobody_could_be_reached(ana: Visitor) -> None:
    ana.open(OTAVIO)

    assert ana.fill(NEW, branch="1", phone="").wrong("phone") == "Informe um telefone ou um e-mail."


def test_a_foreign_number_is_fine_with_its_plus(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    ana.fill(NEW, branch="1", phone="+1 415 555 2671")

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
    saved = ana.fill(NEW, name=typed, branch="1")

    assert saved.status == 200
    assert len(crm.rows("contato", nome=stored)) == 1
    assert stored in saved.text
    assert saved.html.css("script") == []


@pytest.mark.parametrize(
    "field", ["name", "document", "phone", "email", "owner", "branch", "channel", "contact"]
)
def test_markup_in_any_field_comes_back_as_text(ana: Visitor, field: str) -> None:
    ana.open(OTAVIO)
    attack = f'"><img src=x onerror=alert(1)>{SCRIPT}'
    answer = ana.fill(NEW, **{"email": "nobody", field: attack})

    assert answer.status == 422
    assert answer.html.css("script:not([src]), img") == []


def test_what_the_crm_refuses_stands_at_the_field_it_means(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    crm.control(require_branch=True)
    refused = ana.fill(NEW, branch="0")

    assert refused.status == 422
    assert refused.wrong("branch") == "Preencha Filial!"
    assert refused.form(".form")["name"] == "Otávio Brandt"


def test_while_the_crm_is_down_nothing_is_lost_and_later_it_is_saved_once(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    ana.open(OTAVIO)
    form = {**ana.get(NEW).form(".form"), "branch": "1", "name": "Otávio B."}
    ana.post(f"{NEW}/duplicates", form)
    crm.stop()
    kept, again = (ana.post(NEW, form) for _ in range(2))
    crm.start()
    settled(app)

    assert [(s.status, s.state) for s in (kept, again)] == [(200, "kept")] * 2
    assert "Guardado aqui; segue sozinho para o CRM. O CRM está fora do ar." in kept.text
    assert "Otávio B." in kept.text
    assert len(crm.rows("contato", nome="Otávio B.")) == 1
    assert "Otávio B." in ana.open(OTAVIO).text


def test_what_is_made_for_a_contact_that_is_still_kept_arrives_with_it(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    ana.open(OTAVIO)
    for path in (
        "/tab/negotiation/new",
        "/tab/notes",
    ):  # what forms need is known from another conversation
        ana.open(MARINA)
        ana.get(path)
    ana.open(OTAVIO)
    form = {**ana.get(NEW).form(".form"), "branch": "1"}
    crm.stop()
    saved = [
        ana.post(NEW, form),
        ana.fill("/tab/negotiation/new", title="Fibra 700"),
        ana.fill("/tab/notes", text="Primeira."),
        ana.fill("/tab/notes", text="Segunda."),
    ]
    crm.start()
    settled(app)

    assert [(s.status, s.state) for s in saved] == [(200, "kept")] * 4
    (lead,) = crm.rows("contato", nome="Otávio Brandt")
    (deal,) = crm.rows("crm_negociacoes", descricao="Fibra 700")
    notes = [
        row["anotacao"].partition("\n")[2] for row in crm.rows(TABLE, id_negociacao=deal["id"])
    ]
    assert (deal["id_contato"], notes) == (lead["id"], ["Primeira.", "Segunda."])


def test_a_contact_that_was_refused_in_the_background_comes_back_with_its_text_and_the_reason(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    ana.open(OTAVIO)
    form = {**ana.get(NEW).form(".form"), "branch": "1"}
    crm.stop()
    ana.post(NEW, form)
    crm.start()
    crm.control(fault="error", fault_on="write")
    settled(app)
    crm.control(fault="none")
    back = ana.get(NEW, entry=form["key"])
    saved = ana.post(NEW, back.form(".form"))

    assert "Não foi possível gravar agora!" in back.text
    assert {**back.form(".form"), "contact": ""} == form
    assert (saved.status, saved.state) == (200, "done")
    assert len(crm.rows("contato", nome="Otávio Brandt")) == 1


def test_somebody_who_is_in_the_crm_by_then_is_not_made_again(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    ana.open(OTAVIO)
    form = {**ana.get(NEW).form(".form"), "branch": "1"}
    crm.stop()
    ana.post(NEW, form)
    crm.start()
    behind(crm, "contato", "2", fone_celular=form["phone"])
    settled(app)
    back = ana.get(NEW, entry=form["key"])

    assert "Alguém com estes dados já está no CRM." in back.text
    assert crm.rows("contato", nome="Otávio Brandt") == []


def test_a_save_whose_answer_was_lost_is_found_again_instead_of_doubled(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(OTAVIO)
    crm.control(fault="reset_after_commit", fault_on="write", fault_times=1)
    saved = ana.fill(NEW, branch="1")

    assert (saved.status, saved.state) == (200, "done")
    assert len(crm.rows("contato", nome="Otávio Brandt")) == 1


def test_an_attendant_without_employee_chooses_one_and_the_panel_remembers(teo: Visitor) -> None:
    teo.open(OTAVIO)
    before = teo.get(NEW)
    teo.post(NEW, {**before.form(".form"), "branch": "1", "owner": "3"})

    assert "Você não tem colaborador no CRM com este e-mail." in before.text
    assert before.form(".form")["owner"] == ""
    assert teo.get(NEW).form(".form")["owner"] == "3"


def test_a_new_contact_is_not_made_when_the_conversation_got_one_meanwhile(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(OTAVIO)
    form = {**ana.get(NEW).form(".form"), "branch": "1"}
    ana.link("client-1")
    stopped = ana.post(NEW, form)

    assert stopped.status == 409
    assert asked(crm, "", "insert") == []


def test_a_crm_that_is_slow_with_a_save_answers_within_its_longest_wait(
    crm: Emulator, tmp_path: object
) -> None:
    app = product(crm, tmp_path, wait=1)
    ana = Visitor(app.test_client())
    ana.open(OTAVIO)
    form = {**ana.get(NEW).form(".form"), "branch": "1"}
    ana.post(f"{NEW}/duplicates", form)
    crm.control(fault="hang", fault_on="write", fault_times=1)
    began = time.monotonic()
    answer = ana.post(NEW, form)
    took = time.monotonic() - began
    settled(app)

    assert answer.status == 200
    assert answer.state in {"sending", "unknown"}
    assert took < 2.5  # the wait, and the screen from what is known
    assert len(crm.rows("contato", nome="Otávio Brandt")) == 1


def test_what_is_typed_is_there_again(ana: Visitor) -> None:
    ana.open(OTAVIO)
    form = ana.get(NEW).form(".form")
    kept = ana.post("/tab/draft/contact-new", {**form, "name": "Otávio B", "branch": "3"})
    ana.open(MARINA)
    ana.open(OTAVIO)
    again = ana.get(NEW)

    assert kept.status == 204
    assert "Rascunho recuperado." in again.text
    assert again.form(".form") | {"sure": ""} == {
        **form,
        "name": "Otávio B",
        "branch": "3",
        "sure": "",
    }


@pytest.mark.parametrize("somebody", ["another conversation", "another attendant"])
def test_a_draft_is_of_one_attendant_in_one_conversation(
    app: Flask, ana: Visitor, somebody: str
) -> None:
    ana.open(OTAVIO)
    ana.post("/tab/draft/contact-new", {**ana.get(NEW).form(".form"), "name": "Otávio B"})
    other = Visitor(app.test_client(), RUI if somebody == "another attendant" else ana.attendant)
    other.open(OTAVIO, 104 if somebody == "another attendant" else 105)

    assert other.get(NEW).form(".form")["name"] == "Otávio Brandt"


def test_a_draft_can_be_thrown_away(ana: Visitor) -> None:
    ana.open(OTAVIO)
    ana.post("/tab/draft/contact-new", {**ana.get(NEW).form(".form"), "name": "Otávio B"})
    gone = ana.client.delete("/tab/draft/contact-new", headers={"X-Panel-Token": ana.token})

    assert gone.status_code == 204
    assert "Rascunho" not in ana.get(NEW).text


def test_a_draft_that_arrives_after_its_form_was_saved_is_not_kept(ana: Visitor) -> None:
    ana.open(OTAVIO)
    form = {**ana.get(NEW).form(".form"), "branch": "1"}
    ana.post(NEW, form)
    ana.post("/tab/draft/contact-new", form)

    assert "Rascunho" not in ana.open(OTAVIO).text


# -- with the people index
# -----------------------------------------------------------------------------------------


def test_the_radar_asks_the_index_while_one_types_and_the_crm_when_one_saves(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    mirrored(app)
    ana.open(OTAVIO)
    form = ana.get("/tab/contact/new").form()
    before = len(crm.calls)
    typed = ana.post("/tab/contact/new/duplicates", {**form, "name": "Enrique Duarte"})
    asked_while_typing = len(crm.calls) - before
    behind(
        crm,
        "contato",
        "9001",
        nome="Otávio Brandt",
        fone_celular="(47) 99123-0045",
        lead="S",
        ativo="S",
    )
    saved = ana.post(
        "/tab/contact/new",
        {
            **form,
            "name": "Otávio Brandt",
            "owner": "1",
            "branch": "1",
        },
    )

    assert "Henrique Paz Duarte" in typed.text
    assert asked_while_typing == 0
    assert saved.status == 409
    assert "Otávio Brandt" in saved.html.css_first(".result").text()  # type: ignore[union-attr]


def test_while_the_crm_is_down_the_index_still_warns(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    mirrored(app)
    ana.open(OTAVIO)
    form = ana.get("/tab/contact/new").form()
    crm.stop()
    warned = ana.post(
        "/tab/contact/new",
        {
            **form,
            "document": "390.533.447-05",
            "owner": "1",
            "branch": "1",
        },
    )
    crm.start()

    assert warned.status == 409
    assert "Jonas P. Siqueira" in warned.text
