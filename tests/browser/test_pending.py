"""What was saved while the CRM could not take it: shown live, arrives once and in order.

What comes back is mended.
"""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import CRM_WAIT
from tests.browser.panel import PATIENT, Desk, until

pytestmark = pytest.mark.browser

NOTES = "crm_prospeccao_anotacoes"
DEALS = "crm_negociacoes"
KEPT = "Guardado aqui; segue sozinho para o CRM."
MARINA = ("Marina", "Marina Teles Andrade")
RAFAEL = ("Rafael Prado", "Rafael Nunes Prado")


@pytest.fixture
def away(desk: Desk) -> Iterator[Desk]:
    """An attendant beside a CRM that has just stopped."""
    desk.open(*RAFAEL)
    desk.at_rest()
    desk.crm.control(ip_blocked=True)
    yield desk
    desk.crm.control(ip_blocked=False)


def note(desk: Desk, text: str) -> None:
    desk.tab("Anotações")
    desk.fill(Nova_anotação=text)
    desk.save()
    expect(newest(desk)).to_contain_text(text)


def newest(desk: Desk) -> Locator:
    return desk.panel.locator(".note").first


def line(desk: Desk, text: str) -> Locator:
    """The line of what is on its way that speaks of this."""
    return desk.lines.get_by_role("listitem").filter(has_text=text)


def place(field: Locator) -> float:
    """How far down it stands in the window."""
    box = field.bounding_box()
    assert box
    return box["y"]


def test_all_that_was_saved_while_the_crm_was_stopped_is_in_it_once_and_in_order(
    desk: Desk,
) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.sees("não encontrado")
    with desk.demo.crm_stopped():
        desk.press("Adicionar contato")
        desk.choose("Filial", "Serra Net Chapecó")
        desk.save()
        desk.hears(KEPT)
        expect(line(desk, "Novo contato “Otávio Brandt”")).to_contain_text("guardada")
        desk.press("Adicionar negociação")
        desk.fill(Descrição="Fibra na casa nova")
        desk.save()
        deal = desk.panel.get_by_role("article", name="Fibra na casa nova")
        expect(deal).to_contain_text("guardada")
        expect(line(desk, "Nova negociação “Fibra na casa nova”")).to_contain_text(
            "espera por: Novo contato"
        )
        note(desk, "Ligou às nove")
        expect(newest(desk)).to_contain_text("guardada")
        expect(line(desk, "Anotação “Ligou às nove”")).to_contain_text(
            "espera por: Nova negociação"
        )
        desk.tab("Negociações")
        deal.get_by_role("button", name="Anotar").click()
        desk.fill(Nova_anotação="Quer wi-fi em dois andares")
        desk.save()
        expect(newest(desk)).to_contain_text("guardada")
        expect(line(desk, "Anotação “Quer wi-fi")).to_contain_text("espera por:")
        assert desk.crm.rows("contato", nome="Otávio Brandt") == []
        later = desk.another_window()
        desk.page.close()

    later.open("Otávio Brandt", "Otávio Brandt")
    until(lambda: _open(later) == 0, later.page, seconds=PATIENT / 1000)
    expect(later.lines.get_by_role("listitem")).to_have_count(0)
    made = later.crm.only("contato", nome="Otávio Brandt")
    negotiation = later.crm.only(DEALS, descricao="Fibra na casa nova")
    assert negotiation["id_contato"] == made["id"]
    first, second = (row for row in later.crm.rows(NOTES) if " - Ana Souza]" in row["anotacao"])
    assert first["anotacao"].partition("]\n")[2].startswith("Ligou às nove")
    assert second["anotacao"].partition("]\n")[2].startswith("Quer wi-fi em dois andares")
    assert first["id_negociacao"] == second["id_negociacao"] == negotiation["id"]
    arrived = [
        (row["tabela"], row["record"]) for row in later.crm.rows("emulator_arrived", what="insert")
    ]
    assert arrived == [
        ("contato", made["id"]),
        (DEALS, negotiation["id"]),
        (NOTES, first["id"]),
        (NOTES, second["id"]),
    ]
    expect(
        later.panel.get_by_role("article", name="Fibra na casa nova").get_by_role("button")
    ).to_have_text("Interagir")
    later.tab("Anotações")
    expect(later.panel.locator(".note .number")).to_have_text(
        [f"nº {second['id']}", f"nº {first['id']}"]
    )
    later.sees_not("guardada")


