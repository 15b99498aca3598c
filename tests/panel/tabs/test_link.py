"""Tests of "Vincular existente" by each of the four criteria, and of "Desvincular".

They cover the check before the link, too.
"""

# What a test looks for is on the page, else the test fails.
# mypy: disable-error-code="union-attr"

import re

import pytest
from flask import Flask

from tests.product import (
    HENRIQUE,
    JONAS,
    MARINA,
    MOURA,
    NOBODY,
    OTAVIO,
    RUI,
    Screen,
    Visitor,
    behind,
    services_of,
)
from widget.emulator.crm.server import Emulator

SCRIPT = "<script>alert(1)</script>"


def names(screen: Screen) -> list[str]:
    """Who is listed."""
    return [node.text() for node in screen.html.css(".result strong")]


def test_the_search_begins_with_the_name_that_the_console_knows(ana: Visitor) -> None:
    ana.open(OTAVIO)

    assert ana.get("/tab/link").form(".search") == {"q": "Otávio Brandt"}


def test_a_number_for_a_name_is_not_searched_as_a_name(ana: Visitor) -> None:
    ana.open({**OTAVIO, "name": "+55 47 99123-0045"})

    assert ana.get("/tab/link").form(".search")["q"] == ""


def test_the_four_criteria_are_named_as_in_the_manual(ana: Visitor) -> None:
    ana.open(OTAVIO)
    form = ana.get("/tab/link")

    for word in [
        "Critério de pesquisa",
        "Nome",
        "CPF/CNPJ",
        "E-mail",
        "Número de telefone",
        "Pesquisar",
    ]:
        assert word in form.text


@pytest.mark.parametrize(
    ("criterion", "query", "found"),
    [
        ("name", "henrique duarte", ["Henrique Paz Duarte"]),
        ("name", "LUCIA amaral", ["Lúcia Amaral Teixeira"]),
        ("name", "ninguém assim", []),
        ("document", "390.533.447-05", ["Jonas P. Siqueira"]),
        ("document", "39053344705", ["Jonas P. Siqueira"]),
        ("document", "12abc34501de35", ["Serra Azul Logística LTDA"]),
        ("phone", "49991776031", ["Henrique Paz Duarte"]),
        ("phone", "+55 49 9177-6031", ["Henrique Paz Duarte"]),
        ("phone", "(49) 98455-1020", ["Cláudia Ferraz Moura", "Igor Ferraz Moura"]),
        ("phone", "(48) 99177-6031", []),
        ("email", "beatriz.lemos@example.com", ["Beatriz Lemos Farias"]),
        ("email", "trigobom", ["Padaria Trigo Bom"]),
    ],
)
def test_contacts_are_found_by_each_criterion(
    ana: Visitor, criterion: str, query: str, found: list[str]
) -> None:
    ana.open(OTAVIO)
    results = ana.get("/tab/link/search", ask="1", criterion=criterion, q=query)

    assert results.status == 200
    assert sorted(names(results)) == found


@pytest.mark.parametrize(
    ("criterion", "query", "sentence"),
    [
        ("name", "ab", "Escreva pelo menos três letras."),
        ("name", "   ", "Escreva pelo menos três letras."),
        ("document", "390.533.447-06", "Este CPF/CNPJ não confere. Verifique os dígitos."),
        ("document", SCRIPT, "Este CPF/CNPJ não confere. Verifique os dígitos."),
        ("phone", "abc", "Escreva o telefone com DDD."),
        ("email", "x", "Escreva pelo menos três letras."),
        ("id", "1", "Escolha um critério de pesquisa."),
    ],
)
def test_a_search_that_cannot_work_says_why(
    ana: Visitor, crm: Emulator, criterion: str, query: str, sentence: str
) -> None:
    ana.open(NOBODY)
    before = len(crm.calls)
    answer = ana.get("/tab/link/search", ask="1", criterion=criterion, q=query)

    assert (answer.status, answer.text) == (422, sentence)
    assert len(crm.calls) == before


