"""The lookup tables that fill the selects, and what happens where a base does not release them."""

from __future__ import annotations

import pytest

from tests.crm.bench import Bench
from tests.crm.ixc.test_people import change
from widget.crm.ixc.lookups import CITIES, RESOURCES
from widget.crm.wire import Filter, Query
from widget.domain import errors
from widget.domain.model import Choice, label
from widget.emulator.crm.tables import TABLES


def names(choices: list[Choice]) -> list[str]:
    return [choice.name for choice in choices]


def test_every_lookup_is_a_table_of_the_crm() -> None:
    assert set(RESOURCES) <= set(TABLES)


def test_funnels_come_in_the_crms_order(bench: Bench) -> None:
    assert names(bench.ixc.lookups.funnels()) == [
        "Vendas varejo",
        "Vendas empresarial",
        "Pós-venda",
    ]


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("negociacao", True), ("", True), ("lead", False), ("relacionamento", False)],
)
def test_only_funnels_for_negotiations_are_offered(bench: Bench, kind: str, shown: bool) -> None:
    change(bench.crm, "crm_funil", "2", tipo=kind)

    assert ("Vendas empresarial" in names(bench.ixc.lookups.funnels())) is shown


def test_the_stages_of_a_funnel_come_first_to_last(bench: Bench) -> None:
    change(bench.crm, "crm_negociacoes_estagios", "1", ordem="6")
    change(bench.crm, "crm_negociacoes_estagios", "6", ordem="1")

    stages = bench.ixc.lookups.stages("1")

    assert [stage.id for stage in stages] == ["6", "2", "3", "4", "5", "1"]
    assert {stage.funnel_id for stage in stages} == {"1"}


def test_all_stages_come_when_no_funnel_is_named(bench: Bench) -> None:
    assert len(bench.ixc.lookups.stages()) == 18


def test_a_funnel_that_does_not_exist_has_no_stages(bench: Bench) -> None:
    assert bench.ixc.lookups.stages("99") == []


def test_plans_that_are_no_longer_sold_are_not_offered(bench: Bench) -> None:
    plans = bench.ixc.lookups.plans()

    assert "Rádio 10 Mega (descontinuado)" not in names([*plans])
    fibre = next(plan for plan in plans if plan.name == "Fibra 500 Mega")
    assert (fibre.funnel_id, fibre.stage_id, fibre.monthly, fibre.detail) == (
        "1",
        "2",
        "109.90",
        "500 Mbps",
    )


def test_owners_come_by_name_and_only_active_ones(bench: Bench) -> None:
    change(bench.crm, "funcionarios", "1", ativo="N")

    owners = bench.ixc.lookups.owners()

    assert names(owners) == sorted(names(owners))
    assert "1" not in {owner.id for owner in owners}


def test_a_branch_is_called_by_its_trade_name(bench: Bench) -> None:
    change(bench.crm, "filial", "4", fantasia="", razao="Serra Net Xaxim LTDA")
    change(bench.crm, "filial", "3", ativo="N")

    assert names(bench.ixc.lookups.branches()) == [
        "Serra Net Chapecó",
        "Serra Net Xanxerê",
        "Serra Net Xaxim LTDA",
    ]


def test_channels_that_are_closed_are_not_offered(bench: Bench) -> None:
    assert "WhatsApp" in names(bench.ixc.lookups.channels())
    assert not [name for name in names(bench.ixc.lookups.channels()) if "inativo" in name]


def test_loss_reasons_are_the_crms(bench: Bench) -> None:
    assert names(bench.ixc.lookups.loss_reasons())[0] == "Preço acima do esperado"


# -- cities
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["chapeco", "CHAPECÓ", "Chapecó", "chapec"])
def test_a_city_is_found_whatever_accents_and_case_are_typed(bench: Bench, typed: str) -> None:
    assert "Chapecó" in names(bench.ixc.lookups.cities(typed))


@pytest.mark.parametrize("typed", ["sao jose", "São José"])
def test_cities_of_one_name_are_told_apart_by_their_state(bench: Bench, typed: str) -> None:
    found = [city for city in bench.ixc.lookups.cities(typed) if city.name == "São José"]

    assert len(found) == 2
    assert len({city.detail for city in found}) == 2
    assert all(len(city.detail) == 2 for city in found)


@pytest.mark.parametrize("typed", ["sao", "a", "porto", "xan"])
def test_cities_that_begin_with_what_was_typed_come_first_and_never_too_many(
    bench: Bench, typed: str
) -> None:
    for number, name in enumerate(
        ("Abadia de São Bento", "Água do Porto", "Casa de Xanxim"), start=100
    ):
        change(bench.crm, "cidade", str(number), nome=name)

    found = [
        name.casefold().replace("ã", "a").replace("á", "a")
        for name in names(bench.ixc.lookups.cities(typed))
    ]

    begins = [name.startswith(typed) for name in found]
    assert 0 < len(found) <= CITIES
    assert begins == sorted(begins, reverse=True)
    assert begins[0]


def test_nothing_like_it_is_an_empty_list(bench: Bench) -> None:
    assert bench.ixc.lookups.cities("qwxyz") == []


def test_one_city_is_named_with_its_state(bench: Bench) -> None:
    assert bench.ixc.lookups.city("1") == Choice("1", "Chapecó", "SC")


