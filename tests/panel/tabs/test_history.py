"""Tests of "Histórico": notes, stage and status changes, our own actions, in order."""

import pytest

from tests.product import HENRIQUE, LUCIA, MARINA, OTAVIO, Screen, Visitor, behind
from widget.emulator.crm.server import Emulator

HISTORY = "/tab/history"


def events(screen: Screen) -> list[str]:
    """What happened, as listed."""
    return [" ".join(node.text().split()) for node in screen.html.css(".event")]


def times(screen: Screen) -> list[str]:
    return [node.attributes["datetime"] or "" for node in screen.html.css(".event time")]


def test_everything_is_listed_newest_first(ana: Visitor) -> None:
    ana.open(LUCIA)
    history = ana.get(HISTORY)

    assert history.status == 200
    assert times(history) == sorted(times(history), reverse=True)
    assert any(
        "Estágio alterado de Sondagem para Viabilidade técnica" in event
        for event in events(history)
    )
    assert any("Primeiro contato pelo WhatsApp." in event for event in events(history))
    assert any(
        "Negociação aberta: Fibra 700 Mega - apartamento" in event for event in events(history)
    )


def test_won_and_lost_negotiations_are_milestones(ana: Visitor) -> None:
    ana.open(HENRIQUE)
    listed = " ".join(events(ana.get(HISTORY)))

    assert "Vencida: Fibra 300 Mega" in listed
    assert "Perdida: Câmeras na nuvem" in listed


def test_our_own_actions_are_in_it_with_their_author_and_state(ana: Visitor) -> None:
    ana.open(MARINA)
    ana.fill("/tab/contact/edit", name="Marina T. Andrade")
    ana.fill("/tab/negotiation/new", title="Fibra no sítio")
    ana.fill("/tab/interact/1", stage="3")
    ana.fill("/tab/notes", text="Uma nota")
    listed = events(ana.get(HISTORY))

    for told in [
        "Contato atualizado pelo painel: Nome",
        "Negociação criada pelo painel: Fibra no sítio",
        "Negociação alterada pelo painel: Fibra 500 Mega - casa nova",
    ]:
        assert any(
            event.startswith("Ana Souza") and told in event and "no CRM" in event
            for event in listed
        ), told
    assert any("Estágio alterado de Sondagem para Viabilidade técnica" in event for event in listed)
    assert sum("Uma nota" in event for event in listed) == 1


def test_an_action_that_the_crm_refused_is_told_as_refused(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    crm.control(not_writable=["contato"])
    ana.fill("/tab/contact/edit", name="Marina T. Andrade")

    assert any(
        "Contato atualizado pelo painel" in e and "recusada" in e for e in events(ana.get(HISTORY))
    )


def test_the_history_of_one_negotiation_leaves_the_others_out(ana: Visitor) -> None:
    ana.open(HENRIQUE)
    listed = " ".join(events(ana.get(HISTORY, negotiation="4")))

    assert "TV junto com a fibra" in listed
    assert "Fibra 300 Mega" not in listed


def test_the_history_of_one_negotiation_tells_its_stages(ana: Visitor) -> None:
    ana.open(HENRIQUE)
    listed = " ".join(events(ana.get(HISTORY, negotiation="4")))

    assert "Estágio alterado de Sondagem para Proposta enviada" in listed


@pytest.mark.parametrize(
    "query", [{"negotiation": "7"}, {"negotiation": "x'"}, {"page": "-1"}, {"page": "9" * 30}]
)
def test_nonsense_gets_an_empty_or_the_first_page(ana: Visitor, query: dict[str, str]) -> None:
    ana.open(HENRIQUE)
    answer = ana.get(HISTORY, **query)

    assert answer.status == 200
    assert "Lúcia" not in answer.text


def test_a_long_history_goes_on_on_a_further_page(ana: Visitor, crm: Emulator) -> None:
    for number in range(9001, 9041):
        step = {
            "id_cliente": "5",
            "id_negociacao": "2",
            "tipo": "E",
            "descricao": f"Passo {number}",
        }
        behind(
            crm, "crm_historico", str(number), **step, data=f"2026-11-{number % 27 + 1:02} 10:00:00"
        )
    ana.open(HENRIQUE)
    first, second = ana.get(HISTORY), ana.get(HISTORY, page=2)

    assert "Mais histórico" in first.text
    steps = [event for page in (first, second) for event in events(page) if "Passo" in event]
    assert len(events(first)) == 30
    assert len(steps) == len(set(steps)) == 40


def test_a_base_without_history_shows_the_rest(ana: Visitor, crm: Emulator) -> None:
    crm.control(not_released=["crm_historico"])
    ana.open(HENRIQUE)
    listed = " ".join(events(ana.get(HISTORY)))

    assert "Vencida: Fibra 300 Mega" in listed
    assert "Estágio alterado" not in listed


def test_markup_in_the_history_is_text(ana: Visitor, crm: Emulator) -> None:
    behind(
        crm,
        "crm_historico",
        "9001",
        id_cliente="5",
        tipo="E",
        descricao="<script>x</script>",
        data="2026-11-01 10:00",
    )
    ana.open(HENRIQUE)
    history = ana.get(HISTORY)

    assert "<script>x</script>" in history.text
    assert history.html.css("script") == []


def test_dates_that_are_none_do_not_break_it(ana: Visitor, crm: Emulator) -> None:
    behind(
        crm,
        "crm_historico",
        "9001",
        id_cliente="5",
        tipo="E",
        descricao="Sem data",
        data="0000-00-00 00:00:00",
    )
    behind(
        crm,
        "crm_historico",
        "9002",
        id_cliente="5",
        tipo="E",
        descricao="Data torta",
        data="2026-13-45",
    )
    behind(crm, "crm_negociacoes", "2", data_inicio="31/12/2026")
    ana.open(HENRIQUE)

    assert "Sem data" in ana.get(HISTORY).text


def test_while_the_crm_is_down_the_history_shows_what_is_known(ana: Visitor, crm: Emulator) -> None:
    ana.open(HENRIQUE)
    ana.get(HISTORY)
    crm.stop()
    history = ana.get(HISTORY)
    crm.start()

    assert history.status == 200
    assert "Vencida: Fibra 300 Mega" in history.text


def test_where_nobody_is_shown_there_is_no_history(ana: Visitor) -> None:
    ana.open(OTAVIO)

    assert ana.get(HISTORY).status == 404
