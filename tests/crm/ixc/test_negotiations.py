"""Tests of negotiations: whose they are, opened once, moved whole.

They are won and lost through the CRM's own actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.crm.bench import ORIGIN, Bench, Wrapped
from tests.crm.ixc.test_people import change
from widget.crm.port import Interaction, NewNegotiation
from widget.crm.signature import reference_of
from widget.crm.wire import Write
from widget.domain import errors
from widget.domain.model import Contact, Freshness, Ref, Status, Written
from widget.emulator.crm.base import Row
from widget.emulator.crm.server import Emulator

RECENT = Freshness.RECENT
KEY = "key-of-the-form-1"
NEW = NewNegotiation(
    "Fibra 700 - chácara", "1", "4", "2", plan_id="3", city_id="2", monthly="139.90"
)


def contact(bench: Bench, source: str, number: str) -> Contact:
    found = bench.ixc.people.one(Ref(source, number), Freshness.NOW).value
    assert found is not None
    return found


def marina(bench: Bench) -> Contact:
    return contact(bench, Ref.LEAD, "1")


def henrique(bench: Bench) -> Contact:
    return contact(bench, Ref.CLIENT, "5")


def deal(bench: Bench, number: str) -> Row:
    (row,) = bench.crm.rows("crm_negociacoes", id=number)
    return row


def titles(bench: Bench, whose: Contact) -> list[str]:
    return [negotiation.title for negotiation in bench.ixc.negotiations.of(whose, RECENT).value]


# -- listed
# --------------------------------------------------------------------------------------------------


def test_open_negotiations_come_first_and_the_newest_of_them(bench: Bench) -> None:
    found = bench.ixc.negotiations.of(henrique(bench), RECENT).value

    assert [n.id for n in found] == ["4", "3", "2", "6", "5"]
    assert [n.status for n in found] == [Status.OPEN] * 3 + [Status.LOST, Status.WON]


def test_a_leads_negotiations_are_found_by_the_lead(bench: Bench) -> None:
    assert titles(bench, marina(bench)) == ["Fibra 500 Mega - casa nova"]


def test_a_lead_that_became_a_client_has_the_negotiations_of_both_each_once(bench: Bench) -> None:
    change(bench.crm, "contato", "1", id_cliente="5")
    change(bench.crm, "crm_negociacoes", "2", id_contato="1")

    found = bench.ixc.negotiations.of(marina(bench), RECENT).value

    assert sorted(n.id for n in found) == ["1", "2", "3", "4", "5", "6"]


def test_who_has_no_negotiations_has_none(bench: Bench) -> None:
    assert titles(bench, contact(bench, Ref.LEAD, "2")) == []


def test_a_lead_and_a_client_of_one_number_do_not_see_each_others_negotiations(
    bench: Bench,
) -> None:
    """Lead 1 is Marina, client 1 is Rafael."""
    assert titles(bench, contact(bench, Ref.CLIENT, "1")) == []


@pytest.mark.parametrize(
    ("switch", "code"), [("not_released", "VNC-208"), ("not_permitted", "VNC-209")]
)
def test_where_negotiations_may_not_be_read_there_are_none_and_the_reason_is_told(
    bench: Bench, switch: str, code: str
) -> None:
    whose = henrique(bench)
    bench.crm.control(**{switch: ["crm_negociacoes"]})

    found = bench.ixc.negotiations.of(whose, RECENT)

    assert (found.value, found.stale, found.trouble) == ((), True, code)


def test_open_negotiations_of_many_contacts_are_counted_in_two_questions(bench: Bench) -> None:
    people = [
        marina(bench),
        henrique(bench),
        contact(bench, Ref.CLIENT, "6"),
        contact(bench, Ref.CLIENT, "1"),
    ]
    before = bench.asked("crm_negociacoes")

    counted = bench.ixc.negotiations.count_open(people, RECENT)

    assert [counted[person.ref] for person in people] == [1, 3, 1, 0]
    assert bench.asked("crm_negociacoes") - before == 2


def test_nobody_has_no_open_negotiations_and_nothing_is_asked(bench: Bench) -> None:
    assert bench.ixc.negotiations.count_open([], RECENT) == {}
    assert bench.asked("crm_negociacoes") == 0


# -- opened
# --------------------------------------------------------------------------------------------------


def test_a_new_negotiation_is_stored_whole(bench: Bench) -> None:
    written = bench.ixc.negotiations.create(marina(bench), NEW, KEY, ORIGIN)

    row = deal(bench, written.id)
    wanted = {
        "descricao": "Fibra 700 - chácara",
        "status": "N",
        "id_contato": "1",
        "id_cliente": "0",
        "id_funil": "1",
        "id_estagio": "4",
        "id_plano_negocio": "3",
        "valor_mensal": "139.90",
        "id_responsavel": "2",
        "id_filial": "1",
        "cidade_negociacao": "2",
        "considera_endereco_cliente": "N",
        "data_inicio": "2026-11-20",
    }
    assert row | wanted == row
    assert row["obs"] == f"[ref {reference_of(KEY)} - Ana Souza]"


def test_winning_later_will_make_no_contract_login_ticket_or_task_behind_anybodys_back(
    bench: Bench,
) -> None:
    row = deal(bench, bench.ixc.negotiations.create(marina(bench), NEW, KEY, ORIGIN).id)

    assert {row[f"inserir_{what}"] for what in ("contrato", "acesso", "atendimento", "tarefa")} <= {
        "N",
        "",
    }


def test_a_customers_negotiation_belongs_to_the_customer(bench: Bench) -> None:
    row = deal(bench, bench.ixc.negotiations.create(henrique(bench), NEW, KEY, ORIGIN).id)

    assert (row["id_cliente"], row["id_contato"]) == ("5", "0")


def test_a_new_negotiation_is_listed_at_once(bench: Bench) -> None:
    whose = marina(bench)
    assert len(titles(bench, whose)) == 1

    bench.ixc.negotiations.create(whose, NEW, KEY, ORIGIN)

    assert titles(bench, whose)[0] == "Fibra 700 - chácara"


def test_saving_twice_opens_one(bench: Bench) -> None:
    first = bench.ixc.negotiations.create(marina(bench), NEW, KEY, ORIGIN)
    second = bench.ixc.negotiations.create(marina(bench), NEW, KEY, ORIGIN)

    assert second == first
    assert len(bench.crm.rows("crm_negociacoes", descricao=NEW.title)) == 1


@pytest.mark.parametrize("fault", ["reset_after_commit", "empty200", "html200", "cut_body"])
def test_a_negotiation_whose_answer_was_lost_is_opened_once(bench: Bench, fault: str) -> None:
    whose = marina(bench)
    bench.crm.control(fault=fault, fault_on="write", fault_times=1)

    bench.ixc.negotiations.create(whose, NEW, KEY, ORIGIN)
    bench.settles()

    assert len(bench.crm.rows("crm_negociacoes", descricao=NEW.title)) == 1


# -- a base that insists on a client
# -------------------------------------------------------------------------------


def test_where_the_crm_insists_on_a_client_the_lead_becomes_a_prospect_first(bench: Bench) -> None:
    bench.crm.control(require_client=True)

    written = bench.ixc.negotiations.create(marina(bench), NEW, KEY, ORIGIN)

    (prospect,) = bench.crm.rows("cliente", razao="Marina Teles Andrade")
    assert deal(bench, written.id)["id_cliente"] == prospect["id"]
    assert bench.crm.rows("contato", id=1)[0]["id_prospeccao"] == prospect["id"]


def test_a_lead_without_a_city_becomes_a_prospect_in_the_negotiations_city(bench: Bench) -> None:
    change(bench.crm, "contato", "1", cidade="0")
    bench.crm.control(require_client=True)

    bench.ixc.negotiations.create(marina(bench), NEW, KEY, ORIGIN)

    assert bench.crm.rows("cliente", razao="Marina Teles Andrade")[0]["cidade"] == "2"


def test_when_the_prospect_lacks_a_city_the_crm_says_so_and_the_next_try_with_one_works(
    bench: Bench,
) -> None:
    change(bench.crm, "contato", "1", cidade="0")
    bench.crm.control(require_client=True)
    without = NewNegotiation(NEW.title, "1", "4", "2")

    with pytest.raises(errors.Rejected) as caught:
        bench.ixc.negotiations.create(marina(bench), without, KEY, ORIGIN)
    assert caught.value.messages == ("Preencha Cidade!",)

    bench.ixc.negotiations.create(marina(bench), NEW, KEY, ORIGIN)
    assert len(bench.crm.rows("crm_negociacoes", descricao=NEW.title)) == 1


def test_a_known_client_is_not_made_again(bench: Bench) -> None:
    bench.crm.control(require_client=True)
    before = len(bench.crm.rows("cliente"))

    bench.ixc.negotiations.create(henrique(bench), NEW, KEY, ORIGIN)

    assert len(bench.crm.rows("cliente")) == before


@pytest.mark.parametrize("resource", ["crm_canditados", "contato", "crm_negociacoes"])
def test_whichever_step_loses_its_answer_there_is_one_prospect_and_one_negotiation(
    bench: Bench, resource: str
) -> None:
    bench.crm.control(
        require_client=True,
        fault="reset_after_commit",
        fault_on="write",
        fault_times=1,
        fault_resources=[resource],
    )
    bench.ixc.negotiations.create(marina(bench), NEW, KEY, ORIGIN)
    bench.settles()

    assert len(bench.crm.rows("cliente", razao="Marina Teles Andrade")) == 1
    assert len(bench.crm.rows("crm_negociacoes", descricao=NEW.title)) == 1


def test_another_refusal_makes_no_prospect(bench: Bench) -> None:
    before = len(bench.crm.rows("cliente"))

    with pytest.raises(errors.Rejected) as caught:
        bench.ixc.negotiations.create(marina(bench), NewNegotiation("", "1", "4", "2"), KEY, ORIGIN)

    assert caught.value.messages == ("Preencha Descrição!",)
    assert len(bench.crm.rows("cliente")) == before


class Strict(Wrapped):
    """A base with a rule of its own about this client."""

    def write(self, write: Write) -> Written:
        if write.resource == "crm_negociacoes":
            raise errors.Rejected(("Este cliente está bloqueado!",))
        return self.inner.write(write)


def test_a_refusal_about_a_known_client_makes_no_second_one(bench: Bench) -> None:
    bench.settling.inner = Strict(bench.cached)
    before = len(bench.crm.rows("cliente"))
    change(bench.crm, "contato", "1", id_cliente="5")

    with pytest.raises(errors.Rejected):
        bench.ixc.negotiations.create(marina(bench), NEW, KEY, ORIGIN)

    assert len(bench.crm.rows("cliente")) == before


# -- moved, won, lost
# ----------------------------------------------------------------------------------------------


def interact(
    bench: Bench,
    changes: dict[str, str] | None = None,
    *,
    close: Status | None = None,
    remark: str = "",
    key: str = KEY,
    **expected: Sequence[str],
) -> Written:
    """What "Interagir" does to Marina's negotiation, as it is known."""
    step = Interaction(changes or {}, expected, remark, close)
    return bench.ixc.negotiations.interact("1", step, key, ORIGIN)