def _open(desk: Desk) -> int:
    return len(desk.demo.stored("SELECT 1 FROM journal WHERE state NOT IN ('done', 'refused')"))


def test_what_the_crm_refuses_later_comes_back_with_its_text_and_is_saved_once(away: Desk) -> None:
    note(away, "Vai pensar até sexta-feira e liga de volta")
    away.crm.control(ip_blocked=False, long_notes="refuse", note_limit=60)

    away.settled("Anotação “Vai pensar até sexta-feira e liga de volta” · recusada")
    expect(away.panel.locator(".note")).to_have_count(0)
    away.press("Corrigir e salvar")
    expect(away.field("Nova anotação")).to_have_value("Vai pensar até sexta-feira e liga de volta")
    away.fill(Nova_anotação="Liga na sexta")
    away.save()

    away.hears("Anotação salva no CRM")
    expect(away.lines).to_be_empty()
    [row] = [
        r for r in away.crm.rows(NOTES) if "ref" in r["anotacao"] and "Ana Souza" in r["anotacao"]
    ]
    assert row["anotacao"].partition("]\n")[2].startswith("Liga na sexta")


def test_a_conflict_found_later_is_asked_about_field_by_field(away: Desk) -> None:
    away.tolerates(409)
    away.crm.control(ip_blocked=False)
    away.press("Atualizar contato")
    away.on("Atualizar contato")
    away.fill(Nome="Rafael N. Prado")
    away.choose("Filial", "Serra Net Xaxim")
    away.crm.control(ip_blocked=True)
    away.save()
    away.hears(KEPT)
    away.crm.change("cliente", "1", razao="Rafael Nunes do Prado")
    away.crm.control(ip_blocked=False)

    away.settled("Atualização do contato · recusada")
    away.press("Corrigir e salvar")
    expect(away.field("Filial")).to_have_value("4")
    expect(away.panel.get_by_text("Qual vale?")).to_have_count(1)
    away.sees("Rafael Nunes do Prado")
    away.panel.get_by_label("Meu").check()
    away.save()

    away.on("Rafael N. Prado")
    row = away.crm.only("cliente", id="1")
    assert (row["razao"], row["filial_id"]) == ("Rafael N. Prado", "4")


def test_a_crm_slower_than_the_longest_wait_keeps_nobody_waiting_and_gets_it_once(
    desk: Desk,
) -> None:
    desk.open(*RAFAEL)
    desk.tab("Anotações")
    desk.fill(Nova_anotação="Sem pressa")
    desk.crm.control(delay_seconds=float(CRM_WAIT) + 4)
    started = time.monotonic()

    desk.save()
    desk.hears(KEPT)

    assert (
        time.monotonic() - started < float(CRM_WAIT) + 3.5
    )  # a busy machine takes its time, but less than the CRM
    expect(newest(desk)).to_contain_text(re.compile("enviando|sem confirmação"))
    desk.crm.control(delay_seconds=0)
    desk.settled("Anotação “Sem pressa” nº")
    row = desk.crm.only(NOTES, id_cliente="1")
    expect(newest(desk)).to_contain_text(f"nº {row['id']}")


def test_two_clicks_on_save_are_one_line_and_one_note(away: Desk) -> None:
    away.tab("Anotações")
    away.fill(Nova_anotação="Uma só")

    away.button("Salvar").dblclick()
    away.hears(KEPT)
    expect(away.lines.get_by_role("listitem")).to_have_count(1)
    away.crm.control(ip_blocked=False)

    away.settled("Anotação “Uma só” nº")
    away.crm.only(NOTES, id_cliente="1")


def test_enter_and_a_click_open_one_negotiation(away: Desk) -> None:
    away.press("Adicionar negociação")
    away.fill(Descrição="Fibra na chácara")
    away.crm.control(delay_seconds=0.5)

    away.field("Descrição").press("Enter")
    away.button("Salvar").click(force=True)
    away.hears(KEPT)
    away.crm.control(ip_blocked=False, delay_seconds=0)

    away.settled("Nova negociação “Fibra na chácara” nº")
    away.crm.only(DEALS, descricao="Fibra na chácara")


