"""Tests of "Adicionar negociação".

They cover presets of the plan, stages of the funnel, the search for a city, and the save.
"""

# What a test looks for is on the page, else the test fails.
# mypy: disable-error-code="union-attr"

import pytest
from flask import Flask

from tests.product import HENRIQUE, LUCIA, MARINA, TEO, Visitor, asked, behind, settled
from widget.emulator.crm.cast import HENRIQUE as HENRIQUE_ID
from widget.emulator.crm.cast import MARINA as MARINA_ID
from widget.emulator.crm.server import Emulator

NEW = "/tab/negotiation/new"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def on_marina(ana: Visitor) -> Visitor:
    """Ana beside a lead."""
    ana.open(MARINA)
    return ana


def test_the_form_begins_with_what_is_known(on_marina: Visitor) -> None:
    screen = on_marina.get(NEW)
    form = screen.form(".form")

    assert (form["funnel"], form["stage"], form["owner"], form["city"], form["contact"]) == (
        "1",
        "1",
        "1",
        "1",
        "lead-1",
    )
    assert form["city_name"] == "Chapecó SC"
    for word in [
        "Descrição",
        "Plano de negócio",
        "Funil",
        "Etapa do funil",
        "Responsável",
        "Cidade",
    ]:
        assert word in screen.text


def test_a_plan_that_is_no_longer_sold_is_not_offered(on_marina: Visitor) -> None:
    assert "descontinuado" not in on_marina.get(NEW).text


def test_a_negotiation_is_in_the_crm(on_marina: Visitor, crm: Emulator) -> None:
    saved = on_marina.fill(
        NEW, title="Fibra no sítio", plan="5", funnel="2", stage="8", owner="2", city="3"
    )
    [row] = crm.rows("crm_negociacoes", descricao="Fibra no sítio")

    assert saved.status == 200
    assert f"Negociação salva no CRM, nº {row['id']}." in saved.text
    assert "Vendas empresarial · Reunião marcada" in saved.text
    assert (row["id_contato"], row["id_cliente"], row["status"]) == (MARINA_ID, "0", "N")
    assert (row["id_plano_negocio"], row["valor_mensal"]) == ("5", "249.90")
    assert (row["id_funil"], row["id_estagio"], row["id_responsavel"]) == ("2", "8", "2")
    assert (row["cidade_negociacao"], row["considera_endereco_cliente"], row["id_filial"]) == (
        "3",
        "N",
        "1",
    )


def test_a_negotiation_of_a_customer_belongs_to_the_customer(ana: Visitor, crm: Emulator) -> None:
    ana.open(HENRIQUE)
    ana.fill(NEW, title="Mais uma")

    [row] = crm.rows("crm_negociacoes", descricao="Mais uma")
    assert (row["id_cliente"], row["id_contato"]) == (HENRIQUE_ID, "0")


def test_a_negotiation_never_makes_contracts_logins_tickets_or_tasks(
    on_marina: Visitor, crm: Emulator
) -> None:
    on_marina.fill(NEW, title="Sem efeitos")

    [row] = crm.rows("crm_negociacoes", descricao="Sem efeitos")
    made = {name: row[name] for name in row if name.startswith("inserir_")}
    assert made
    assert set(made.values()) == {"N"}


def test_the_same_form_twice_makes_one_negotiation(on_marina: Visitor, crm: Emulator) -> None:
    form = {**on_marina.get(NEW).form(".form"), "title": "Uma só"}
    on_marina.post(NEW, form)
    on_marina.post(NEW, form)

    assert len(crm.rows("crm_negociacoes", descricao="Uma só")) == 1


def test_a_plan_presets_funnel_stage_and_value(on_marina: Visitor) -> None:
    path = on_marina.client.get(
        "/tab/negotiation/path",
        query_string={"plan": "6", "funnel": "1", "stage": "1"},
        headers={"X-Panel-Token": on_marina.token, "HX-Trigger-Name": "plan"},
    )

    assert '<option value="2" selected>Vendas empresarial' in path.text
    assert '<option value="9" selected>Projeto técnico' in path.text
    assert "R$\xa01.290,00" in path.text


def test_the_stages_follow_the_funnel(on_marina: Visitor) -> None:
    path = on_marina.get("/tab/negotiation/path", plan="6", funnel="3", stage="1")

    assert [node.text() for node in path.html.css("#stage option")] == [
        "Boas-vindas",
        "Oferta de upgrade",
        "Renovação de fidelidade",
        "Recuperação de cancelamento",
        "Encerrado",
    ]
    assert path.html.css_first("#stage option[selected]").attributes["value"] == "14"


@pytest.mark.parametrize(
    "query", [{}, {"funnel": "99"}, {"funnel": "x"}, {"plan": "x", "funnel": ""}, {"stage": SCRIPT}]
)
def test_an_unknown_funnel_has_no_stages(on_marina: Visitor, query: dict[str, str]) -> None:
    path = on_marina.get("/tab/negotiation/path", **query)

    assert path.status == 200
    assert path.html.css("script") == []
    assert [n.attributes["value"] for n in path.html.css("#stage option")] == [""]