def test_moving_changes_stage_and_funnel_and_nothing_else(bench: Bench) -> None:
    before = deal(bench, "1")

    interact(bench, {"funnel": "2", "stage": "8"})

    after = deal(bench, "1")
    changed = {column for column in after if after[column] != before[column]} - {
        "ultima_atualizacao"
    }
    assert changed == {"id_funil", "id_estagio"}
    assert (after["id_funil"], after["id_estagio"]) == ("2", "8")


@pytest.mark.parametrize(
    ("field", "column", "value"),
    [
        ("title", "descricao", "Outro"),
        ("owner", "id_responsavel", "3"),
        ("loss_reason", "substatus", "2"),
        ("remarks", "obs", "x"),
        ("status", "status", "N"),
        ("city", "cidade_negociacao", "3"),
    ],
)
def test_each_field_is_written_to_its_column(
    bench: Bench, field: str, column: str, value: str
) -> None:
    interact(bench, {field: value})

    assert deal(bench, "1")[column] == value


def test_a_base_that_has_a_column_for_the_qualification_gets_it(
    crm: Emulator, tmp_path: Path
) -> None:
    bench = Bench(crm, tmp_path / "data", in_words=True, qualification="external_system")

    interact(bench, {"qualification": "4"})

    assert deal(bench, "1")["external_system"] == "4"
    assert bench.ixc.negotiations.one("1", RECENT).qualification == "4"


