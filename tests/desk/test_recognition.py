"""Tests of who a person is: by link, by clues, and never by chance.

The CRM is never asked twice for the same thing.
"""

# What a test looks for is on the page, else the test fails.
# mypy: disable-error-code="union-attr"

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.product import (
    BEATRIZ,
    EMMA,
    HENRIQUE,
    JONAS,
    LUCIA,
    MARINA,
    MOURA,
    NOBODY,
    OTAVIO,
    PADARIA,
    RAFAEL,
    SERRA_AZUL,
    Hour,
    Screen,
    Visitor,
    asked,
    behind,
    mirrored,
    services_of,
)
from widget.emulator.crm.server import Emulator


@pytest.mark.parametrize(
    ("contact", "name", "kind", "reason"),
    [
        (MARINA, "Marina Teles Andrade", "Lead", "mesmo telefone, no CRM com o nono dígito"),
        (RAFAEL, "Rafael Nunes Prado", "Cliente", "mesmo telefone"),
        (BEATRIZ, "Beatriz Lemos Farias", "Lead", "mesmo e-mail"),
        (PADARIA, "Padaria Trigo Bom", "Cliente", "mesmo telefone"),
        (SERRA_AZUL, "Serra Azul Logística LTDA", "Cliente", "mesmo CNPJ"),
        (HENRIQUE, "Henrique Paz Duarte", "Cliente", "mesmo telefone"),
        (LUCIA, "Lúcia Amaral Teixeira", "Prospecção", "mesmo telefone"),
    ],
)
def test_a_person_whom_the_crm_knows_is_recognised(
    ana: Visitor, contact: dict[str, Any], name: str, kind: str, reason: str
) -> None:
    card = ana.open(contact)
    head = card.html.css_first("#card")

    assert head is not None
    assert " ".join(head.css_first("h1").text().split()) == f"{name} {kind}"
    assert f"reconhecido: {reason}" in " ".join(head.text().split())


@pytest.mark.parametrize("contact", [OTAVIO, JONAS, EMMA])
def test_a_person_whom_nobody_knows_is_said_to_be_unknown(
    ana: Visitor, contact: dict[str, Any]
) -> None:
    screen = ana.open(contact)

    assert "não encontrado" in screen.text
    assert "Ninguém no CRM tem" in screen.text
    assert "Adicionar contato" in screen.text


def test_without_any_clue_the_crm_is_not_asked(ana: Visitor, crm: Emulator) -> None:
    screen = ana.open(NOBODY)

    assert "O console não disse telefone, e-mail nem documento desta pessoa." in screen.text
    assert {call["resource"] for call in crm.calls} <= {"usuarios"}  # who the attendant is


def test_of_two_contacts_none_is_chosen(app: Flask, ana: Visitor) -> None:
    screen = ana.open(MOURA)

    assert "Nenhum foi escolhido." in screen.text
    assert services_of(app).shared.conversations.find("chatwoot:1:105", "1") is not None
    assert ana.get("/tab/contact/edit").status == 404