@pytest.mark.parametrize(
    ("typed", "first", "length"),
    [
        ("chap", "Chapecó SC", None),
        ("CHAPECO", "Chapecó SC", None),
        ("são jos", "São José", None),
        ("zzzz", "Nenhuma cidade com este nome.", 1),
        ("c", "", 0),
        ("", "", 0),
        (SCRIPT, "Nenhuma cidade com este nome.", 1),
    ],
)
def test_cities_are_searched_never_listed_whole(
    on_marina: Visitor, typed: str, first: str, length: int | None
) -> None:
    found = on_marina.get("/tab/negotiation/cities", city_name=typed)
    items = [node.text().strip() for node in found.html.css("li")]

    assert found.status == 200
    assert len(items) <= 12
    assert len(items) == length or (length is None and items[0].startswith(first))
    assert found.html.css("script") == []


def test_cities_of_one_name_are_told_apart_by_their_state(on_marina: Visitor) -> None:
    found = on_marina.get("/tab/negotiation/cities", city_name="São José")

    assert (
        len({n.text().strip() for n in found.html.css("li") if n.text().strip()[:9] == "São José "})
        >= 2
    )


BAD = [
    ("title", "", "Preencha este campo."),
    ("title", " \x00 ", "Preencha este campo."),
    ("title", "a" * 201, "Texto longo demais."),
    ("funnel", "", "Preencha este campo."),
    ("stage", "", "Preencha este campo."),
    ("stage", "7", "Esta etapa é de outro funil."),
    ("stage", "999", "Esta etapa é de outro funil."),
    ("stage", "1; DROP TABLE", "Escolha uma das opções."),
    ("funnel", "２", "Escolha uma das opções."),
    ("owner", "", "Preencha este campo."),
    ("owner", SCRIPT, "Escolha uma das opções."),
    ("plan", "-1", "Escolha uma das opções."),
    ("city", "Chapecó", "Escolha uma das opções."),
]


@pytest.mark.parametrize(("field", "typed", "sentence"), BAD)
def test_bad_input_gets_the_same_form_back_with_the_reason_at_the_field(
    on_marina: Visitor, crm: Emulator, field: str, typed: str, sentence: str
) -> None:
    answer = on_marina.fill(NEW, **{"title": "Fibra 🚀 <b>", field: typed})

    assert answer.status == 422
    assert answer.wrong(field) == sentence
    assert answer.html.css("script:not([src]), b b") == []
    assert answer.form(".form")["title"] == (
        "Fibra 🚀 <b>" if field != "title" else answer.form(".form")["title"]
    )
    assert asked(crm, "crm_negociacoes", "insert") == []


@pytest.mark.parametrize("title", ["Fibra 🚀", SCRIPT, "a" * 200, "{{ 7*7 }} ' \" \\"])
def test_a_title_is_stored_and_shown_as_typed(
    on_marina: Visitor, crm: Emulator, title: str
) -> None:
    saved = on_marina.fill(NEW, title=title)

    assert len(crm.rows("crm_negociacoes", descricao=title)) == 1
    assert title in saved.text
    assert saved.html.css("script") == []


def test_a_city_that_was_typed_but_not_chosen_is_not_saved_silently(
    on_marina: Visitor, crm: Emulator
) -> None:
    answer = on_marina.fill(NEW, title="Fibra", city="", city_name="Chape")

    assert answer.status == 422
    assert answer.wrong("city") == "Escolha uma cidade da lista."
    assert answer.form(".form")["city_name"] == "Chape"


def test_a_base_that_insists_on_a_client_gets_the_prospect_first(
    on_marina: Visitor, crm: Emulator
) -> None:
    crm.control(require_client=True)
    saved = on_marina.fill(NEW, title="Com prospecção")

    [row] = crm.rows("crm_negociacoes", descricao="Com prospecção")
    [prospect] = crm.rows("cliente", id=row["id_cliente"])
    assert saved.status == 200
    assert (prospect["razao"], prospect["crm"]) == ("Marina Teles Andrade", "S")
    assert crm.rows("contato", id=MARINA_ID)[0]["id_prospeccao"] == prospect["id"]
    assert "Marina Teles Andrade" in saved.html.css_first("h1").text()
    assert "Com prospecção" in saved.text


def test_a_second_negotiation_uses_the_prospect_that_is_there(
    on_marina: Visitor, crm: Emulator
) -> None:
    crm.control(require_client=True)
    on_marina.fill(NEW, title="Primeira")
    on_marina.fill(NEW, title="Segunda")

    [first], [second] = (
        crm.rows("crm_negociacoes", descricao=title) for title in ("Primeira", "Segunda")
    )
    assert first["id_cliente"] == second["id_cliente"] != "0"
    assert len(crm.rows("cliente", razao="Marina Teles Andrade")) == 1