@pytest.mark.parametrize(
    "query", [SCRIPT, "' OR 1=1 --", "%%%", "___", "\x00\x01abc", "🚀🚀🚀", "a" * 5000, '"}]}']
)
def test_strange_searches_find_nobody_and_break_nothing(ana: Visitor, query: str) -> None:
    ana.open(OTAVIO)
    results = ana.get("/tab/link/search", ask="1", criterion="name", q=query)

    assert results.status == 200
    assert results.html.css("script") == []


@pytest.mark.parametrize(
    ("criterion", "query", "column"),
    [("name", "silva", "nome razao"), ("email", "example.com", "email")],
)
def test_every_result_is_on_exactly_one_page(
    ana: Visitor, crm: Emulator, criterion: str, query: str, column: str
) -> None:
    for number in range(9001, 9026):
        behind(
            crm,
            "contato",
            str(number),
            nome=f"Zilda Silva {number}",
            email=f"z{number}@example.com",
            lead="S",
        )
    for number in range(9001, 9014):
        behind(
            crm,
            "cliente",
            str(number),
            razao=f"Aldo Silva {number}",
            email=f"a{number}@example.com",
        )
    ana.open(OTAVIO)

    seen: list[str] = []
    for page in range(1, 60):
        results = ana.get(
            "/tab/link/search",
            ask="1",
            criterion=criterion,
            q=query,
            page=page,
        )
        seen += [node.attributes["hx-get"] or "" for node in results.html.css(".result")]
        if "Mais resultados" not in results.text:
            break

    made = {f"/tab/link/lead-{n}" for n in range(9001, 9026)} | {
        f"/tab/link/client-{n}" for n in range(9001, 9014)
    }
    assert made <= set(seen)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "1e3"])
def test_a_page_that_does_not_exist_is_empty_or_the_first(ana: Visitor, page: str) -> None:
    ana.open(OTAVIO)

    assert (
        ana.get(
            "/tab/link/search",
            ask="1",
            criterion="name",
            q="silva",
            page=page,
        ).status
        == 200
    )


def test_the_check_shows_the_contact_before_anything_is_linked(ana: Visitor) -> None:
    ana.open(OTAVIO)
    check = ana.get("/tab/link/client-5")

    for shown in [
        "Henrique Paz Duarte",
        "Confira se é quem está na conversa.",
        "Cliente",
        "Chapecó SC",
        "Upgrade para 700 Mega",
    ]:
        assert shown in check.text
    assert "não encontrado" in ana.open(OTAVIO).text


def test_a_link_is_remembered_for_every_attendant(app: Flask, ana: Visitor) -> None:
    ana.open(OTAVIO)
    linked = ana.link("client-5")
    rui = Visitor(app.test_client(), RUI)

    assert "Vinculado a Henrique Paz Duarte." in linked.text
    assert "Atualizar contato" in linked.text
    assert "vinculado por Ana Souza, agora" in rui.open(OTAVIO).text