def test_what_waited_too_long_is_tried_at_once_by_a_button(away: Desk) -> None:
    note(away, "Ninguém atende")
    away.demo.run("UPDATE journal SET attempts = 9")
    expect(away.lines).to_contain_text(
        "Precisa de você: avise o suporte; o painel continua tentando."
    )
    away.crm.control(ip_blocked=False)

    away.button("Tentar agora").focus()
    away.page.keyboard.press("Enter")

    expect(away.lines).to_contain_text("Anotação “Ninguém atende” nº")
    away.crm.only(NOTES, id_cliente="1")


def test_what_was_refused_can_be_let_go_and_stays_in_the_ledger(away: Desk) -> None:
    note(away, "Não era para este cliente, deixa assim mesmo")
    away.crm.control(ip_blocked=False, long_notes="refuse", note_limit=60)
    away.settled("recusada")

    away.press("Descartar")

    expect(away.lines).to_be_empty()
    away.reload()
    away.on("Rafael Nunes Prado")
    away.tab("Anotações")
    away.sees_not("Não era para este cliente")
    assert away.crm.rows(NOTES, id_cliente="1") == []
    assert away.demo.stored("SELECT 1 FROM ledger WHERE event = 'dismissed'")


def test_a_field_that_the_crm_did_not_keep_is_said_until_somebody_has_understood(
    desk: Desk,
) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.press("Adicionar contato")
    desk.choose("Filial", "Serra Net Chapecó")
    desk.fill(**{"E-mail": "otavio@example.com"})
    desk.crm.control(drop_fields=["email"])
    desk.save()
    desk.hears("Contato salvo no CRM")
    until(
        lambda: bool(desk.demo.stored("SELECT 1 FROM journal WHERE dropped <> '[]'")),
        desk.page,
        seconds=60,
    )

    desk.reload()
    expect(desk.lines).to_contain_text("mas o CRM não guardou tudo: E-mail.")
    desk.press("Entendi")

    expect(desk.lines).to_be_empty()


def test_two_equal_records_are_shown_with_their_numbers_and_none_is_removed(desk: Desk) -> None:
    """The CRM commits after every limit, and the panel has sent it again by then."""
    desk.open(*RAFAEL)
    desk.crm.control(
        fault="504", fault_on="write", fault_times=1, commit=True, commit_delay_seconds=8
    )
    note(desk, "Duas vezes")
    desk.settled("Anotação “Duas vezes” nº")
    until(
        lambda: bool(desk.demo.stored("SELECT 1 FROM journal WHERE twins <> '[]'")),
        desk.page,
        seconds=60,
    )

    desk.reload()
    numbers = [row["id"] for row in desk.crm.rows(NOTES, id_cliente="1")]
    expect(desk.lines).to_contain_text(
        f"Há registros iguais no CRM: {', '.join(numbers)}. Nada foi apagado"
    )
    desk.press("Entendi")

    expect(desk.lines).to_be_empty()
    assert len(numbers) == 2


def test_the_state_is_there_again_after_reloading_in_another_conversation_and_for_a_colleague(
    away: Desk,
) -> None:
    note(away, "Fica à vista")

    away.reload()
    away.on("Rafael Nunes Prado")
    expect(line(away, "Fica à vista")).to_contain_text("guardada")
    away.tolerates(502)
    away.open("Marina", "Marina")
    expect(away.lines).to_be_empty()
    away.open(*RAFAEL)
    expect(line(away, "Fica à vista")).to_contain_text("guardada")
    colleague = away.another_window()
    colleague.open(*RAFAEL)
    colleague.page.locator('select[name="attendant"]').select_option("Rui Matos")
    expect(line(colleague, "Fica à vista")).to_contain_text("guardada")
    away.crm.control(ip_blocked=False)

    away.settled("Anotação “Fica à vista” nº")
    colleague.settled("Anotação “Fica à vista” nº")


