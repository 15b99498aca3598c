"""Nothing typed is ever lost: CRM down, slow or hanging, sessions that end, drafts, two clicks."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import requests
import time_machine
from playwright.sync_api import Route, expect

from tests.browser.panel import PATIENT, Desk, until
from widget.web.tokens import Passes

pytestmark = pytest.mark.browser

NOTES = "crm_prospeccao_anotacoes"
TEXT = "Cliente pediu retorno amanhã."


def note(desk: Desk, who: str = "Rafael Prado", name: str = "Rafael Nunes Prado") -> None:
    desk.open(who, name)
    desk.tab("Anotações")
    desk.fill(Nova_anotação=TEXT)


def test_the_crm_goes_down_and_comes_back_and_the_note_is_saved_once(desk: Desk) -> None:
    note(desk)
    desk.crm_is("Fora do ar")

    desk.save()
    desk.hears("Guardado aqui; segue sozinho para o CRM.")
    expect(desk.field("Nova anotação")).to_have_value("")
    expect(desk.panel.get_by_role("article").first).to_contain_text(TEXT)
    assert desk.crm.rows(NOTES, id_cliente="1") == []
    desk.crm_is("No ar")

    desk.settled(f"Anotação “{TEXT}” nº")
    desk.crm.only(NOTES, id_cliente="1")


def test_with_the_crm_down_what_is_known_is_shown_with_its_age(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.crm_is("Fora do ar")
    desk.open("Marina")
    desk.open("Rafael Prado", "Rafael Nunes Prado")

    desk.press("Ler de novo no CRM")

    expect(desk.panel.locator("[data-trouble]")).to_have_text(
        re.compile(r"CRM .+ · dados de \d\d:\d\d")
    )
    desk.on("Rafael Nunes Prado")


def test_with_the_crm_down_an_unknown_person_is_not_called_unknown(desk: Desk) -> None:
    desk.tolerates(502, 503)
    desk.crm.control(fault="503")
    desk.open("Otávio Brandt", "Otávio Brandt")

    desk.sees_not("não encontrado")
    desk.crm.control(fault="none")
    desk.press("Tentar de novo")

    desk.sees("não encontrado")


def test_a_write_that_got_no_answer_is_not_written_twice(desk: Desk) -> None:
    note(desk)
    desk.crm.control(fault="reset_after_commit", fault_on="write", fault_times=1)

    desk.save()

    desk.hears("Anotação salva no CRM")
    desk.crm.only(NOTES, id_cliente="1")


def test_a_hanging_crm_ends_in_a_sentence_and_never_holds_up_the_health_route(desk: Desk) -> None:
    note(desk)
    desk.crm.control(fault="hang")
    with desk.page.expect_request("**/tab/notes"):
        desk.save()

    healthy = requests.get(f"{desk.demo.address}/healthz", timeout=1)

    assert healthy.json() == {"status": "ok"}
    desk.hears("Guardado aqui; segue sozinho para o CRM.")
    expect(desk.panel.get_by_role("article").first).to_contain_text("sem confirmação")

    desk.crm.control(fault="none")
    desk.settled(f"Anotação “{TEXT}” nº")
    desk.crm.only(NOTES, id_cliente="1")


def test_while_the_crm_hangs_the_card_says_since_when_and_comes_back_by_itself(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.at_rest()
    desk.crm.control(fault="hang")
    desk.press("Ler de novo no CRM")
    away = desk.panel.locator("#away")
    expect(away).to_have_text(
        re.compile(r"O CRM não responde desde \d\d:\d\d; tentamos de novo sozinhos\.")
    )
    desk.tab("Anotações")
    desk.fill(Nova_anotação=TEXT)
    desk.field("Nova anotação").press("End")
    said = desk.panel.locator("#say").inner_text()

    desk.crm.control(fault="none")

    expect(away).to_have_count(0, timeout=PATIENT)
    expect(desk.panel.locator("[data-trouble]")).to_have_count(0)
    expect(desk.panel.locator("#card")).to_contain_text("lido")
    expect(desk.field("Nova anotação")).to_be_focused()
    expect(desk.field("Nova anotação")).to_have_value(TEXT)
    assert desk.panel.locator("#say").inner_text() == said
    desk.save()
    desk.hears("Anotação salva no CRM")


def test_somebody_not_known_yet_is_looked_for_as_soon_as_the_crm_answers(desk: Desk) -> None:
    desk.tolerates(503)
    desk.crm.control(fault="hang")
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.sees("tentamos de novo sozinhos")

    desk.crm.control(fault="none")

    expect(desk.panel.locator("#view")).to_contain_text("não encontrado", timeout=PATIENT)
    desk.sees_not("sozinhos", "fora do ar")


def test_a_save_while_the_crm_is_known_to_hang_is_kept_at_once(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.at_rest()
    desk.crm.control(fault="hang")
    desk.press("Ler de novo no CRM")
    expect(desk.panel.locator("#away")).to_be_visible()
    desk.tab("Anotações")
    desk.fill(Nova_anotação=TEXT)

    desk.save()
    desk.hears("Guardado aqui; segue sozinho para o CRM.")

    assert [
        call for call in desk.crm.calls() if (call["resource"], call["kind"]) == (NOTES, "insert")
    ] == []
    desk.crm.control(fault="none")
    desk.settled(f"Anotação “{TEXT}” nº")
    desk.crm.only(NOTES, id_cliente="1")


def twice_by_mouse(desk: Desk) -> None:
    desk.button("Salvar").dblclick()


def twice_by_enter(desk: Desk) -> None:
    """As Enter does, and again before any answer can have come."""
    desk.field("Nome").evaluate(
        "field => { field.form.requestSubmit(); field.form.requestSubmit(); }"
    )


@pytest.mark.parametrize("twice", [twice_by_mouse, twice_by_enter])
def test_saving_twice_saves_once(desk: Desk, twice: Callable[[Desk], None]) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.press("Adicionar contato")
    desk.choose("Filial", "Serra Net Chapecó")
    desk.crm.control(delay_seconds=0.2)

    twice(desk)

    desk.hears("Contato salvo no CRM")
    desk.crm.only("contato", nome="Otávio Brandt")


def test_the_button_shows_that_it_works_and_the_result_is_announced(desk: Desk) -> None:
    note(desk)
    desk.crm.control(delay_seconds=0.4)

    desk.save()

    expect(desk.button("Salvar")).to_be_disabled()
    expect(desk.panel.locator(".composer .spinner")).to_be_visible()
    desk.hears("Anotação salva no CRM, nº")
    expect(desk.button("Salvar")).to_be_enabled()


def test_whatever_was_asked_for_shows_that_it_is_on_its_way(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.at_rest()
    desk.crm.control(delay_seconds=0.4)
    bar = "getComputedStyle(document.body, '::before').content !== 'none'"
    assert not desk.frame.evaluate(bar)

    desk.press("Ler de novo no CRM")

    desk.frame.wait_for_function(bar, polling=20)
    desk.at_rest()
    assert not desk.frame.evaluate(bar)


def test_a_draft_is_there_again_after_switching_the_conversation(desk: Desk) -> None:
    note(desk)

    desk.open(
        "Marina", "Marina Teles Andrade"
    )  # at once: what was typed last goes as the frame goes
    desk.tab("Anotações")
    expect(desk.field("Nova anotação")).to_have_value("")
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.tab("Anotações")

    expect(desk.field("Nova anotação")).to_have_value(TEXT)
    desk.sees("Rascunho recuperado.")
    assert desk.crm.rows("emulator_arrived") == []


def test_a_draft_is_there_again_after_reloading_and_can_be_discarded(desk: Desk) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.press("Adicionar contato")
    with desk.page.expect_response("**/tab/draft/*"):
        desk.fill(**{"E-mail": "otavio.brandt@example.com"})

    desk.reload()
    desk.on("Otávio Brandt")
    desk.panel.get_by_text("Rascunho guardado:").get_by_role(
        "button", name="Adicionar contato"
    ).click()
    expect(desk.field("E-mail")).to_have_value("otavio.brandt@example.com")
    desk.press("Descartar")

    expect(desk.field("E-mail")).to_have_value("")


def test_a_draft_that_was_saved_does_not_come_back(desk: Desk) -> None:
    note(desk)
    desk.save()
    desk.hears("Anotação salva")

    desk.reload()
    desk.on("Rafael Nunes Prado")
    desk.tab("Anotações")

    expect(desk.field("Nova anotação")).to_have_value("")
    desk.crm.only(NOTES, id_cliente="1")


def tampered(_: Desk) -> str:
    return "WyJ4IiwiMSJd.forged.token"


def expired(desk: Desk) -> str:
    secret = (desk.demo.data / "secret.txt").read_text()
    kept = desk.demo.stored("SELECT key FROM conversations")[0]["key"]
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=2)):
        return Passes(secret, 60).make(kept, "1")


@pytest.mark.parametrize("token", [tampered, expired])
def test_a_session_that_ended_is_continued_and_the_text_is_still_there(
    desk: Desk, token: Callable[[Desk], str]
) -> None:
    desk.tolerates(401)
    note(desk)
    desk.at_rest()
    bad = token(desk)

    def spoil(route: Route) -> None:
        route.continue_(headers={**route.request.headers, "x-panel-token": bad})

    desk.page.route("**/tab/notes", spoil)
    desk.save()
    expect(desk.panel.get_by_role("alert")).to_contain_text("A sessão deste painel terminou.")
    desk.page.unroute("**/tab/notes")
    desk.press("Continuar")
    expect(desk.panel.get_by_role("alert")).to_contain_text("Sessão renovada. Salve de novo.")
    desk.save()

    desk.hears("Anotação salva no CRM")
    expect(desk.panel.get_by_role("alert")).to_be_hidden()
    desk.crm.only(NOTES, id_cliente="1")


def test_when_the_disk_takes_nothing_the_text_stays_and_is_saved_once_the_disk_is_well(
    desk: Desk,
) -> None:
    desk.tolerates(507)
    note(desk)
    # A draft that failed would put its notice in just when somebody presses the button below it.
    until(
        lambda: bool(desk.demo.stored("SELECT 1 FROM drafts WHERE body LIKE ?", f"%{TEXT}%")),
        desk.page,
    )
    desk.at_rest()
    file = desk.demo.data / "vinculo.db"
    away = file.rename(file.with_name("away.db"))

    desk.save()
    expect(desk.panel.get_by_role("alert")).to_contain_text(
        "não consegue ver agora se isto já foi guardado."
    )
    expect(desk.panel.get_by_role("alert")).to_contain_text("VNC-307")
    expect(desk.panel.get_by_role("alert")).to_contain_text("VNC-306")
    expect(desk.field("Nova anotação")).to_have_value(TEXT)
    assert desk.crm.rows(NOTES, id_cliente="1") == []
    away.rename(file)
    desk.save()

    desk.hears("Anotação salva no CRM")
    expect(desk.panel.get_by_role("alert")).to_be_hidden()
    desk.crm.only(NOTES, id_cliente="1")
