"""Pages as bases tell them: capped, without rows, with one twice, as an object.

Dates and money in other writings.
"""

import pytest

from tests.emulator.client import Api, lead
from widget.emulator.crm.cast import MARINA
from widget.emulator.crm.server import Emulator


@pytest.fixture
def five(api: Api) -> Api:
    for number in range(5):
        api.insert("contato", **lead(nome=f"Cinco {number}", id_filial="77"))
    return api


def page(api: Api, **asked: str) -> tuple[str, list[str]]:
    """The total, and the last letters of the names."""
    answer = api.find(
        "contato",
        qtype="contato.id_filial",
        query="77",
        oper="=",
        **asked,
    ).json()
    return answer["total"], [row["nome"][-1] for row in answer.get("registros", [])]


def test_a_cap_makes_pages_short_and_paging_reaches_all(five: Api, crm: Emulator) -> None:
    crm.control(rp_cap=2)

    assert page(five, rp="500") == ("5", ["0", "1"])
    assert page(five, rp="500", page="3") == ("5", ["4"])
    assert page(five, rp="1", page="2") == ("5", ["1"])
    assert page(five) == ("5", ["0", "1"])


def numbers(crm: Emulator) -> list[str]:
    return [f"contato.{row['id']}" for row in crm.rows("contato", id_filial="77")]


def test_a_bad_row_empties_its_page_and_no_other(five: Api, crm: Emulator) -> None:
    crm.control(bad_rows=[numbers(crm)[2]])

    assert page(five) == ("5", [])
    assert (
        "registros"
        not in five.find("contato", qtype="contato.id_filial", query="77", oper="=").json()
    )
    assert page(five, rp="2") == ("5", ["0", "1"])
    assert page(five, rp="2", page="2") == ("5", [])
    assert page(five, rp="2", page="3") == ("5", ["4"])


def test_a_double_row_comes_twice_in_its_page(five: Api, crm: Emulator) -> None:
    crm.control(double_rows=[numbers(crm)[1], "cliente.1"])

    assert page(five) == ("5", ["0", "1", "1", "2", "3", "4"])
    assert page(five, rp="2", page="2") == ("5", ["2", "3"])


def test_rows_come_as_an_object_by_their_place(five: Api, crm: Emulator) -> None:
    crm.control(rows_as_object=True)

    answer = five.find(
        "contato",
        qtype="contato.id_filial",
        query="77",
        oper="=",
        rp="2",
    ).json()

    assert {place: row["nome"] for place, row in answer["registros"].items()} == {
        "0": "Cinco 0",
        "1": "Cinco 1",
    }
    assert (
        "registros" not in five.find("contato", qtype="contato.id", query="99999", oper="=").json()
    )


@pytest.mark.parametrize("zero", ["0000-00-00", "", "-0001-11-30", "1899-11-30", "0001-01-01"])
@pytest.mark.parametrize("form", ["iso", "br"])
def test_an_unset_date_is_listed_in_its_disguise_and_comes_back_as_no_change(
    api: Api, crm: Emulator, zero: str, form: str
) -> None:
    crm.alter(
        "contato",
        MARINA,
        data_nascimento="0000-00-00",
        data="",
        data_cadastro="2026-11-20 10:30:00",
    )
    crm.control(zero_date=zero, date_format=form)

    record = api.record("contato", "contato", MARINA)
    answer = api.update("contato", MARINA, record | {"bairro": "Líder"}).json()

    year, _, rest = zero.rpartition("-")[0].rpartition("-")[0], "", zero[-5:]
    seen = "/".join([*reversed(rest.split("-")), year]) if form == "br" and zero else zero
    row = crm.rows("contato", id=MARINA)[0]
    assert record["data_nascimento"] == seen
    assert record["data"] == ("" if zero == "0000-00-00" else seen)
    assert record["data_cadastro"] == (
        "20/11/2026 10:30:00" if form == "br" else "2026-11-20 10:30:00"
    )
    assert answer["type"] == "success"
    assert (row["data_nascimento"], row["data"], row["bairro"]) == ("0000-00-00", "", "Líder")
    assert row["data_cadastro"] == "2026-11-20 10:30:00"


def test_an_unset_moment_has_its_disguise_with_an_hour(api: Api, crm: Emulator) -> None:
    crm.alter("contato", MARINA, data_cadastro="")
    crm.control(zero_date="-0001-11-30")

    assert api.record("contato", "contato", MARINA)["data_cadastro"] == "-0001-11-30 00:00:00"


def test_money_is_listed_with_a_comma_and_comes_back_as_the_same(api: Api, crm: Emulator) -> None:
    crm.alter("crm_negociacoes", "2", valor_mensal="1299.90", valor_fixo="0.00")
    crm.alter("vd_contratos", "1", valor_contrato="99.900000000")
    crm.control(decimal_comma=True)

    deal = api.record("crm_negociacoes", "crm_negociacoes", "2")
    api.update("crm_negociacoes", "2", deal | {"valor_fixo": "2.000,50"})

    row = crm.rows("crm_negociacoes", id=2)[0]
    assert (deal["valor_mensal"], deal["valor_fixo"]) == ("1.299,90", "0,00")
    assert api.record("vd_contratos", "vd_contratos", "1")["valor_contrato"] == "99,900000000"
    assert (row["valor_mensal"], row["valor_fixo"]) == ("1299.90", "2000.50")