def test_who_types_is_not_disturbed_while_the_lines_above_come_and_go(away: Desk) -> None:
    note(away, "Primeira")
    expect(line(away, "Primeira")).to_be_visible()
    away.at_rest()
    field = away.field("Nova anotação")
    field.focus()
    before = place(field)

    away.page.keyboard.type("Segunda, ainda ")
    away.crm.control(ip_blocked=False)
    away.settled("Anotação “Primeira” nº")
    expect(newest(away)).to_contain_text("nº")
    away.page.keyboard.type("por escrever")

    expect(field).to_be_focused()
    expect(field).to_have_value("Segunda, ainda por escrever")
    assert place(field) == pytest.approx(before, abs=1)


def test_each_state_is_said_once_however_often_it_is_looked_at(away: Desk) -> None:
    away.frame.evaluate(
        """() => {
            window.said = [];
            const region = document.getElementById("say");
            new MutationObserver(() => said.push(region.textContent)).observe(region, \
{ childList: true });
        }"""
    )
    note(away, "Dita uma vez")
    for _ in range(3):
        with away.page.expect_response("**/tab/pending?*"):
            pass
    away.crm.control(ip_blocked=False)
    away.settled("Anotação “Dita uma vez” nº")

    said = away.frame.evaluate("said")
    assert sum(KEPT in text for text in said) == 1
    assert sum("No CRM:" in text for text in said) == 1
    assert len(said) == 2


def test_a_refused_note_is_mended_by_keyboard_alone(away: Desk) -> None:
    keyboard = away.page.keyboard
    away.panel.get_by_role("tab").first.focus()
    keyboard.press("Alt+a")
    expect(away.field("Nova anotação")).to_be_focused()
    keyboard.type("Quer o plano mais barato que houver na rua dele")
    keyboard.press("Control+Enter")
    away.hears(KEPT)
    away.crm.control(ip_blocked=False, long_notes="refuse", note_limit=60)
    away.settled("recusada")

    mend = away.button("Corrigir e salvar")
    for _ in range(60):
        if mend.evaluate("e => e === document.activeElement"):
            break
        keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(away.field("Nova anotação")).to_be_focused()
    keyboard.press("Control+a")
    keyboard.type("Quer o mais barato")
    keyboard.press("Control+Enter")

    away.hears("Anotação salva no CRM")
    assert (
        away.crm.only(NOTES, id_cliente="1")["anotacao"]
        .partition("]\n")[2]
        .startswith("Quer o mais barato")
    )


def test_a_save_that_the_crm_only_claims_is_said_and_can_be_saved_again(desk: Desk) -> None:
    desk.open(*RAFAEL)
    desk.crm.control(fault="lie", fault_on="write", fault_times=1)
    note(desk, "Só de boca")

    expect(desk.lines).to_contain_text("O CRM respondeu que salvou com o nº", timeout=PATIENT)
    expect(desk.panel.get_by_text("Anotação salva no CRM")).to_be_hidden()
    desk.press("Corrigir e salvar")
    expect(desk.field("Nova anotação")).to_have_value("Só de boca")
    desk.save()

    desk.hears("Anotação salva")
    assert len(desk.crm.rows(NOTES, id_cliente="1")) == 1


def test_a_stage_that_went_back_is_said_with_what_it_was_and_is(desk: Desk) -> None:
    desk.open(*MARINA)
    desk.press("Interagir")
    desk.choose("Etapa do funil", "Proposta enviada")
    desk.save()
    desk.hears("Negociação atualizada")
    until(
        lambda: bool(desk.demo.stored("SELECT 1 FROM journal WHERE checks = 1")),
        desk.page,
        seconds=60,
    )
    desk.crm.change("crm_negociacoes", "1", id_estagio="2")

    until(
        lambda: bool(desk.demo.stored("SELECT 1 FROM journal WHERE dropped <> '[]'")),
        desk.page,
        seconds=60,
    )
    desk.reload()

    expect(desk.lines).to_contain_text("Etapa do funil (enviado: Proposta enviada; no CRM:")
    expect(desk.panel.get_by_text("Vendas varejo · Sondagem")).to_be_visible()
