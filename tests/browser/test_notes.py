"""Anotações and Histórico: written once, never changed, corrected by pointing; and long ones."""

import pytest
from playwright.sync_api import expect

from tests.browser.panel import Desk

pytestmark = pytest.mark.browser

NOTES = "crm_prospeccao_anotacoes"


def notes(desk: Desk, who: str = "Rafael Prado", name: str = "Rafael Nunes Prado") -> None:
    desk.open(who, name)
    desk.tab("Anotações")
    expect(desk.field("Nova anotação")).to_be_visible()


def test_a_note_is_on_top_with_its_true_author_and_in_the_crm_once(desk: Desk) -> None:
    notes(desk)

    desk.fill(Nova_anotação="Quer trocar para 600 mega.\nLigar depois das 18 h.")
    desk.save()

    desk.hears("Anotação salva no CRM, nº")
    first = desk.panel.get_by_role("article").first
    expect(first).to_contain_text("Ana Souza")
    expect(first.locator(".prose")).to_have_text(
        "Quer trocar para 600 mega.\nLigar depois das 18 h."
    )
    expect(desk.field("Nova anotação")).to_have_value("")
    made = desk.crm.only(NOTES, id_cliente="1")
    assert made["anotacao"].partition("]\n")[2].startswith("Quer trocar para 600 mega.")
    assert "Ana Souza" in made["anotacao"]
    assert made["id_responsavel"] == "1"


def test_a_correction_points_at_its_note_and_leaves_it_as_it_was(desk: Desk) -> None:
    before = desk.crm.rows(NOTES, id_cliente="6")
    notes(desk, "Lúcia", "Lúcia Amaral Teixeira")

    desk.panel.get_by_role("article").first.get_by_role("button", name="Corrigir").click()
    desk.sees("Corrige a anotação de")
    desk.fill(Nova_anotação="A proposta nova é de 1 Giga.")
    desk.save()

    desk.hears("Anotação salva no CRM")
    expect(desk.panel.get_by_role("article").first).to_contain_text("corrige a anotação de")
    after = desk.crm.rows(NOTES, id_cliente="6")
    assert after[:-1] == before
    assert after[-1]["anotacao"].partition("]\n")[2].startswith("A proposta nova é de 1 Giga.")


def test_twenty_notes_are_there_newest_first_and_none_can_be_changed(desk: Desk) -> None:
    notes(desk, "Lúcia", "Lúcia Amaral Teixeira")

    expect(desk.panel.get_by_role("article")).to_have_count(20)
    times = [time.get_attribute("datetime") for time in desk.panel.locator(".note time").all()]
    assert times == sorted(times, key=str, reverse=True)
    names = {button.inner_text() for button in desk.panel.locator(".notes button").all()}
    assert names == {"Corrigir"}


def test_a_note_about_a_negotiation_stays_with_it(desk: Desk) -> None:
    desk.open("Henrique", "Henrique Paz Duarte")
    desk.panel.get_by_role("article", name="TV junto com a fibra").get_by_role(
        "button", name="Interagir"
    ).click()
    desk.on("TV junto com a fibra")
    desk.tab("Anotações")

    desk.fill(Nova_anotação="Quer os canais de esporte.")
    desk.save()

    desk.hears("Anotação salva no CRM")
    made = desk.crm.only(NOTES, id_cliente="5")
    assert made["id_negociacao"] == "4"


def test_ten_thousand_characters_are_kept_whole_and_the_limit_is_shown_while_typing(
    desk: Desk,
) -> None:
    notes(desk)
    text = ("Ação 🚀 " * 1_429)[:9_999] + "."

    desk.fill(Nova_anotação=text)
    expect(desk.panel.locator("[data-counter]")).to_have_text("10.000 / 10.000")
    desk.save()

    desk.hears("Anotação salva no CRM")
    made = desk.crm.only(NOTES, id_cliente="1")
    assert made["anotacao"].partition("]\n")[2].startswith(text)


def test_a_note_that_is_too_long_is_refused_and_not_cut(desk: Desk) -> None:
    desk.tolerates(422)
    notes(desk)

    desk.fill(Nova_anotação="a" * 10_001)
    desk.save()

    desk.wrong("Nova anotação", "Texto longo demais.")
    expect(desk.field("Nova anotação")).to_have_value("a" * 10_001)
    assert desk.crm.rows(NOTES, id_cliente="1") == []


def test_a_note_of_blanks_is_refused(desk: Desk) -> None:
    desk.tolerates(422)
    notes(desk)

    desk.fill(Nova_anotação="  \n ")
    desk.save()

    desk.wrong("Nova anotação", "Preencha este campo.")
    assert desk.crm.rows(NOTES, id_cliente="1") == []


def test_the_history_tells_notes_stages_and_our_own_actions_newest_first(desk: Desk) -> None:
    notes(desk, "Marina", "Marina Teles Andrade")
    desk.fill(Nova_anotação="Vai fechar na sexta.")
    desk.save()
    desk.hears("Anotação salva")

    desk.tab("Histórico")

    events = desk.panel.locator(".event")
    expect(events.first).to_contain_text("Vai fechar na sexta.")
    expect(events.first).to_contain_text("Ana Souza")
    desk.sees(
        "Estágio alterado de Novo contato para Sondagem",
        "Negociação aberta: Fibra 500 Mega - casa nova",
    )
    assert len(desk.crm.rows(NOTES, id_negociacao="1")) == 1
