"""Search as one types, from the people index, in the running product.

And a card of the index that the CRM corrects.
"""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.panel import Desk, until

pytestmark = pytest.mark.browser
PEOPLE = {"contato", "cliente"}


@pytest.fixture
def desk(quick_desk: Desk) -> Desk:
    """A desk whose server has read everybody once."""
    until(lambda: _is_filled(quick_desk), quick_desk.page, seconds=60)
    return quick_desk


def _is_filled(desk: Desk) -> bool:
    with closing(sqlite3.connect(desk.demo.data / "people.db", timeout=5)) as connection:
        return connection.execute(
            "SELECT count(*) FROM fills WHERE finished_at > 0"
        ).fetchone() == (2,)


def people_asked(desk: Desk, since: int) -> list[str]:
    """The columns by which people were looked for since then.

    The mirror looks by number and time of change.
    """
    calls = [call for call in desk.crm.calls()[since:] if call["resource"] in PEOPLE]
    return [str(call["query"]) for call in calls if "ultima_atualizacao" not in str(call["query"])]


def frames(desk: Desk) -> dict[str, str]:
    """How the chip of each criterion is framed."""
    found: dict[str, str] = desk.frame.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.chips label > span')]"
        ".map((e) => [e.textContent, getComputedStyle(e).borderTopStyle]))"
    )
    return found


def test_results_come_as_one_types_and_nobody_asks_the_crm(desk: Desk) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.press("Vincular existente")
    before = len(desk.crm.calls())
    field = desk.field("Pesquisa")
    results = desk.panel.locator(".result")

    field.fill("")
    field.press_sequentially("lucia am")
    expect(results).to_have_count(1)
    expect(results.first).to_contain_text("Lúcia Amaral Teixeira")
    expect(results.first.locator("mark").first).to_have_text("Lúcia")
    expect(field).to_be_focused()
    field.fill("(49) 99177")
    expect(results.first).to_contain_text("Henrique Paz Duarte")
    expect(desk.panel.locator("#guess")).to_have_text("Critério sugerido: Número de telefone")
    assert frames(desk) == {
        "Nome": "solid",
        "CPF/CNPJ": "solid",
        "E-mail": "solid",
        "Número de telefone": "dashed",
    }
    field.fill("390533")
    expect(results.first).to_contain_text("Jonas P. Siqueira")
    expect(desk.panel.locator("#guess")).to_have_text("Critério sugerido: CPF/CNPJ")

    assert people_asked(desk, before) == []
    assert desk.axe() == []


def test_the_chosen_criterion_stays_and_the_hands_stay_on_the_keys(desk: Desk) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.press("Vincular existente")
    desk.pick("Número de telefone")
    desk.field("Pesquisa").fill("4998455")
    expect(desk.panel.locator(".result")).to_have_count(2)
    expect(desk.panel.get_by_role("radio", name="Número de telefone")).to_be_checked()
    assert "dashed" not in frames(desk).values()

    desk.field("Pesquisa").press("ArrowDown")
    expect(desk.panel.locator(".result").first).to_be_focused()
    expect(desk.panel.locator(".result").first).to_contain_text(
        "Xaxim"
    )  # told once one pauses; the focus stays
    expect(desk.panel.locator(".result").first).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.sees("Confira se é quem está na conversa.")


def test_enter_asks_the_crm_however_fast_one_types_and_says_who_only_it_knows(desk: Desk) -> None:
    desk.crm.change("cliente", "6", razao="Lúcia Zimmermann")
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.press("Vincular existente")
    desk.field("Pesquisa").fill("lucia zimmermann")
    desk.sees("A cópia local não conhece ninguém assim. Enter procura no CRM.")
    desk.field("Pesquisa").press("Enter")

    desk.sees("Lúcia Zimmermann", "só no CRM")


def test_while_the_crm_is_down_search_and_card_go_on_with_what_is_known(desk: Desk) -> None:
    desk.tolerates(503)
    desk.open("Marina", "Marina Teles Andrade")
    desk.crm_is("Fora do ar")
    desk.open("Otávio Brandt")
    desk.sees("A cópia local não conhece ninguém")
    desk.press("Vincular existente")
    desk.field("Pesquisa").fill("henriqe")
    desk.sees("Henrique Paz Duarte")
    desk.field("Pesquisa").press("Enter")

    desk.sees("O CRM não respondeu: isto é o que a cópia local sabe", "Henrique Paz Duarte")
    desk.open("Padaria", "Padaria Trigo Bom")
    desk.sees("CRM fora do ar")


def test_a_card_of_the_index_changes_visibly_when_the_crm_knows_better(desk: Desk) -> None:
    desk.crm.change("contato", "1", fone_comercial="(49) 3322-9090")
    desk.open("Marina", "Marina Teles Andrade")

    desk.sees("mudou no CRM")
    expect(desk.panel.locator("dd", has_text="mudou no CRM")).to_contain_text("9090")
    desk.hears("mudou no CRM Telefone: (49) •••• 9090")
