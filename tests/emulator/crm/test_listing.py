"""Tests of listings: every operator, both date forms, pages, sorting, physical names.

What is malformed gets the red box.
"""

import json

import pytest

from tests.emulator.client import LIST, Api, deal, lead
from widget.emulator.crm.server import Emulator

NAMES = ("Ária Água", "aria agua", "Árvore 10", "Árvore 9", "100% Fibra", "a_b")


@pytest.fixture
def stocked(api: Api) -> Api:
    """Six leads of one branch that no one else has."""
    for place, name in enumerate(NAMES, start=1):
        dates = {
            "data_cadastro": f"0{place}/11/2026 10:00:00",
            "data_nascimento": f"0{place}/02/1990",
        }
        api.insert(
            "contato",
            **lead(
                nome=name,
                id_filial="77",
                id_responsavel=str(place),
                **dates,
            ),
        )
    return api


def names(api: Api, *items: dict[str, str], **asked: str) -> list[str]:
    own = {"TB": "contato.id_filial", "OP": "=", "P": "77"}
    return [
        row["nome"] for row in api.grid("contato", own, *items, **asked).json().get("registros", [])
    ]


@pytest.mark.parametrize(
    ("column", "operator", "value", "found"),
    [
        ("nome", "=", "ARIA AGUA", [1, 2]),
        ("nome", "=", "aria", []),
        ("nome", "!=", "ária água", [3, 4, 5, 6]),
        ("nome", "L", "água", [1, 2]),
        ("nome", "L", "ARV%9", [4]),
        ("nome", "L", "%", [1, 2, 3, 4, 5, 6]),
        ("nome", "L", "a_b", [6]),
        ("nome", "L", "r_a", []),
        ("nome", "NL", "arvore", [1, 2, 5, 6]),
        ("nome", "IN", "a_b, arvore 9", [4, 6]),
        ("nome", "NI", "a_b,arvore 9", [1, 2, 3, 5]),
        ("nome", "=", "", []),
        ("nome", "!=", "", [1, 2, 3, 4, 5, 6]),
        ("id_responsavel", "=", "3", [3]),
        ("id_responsavel", "!=", "3", [1, 2, 4, 5, 6]),
        ("id_responsavel", ">", "4", [5, 6]),
        ("id_responsavel", ">=", "4", [4, 5, 6]),
        ("id_responsavel", "<", "2", [1]),
        ("id_responsavel", "<=", "2", [1, 2]),
        ("id_responsavel", "IN", "1,6,99", [1, 6]),
        ("id_responsavel", "NI", "1,6,99", [2, 3, 4, 5]),
        ("id_responsavel", "=", "3abc", [3]),
        ("id_responsavel", "=", "abc", []),
        ("data_cadastro", ">=", "2026-11-05", [5, 6]),
        ("data_cadastro", ">=", "05/11/2026", [5, 6]),
        ("data_cadastro", ">", "05/11/2026 10:00:00", [6]),
        ("data_cadastro", "=", "2026-11-02 10:00:00", [2]),
        ("data_cadastro", "<", "02/11/2026", [1]),
        ("data_cadastro", "L", "2026-11-03", [3]),
        ("data_nascimento", "=", "04/02/1990", [4]),
        ("data_nascimento", "<=", "1990-02-02", [1, 2]),
        ("data_nascimento", ">", "05/02/1990 00:00:00", [6]),
        ("data_nascimento", "IN", "01/02/1990,1990-02-06", [1, 6]),
    ],
)
def test_every_operator_filters(
    stocked: Api, column: str, operator: str, value: str, found: list[int]
) -> None:
    item = {"TB": f"contato.{column}", "OP": operator, "P": value}

    assert names(stocked, item) == [NAMES[place - 1] for place in found]


@pytest.mark.parametrize(
    ("operator", "column", "low", "high", "found"),
    [
        ("BE", "id_responsavel", "2", "4", [2, 3, 4]),
        ("NBE", "id_responsavel", "2", "4", [1, 5, 6]),
        ("BE", "data_cadastro", "02/11/2026", "2026-11-04 23:59:59", [2, 3, 4]),
        ("BE", "nome", "arvore", "b", [3, 4]),
    ],
)
def test_between_takes_two_values(
    stocked: Api, operator: str, column: str, low: str, high: str, found: list[int]
) -> None:
    item = {
        "TB": f"contato.{column}",
        "OP": operator,
        "P": low,
        "P2": high,
    }

    assert names(stocked, item) == [NAMES[place - 1] for place in found]


def test_an_empty_date_is_found_as_zero_date_or_as_nothing(api: Api) -> None:
    zero, blank = (
        api.grid("contato", {"TB": "contato.data_nascimento", "OP": "=", "P": value}).json()[
            "total"
        ]
        for value in ("0000-00-00", "")
    )

    assert int(zero) > 0
    assert int(blank) > 0