@pytest.mark.parametrize("number", ["", "99999"])
def test_a_city_that_is_not_there_is_none(bench: Bench, number: str) -> None:
    assert bench.ixc.lookups.city(number) is None


def test_the_names_of_several_cities_are_one_question(bench: Bench) -> None:
    assert bench.ixc.lookups.city_names(["1", "2", "", "1", "99999"]) == {
        "1": "Chapecó",
        "2": "Xanxerê",
    }
    assert bench.asked("cidade") == 1


def test_the_names_of_no_cities_are_no_question(bench: Bench) -> None:
    assert bench.ixc.lookups.city_names(["", ""]) == {}
    assert bench.asked("cidade") == 0


# -- who is asking
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("ana.souza@serranet.example", "Ana Souza"),
        ("ANA.SOUZA@serranet.example", "Ana Souza"),
        ("rui.matos@serranet.example", "Rui Matos"),
        ("teo.lima@serranet.example", ""),  # a user without an employee
        ("nobody@serranet.example", ""),
        ("", ""),
    ],
)
def test_the_employee_behind_an_attendants_email(bench: Bench, email: str, name: str) -> None:
    owner = bench.ixc.lookups.owner_by_email(email)

    assert label(bench.ixc.lookups.owners(), owner) == name


def test_an_inactive_user_owns_nothing(bench: Bench) -> None:
    (user,) = bench.crm.rows("usuarios", email="ana.souza@serranet.example")
    change(bench.crm, "usuarios", user["id"], status="I")

    assert bench.ixc.lookups.owner_by_email("ana.souza@serranet.example") == ""


def test_no_email_asks_nothing(bench: Bench) -> None:
    bench.ixc.lookups.owner_by_email("")

    assert bench.asked() == 0


def test_an_owner_brings_a_branch(bench: Bench) -> None:
    owner = bench.ixc.lookups.owner_by_email("ana.souza@serranet.example")
    (employee,) = bench.crm.rows("funcionarios", id=owner)

    assert bench.ixc.lookups.branch_of(owner) == employee["filial_id"]
    assert bench.ixc.lookups.branch_of("999") == ""


# -- bases that do not release everything
# --------------------------------------------------------------------------


@pytest.mark.parametrize("switch", ["not_released", "not_permitted"])
def test_a_table_that_may_not_be_read_is_empty_and_known_to_be(bench: Bench, switch: str) -> None:
    bench.crm.control(**{switch: list(RESOURCES)})
    lookups = bench.ixc.lookups

    assert not [
        *lookups.funnels(),
        *lookups.stages(),
        *lookups.plans(),
        *lookups.owners(),
        *lookups.branches(),
    ]
    assert not [*lookups.channels(), *lookups.loss_reasons(), *lookups.cities("cha")]
    assert lookups.city("1") is None
    assert lookups.owner_by_email("ana.souza@serranet.example") == ""
    assert not lookups.is_released("funnels")


def test_a_table_that_may_be_read_is_known_to_be(bench: Bench) -> None:
    assert bench.ixc.lookups.is_released("funnels")


def test_cities_without_states_still_have_names(bench: Bench) -> None:
    bench.crm.control(not_released=["uf"])

    assert bench.ixc.lookups.city("1") == Choice("1", "Chapecó", "")


@pytest.mark.parametrize("fault", ["reset", "500", "braces200", "401"])
def test_a_table_that_cannot_be_read_now_is_an_error_and_not_empty(
    bench: Bench, fault: str
) -> None:
    bench.crm.control(fault=fault)

    with pytest.raises(errors.CRMError):
        bench.ixc.lookups.funnels()


def test_what_is_known_is_used_while_the_crm_is_away(bench: Bench) -> None:
    bench.ixc.lookups.funnels()
    bench.clock.at += 10_000
    bench.crm.stop()

    assert len(bench.ixc.lookups.funnels()) == 3
    assert bench.ixc.lookups.age("funnels").trouble == ""  # any age will do: nobody is kept waiting
    assert bench.ixc.lookups.age("funnels").stale


def test_preparing_reads_every_table_once_and_hurts_nobody_when_the_crm_is_away(
    bench: Bench,
) -> None:
    bench.ixc.lookups.prepare()
    asked = bench.asked()
    bench.ixc.lookups.prepare()
    assert bench.asked() == asked

    bench.clock.at += 10_000
    bench.crm.stop()
    bench.ixc.lookups.prepare()


def test_secrets_of_users_and_branches_do_not_reach_the_disk(bench: Bench) -> None:
    change(bench.crm, "usuarios", "1", senha="hash-of-a-user")
    change(
        bench.crm,
        "filial",
        "1",
        nfe_senha="secret-of-a-branch",
        token_rdstation="token-of-a-branch",
    )

    bench.ixc.lookups.owner_by_email("ana.souza@serranet.example")
    bench.ixc.lookups.branches()
    bench.desk.read(Query("usuarios", (Filter("id", "=", "1"),)))

    kept = str(bench.database.rows("SELECT * FROM cache"))
    assert "Serra Net" in kept
    assert not [
        s for s in ("hash-of-a-user", "secret-of-a-branch", "token-of-a-branch") if s in kept
    ]


@pytest.mark.parametrize(("number", "shown"), [("1", "Ana"), ("9", "nº 9"), ("", "")])
def test_a_number_without_a_name_is_shown_as_a_number(number: str, shown: str) -> None:
    assert label([Choice("1", "Ana")], number) == shown
