"""Tests of the whole way by keyboard alone.

The panel leaves the hands of a person who types in the chat alone.
"""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.panel import Desk

pytestmark = pytest.mark.browser


def keys(desk: Desk, *names: str) -> None:
    for name in names:
        desk.page.keyboard.press(name)


def tab_to(desk: Desk, wanted: Locator, *, back: bool = False) -> None:
    """Tab after Tab until the focus is there."""
    for _ in range(60):
        if wanted.evaluate("e => e === document.activeElement && document.hasFocus()"):
            return
        desk.page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"Tab never reaches {wanted}")


def into_the_panel(desk: Desk, who: str, heading: str) -> None:
    """From the message that is being written to the panel's first control."""
    desk.open(who, heading)
    desk.page.get_by_label("Mensagem para").locator("visible=true").focus()
    tab_to(desk, desk.panel.get_by_role("button").first)


def test_from_the_list_to_a_saved_contact_negotiation_and_note(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    tab_to(desk, desk.page.get_by_role("link", name="Rafael Prado"))
    keys(desk, "ArrowDown", "ArrowDown", "Enter")
    desk.on("Otávio Brandt")
    tab_to(desk, desk.panel.get_by_role("button").first)

    keys(desk, "Alt+c")
    desk.on("Adicionar contato")
    expect(desk.field("Nome")).to_be_focused()
    keys(desk, "Tab")
    expect(desk.field("CPF/CNPJ")).to_be_focused()
    desk.page.keyboard.type("52998224725")
    tab_to(desk, desk.field("Filial"))
    desk.page.keyboard.type("Serra Net Xa")
    keys(desk, "Control+Enter")
    desk.on("Otávio Brandt")
    desk.hears("Contato salvo no CRM")
    made = desk.crm.only("contato", nome="Otávio Brandt")

    keys(desk, "Alt+n")
    expect(desk.field("Descrição")).to_be_focused()
    desk.page.keyboard.type("Fibra na casa nova")
    tab_to(desk, desk.field("Cidade"))
    desk.page.keyboard.type("xanx")
    expect(desk.panel.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    keys(desk, "ArrowDown", "Enter")
    expect(desk.field("Cidade")).to_have_value("Xanxerê SC")
    keys(desk, "Enter")
    desk.hears("Negociação salva no CRM")
    deal = desk.crm.only("crm_negociacoes", descricao="Fibra na casa nova")
    assert (deal["id_contato"], deal["cidade_negociacao"]) == (made["id"], "2")

    keys(desk, "Alt+a")
    expect(desk.field("Nova anotação")).to_be_focused()
    desk.page.keyboard.type("Assina amanhã.")
    keys(desk, "Enter")
    desk.page.keyboard.type("Manda o endereço.")
    keys(desk, "Control+Enter")
    desk.hears("Anotação salva no CRM")
    note = desk.crm.only("crm_prospeccao_anotacoes", id_negociacao=deal["id"])
    assert note["anotacao"].partition("]\n")[2].startswith("Assina amanhã.\nManda o endereço.")


def test_interact_to_won_then_look_at_the_history(desk: Desk) -> None:
    into_the_panel(desk, "Marina", "Marina Teles Andrade")

    keys(desk, "Alt+i")
    desk.on("Fibra 500 Mega - casa nova")
    tab_to(desk, desk.panel.get_by_role("radio", name="Em andamento"))
    keys(desk, "ArrowRight")
    expect(desk.panel.get_by_role("radio", name="Vencida")).to_be_checked()
    keys(desk, "Enter")
    desk.hears("Negociação atualizada no CRM.")
    keys(desk, "Alt+h")
    desk.sees("Vencida: Fibra 500 Mega - casa nova")

    assert desk.crm.only("crm_negociacoes", descricao="Fibra 500 Mega - casa nova")["status"] == "V"


def test_interact_to_lost_with_a_reason(desk: Desk) -> None:
    desk.tolerates(422)
    into_the_panel(desk, "Marina", "Marina Teles Andrade")

    keys(desk, "Alt+i")
    desk.on("Fibra 500 Mega - casa nova")
    tab_to(desk, desk.panel.get_by_role("radio", name="Em andamento"))
    keys(desk, "ArrowLeft", "Enter")
    expect(desk.field("Motivo da perda")).to_be_focused()
    desk.wrong("Motivo da perda", "Diga por que foi perdida.")
    desk.page.keyboard.type("Sem via")
    keys(desk, "Tab")
    desk.page.keyboard.type("Rua sem fibra.")
    keys(desk, "Control+Enter")

    desk.hears("Negociação atualizada no CRM.")
    lost = desk.crm.only("crm_negociacoes", descricao="Fibra 500 Mega - casa nova")
    assert (lost["status"], lost["substatus"]) == ("D", "2")


def test_a_note_is_corrected(desk: Desk) -> None:
    into_the_panel(desk, "Lúcia", "Lúcia Amaral Teixeira")

    keys(desk, "Alt+a")
    expect(desk.field("Nova anotação")).to_be_focused()
    tab_to(desk, desk.panel.get_by_role("button", name="Corrigir").first)
    keys(desk, "Enter")
    desk.sees("Corrige a anotação de")
    expect(desk.field("Nova anotação")).to_be_focused()
    desk.page.keyboard.type("O vencimento é no dia 20.")
    keys(desk, "Control+Enter")

    desk.hears("Anotação salva no CRM")
    assert len(desk.crm.rows("crm_prospeccao_anotacoes", id_cliente="6")) == 21


def test_on_a_mac_the_place_of_a_key_tells_its_letter(desk: Desk) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")

    desk.frame.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', { altKey: true, key: 'ç', code: "
        "'KeyC' }))"
    )

    desk.on("Adicionar contato")


def test_link_by_search_with_arrows(desk: Desk) -> None:
    into_the_panel(desk, "Jonas Siqueira", "Jonas Siqueira")

    keys(desk, "Alt+v")
    expect(desk.field("Pesquisa")).to_be_focused()
    expect(desk.field("Pesquisa")).to_have_value("Jonas Siqueira")
    keys(desk, "Enter")
    desk.hears("1 encontrado")
    keys(desk, "ArrowDown", "Enter")
    desk.on("Jonas P. Siqueira")
    keys(desk, "Enter")

    desk.hears("Vinculado a Jonas P. Siqueira.")
    assert [link["contact"] for link in desk.demo.stored("SELECT contact FROM links")] == [
        "client-7"
    ]


def test_update_with_a_conflict_then_unlink(desk: Desk) -> None:
    desk.tolerates(409)
    into_the_panel(desk, "Rafael Prado", "Rafael Nunes Prado")

    keys(desk, "Alt+e")
    expect(desk.field("Nome")).to_be_focused()
    keys(desk, "End")
    desk.page.keyboard.type(" Filho")
    desk.crm.change("cliente", "1", razao="Rafael N. Prado")
    keys(desk, "Enter")
    desk.hears("Enquanto você editava, o CRM mudou.")
    mine = desk.panel.get_by_role("radio", name="Meu: Rafael Nunes Prado Filho")
    tab_to(desk, mine)
    keys(desk, "ArrowDown")
    expect(desk.panel.get_by_role("radio", name="Do CRM: Rafael N. Prado")).to_be_checked()
    keys(desk, "Enter")
    desk.hears("Nada mudou.")
    desk.on("Rafael N. Prado")
    assert desk.crm.only("cliente", id="1")["razao"] == "Rafael N. Prado"

    tab_to(desk, desk.button("Desvincular"))
    keys(desk, "Enter")
    desk.sees("Esta conversa deixa de ser de Rafael N. Prado.")
    expect(desk.button("Desvincular")).to_be_focused()
    keys(desk, "Enter")
    desk.hears("Desvinculado.")


def test_escape_goes_back_and_alt_opens_again(desk: Desk) -> None:
    into_the_panel(desk, "Marina", "Marina Teles Andrade")

    for opens in ("Alt+n", "Alt+e", "Alt+i", "Alt+n"):
        keys(desk, opens)
        expect(desk.button("Voltar")).to_be_visible()
        keys(desk, "Escape")
        expect(desk.button("Atualizar contato")).to_be_visible()

    assert desk.crm.rows("emulator_arrived") == []


def test_arrows_move_between_tabs(desk: Desk) -> None:
    into_the_panel(desk, "Henrique", "Henrique Paz Duarte")
    tab_to(desk, desk.panel.get_by_role("tab", name="Negociações"))

    keys(desk, "ArrowRight")
    expect(desk.panel.get_by_role("tab", name="Anotações")).to_be_focused()
    keys(desk, "Enter")

    expect(desk.panel.get_by_role("tab", name="Anotações")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(desk.field("Nova anotação")).to_be_focused()


def test_the_focus_is_never_lost_and_always_seen(desk: Desk) -> None:
    into_the_panel(desk, "Marina", "Marina Teles Andrade")

    for opens in ("Alt+a", "Alt+h", "Alt+n", "Escape", "Alt+e", "Escape", "Alt+i", "Escape"):
        keys(desk, opens)
        desk.at_rest()
        desk.frame.wait_for_function("document.activeElement !== document.body", polling=20)


def test_opening_a_conversation_leaves_the_typing_in_the_chat_where_it_is(desk: Desk) -> None:
    desk.open("Otávio Brandt")
    composer = desk.page.get_by_label("Mensagem para Otávio Brandt")
    composer.focus()
    desk.page.keyboard.type("Olá, ")
    desk.on("Otávio Brandt")
    desk.at_rest()

    desk.page.keyboard.type("já vejo")

    expect(composer).to_have_value("Olá, já vejo")
    expect(composer).to_be_focused()


PRESS = """(press) => {
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...press });
  if (press.altGraph) Object.defineProperty(event, "getModifierState", \
{ value: (name) => name === "AltGraph" });
  return document.activeElement.dispatchEvent(event);
}"""


def press(desk: Desk, **told: object) -> bool:
    """One key with its character, as a keyboard of another land makes it.

    Whether the character would be typed.
    """
    typed: bool = desk.frame.evaluate(PRESS, told)
    return typed


@pytest.mark.parametrize(
    "key",
    [
        {"key": "å", "code": "KeyA"},
        {"key": "ç", "code": "KeyC"},
        {"key": "Dead", "code": "KeyN"},
        {"key": "Dead", "code": "KeyE"},
        {"key": "ˆ", "code": "KeyI"},
        {"key": "µ", "code": "KeyM"},
        {"key": "a", "code": "KeyA", "altGraph": True},
        {"key": "ą", "code": "KeyA", "altGraph": True},
        {"key": "€", "code": "KeyE", "ctrlKey": True},
        {"key": "e", "code": "KeyE", "ctrlKey": True},
        {"key": "a", "code": "KeyA", "isComposing": True},
        {"key": "a", "code": "KeyA", "keyCode": 229},
        {"key": "a", "code": "KeyA", "metaKey": True},
        {"key": "Process", "code": "KeyA", "keyCode": 229},
    ],
    ids=str,
)
def test_no_shortcut_takes_a_character_that_is_typed(desk: Desk, key: dict[str, object]) -> None:
    into_the_panel(desk, "Lúcia", "Lúcia Amaral Teixeira")
    keys(desk, "Alt+a")
    expect(desk.field("Nova anotação")).to_be_focused()

    assert press(desk, altKey=True, **key)
    desk.at_rest()
    expect(desk.field("Nova anotação")).to_be_focused()


@pytest.mark.parametrize("key", ["c", "C"])
def test_a_letter_with_alt_is_a_shortcut_in_a_field_too_where_nothing_is_typed_by_it(
    desk: Desk, key: str
) -> None:
    into_the_panel(desk, "Otávio Brandt", "Otávio Brandt")
    desk.frame.evaluate(
        "document.body.append(document.createElement('input')); document.body.lastChild.focus()"
    )

    assert not press(desk, altKey=True, key=key, code="KeyC")
    desk.on("Adicionar contato")


def test_on_a_mac_option_types_in_a_field_and_with_control_it_is_a_shortcut(desk: Desk) -> None:
    desk.page.add_init_script("Object.defineProperty(navigator, 'platform', { value: 'MacIntel' })")
    desk.page.reload()
    into_the_panel(desk, "Lúcia", "Lúcia Amaral Teixeira")
    keys(desk, "Alt+a")
    expect(desk.field("Nova anotação")).to_be_focused()

    assert press(desk, altKey=True, key="h", code="KeyH")
    assert not press(
        desk,
        altKey=True,
        ctrlKey=True,
        key="˙",
        code="KeyH",
    )
    expect(desk.panel.get_by_role("tab", name="Histórico")).to_have_attribute(
        "aria-selected", "true"
    )


@pytest.mark.parametrize("ending", [{"isComposing": True}, {"keyCode": 229}], ids=str)
def test_enter_that_ends_a_composition_chooses_and_saves_nothing(
    desk: Desk, ending: dict[str, object]
) -> None:
    into_the_panel(desk, "Lúcia", "Lúcia Amaral Teixeira")
    keys(desk, "Alt+a")
    expect(desk.field("Nova anotação")).to_be_focused()
    desk.page.keyboard.type("Nota")
    assert press(desk, key="Enter", ctrlKey=True, **ending)
    assert press(desk, key="Escape", **ending)
    desk.at_rest()
    expect(desk.field("Nova anotação")).to_have_value("Nota")

    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.press("Delete")
    desk.press("Adicionar negociação")
    city = desk.panel.get_by_role("combobox", name="Cidade")
    city.fill("chap")
    expect(desk.panel.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    assert press(desk, key="ArrowDown", **ending)
    assert press(desk, key="Enter", **ending)
    expect(city).to_have_value("chap")
    assert not press(desk, key="Enter")
    expect(city).to_have_value(re.compile("Chapecó"))


@pytest.mark.parametrize("ending", [{"isComposing": True}, {"keyCode": 229}], ids=str)
def test_keys_of_a_composition_leave_the_list_of_a_search_alone(
    desk: Desk, ending: dict[str, object]
) -> None:
    into_the_panel(desk, "Jonas Siqueira", "Jonas Siqueira")
    keys(desk, "Alt+v")
    expect(desk.panel.locator("#q")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.panel.locator(".result").first).to_be_visible()

    assert press(desk, key="ArrowDown", **ending)
    assert press(desk, key="Enter", **ending)
    desk.at_rest()
    expect(desk.panel.locator("#q")).to_be_focused()
    desk.on("Vincular existente")