def test_the_top_filter_and_all_grid_items_hold_together(stocked: Api) -> None:
    item = {
        "TB": "contato.id_responsavel",
        "OP": ">",
        "P": "1",
        "C": "OR",
        "G": "1",
    }

    assert names(stocked, item, qtype="contato.nome", query="aria agua", oper="=") == ["aria agua"]


@pytest.mark.parametrize("qtype", ["filial.id", "filial", ""])
@pytest.mark.parametrize("operator", ["=", "", "LIKE", ">"])
def test_an_empty_query_filters_nothing(api: Api, qtype: str, operator: str) -> None:
    assert api.find("filial", qtype=qtype, query="", oper=operator).json()["total"] == "4"


@pytest.mark.parametrize("asked", [{}, {"grid_param": ""}, {"grid_param": "[]"}])
def test_a_listing_without_filter_gives_twenty_of_all(
    api: Api, crm: Emulator, asked: dict[str, str]
) -> None:
    answer = api.find("contato", **asked).json()

    assert answer["page"] == "1"
    assert answer["total"] == str(len(crm.rows("contato")))
    assert len(answer["registros"]) == 20


def test_nothing_found_means_no_registros(api: Api) -> None:
    answer = api.find("contato", qtype="contato.nome", query="ninguém com este nome", oper="=")

    assert answer.json() == {"page": "1", "total": "0"}


def test_a_page_beyond_the_end_tells_the_total_only(api: Api) -> None:
    assert api.find("filial", page="9", rp="4").json() == {"page": "9", "total": "4"}


def test_pages_follow_each_other_without_gap_or_repetition(api: Api, crm: Emulator) -> None:
    pages = [
        api.find("contato", page=str(page), rp="50", sortname="contato.nome")
        for page in range(1, 6)
    ]

    ids = [row["id"] for page in pages for row in page.json().get("registros", [])]
    assert sorted(ids, key=int) == [row["id"] for row in crm.rows("contato")]


