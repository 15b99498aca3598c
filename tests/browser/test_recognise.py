"""Who is it? Every case of the demo's cast, as the attendant sees it."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.panel import Desk, until

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("who", "name", "reason", "ref"),
    [
        ("Marina", "Marina Teles Andrade", "mesmo telefone, no CRM com o nono dígito", "lead-1"),
        ("Rafael Prado", "Rafael Nunes Prado", "mesmo telefone", "client-1"),
        ("Beatriz Lemos", "Beatriz Lemos Farias", "mesmo e-mail", "lead-2"),
        ("Padaria", "Padaria Trigo Bom", "mesmo telefone", "client-3"),
        ("Serra Azul", "Serra Azul Logística LTDA", "mesmo CNPJ", "client-4"),
        ("Henrique", "Henrique Paz Duarte", "mesmo telefone", "client-5"),
        ("Lúcia", "Lúcia Amaral Teixeira", "mesmo telefone", "client-6"),
    ],
)
def test_one_sure_match_is_shown_with_its_reason(
    desk: Desk, who: str, name: str, reason: str, ref: str
) -> None:
    desk.open(who, name)

    desk.sees(f"reconhecido: {reason}")
    assert desk.demo.stored("SELECT contact FROM conversations") == [{"contact": ref}]
    assert desk.crm.rows("emulator_arrived") == []


def test_the_card_tells_what_an_attendant_needs_and_hides_what_others_may_not_read(
    desk: Desk,
) -> None:
    desk.open("Marina", "Marina Teles Andrade")

    desk.sees("Lead", "Serra Net Chapecó", "Ana Souza", "WhatsApp", "lido agora")
    desk.sees(
        "Fibra 500 Mega - casa nova",
        "Vendas varejo · Sondagem",
        "R$ 109,90".replace(" ", "\N{NO-BREAK SPACE}"),
    )
    desk.sees_not("98812-4417", desk.crm.only("contato", id="1")["cnpj_cpf"])


@pytest.mark.parametrize(
    ("button", "clear"),
    [
        ("mostrar telefone", "(49) 99903-2288"),
        ("mostrar CPF/CNPJ", "812.447.530"),
        ("mostrar e-mail", "rafael.prado@"),
    ],
)
def test_a_hidden_value_is_shown_on_demand(desk: Desk, button: str, clear: str) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.sees_not(clear)

    desk.press(button)

    desk.sees(clear)


def test_one_key_shows_all_and_hides_it_again_and_nothing_of_it_is_in_the_page_meanwhile(
    desk: Desk,
) -> None:
    values = ["99903-2288", "99032288", "812.447.530-09", "81244753009", "rafael.prado@example.com"]
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    toggle = desk.button("Mostrar dados")
    toggle.focus()
    for key, is_clear in ((None, False), ("Alt+m", True), ("Alt+m", False)):
        if key:
            desk.page.keyboard.press(key)
        expect(desk.panel.locator(".clear")).to_have_count(3 if is_clear else 0)
        desk.at_rest()
        assert [value in desk.frame.content() for value in values[::2]] == [is_clear] * 3
        assert desk.panel.locator("#show-all").evaluate("e => e === document.activeElement")

    assert not any(value in desk.frame.content() for value in values)
    assert (
        len(
            desk.demo.stored(
                "SELECT 1 FROM ledger WHERE event = 'revealed' AND contact = 'client-1'"
            )
        )
        > 0
    )


def test_one_press_writes_on_whatsapp_though_the_page_did_not_know_the_number(desk: Desk) -> None:
    desk.page.context.route("https://wa.me/**", lambda route: route.fulfill(body="ok"))
    desk.open("Rafael Prado", "Rafael Nunes Prado")

    with desk.page.expect_popup() as opened:
        desk.press("WhatsApp")

    assert opened.value.url == "https://wa.me/5549999032288"
    expect(desk.panel.locator("[data-act]")).to_have_count(0)


def test_open_negotiations_come_first_then_the_closed_ones(desk: Desk) -> None:
    desk.open("Henrique", "Henrique Paz Duarte")

    expect(desk.panel.locator(".deal strong")).to_have_text(
        [
            "TV junto com a fibra",
            "Upgrade para 700 Mega",
            "Segundo ponto na chácara",
            "Câmeras na nuvem",
            "Fibra 300 Mega",
        ]
    )
    desk.sees("Perdida", "Vencida")


def test_two_contacts_on_one_phone_are_offered_and_none_is_chosen(desk: Desk) -> None:
    desk.open("Família Moura", "Quem é?")

    desk.sees(
        "2 contatos podem ser Família Moura. Nenhum foi escolhido.",
        "Cláudia Ferraz Moura",
        "Igor Ferraz Moura",
    )
    assert desk.demo.stored("SELECT contact FROM conversations") == [{"contact": None}]


def test_one_of_several_is_checked_then_chosen_and_remembered(desk: Desk) -> None:
    desk.open("Família Moura", "Quem é?")

    desk.press("Igor Ferraz Moura", exact=False)
    desk.on("Igor Ferraz Moura")
    desk.save()
    desk.hears("Vinculado a Igor Ferraz Moura.")
    desk.open("Marina", "Marina Teles Andrade")
    desk.open("Família Moura", "Igor Ferraz Moura")

    desk.sees("vinculado por Ana Souza")
    assert desk.crm.rows("emulator_arrived") == []


@pytest.mark.parametrize("who", ["Otávio Brandt", "Jonas Siqueira", "Emma Clarke"])
def test_nobody_is_said_with_what_to_do(desk: Desk, who: str) -> None:
    desk.open(who, who)

    desk.sees("não encontrado", "Ninguém no CRM tem")
    expect(desk.button("Adicionar contato")).to_be_visible()
    expect(desk.button("Vincular existente")).to_be_visible()


def test_a_person_of_whom_nothing_is_known_is_not_searched_for(desk: Desk) -> None:
    desk.open("Visitante sem nome", "Contato sem nome")

    desk.sees("não encontrado", "O console não disse telefone, e-mail nem documento desta pessoa.")
    asked = {call["resource"] for call in desk.crm.calls()}
    assert not asked & {"contato", "cliente"}


def test_switching_conversations_never_leaves_the_one_before_on_the_screen(desk: Desk) -> None:
    desk.open("Marina", "Marina Teles Andrade")

    for who, name in [("Rafael Prado", "Rafael Nunes Prado"), ("Otávio Brandt", "Otávio Brandt")]:
        desk.open(who, name)
        desk.sees_not("Marina")


def test_reading_again_shows_what_changed_in_the_crm(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.crm.change("cliente", "1", razao="Rafael Nunes Prado Filho")

    desk.press("Ler de novo no CRM")

    desk.on("Rafael Nunes Prado Filho")


def test_what_the_console_tells_while_scripts_still_load_is_not_lost(desk: Desk) -> None:
    held: list[Route] = []
    # Playwright wants a function of its own.
    desk.page.route(
        f"{desk.demo.panel_origin}/static/**.js",
        lambda route: held.append(route),  # noqa: PLW0108
    )
    desk.open("Marina")
    until(lambda: bool(held), desk.page)

    desk.page.evaluate("import('/demo/static/console_panel.js').then(({ tell }) => tell())")
    desk.frame.evaluate("0")  # the message has been handed over by now
    for route in held:
        route.continue_()

    desk.on("Marina Teles Andrade")


def test_the_phone_is_copied_though_the_frame_may_not_use_the_clipboard(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")

    desk.press("Copiar telefone")

    desk.hears("Copiado.")
    expect(desk.button("Copiar telefone")).to_be_focused()
    desk.page.get_by_label("Mensagem para Rafael Prado").focus()
    desk.page.keyboard.press("Control+v")
    expect(desk.page.get_by_label("Mensagem para Rafael Prado")).to_have_value("(49) 99903-2288")


@pytest.mark.parametrize("length", [33_000, 300_000])
def test_the_script_passes_on_what_is_needed_however_much_the_console_tells(
    desk: Desk, length: int
) -> None:
    start = desk.page.request.get(f"{desk.demo.address}/demo/start?attendant=1").json()["src"]
    desk.page.goto(start)
    deep: object = "1"
    for _ in range(50):
        deep = [deep]
    fields = {
        **{f"campo {number}": f"{number} " + "ç" * (length // 100) for number in range(300)},
        "longo": "1" * length,
        "fundo": deep,
        "CNPJ da empresa": f"CNPJ 12.abc.345/01de-35 {'ç' * length}",
    }
    contact = {
        "id": 8,
        "name": "x" * length,
        "identifier": "1" * length,
        "custom_attributes": fields,
    }
    meta = {"channel": "Channel::Whatsapp", "sender": contact}
    talk = {
        "id": 8,
        "meta": meta,
        "custom_attributes": fields,
        "additional_attributes": fields,
    }

    desk.page.evaluate(
        "data => postMessage(JSON.stringify({ event: 'appContext', data }), location.origin)",
        {"conversation": talk, "contact": contact},
    )

    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Serra Azul Logística LTDA")