def test_a_link_changes_nothing_in_the_crm(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    ana.link("client-5")

    assert [call for call in crm.calls if call["kind"] != "list"] == []


def test_linking_again_replaces_the_link(ana: Visitor) -> None:
    ana.open(OTAVIO)
    ana.link("client-5")

    assert "Jonas P. Siqueira" in ana.link("client-7").text
    assert "Jonas P. Siqueira" in ana.open(OTAVIO).text


def test_a_link_belongs_to_the_person_in_all_conversations(ana: Visitor) -> None:
    ana.open(OTAVIO, 104)
    ana.link("client-5")

    assert "Henrique Paz Duarte" in ana.open(OTAVIO, 904).text


def test_without_a_person_the_link_belongs_to_the_conversation_alone(ana: Visitor) -> None:
    ana.open(NOBODY, 10)
    ana.link("client-5")

    assert "Henrique Paz Duarte" in ana.open(NOBODY, 10).text
    assert "Henrique Paz Duarte" not in ana.open(NOBODY, 11).text


def test_one_of_several_is_chosen_by_linking(ana: Visitor) -> None:
    several = ana.open(MOURA)

    assert sorted(names(several)) == ["Cláudia Ferraz Moura", "Igor Ferraz Moura"]
    assert "Nenhum foi escolhido." in several.text
    assert "Igor Ferraz Moura" in ana.link("lead-3").html.css_first("h1").text()


@pytest.mark.parametrize(
    "ref", ["client-999999", "lead-0", "client-", "client-5'", "user-5", "client-５", "..", "%00"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_contact_is_not_found(ana: Visitor, ref: str, method: str) -> None:
    ana.open(OTAVIO)
    answer = ana.get(f"/tab/link/{ref}") if method == "get" else ana.post(f"/tab/link/{ref}", {})

    assert answer.status == 404
    assert services_of(ana.client.application).links.of("chatwoot:1:p104") is None


def test_a_linked_contact_that_vanished_is_said_as_such(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    ana.link("client-7")
    behind(crm, "cliente", "7", id="9999")

    gone = ana.get("/tab/contact", fresh="now")

    assert "O contato vinculado antes não existe mais no CRM." in gone.text


def test_unlinking_asks_once_and_is_remembered(app: Flask, ana: Visitor) -> None:
    ana.open(MARINA)
    question = ana.get("/tab/link/remove")
    unlinked = ana.post("/tab/link/remove", question.form())
    rui = Visitor(app.test_client(), RUI)

    assert "Esta conversa deixa de ser de Marina Teles Andrade." in question.text
    assert "Desvinculado. O cadastro no CRM não mudou." in unlinked.text
    assert "Um atendente disse que não é esta pessoa." in rui.open(MARINA).text


def test_unlinking_changes_nothing_in_the_crm(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    ana.post("/tab/link/remove", ana.get("/tab/link/remove").form())

    assert [call for call in crm.calls if call["kind"] != "list"] == []


def test_who_was_unlinked_can_be_linked_again_with_a_warning(ana: Visitor) -> None:
    ana.open(MARINA)
    ana.post("/tab/link/remove", ana.get("/tab/link/remove").form())
    check = ana.get("/tab/link/lead-1")
    linked = ana.link("lead-1")

    assert "Ana Souza disse que não é esta pessoa." in check.text
    assert "Vinculado a Marina Teles Andrade." in linked.text


def test_unlinking_one_contact_never_unlinks_another(ana: Visitor) -> None:
    ana.open(HENRIQUE)
    question = ana.get("/tab/link/remove").form()
    ana.link("client-7")
    stopped = ana.post("/tab/link/remove", question)

    assert stopped.status == 409
    assert "Jonas P. Siqueira" in ana.open(HENRIQUE).text


def test_a_link_that_a_colleague_made_meanwhile_is_not_overwritten_unseen(ana: Visitor) -> None:
    ana.open(OTAVIO)
    check = ana.get("/tab/link/client-7").form()
    ana.link("client-5")
    stopped = ana.post("/tab/link/client-7", check)

    assert stopped.status == 409
    assert "Henrique Paz Duarte" in ana.open(OTAVIO).text


def test_there_is_nothing_to_unlink_where_nobody_is_shown(ana: Visitor) -> None:
    ana.open(OTAVIO)

    assert ana.get("/tab/link/remove").status == 404
    assert ana.post("/tab/link/remove", {"contact": ""}).status == 409


def test_markup_from_the_crm_is_text(ana: Visitor, crm: Emulator) -> None:
    behind(
        crm,
        "cliente",
        "7",
        razao=f"Jonas {SCRIPT} Siqueira",
        email=f"{SCRIPT}@example.com",
        fone=SCRIPT,
    )
    ana.open(JONAS)
    results = ana.get("/tab/link/search", ask="1", criterion="name", q="jonas")
    check = ana.get("/tab/link/client-7")
    linked = ana.link("client-7")

    for screen in (results, check, linked):
        assert SCRIPT in screen.text
        assert screen.html.css("script") == []
        assert not re.search(r"<script>alert", screen.response.text)


def test_a_search_while_the_crm_is_down_says_so(ana: Visitor, crm: Emulator) -> None:
    ana.open(OTAVIO)
    crm.stop()
    answer = ana.get("/tab/link/search", ask="1", criterion="name", q="henrique")
    crm.start()

    assert answer.status == 503
    assert "O CRM está fora do ar." in answer.text