@pytest.mark.parametrize(
    ("sortname", "sortorder", "found"),
    [
        ("contato.id_responsavel", "desc", [6, 5, 4, 3, 2, 1]),
        ("contato.data_cadastro", "asc", [1, 2, 3, 4, 5, 6]),
        ("contato.nome", "asc", [5, 6, 1, 2, 3, 4]),
        ("", "desc", [6, 5, 4, 3, 2, 1]),
        ("contato.id", "sideways", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_sorting_knows_numbers_dates_and_text(
    stocked: Api, sortname: str, sortorder: str, found: list[int]
) -> None:
    assert names(stocked, sortname=sortname, sortorder=sortorder) == [
        NAMES[place - 1] for place in found
    ]


def test_ids_sort_as_numbers(api: Api) -> None:
    ids = [row["id"] for row in api.records("cidade", rp="500", sortname="cidade.id")]

    assert ids[8:11] == ["9", "10", "11"]


def test_every_value_is_a_string_and_every_column_is_there(api: Api) -> None:
    record = api.record("contato", "contato", "1")

    assert all(isinstance(value, str) for value in record.values())
    assert {
        "id",
        "external_id",
        "external_system",
        "obs",
        "ultima_atualizacao",
        "id_campanha",
    } <= set(record)
    assert record["id_cliente"] == "0"


def test_the_total_can_be_a_number(api: Api, crm: Emulator) -> None:
    crm.control(total_as_number=True)

    assert api.find("filial").json()["total"] == 4


def test_hidden_fields_stay_out_of_listings(api: Api, crm: Emulator) -> None:
    crm.control(hide_fields=["external_id", "contato.obs"])

    record = api.record("contato", "contato", "1")

    assert not {"external_id", "obs"} & set(record)
    assert "obs" in api.record("cliente", "cliente", "1")


def test_prospects_are_clients_under_their_physical_name_with_crm_set(
    api: Api, crm: Emulator
) -> None:
    found = api.records(
        "crm_canditados", qtype="cliente.id", query="0", oper=">", rp="500", sortname="cliente.id"
    )

    assert {row["crm"] for row in found} == {"S"}
    assert [row["id"] for row in found] == [row["id"] for row in crm.rows("cliente", crm="S")]


@pytest.mark.parametrize(
    "asked",
    [
        {"qtype": "crm_canditados.id", "query": "1", "oper": "="},
        {"qtype": "id", "query": "1", "oper": "="},
        {"qtype": "cliente.nome", "query": "x", "oper": "="},
        {"qtype": "cliente.id; drop table cliente", "query": "1", "oper": "="},
        {"qtype": "cliente.id", "query": "1", "oper": "LIKE"},
        {
            "qtype": "cliente.id",
            "query": "1",
            "oper": "=",
            "sortname": "id",
        },
        {"sortname": "crm_canditados.id"},
        {"grid_param": "["},
        {"grid_param": '{"TB": "cliente.id"}'},
        {"grid_param": '["cliente.id"]'},
        {"grid_param": [{"TB": "cliente.id", "OP": "=", "P": "1"}]},
        {"grid_param": json.dumps([{"OP": "=", "P": "1"}])},
        {"grid_param": json.dumps([{"TB": "cliente.id", "OP": "~", "P": "1"}])},
    ],
)
def test_a_malformed_listing_brings_the_red_box(api: Api, asked: dict[str, str]) -> None:
    answer = api.find("crm_canditados", **asked)

    assert answer.status_code == 500
    assert "Contate o suporte IXC Soft.</div>" in answer.text


@pytest.mark.parametrize("value", ["' OR 1=1 --", '"; DROP TABLE contato', "\\", "%'%", "x" * 5000])
@pytest.mark.parametrize("operator", ["=", "L", "IN"])
def test_a_hostile_value_is_only_a_value(api: Api, value: str, operator: str) -> None:
    assert (
        api.find("contato", qtype="contato.nome", query=value, oper=operator).json()["total"] == "0"
    )


def test_blanks_around_names_and_values_do_not_matter(api: Api) -> None:
    answer = api.grid("cliente", {"TB": " cliente.id ", "OP": " = ", "P": " 5 "})

    assert [row["razao"] for row in answer.json()["registros"]] == ["Henrique Paz Duarte"]


def test_numbers_are_taken_for_strings_in_the_query(api: Api) -> None:
    answer = api.find(
        "filial",
        qtype="filial.id",
        query=2,
        oper=">",
        page=1,
        rp=1,
    )

    assert answer.json()["total"] == "2"
    assert [row["id"] for row in answer.json()["registros"]] == ["3"]


def test_what_was_written_is_listed_by_its_time_of_change(api: Api) -> None:
    record = api.insert("crm_negociacoes", **deal()).json()["id"]

    recent = {"TB": "crm_negociacoes.ultima_atualizacao", "OP": ">=", "P": "2026-11-20 18:00:01"}
    found = api.grid("crm_negociacoes", recent).json()["registros"]

    assert [row["id"] for row in found] == [record]


@pytest.mark.parametrize("named", ["ultima_atualizacao", "contato.ultima_atualizacao"])
def test_a_base_may_break_at_a_column_it_does_not_filter_or_sort_by(
    crm: Emulator, api: Api, named: str
) -> None:
    crm.control(unfilterable=[named])
    column = "contato.ultima_atualizacao"

    assert api.find("contato", qtype=column, query="2020-01-01", oper=">=").status_code == 500
    assert api.find("contato", sortname=column, sortorder="asc").status_code == 500
    assert api.grid("contato", {"TB": column, "OP": ">", "P": "2020-01-01"}).status_code == 500
    assert api.records("contato", qtype="contato.id", query="1", oper="=")[0]["id"] == "1"


def test_a_base_may_take_no_notice_of_filter_and_order(crm: Emulator, api: Api) -> None:
    crm.control(unheeded=["contato.id"])

    found = api.records(
        "contato", qtype="contato.id", query="5", oper=">", sortname="contato.id", sortorder="desc"
    )
    assert [row["id"] for row in found][:3] == ["1", "2", "3"]
    narrowed = api.grid(
        "contato",
        {"TB": "contato.id", "OP": ">", "P": "5"},
        {"TB": "contato.nome", "OP": "L", "P": "Marina Teles"},
    )
    assert [row["nome"] for row in narrowed.json()["registros"]] == ["Marina Teles Andrade"]


def test_a_bare_column_is_the_listed_tables_when_switched(stocked: Api, crm: Emulator) -> None:
    asked = {
        "qtype": "id_filial",
        "query": "77",
        "oper": "=",
        "sortname": "nome",
        "sortorder": "desc",
    }
    before = stocked.find("contato", **asked).status_code
    crm.control(bare_columns=True)

    after = [row["nome"] for row in stocked.find("contato", **asked).json()["registros"]]
    grid = stocked.grid("contato", {"TB": "id_filial", "OP": "=", "P": "77"}).json()

    assert (before, after[0], grid["total"]) == (500, "Árvore 9", "6")
    assert stocked.find("contato", qtype="nonsense", query="1").status_code == 500
    assert stocked.find("contato", qtype="cliente.id", query="1").status_code == 500


def test_what_stands_in_the_address_of_a_get_is_asked_when_switched(
    stocked: Api, crm: Emulator
) -> None:
    asked = {
        "qtype": "contato.id_filial",
        "query": "77",
        "oper": "=",
        "rp": "2",
    }

    def total(method: str = "GET", **how: object) -> int:
        return int(
            stocked.send(method, "contato", params=asked, headers=LIST, **how).json()["total"]
        )

    ignored = total()
    crm.control(query_string=True)

    assert ignored > 6
    assert total() == 6
    assert total(json={"query": "78"}) == 0
    assert total("POST", json={}) == ignored
