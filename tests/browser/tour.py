"""The way to every screen of the panel."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.browser.panel import Desk


def known(desk: Desk) -> None:
    desk.open("Henrique", "Henrique Paz Duarte")


def revealed(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    for name in ("mostrar telefone", "mostrar CPF/CNPJ", "mostrar e-mail"):
        desk.press(name)
    expect(desk.panel.locator(".clear")).to_have_count(3)


def several(desk: Desk) -> None:
    desk.open("Família Moura", "Quem é?")


def nobody(desk: Desk) -> None:
    desk.open("Otávio Brandt", "Otávio Brandt")
    desk.sees("não encontrado")


def down(desk: Desk) -> None:
    desk.tolerates(502, 503, 504)
    desk.crm.control(fault="503")
    desk.open("Serra Azul", "Serra Azul")
    expect(desk.button("Tentar de novo")).to_be_visible()


def old_data(desk: Desk) -> None:
    known(desk)
    desk.crm.control(fault="503")
    desk.press("Ler de novo no CRM")
    expect(desk.panel.locator("[data-trouble]")).to_be_visible()


def new_contact(desk: Desk) -> None:
    nobody(desk)
    desk.press("Adicionar contato")
    desk.on("Adicionar contato")


def duplicates(desk: Desk) -> None:
    desk.open("Jonas Siqueira", "Jonas Siqueira")
    desk.press("Adicionar contato")
    desk.fill(**{"CPF/CNPJ": "39053344705"})
    desk.field("E-mail").focus()
    desk.sees("Talvez já exista.")


def mistakes(desk: Desk) -> None:
    desk.tolerates(422)
    new_contact(desk)
    desk.fill(Nome="", **{"CPF/CNPJ": "123", "E-mail": "x", "Número de telefone": "1"})
    desk.save()
    expect(desk.panel.locator("[aria-invalid]")).to_have_count(4)


def edit(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.press("Atualizar contato")
    desk.on("Atualizar contato")


def conflict(desk: Desk) -> None:
    desk.tolerates(409)
    edit(desk)
    desk.fill(Nome="Rafael N. Prado")
    desk.choose("Filial", "Serra Net Xaxim")
    desk.crm.change("cliente", "1", razao="Rafael Nunes do Prado", filial_id="3")
    desk.save()
    expect(desk.panel.get_by_text("Qual vale?")).to_have_count(2)


def results(desk: Desk) -> None:
    nobody(desk)
    desk.press("Vincular existente")
    desk.fill(Pesquisa="ltda")
    desk.press("Pesquisar")
    expect(desk.button("Mais resultados")).to_be_visible()


def check(desk: Desk) -> None:
    several(desk)
    desk.press("Cláudia Ferraz Moura", exact=False)
    desk.on("Cláudia Ferraz Moura")


def unlink(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.press("Desvincular")
    desk.on("Desvincular")


def negotiation(desk: Desk) -> None:
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.press("Adicionar negociação")
    desk.choose("Plano de negócio", "Link dedicado 200 Mega")
    desk.sees("Valor mensal do plano")
    desk.fill(Cidade="")
    desk.field("Cidade").press_sequentially("sa")
    expect(desk.panel.get_by_role("listbox").get_by_role("option")).not_to_have_count(0)
    desk.field("Cidade").press("ArrowDown")


def interact(desk: Desk) -> None:
    desk.tolerates(422)
    desk.open("Marina", "Marina Teles Andrade")
    desk.press("Interagir")
    desk.pick("3")
    desk.pick("Perdida")
    desk.save()
    desk.sees("Diga por que foi perdida.")


def notes(desk: Desk) -> None:
    desk.open("Lúcia", "Lúcia Amaral Teixeira")
    desk.tab("Anotações")
    desk.panel.get_by_role("article").first.get_by_role("button", name="Corrigir").click()
    desk.fill(Nova_anotação="Um texto")
    desk.sees("Corrige a anotação de")


def history(desk: Desk) -> None:
    desk.open("Henrique", "Henrique Paz Duarte")
    desk.tab("Histórico")
    desk.sees("Negociação aberta")


def session_ended(desk: Desk) -> None:
    desk.tolerates(401)
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.page.route("**/tab/**", _without_token)
    desk.press("Adicionar negociação")
    expect(desk.button("Continuar")).to_be_visible()
    desk.page.unroute("**/tab/**")


def refused(desk: Desk) -> None:
    """The CRM refuses with a sentence that belongs to no field."""
    desk.tolerates(403)
    desk.crm.control(not_permitted=["crm_prospeccao_anotacoes"])
    desk.open("Rafael Prado", "Rafael Nunes Prado")
    desk.tab("Anotações")
    desk.fill(Nova_anotação="Um texto")
    desk.save()
    expect(desk.panel.get_by_role("group", name="Aviso")).to_be_visible()


def _without_token(route: Route) -> None:
    route.continue_(headers={**route.request.headers, "x-panel-token": ""})


SCREENS: tuple[Callable[[Desk], None], ...] = (
    known,
    revealed,
    several,
    nobody,
    down,
    old_data,
    new_contact,
    duplicates,
    mistakes,
    edit,
    conflict,
    results,
    check,
    unlink,
    negotiation,
    interact,
    notes,
    history,
    session_ended,
    refused,
)
