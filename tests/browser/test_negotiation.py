"""Adicionar negociação and Interagir, by mouse, as records of the CRM."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.panel import Desk

pytestmark = pytest.mark.browser


def new_negotiation(
    desk: Desk, who: str = "Rafael Prado", name: str = "Rafael Nunes Prado"
) -> None:
    desk.open(who, name)
    desk.press("Adicionar negociação")
    desk.on("Adicionar negociação")


def interact(desk: Desk, title: str) -> None:
    """Opens the negotiation of this title from the card."""
    deal = desk.panel.get_by_role("article", name=title)
    deal.get_by_role("button").click()
    desk.on(title)


def chosen(desk: Desk, name: str) -> Locator:
    return desk.field(name).locator("option:checked")


def test_the_plan_presets_funnel_stage_and_value_and_the_negotiation_is_in_the_crm_once(
    desk: Desk,
) -> None:
    new_negotiation(desk)

    desk.fill(Descrição="Upgrade do Rafael")
    desk.choose("Plano de negócio", "Upgrade para 700 Mega")
    expect(chosen(desk, "Funil")).to_have_text("Pós-venda")
    expect(chosen(desk, "Etapa do funil")).to_have_text("Oferta de upgrade")
    desk.sees("Valor mensal do plano: R$\N{NO-BREAK SPACE}129,90")
    desk.save()

    desk.hears("Negociação salva no CRM, nº")
    desk.sees("Upgrade do Rafael", "Pós-venda · Oferta de upgrade")
    made = desk.crm.only("crm_negociacoes", descricao="Upgrade do Rafael")
    assert (made["id_cliente"], made["id_funil"], made["id_estagio"], made["status"]) == (
        "1",
        "3",
        "15",
        "N",
    )
    assert (made["id_plano_negocio"], made["valor_mensal"], made["id_responsavel"]) == (
        "7",
        "129.90",
        "1",
    )


def test_the_stages_follow_the_funnel(desk: Desk) -> None:
    new_negotiation(desk)
    desk.fill(Descrição="Link dedicado")

    desk.choose("Funil", "Vendas empresarial")
    expect(chosen(desk, "Etapa do funil")).to_have_text("Qualificação")
    desk.choose("Etapa do funil", "Projeto técnico")
    desk.save()

    desk.hears("Negociação salva")
    made = desk.crm.only("crm_negociacoes", descricao="Link dedicado")
    assert (made["id_funil"], made["id_estagio"]) == ("2", "9")


def test_a_city_is_searched_and_taken_with_the_keys(desk: Desk) -> None:
    new_negotiation(desk)
    desk.fill(Descrição="Mudança")
    city = desk.field("Cidade")
    expect(city).to_have_value("Chapecó SC")

    city.fill("")
    city.press_sequentially("são jo")
    options = desk.panel.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("São Jo")
    assert options.count() <= 12
    city.press("ArrowDown")
    city.press("ArrowDown")
    second = options.nth(1).inner_text()
    city.press("Enter")
    expect(city).to_have_value(second)
    expect(desk.panel.get_by_role("listbox")).to_be_hidden()
    desk.save()

    desk.hears("Negociação salva")
    made = desk.crm.only("crm_negociacoes", descricao="Mudança")
    place = desk.crm.only("cidade", id=made["cidade_negociacao"])
    assert second == f"{place['nome']} {desk.crm.only('uf', id=place['uf'])['sigla']}"


def test_a_city_that_was_typed_but_not_taken_is_asked_for(desk: Desk) -> None:
    desk.tolerates(422)
    new_negotiation(desk)
    desk.fill(Descrição="Mudança")

    desk.field("Cidade").press_sequentially("x")
    desk.save()

    desk.wrong("Cidade", "Escolha uma cidade da lista.")
    assert desk.crm.rows("crm_negociacoes", descricao="Mudança") == []


def test_a_negotiation_without_description_is_not_saved_and_the_rest_stays(desk: Desk) -> None:
    desk.tolerates(422)
    new_negotiation(desk)

    desk.choose("Funil", "Vendas empresarial")
    expect(chosen(desk, "Etapa do funil")).to_have_text("Qualificação")
    desk.save()

    desk.wrong("Descrição", "Preencha este campo.")
    expect(chosen(desk, "Funil")).to_have_text("Vendas empresarial")
    expect(desk.field("Descrição")).to_be_focused()


def test_where_the_crm_insists_on_a_client_the_lead_becomes_a_prospect_first_and_once(
    desk: Desk,
) -> None:
    desk.crm.control(require_client=True)
    new_negotiation(desk, "Beatriz Lemos", "Beatriz Lemos Farias")

    desk.fill(Descrição="IP fixo")
    desk.save()

    desk.hears("Negociação salva")
    prospect = desk.crm.only("cliente", razao="Beatriz Lemos Farias")
    assert prospect["crm"] == "S"
    assert desk.crm.only("crm_negociacoes", descricao="IP fixo")["id_cliente"] == prospect["id"]
    assert desk.crm.only("contato", id="2")["id_prospeccao"] == prospect["id"]


def test_one_of_several_negotiations_moves_and_the_others_stay(desk: Desk) -> None:
    others = desk.crm.rows("crm_negociacoes")
    desk.open("Henrique", "Henrique Paz Duarte")
    interact(desk, "Segundo ponto na chácara")
    desk.sees("este CRM não tem campo para ela")

    desk.pick("4")
    desk.choose("Etapa do funil", "Documentação")
    desk.save()

    desk.hears("Negociação atualizada no CRM.")
    deal = desk.panel.get_by_role("article", name="Segundo ponto na chácara")
    expect(deal.get_by_label("Qualificação 4 de 5")).to_be_visible()
    expect(deal).to_contain_text("Vendas varejo · Documentação")
    moved = desk.crm.only("crm_negociacoes", descricao="Segundo ponto na chácara")
    assert (moved["id_estagio"], moved["status"], moved["valor_mensal"]) == ("5", "N", "89.90")
    after = desk.crm.rows("crm_negociacoes")
    assert [row for row in after if row["id"] != "2"] == [row for row in others if row["id"] != "2"]


def test_won_goes_through_the_crms_own_action(desk: Desk) -> None:
    desk.open("Marina", "Marina Teles Andrade")
    interact(desk, "Fibra 500 Mega - casa nova")

    desk.pick("Vencida")
    desk.save()

    desk.hears("Negociação atualizada no CRM.")
    won = desk.crm.only("crm_negociacoes", descricao="Fibra 500 Mega - casa nova")
    assert won["status"] == "V"
    assert won["data_vencemos"] > "2026"
    assert [call for call in desk.crm.calls() if call["resource"] == "crm_negociacoes_simplificado"]
    expect(desk.panel.get_by_role("article", name="Fibra 500 Mega")).to_contain_text("Vencida")


def test_a_lost_negotiation_needs_a_reason(desk: Desk) -> None:
    desk.tolerates(422)
    desk.open("Marina", "Marina Teles Andrade")
    interact(desk, "Fibra 500 Mega - casa nova")
    expect(desk.field("Motivo da perda")).to_be_hidden()

    desk.pick("Perdida")
    desk.fill(Observação="A vizinha indicou outra.")
    desk.save()
    desk.wrong("Motivo da perda", "Diga por que foi perdida.")
    expect(desk.field("Observação")).to_have_value("A vizinha indicou outra.")
    assert desk.crm.only("crm_negociacoes", id="1")["status"] == "N"
    desk.choose("Motivo da perda", "Fechou com concorrente")
    desk.save()

    desk.hears("Negociação atualizada no CRM.")
    lost = desk.crm.only("crm_negociacoes", descricao="Fibra 500 Mega - casa nova")
    assert (lost["status"], lost["substatus"]) == ("D", "3")
    assert "A vizinha indicou outra." in lost["obs"]
    assert [
        call for call in desk.crm.calls() if call["resource"] == "crm_negociacoes_perdemos_data"
    ]


def test_a_stage_that_somebody_moved_meanwhile_is_said_before_it_is_overwritten(desk: Desk) -> None:
    desk.tolerates(409)
    desk.open("Marina", "Marina Teles Andrade")
    interact(desk, "Fibra 500 Mega - casa nova")
    desk.choose("Etapa do funil", "Documentação")
    desk.crm.change("crm_negociacoes", "1", id_estagio="4")

    desk.save()
    desk.hears("Esta negociação mudou no CRM enquanto o formulário estava aberto.")
    desk.sees("Etapa no CRM: Proposta enviada")
    assert desk.crm.only("crm_negociacoes", id="1")["id_estagio"] == "4"
    desk.save()

    desk.hears("Negociação atualizada no CRM.")
    assert desk.crm.only("crm_negociacoes", id="1")["id_estagio"] == "5"


def test_a_right_that_the_token_lacks_is_said_as_such(desk: Desk) -> None:
    desk.tolerates(403)
    desk.crm.control(not_permitted=["crm_negociacoes_simplificado"])
    desk.open("Marina", "Marina Teles Andrade")
    interact(desk, "Fibra 500 Mega - casa nova")

    desk.pick("Vencida")
    desk.save()

    desk.hears("O usuário do token não tem permissão para isto no CRM.")
    expect(desk.panel.get_by_role("radio", name="Vencida")).to_be_checked()
    assert desk.crm.only("crm_negociacoes", id="1")["status"] == "N"