@pytest.mark.parametrize(
    ("status", "letter", "date"),
    [(Status.WON, "V", "data_vencemos"), (Status.LOST, "D", "data_perdemos")],
)
def test_winning_and_losing_go_through_the_crms_own_actions(
    bench: Bench, status: Status, letter: str, date: str
) -> None:
    before = deal(bench, "1")

    interact(bench, close=status)

    row = deal(bench, "1")
    assert (row["status"], row[date], row["id_responsavel"]) == (
        letter,
        "2026-11-20",
        before["id_responsavel"],
    )
    assert row["descricao"] == before["descricao"]
    actions = {call["resource"] for call in bench.crm.calls if call["kind"] == "action"}
    assert actions == {
        "crm_negociacoes_simplificado" if letter == "V" else "crm_negociacoes_perdemos_data"
    }


def test_a_closed_negotiation_is_shown_as_closed_at_once(bench: Bench) -> None:
    whose = marina(bench)
    bench.ixc.negotiations.of(whose, RECENT)

    interact(bench, close=Status.WON)

    (found,) = bench.ixc.negotiations.of(whose, RECENT).value
    assert (found.status, found.closed) == (Status.WON, "2026-11-20")


def test_a_permission_that_lacks_is_said_as_such(bench: Bench) -> None:
    bench.crm.control(not_permitted=["crm_negociacoes_simplificado"])

    with pytest.raises(errors.PermissionDenied) as caught:
        interact(bench, close=Status.WON)

    assert "permissão" in caught.value.messages[0]
    assert deal(bench, "1")["status"] == "N"


def test_a_negotiation_that_is_gone_is_not_found(bench: Bench) -> None:
    with pytest.raises(errors.NotFound):
        bench.ixc.negotiations.one("99999", Freshness.NOW)


def test_a_base_that_hides_columns_loses_none_of_them_by_an_update(bench: Bench) -> None:
    change(bench.crm, "crm_negociacoes", "1", external_id="kept")
    bench.crm.control(hide_fields=["external_id"])

    interact(bench, {"stage": "3"})

    assert (deal(bench, "1")["external_id"], deal(bench, "1")["id_estagio"]) == ("kept", "3")