def test_the_same_form_twice_makes_one_prospect_too(on_marina: Visitor, crm: Emulator) -> None:
    crm.control(require_client=True)
    form = {**on_marina.get(NEW).form(".form"), "title": "Uma só"}
    on_marina.post(NEW, form)
    on_marina.post(NEW, form)

    assert len(crm.rows("cliente", razao="Marina Teles Andrade")) == 1
    assert len(crm.rows("crm_negociacoes", descricao="Uma só")) == 1


def test_while_the_crm_is_down_nothing_is_lost_and_later_it_is_saved_once(
    on_marina: Visitor, app: Flask, crm: Emulator
) -> None:
    form = {**on_marina.get(NEW).form(".form"), "title": "Depois"}
    crm.stop()
    kept = on_marina.post(NEW, form)
    crm.start()
    settled(app)

    assert (kept.status, kept.state) == (200, "kept")
    assert "Depois" in kept.text
    assert len(crm.rows("crm_negociacoes", descricao="Depois")) == 1


def test_a_negotiation_refused_in_the_background_comes_back_with_everything_chosen(
    on_marina: Visitor, app: Flask, crm: Emulator
) -> None:
    typed = {
        **on_marina.get(NEW).form(".form"),
        "title": "Depois",
        "city": "7",
        "city_name": "Porto Alegre RS",
    }
    crm.stop()
    on_marina.post(NEW, typed)
    crm.start()
    crm.control(fault="error", fault_on="write")
    settled(app)
    crm.control(fault="none")
    back = on_marina.get(NEW, entry=typed["key"])
    saved = on_marina.post(NEW, back.form(".form"))

    form = back.form(".form")
    assert "Não foi possível gravar agora!" in back.text
    assert (form["title"], form["city"], form["city_name"]) == ("Depois", "7", "Porto Alegre RS")
    assert (saved.status, saved.state) == (200, "done")
    assert len(crm.rows("crm_negociacoes", descricao="Depois")) == 1


def test_a_save_whose_answer_was_lost_is_found_again(on_marina: Visitor, crm: Emulator) -> None:
    crm.control(fault="reset_after_commit", fault_on="write", fault_times=1)
    saved = on_marina.fill(NEW, title="Sem resposta")

    assert (saved.status, saved.state) == (200, "done")
    assert len(crm.rows("crm_negociacoes", descricao="Sem resposta")) == 1


def test_a_form_drawn_for_one_contact_makes_nothing_for_another(
    on_marina: Visitor, crm: Emulator
) -> None:
    form = {**on_marina.get(NEW).form(".form"), "title": "De quem?"}
    on_marina.link("client-5")
    stopped = on_marina.post(NEW, form)

    assert stopped.status == 409
    assert stopped.form(".form")["title"] == "De quem?"
    assert crm.rows("crm_negociacoes", descricao="De quem?") == []


def test_where_nobody_is_shown_nothing_can_be_negotiated(ana: Visitor) -> None:
    ana.open({"id": 900, "name": "Ninguém"})

    assert ana.get(NEW).status == 404


def test_an_attendant_without_employee_chooses_the_owner(app: Flask, crm: Emulator) -> None:
    teo = Visitor(app.test_client(), TEO)
    teo.open(LUCIA)
    asked_for = teo.fill(NEW, title="Do Téo")
    teo.fill(NEW, title="Do Téo", owner="3")

    assert asked_for.wrong("owner") == "Preencha este campo."
    assert crm.rows("crm_negociacoes", descricao="Do Téo")[0]["id_responsavel"] == "3"
    assert teo.get(NEW).form(".form")["owner"] == "3"


def test_a_base_without_plans_has_no_plan_to_choose(ana: Visitor, crm: Emulator) -> None:
    crm.control(not_released=["crm_planos_negociacoes"])
    ana.open(MARINA)

    assert "plan" not in ana.get(NEW).form(".form")
    assert ana.fill(NEW, title="Sem plano").status == 200


def test_funnels_that_the_token_may_not_read_are_said_as_such(ana: Visitor, crm: Emulator) -> None:
    crm.control(not_released=["crm_funil"])
    ana.open(MARINA)

    assert "O token do painel não pode ler os funis" in ana.get(NEW).text


def test_a_funnel_without_stages_gives_no_server_error(on_marina: Visitor, crm: Emulator) -> None:
    behind(crm, "crm_funil", "50", funil="Vazio", tipo="negociacao")

    assert on_marina.fill(NEW, title="Sem etapa", funnel="50", stage="").status == 422


def test_the_draft_holds_the_city_too(on_marina: Visitor) -> None:
    form = on_marina.get(NEW).form(".form")
    on_marina.post(
        "/tab/draft/negotiation-new",
        {
            **form,
            "title": "R",
            "city": "3",
            "city_name": "Concórdia SC",
        },
    )

    again = on_marina.get(NEW)
    assert "Rascunho recuperado." in again.text
    assert again.form(".form")["city_name"] == "Concórdia SC"


def test_an_untouched_form_is_no_draft(on_marina: Visitor) -> None:
    form = on_marina.get(NEW).form(".form")
    on_marina.post("/tab/draft/negotiation-new", form)

    assert "Rascunho recuperado." not in on_marina.get(NEW).text