def test_a_link_goes_before_every_clue(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    ana.link("client-5")
    card = ana.open(MARINA)

    assert "Henrique Paz Duarte" in card.text
    assert "vinculado por Ana Souza" in card.text


def test_a_contact_that_somebody_denied_is_not_chosen_again(ana: Visitor) -> None:
    ana.open(MARINA)
    ana.post("/tab/link/remove", ana.get("/tab/link/remove").form())
    screen = ana.open(MARINA)

    assert "Um atendente disse que não é esta pessoa." in screen.text
    assert screen.html.css_first("#card") is None


def test_a_lead_that_belongs_to_a_customer_is_no_second_person(ana: Visitor, crm: Emulator) -> None:
    behind(
        crm,
        "contato",
        "9001",
        nome="Henrique P.",
        fone_celular="(49) 99177-6031",
        id_cliente="5",
        lead="S",
    )

    assert "Henrique Paz Duarte" in ana.open(HENRIQUE).html.css_first("#card h1").text()


def test_who_appears_in_the_crm_is_recognised_as_soon_as_the_answer_is_old(
    crm: Emulator, tmp_path: object, hour: Hour
) -> None:
    ana = Visitor(hour.app(crm, tmp_path).test_client())
    before = ana.open(OTAVIO)
    behind(crm, "contato", "9001", nome="Otávio Brandt", fone_celular="(47) 99123-0045", lead="S")
    hour.passes()
    after = ana.open(OTAVIO)

    assert "não encontrado" in before.text
    assert "Otávio Brandt" in after.html.css_first("#card h1").text()


def test_that_somebody_is_unknown_is_not_claimed_from_memory_as_if_it_were_new(
    crm: Emulator, tmp_path: object, hour: Hour
) -> None:
    ana = Visitor(hour.app(crm, tmp_path).test_client())
    ana.open(OTAVIO)
    hour.passes()
    crm.stop()
    screen = ana.open(OTAVIO)
    crm.start()

    assert "CRM fora do ar" in screen.text


@pytest.mark.parametrize(
    "stored",
    ["(49) 98812-4417", "4988124417", "554988124417", "+55 49 98812 4417", "049 988124417"],
)
def test_a_phone_is_recognised_however_it_is_stored(
    ana: Visitor, crm: Emulator, stored: str
) -> None:
    behind(crm, "contato", "1", fone_whatsapp=stored)

    assert "Marina Teles Andrade" in ana.open(MARINA).html.css_first("h1").text()


SEVERAL = [
    (MARINA, "fone_whatsapp", "4933221100/988124417"),
    (MARINA, "fone_celular", "49988124417;4933221101"),
    (MARINA, "fone_residencial", "(49)98812-4418 (49)98812-4417"),
    (MARINA, "fone_comercial", "(49) 98812-4400 / 4417"),
    (MARINA, "fone_comercial", "49 3322-1100 ou 8812-4417 (mãe)"),
    (BEATRIZ, "email", "Beatriz <beatriz.lemos@example.com>"),
    (BEATRIZ, "email", "mailto:beatriz.lemos@example.com"),
    (BEATRIZ, "email", "bia@example.com/beatriz.lemos@example.com."),
    (BEATRIZ, "email", "\u200bbeatriz.lemos@example.com\ufeff"),
]


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize(("contact", "column", "cell"), SEVERAL)
def test_who_has_one_of_several_values_of_a_cell_is_recognised(
    app: Flask,
    ana: Visitor,
    crm: Emulator,
    contact: dict[str, Any],
    column: str,
    cell: str,
    *,
    index: bool,
) -> None:
    empty = dict.fromkeys(
        ("fone_whatsapp", "fone_celular", "fone_residencial", "fone_comercial", "email"), ""
    )
    for number in ("1", "2"):
        behind(crm, "contato", number, **empty)
    behind(crm, "contato", "1" if contact is MARINA else "2", **{column: cell})
    if index:
        mirrored(app)
    before = len(people_asked(crm))
    card = ana.open(contact)

    assert contact["name"] in card.html.css_first("#card h1").text()
    assert "mesmo e-mail" in card.text or "mesmo telefone" in card.text
    assert not index or len(people_asked(crm)) == before
    assert (crm.rows("contato", id="1") + crm.rows("contato", id="2"))[contact is BEATRIZ][
        column
    ] == cell


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("stored", ["046.118.829-50", "04611882950", "4611882950"])
@pytest.mark.parametrize("told", [4611882950, "4611882950", "04611882950"])
def test_a_document_that_lost_its_zero_on_the_way_is_recognised(
    app: Flask, ana: Visitor, crm: Emulator, told: int | str, stored: str, *, index: bool
) -> None:
    behind(crm, "contato", "1", cnpj_cpf=stored)
    if index:
        mirrored(app)
    card = ana.open({"id": 7, "name": "Marina", "custom_attributes": {"cpf": told}})

    assert "Marina Teles Andrade" in card.html.css_first("#card h1").text()
    assert "mesmo CPF" in card.text


@pytest.mark.parametrize("index", [True, False])
def test_a_number_without_area_code_in_the_crm_is_a_question(
    app: Flask, ana: Visitor, crm: Emulator, *, index: bool
) -> None:
    behind(crm, "contato", "1", fone_whatsapp="3322-1102 / 98812-4417")
    if index:
        mirrored(app)
    screen = ana.open(MARINA)

    assert screen.html.css_first("#card") is None
    assert "Marina Teles Andrade" in screen.text
    assert "mesmo telefone, no CRM sem DDD: confira" in screen.text


def test_argentinas_mobiles_are_the_same_with_and_without_nine(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    behind(crm, "contato", "1", fone_whatsapp="+54 11 2345-6789")
    behind(crm, "contato", "2", fone_whatsapp="+54 9 341 456-7890")
    told = [{"id": 7, "phone_number": "+5491123456789"}, {"id": 8, "phone_number": "+543414567890"}]
    asked_for = [ana.open(contact).html.css_first("#card h1").text() for contact in told]
    mirrored(app)
    indexed = [ana.open(contact).html.css_first("#card h1").text() for contact in told]

    assert ["Marina" in asked_for[0], "Beatriz" in asked_for[1]] == [True, True]
    assert asked_for == indexed


def test_the_same_digits_in_another_area_are_another_person(ana: Visitor) -> None:
    assert "não encontrado" in ana.open({**MARINA, "phone_number": "+554888124417"}).text


@pytest.mark.parametrize(
    "contact",
    [
        {
            "id": 1,
            "phone_number": "n/a",
            "email": "sem e-mail",
            "identifier": "abc",
        },
        {
            "id": 1,
            "name": "x" * 5000,
            "phone_number": "0" * 500,
            "email": "@" * 300,
        },
        {
            "id": 1,
            "name": ["a"],
            "phone_number": 4988124417,
            "email": {"a": 1},
            "custom_attributes": "cpf",
        },
        {
            "id": "ü",
            "name": "\u202e\x00🚀",
            "custom_attributes": {"cpf": None, "cnpj": 12, "documento": []},
        },
        {"id": True, "identifier": "' OR 1=1", "custom_attributes": {"cpf": "390.533.447-06"}},
    ],
)
def test_whatever_a_console_tells_nothing_breaks(ana: Visitor, contact: dict[str, Any]) -> None:
    assert ana.open(contact, conversation=7).status == 200


def test_opening_at_the_same_moment_asks_the_crm_once_for_the_same_thing(
    app: Flask, crm: Emulator
) -> None:
    crm.control(delay_seconds=0.2)
    with ThreadPoolExecutor(8) as pool:
        screens = list(
            pool.map(lambda n: Visitor(app.test_client()).open(HENRIQUE, 800 + n), range(8))
        )

    questions = Counter(
        json.dumps([call["resource"], call["query"]], sort_keys=True) for call in asked(crm)
    )
    assert [screen.status for screen in screens] == [200] * 8
    assert {question: times for question, times in questions.items() if times > 1} == {}


def test_opening_again_asks_the_crm_nothing_while_the_answer_is_fresh(
    ana: Visitor, crm: Emulator
) -> None:
    ana.open(HENRIQUE)
    before = len(crm.calls)
    ana.open(HENRIQUE)

    assert len(crm.calls) == before


# -- linked by hand, and the clues name somebody else
# ---------------------------------------------------------------


def elsewhere(screen: Screen) -> list[str]:
    """What the card says of others who have the conversation's phone or document."""
    said = [" ".join(node.text().split()) for node in screen.html.css("#card .notice.warn span")]
    return [text.removesuffix(" Conferir") for text in said]


@pytest.mark.parametrize("index", [True, False])
def test_a_linked_contact_stays_and_the_card_says_whom_the_number_names(
    app: Flask, ana: Visitor, crm: Emulator, *, index: bool
) -> None:
    behind(crm, "contato", "1", fone_celular="4933221100/47991230045")
    ana.open(OTAVIO)
    ana.link("client-5")
    if index:
        mirrored(app)
    card = ana.open(OTAVIO)
    head = card.html.css_first("#card")

    assert head is not None
    assert "Henrique Paz Duarte" in head.css_first("h1").text()
    assert "vinculado por Ana Souza" in card.text
    assert elsewhere(card) == [
        "O telefone desta conversa está no CRM em Marina Teles Andrade. O vínculo não mudou."
    ]
    assert head.css_first(".notice button").attributes["hx-get"] == "/tab/link/lead-1"
    assert elsewhere(ana.get("/tab/contact/card")) == elsewhere(card)


def test_a_document_that_names_somebody_else_is_said_too(ana: Visitor) -> None:
    ana.open({**OTAVIO, "custom_attributes": {"cnpj": "12abc34501de35"}})
    ana.link("client-5")

    assert elsewhere(ana.open({**OTAVIO, "custom_attributes": {"cnpj": "12abc34501de35"}})) == [
        "O CPF/CNPJ desta conversa está no CRM em Serra Azul Logística LTDA. O vínculo não mudou."
    ]


def _the_same_number(crm: Emulator) -> None:
    behind(crm, "contato", "1", fone_celular="47991230045")
    behind(crm, "cliente", "5", whatsapp="47991230045")


QUIET: dict[str, Callable[[Emulator], None]] = {
    "nobody else has it": lambda crm: None,
    "both have it": _the_same_number,
    "it is only a question": lambda crm: behind(crm, "contato", "1", fone_celular="99123-0045"),
    "the lead is the customer's": lambda crm: behind(
        crm, "contato", "1", fone_celular="47991230045", id_cliente="5"
    ),
}


@pytest.mark.parametrize("change", QUIET.values(), ids=QUIET)
def test_where_nothing_surely_speaks_against_a_link_the_card_says_nothing(
    ana: Visitor, crm: Emulator, change: Callable[[Emulator], None]
) -> None:
    change(crm)
    ana.open(OTAVIO)
    ana.link("client-5")

    assert elsewhere(ana.open(OTAVIO)) == []


def test_whom_somebody_denied_is_not_named_again(ana: Visitor, crm: Emulator) -> None:
    behind(crm, "contato", "1", fone_celular="47991230045")
    ana.open(OTAVIO)
    ana.post("/tab/link/remove", ana.get("/tab/link/remove").form())
    ana.link("client-5")

    assert elsewhere(ana.open(OTAVIO)) == []


# -- by the people index
# -------------------------------------------------------------------------------------------


def people_asked(crm: Emulator) -> list[dict[str, Any]]:
    """The reads of people that have reached the CRM."""
    return [call for call in crm.calls if call["resource"] in {"contato", "cliente"}]


def test_whom_the_index_knows_is_shown_before_the_crm_is_asked(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    mirrored(app)
    before = len(people_asked(crm))
    card = ana.open(MARINA)

    assert "Marina Teles Andrade" in card.html.css_first("#card h1").text()
    assert "mesmo telefone" in card.text
    assert len(people_asked(crm)) == before


def test_a_card_of_the_index_is_read_anew_by_one_call(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    mirrored(app)
    card = ana.open(MARINA)
    before = len(people_asked(crm))
    behind(crm, "contato", "1", nome="Marina Teles de Andrade")
    again = ana.get("/tab/contact/card")

    assert "load" in (card.html.css_first("#card").attributes["hx-trigger"] or "")
    assert len(people_asked(crm)) == before + 1
    assert again.html.css_first("h1").attributes["data-fact"] == "Marina Teles de Andrade Lead"
    assert "load" not in (again.html.css_first("#card").attributes["hx-trigger"] or "")


def test_who_is_new_in_the_crm_is_found_there(app: Flask, ana: Visitor, crm: Emulator) -> None:
    mirrored(app)
    behind(crm, "contato", "9001", nome="Otávio Brandt", fone_celular="(47) 99123-0045", lead="S")

    assert "Otávio Brandt" in ana.open(OTAVIO).html.css_first("#card h1").text()


def test_who_left_the_crm_leaves_the_screen_when_it_is_read_anew(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    mirrored(app)
    ana.open(HENRIQUE)
    behind(
        crm,
        "cliente",
        "5",
        id="9999",
        whatsapp="",
        telefone_celular="",
        fone="",
        telefone_comercial="",
    )

    assert "não encontrado" in ana.get("/tab/contact/card").text


def test_whose_phone_changed_in_the_crm_is_no_longer_meant(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    mirrored(app)
    ana.open(HENRIQUE)
    behind(
        crm,
        "cliente",
        "5",
        whatsapp="(49) 99999-0000",
        telefone_celular="",
        fone="",
        telefone_comercial="",
    )

    assert "não encontrado" in ana.get("/tab/contact/card").text


def test_a_linked_contact_is_shown_from_the_index_too(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    ana.open(OTAVIO)
    ana.link("client-5")
    mirrored(app)
    crm.stop()
    card = ana.open(OTAVIO)
    crm.start()

    assert "Henrique Paz Duarte" in card.html.css_first("#card h1").text()
    assert "vinculado por Ana Souza" in card.text


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("trouble", ["off", "down", "none"])
def test_with_index_or_crm_or_both_off_the_panel_says_what_it_knows_and_how_old_it_is(
    crm: Emulator, tmp_path: Path, hour: Hour, trouble: str, *, index: bool
) -> None:
    first = hour.app(crm, tmp_path / "data", index=index)
    if index:
        mirrored(first)
    else:  # what was read before is all there is
        Visitor(first.test_client()).open(HENRIQUE)
    hour.passes()
    ana = Visitor(
        hour.app(crm, tmp_path / "data", index=index, active=trouble != "off").test_client()
    )
    if trouble == "down":
        crm.stop()
    card, again, unknown = ana.open(HENRIQUE), ana.get("/tab/contact", fresh="now"), ana.open(JONAS)
    if trouble == "down":
        crm.start()

    assert "Henrique Paz Duarte" in card.html.css_first("#card h1").text()
    assert "Henrique Paz Duarte" in again.text
    if trouble == "none":
        assert "lido agora" in again.text
        assert "não encontrado" in unknown.text
    else:
        assert "CRM" in again.html.css_first(".state").text()
        assert "dados de" in again.html.css_first(".state").text()
        assert ("não encontrado" in unknown.text) is index


def test_whom_the_index_does_not_know_while_the_crm_is_down_is_said_with_its_age(
    crm: Emulator, tmp_path: Path, hour: Hour
) -> None:
    app = hour.app(crm, tmp_path / "data")
    mirrored(app)
    hour.passes()
    crm.stop()
    screen = Visitor(app.test_client()).open(OTAVIO)
    crm.start()

    assert "não encontrado" in screen.text
    assert "A cópia local não conhece" in screen.text
    assert "dados de" in screen.html.css_first(".state").text()


def test_negotiations_that_could_not_be_read_are_not_said_to_be_none(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    mirrored(app)
    crm.stop()
    card = ana.open(HENRIQUE)
    crm.start()

    assert "As negociações não puderam ser lidas agora." in card.text
    assert "Nenhuma negociação ainda." not in card.text
