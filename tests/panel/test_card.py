"""The first screen in each of its states, and how old what it shows is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.product import (
    HENRIQUE,
    LUCIA,
    MARINA,
    MOURA,
    OTAVIO,
    RUI,
    Hour,
    Visitor,
    asked,
    behind,
    mirrored,
    product,
)
from widget.emulator.crm.server import Emulator
from widget.panel import card


@pytest.fixture
def clocked(crm: Emulator, tmp_path: object, hour: Hour) -> Visitor:
    """Ana, in a product whose clock the test moves."""
    return Visitor(hour.app(crm, tmp_path).test_client())


def test_the_age_of_the_data_is_shown(clocked: Visitor, hour: Hour) -> None:
    fresh = clocked.open(HENRIQUE)
    hour.passes()
    old = clocked.open(HENRIQUE)

    assert "lido agora" in fresh.text
    assert "lido há 1 h" in old.text


def test_old_data_is_shown_at_once_and_read_anew_behind_it(
    clocked: Visitor, crm: Emulator, hour: Hour
) -> None:
    fresh = clocked.open(HENRIQUE)
    hour.passes()
    before = len(crm.calls)
    old = clocked.open(HENRIQUE)

    assert len(crm.calls) == before
    assert fresh.html.css('[hx-trigger^="load"]') == []
    assert {node.attributes["hx-get"] for node in old.html.css('[hx-trigger^="load"]')} == {
        "/tab/contact/card",
        "/tab/contact/deals",
    }
    assert "lido agora" in clocked.get("/tab/contact/card").text


def test_while_the_crm_is_down_what_is_known_is_shown_with_its_age(
    clocked: Visitor, crm: Emulator, hour: Hour
) -> None:
    clocked.open(HENRIQUE)
    hour.passes()
    crm.stop()
    card, again = clocked.open(HENRIQUE), clocked.get("/tab/contact/card")
    crm.start()

    assert "Henrique Paz Duarte" in card.text
    assert "Upgrade para 700 Mega" in card.text
    assert "CRM fora do ar · dados de" in again.text


def test_reading_anew_while_the_crm_is_down_leaves_what_is_known(
    clocked: Visitor, crm: Emulator
) -> None:
    clocked.open(HENRIQUE)
    crm.stop()
    card = clocked.get("/tab/contact", fresh="now")
    crm.start()

    assert card.status == 200
    assert "Henrique Paz Duarte" in card.html.css_first("h1").text()  # type: ignore[union-attr]
    assert "CRM fora do ar" in card.text


def test_while_the_crm_is_down_an_unknown_person_is_shown_as_the_console_tells_her(
    ana: Visitor, crm: Emulator
) -> None:
    crm.stop()
    screen = ana.open(OTAVIO)
    crm.start()
    again = ana.get("/tab/contact")

    assert screen.status == 200
    for shown in [
        "CRM fora do ar",
        "Otávio Brandt",
        "O que a conversa diz desta pessoa:",
        "Tentar de novo",
        "VNC-201",
    ]:
        assert shown in screen.text
    assert "não encontrado" in again.text


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("html200", "VNC-203"),
        ("empty200", "VNC-203"),
        ("braces200", "VNC-203"),
        ("truncated", "VNC-203"),
        ("redirect", "VNC-20"),
        ("401", "VNC-205"),
        ("403", "VNC-205"),
        ("404", "VNC-207"),
        ("429", "VNC-204"),
        ("500", "VNC-20"),
        ("502", "VNC-20"),
        ("503", "VNC-20"),
        ("504", "VNC-20"),
        ("reset", "VNC-201"),
        ("cut_body", "VNC-20"),
        ("half_headers", "VNC-20"),
        ("hang", "VNC-20"),
    ],
)
def test_each_way_the_crm_fails_is_told_with_its_code(
    ana: Visitor, crm: Emulator, fault: str, code: str
) -> None:
    crm.control(fault=fault)
    screen = ana.open(MARINA)

    assert screen.status == 200
    assert code in screen.text
    assert "Marina" in screen.html.css_first("h1").text()  # type: ignore[union-attr]


def test_an_address_that_is_not_allowed_is_said_as_such(ana: Visitor, crm: Emulator) -> None:
    crm.control(ip_blocked=True)

    assert "o IP do painel falta em Redes permitidas" in ana.open(MARINA).text


@pytest.mark.parametrize("switch", [{"total_as_number": True}, {"id_as_number": True}])
def test_answers_of_other_shapes_are_understood(
    ana: Visitor, crm: Emulator, switch: dict[str, object]
) -> None:
    crm.control(**switch)

    assert "Marina Teles Andrade" in ana.open(MARINA).text


@pytest.mark.parametrize(
    "hidden",
    [
        "id",
        "nome",
        "obs",
        "id_responsavel",
        "status",
        "descricao",
        "id_estagio",
        "ordem",
        "funcionario",
        "fantasia",
    ],
)
def test_a_column_that_the_crm_leaves_out_is_no_server_error(
    ana: Visitor, crm: Emulator, hidden: str
) -> None:
    crm.control(hide_fields=[hidden])

    assert ana.open(MARINA).status == 200
    assert ana.open(HENRIQUE).status == 200


@pytest.mark.parametrize(
    ("table", "number", "values"),
    [
        ("contato", "1", {"data_cadastro": "ontem", "ultima_atualizacao": "0000-00-00 00:00:00"}),
        (
            "contato",
            "1",
            {
                "id_responsavel": "x",
                "id_filial": "-1",
                "id_candidato_tipo": "99",
                "cidade": "0",
            },
        ),
        ("contato", "1", {"fone_celular": "🚀", "email": ";;@,,", "cnpj_cpf": "??"}),
        (
            "crm_negociacoes",
            "1",
            {"valor_mensal": "muito", "status": "", "previsao_fechamento": "2026-02-31"},
        ),
        ("crm_negociacoes", "1", {"valor_mensal": "1e999", "id_funil": "x", "id_estagio": "y"}),
        ("crm_negociacoes", "1", {"valor_mensal": "nan", "descricao": ""}),
        ("crm_negociacoes_estagios", "2", {"ordem": "dois", "id_funil": ""}),
    ],
)
def test_strange_values_of_the_crm_do_not_break_the_card(
    ana: Visitor, crm: Emulator, table: str, number: str, values: dict[str, str]
) -> None:
    values = {name: value for name, value in values.items() if name in crm.rows(table)[0]}
    behind(crm, table, number, **values)
    screen = ana.open(MARINA)

    assert screen.status == 200
    assert "Marina Teles Andrade" in screen.text


def test_markup_of_the_crm_is_text_everywhere_on_the_card(ana: Visitor, crm: Emulator) -> None:
    script = "<script>alert(1)</script>"
    behind(crm, "contato", "1", nome=script, email=f"{script}@x", obs=script)
    behind(crm, "crm_negociacoes", "1", descricao=script)
    behind(crm, "funcionarios", "1", funcionario=script)
    behind(crm, "filial", "1", fantasia=script)
    behind(crm, "crm_negociacoes_estagios", "2", estagio=script)
    card = ana.open(MARINA)

    assert card.text.count(script) >= 4
    assert card.html.css("script") == []


def test_markup_of_the_console_is_text(ana: Visitor) -> None:
    screen = ana.open({**OTAVIO, "name": "<img src=x onerror=alert(1)>"})

    assert "<img src=x onerror=alert(1)>" in screen.text
    assert screen.html.css("img") == []


@pytest.mark.parametrize(
    "resource",
    [
        "crm_negociacoes",
        "crm_agenda",
        "funcionarios",
        "filial",
        "crm_funil",
        "crm_negociacoes_estagios",
        "usuarios",
    ],
)
@pytest.mark.parametrize("switch", ["not_released", "not_permitted"])
def test_a_base_that_releases_less_still_shows_the_contact(
    ana: Visitor, crm: Emulator, resource: str, switch: str
) -> None:
    crm.control(**{switch: [resource]})
    card = ana.open(MARINA)

    assert "Marina Teles Andrade" in card.html.css_first("h1").text()  # type: ignore[union-attr]
    assert card.html.css_first("#card") is not None


def test_negotiations_that_the_token_may_not_read_are_not_said_to_be_none(
    ana: Visitor, crm: Emulator
) -> None:
    crm.control(not_released=["crm_negociacoes"])
    card = ana.open(MARINA)

    assert "Nenhuma negociação ainda." not in card.text
    assert "Este CRM não liberou esse recurso para o painel." in card.text


def test_several_are_listed_with_the_reason_of_each(ana: Visitor) -> None:
    screen = ana.open(MOURA)
    rows = [" ".join(node.text().split()) for node in screen.html.css(".result")]

    assert len(rows) == 2
    assert all("mesmo telefone" in row and "Xaxim" in row for row in rows)


def test_several_are_listed_while_the_crm_is_down_too(
    clocked: Visitor, crm: Emulator, hour: Hour
) -> None:
    clocked.open(MOURA)
    hour.passes()
    crm.stop()
    screen = clocked.open(MOURA)
    crm.start()

    assert len(screen.html.css(".result")) == 2
    assert "CRM fora do ar" in screen.text


def test_a_list_of_many_asks_the_crm_once_for_all_of_them(ana: Visitor, crm: Emulator) -> None:
    for number in range(9001, 9011):
        behind(
            crm,
            "contato",
            str(number),
            nome=f"Moura {number}",
            fone_celular="(49) 98455-1020",
            lead="S",
            cidade="3",
        )
    ana.open(MOURA)

    assert len(asked(crm, "cidade")) <= 2
    assert len(asked(crm, "crm_negociacoes")) <= 2


def test_drafts_that_wait_are_offered_on_the_first_screen(ana: Visitor) -> None:
    ana.open(MARINA)
    for address, name in [
        ("/tab/contact/edit", "contact-edit"),
        ("/tab/negotiation/new", "negotiation-new"),
        ("/tab/interact/1", "interact-1"),
        ("/tab/notes", "note-contact"),
    ]:
        form = ana.get(address).form(".form, .composer")
        ana.post(
            f"/tab/draft/{name}",
            {
                **form,
                "text": "x",
                "title": "x",
                "name": "x",
                "loss_remark": "x",
            },
        )
    card = ana.open(MARINA)

    for shown in ["Atualizar contato", "Adicionar negociação", "Interagir", "Nova anotação"]:
        assert f"Rascunho guardado: {shown}" in card.text


def test_drafts_of_others_are_not_offered(app: Flask, ana: Visitor) -> None:
    ana.open(MARINA)
    ana.post("/tab/draft/note-contact", {**ana.get("/tab/notes").form(".composer"), "text": "x"})

    assert "Rascunho" not in Visitor(app.test_client(), RUI).open(MARINA).text


def test_the_next_follow_up_is_on_the_card(ana: Visitor, crm: Emulator) -> None:
    behind(
        crm,
        "crm_agenda",
        "9001",
        id_cliente="6",
        status="A",
        hora_inicio="2020-01-02 10:00:00",
        assunto="Ligar",
    )

    assert "Ligar" in ana.open(LUCIA).text
    assert "atrasado" in ana.open(LUCIA).text


# What was just drawn


def save_another_name(ana: Visitor, _: Hour) -> None:
    assert ana.fill("/tab/contact/edit", name="Lúcia Prado Neta").state == "done"


def keep_a_draft(ana: Visitor, _: Hour) -> None:
    ana.post("/tab/draft/note-contact", {"text": "Ligar"})


def say_it_is_somebody_else(ana: Visitor, _: Hour) -> None:
    rui = Visitor(ana.client, RUI)
    rui.open(LUCIA, 900)
    rui.link("lead-1")


def speak_english(ana: Visitor, _: Hour) -> None:
    ana.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"


def wait_till_it_is_old(_: Visitor, hour: Hour) -> None:
    hour.now += 120


def wait_till_it_is_a_minute_old(_: Visitor, hour: Hour) -> None:
    hour.now += 61


@pytest.mark.parametrize(
    "change",
    [
        save_another_name,
        keep_a_draft,
        say_it_is_somebody_else,
        speak_english,
        wait_till_it_is_old,
        wait_till_it_is_a_minute_old,
    ],
)
def test_whatever_changes_shows_when_the_conversation_is_opened_again(
    clocked: Visitor, hour: Hour, change: Callable[[Visitor, Hour], None]
) -> None:
    drawn = [clocked.open(LUCIA).response.text for _ in range(3)][-1]

    change(clocked, hour)

    assert clocked.open(LUCIA).response.text != drawn


def test_what_has_not_changed_is_not_drawn_again(
    clocked: Visitor, hour: Hour, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        clocked.open(LUCIA)
        clocked.get("/tab/contact/card")
    drawn = clocked.open(LUCIA).text, clocked.get("/tab/contact/card").text
    hour.now += 5
    monkeypatch.setattr(card, "recognise", lambda *_: pytest.fail("it is looked for"))

    assert (clocked.open(LUCIA).text, clocked.get("/tab/contact/card").text) == drawn


def test_what_is_fresh_to_the_last_second_is_old_in_the_next(clocked: Visitor, hour: Hour) -> None:
    clocked.open(LUCIA)
    hour.now += 119
    fresh = [clocked.open(LUCIA).response.text for _ in range(3)][-1]
    hour.now += 1.1
    old = clocked.open(LUCIA).response.text

    assert ["load" in text for text in (fresh, old)] == [False, True]


def test_a_card_from_the_index_waits_for_no_appointment_and_shows_it_once_it_is_read_anew(
    crm: Emulator, ana: Visitor, app: Flask
) -> None:
    mirrored(app)
    behind(
        crm,
        "crm_agenda",
        "900",
        id_cliente="6",
        status="A",
        hora_inicio="2030-01-02 10:00:00",
        assunto="Ligar",
    )

    first = ana.open(LUCIA)
    waited_for = asked(crm, "crm_agenda")
    anew = ana.get("/tab/contact/card")

    assert "Lúcia Amaral Teixeira" in first.text
    assert first.html.css('#card[hx-trigger^="load"]')
    assert waited_for == []
    assert ("Próximo contato" in first.text, "Próximo contato" in anew.text) == (False, True)
    assert len(asked(crm, "crm_agenda")) == 1


@pytest.mark.parametrize(
    "switches",
    [
        {"decimal_comma": True, "date_format": "br"},
        *({"zero_date": zero} for zero in ("", "-0001-11-30", "1899-11-30", "0001-01-01")),
    ],
    ids=str,
)
def test_dates_and_money_look_the_same_however_the_crm_writes_them(
    crm: Emulator, tmp_path: Path, switches: dict[str, object]
) -> None:
    screens = []
    for number, chosen in enumerate([{}, switches]):
        crm.control(**chosen)
        ana = Visitor(product(crm, tmp_path / str(number)).test_client())
        ana.open(MARINA)
        screens.append(
            [
                ana.get(address).text
                for address in ("/tab/contact/deals", "/tab/history", "/tab/notes")
            ]
        )

    assert screens[0] == screens[1]
    assert "109,90" in screens[0][0]
    assert "06/10/2026" in screens[0][1]
