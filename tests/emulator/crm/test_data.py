"""Tests of the invented base: the named cast is exactly as agreed.

A crowd has the mess of real bases, and is the same from one seed.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stdnum.br import cnpj, cpf

from widget.emulator.crm import cast, data
from widget.emulator.crm.base import Row
from widget.emulator.crm.server import Emulator
from widget.emulator.crm.tables import TABLES

LEAD_PHONES = ("fone_residencial", "fone_comercial", "fone_celular", "fone_whatsapp")
CLIENT_PHONES = ("fone", "telefone_comercial", "telefone_celular", "whatsapp")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(str(tmp_path_factory.mktemp("data") / "crm.db")) as emulator:
        yield emulator


@pytest.fixture
def people(base: Emulator) -> list[Row]:
    return base.rows("contato") + base.rows("cliente")


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def phones(person: Row) -> list[str]:
    return [person[column] for column in (*LEAD_PHONES, *CLIENT_PHONES) if person.get(column)]


@pytest.mark.parametrize(
    ("table", "record", "wanted"),
    [
        (
            "contato",
            cast.MARINA,
            {
                "nome": "Marina Teles Andrade",
                "fone_whatsapp": "(49) 98812-4417",
                "lead": "S",
                "id_cliente": "0",
                "id_responsavel": "1",
                "id_filial": "1",
            },
        ),
        (
            "contato",
            cast.BEATRIZ,
            {"nome": "Beatriz Lemos Farias", "email": "beatriz.lemos@example.com"},
        ),
        (
            "contato",
            cast.IGOR,
            {"nome": "Igor Ferraz Moura", "fone_celular": "(49) 98455-1020", "lead": "S"},
        ),
        (
            "cliente",
            cast.RAFAEL,
            {"razao": "Rafael Nunes Prado", "telefone_celular": "(49) 99903-2288", "crm": "N"},
        ),
        (
            "cliente",
            cast.CLAUDIA,
            {"razao": "Cláudia Ferraz Moura", "telefone_celular": "(49) 98455-1020"},
        ),
        (
            "cliente",
            cast.PADARIA,
            {"razao": "Padaria Trigo Bom", "fone": "(49) 3322-1188", "tipo_pessoa": "J"},
        ),
        (
            "cliente",
            cast.SERRA_AZUL,
            {
                "razao": "Serra Azul Logística LTDA",
                "cnpj_cpf": "12.ABC.345/01DE-35",
                "tipo_pessoa": "J",
            },
        ),
        (
            "cliente",
            cast.HENRIQUE,
            {"razao": "Henrique Paz Duarte", "telefone_celular": "(49) 99177-6031"},
        ),
        (
            "cliente",
            cast.LUCIA,
            {"razao": "Lúcia Amaral Teixeira", "whatsapp": "49991450077", "crm": "S"},
        ),
        (
            "cliente",
            cast.JONAS,
            {
                "razao": "Jonas P. Siqueira",
                "fone": "(49) 3344-2020",
                "cnpj_cpf": "390.533.447-05",
                "email": "jonas.siqueira@example.com",
            },
        ),
    ],
)
def test_the_cast_is_stored_as_agreed(
    base: Emulator, table: str, record: str, wanted: dict[str, str]
) -> None:
    row = base.rows(table, id=record)[0]

    assert {name: row[name] for name in wanted} == wanted


def test_beatriz_has_no_phone_and_the_firms_have_valid_documents(base: Emulator) -> None:
    assert phones(base.rows("contato", id=cast.BEATRIZ)[0]) == []
    assert cpf.is_valid(base.rows("contato", id=cast.MARINA)[0]["cnpj_cpf"])
    assert all(
        cnpj.is_valid(base.rows("cliente", id=record)[0]["cnpj_cpf"])
        for record in (cast.PADARIA, cast.SERRA_AZUL)
    )


@pytest.mark.parametrize("unknown", ["91230045", "91112020", "88310022", "5552671"])
def test_the_unknown_people_are_unknown(people: list[Row], unknown: str) -> None:
    assert not [
        person for person in people if any(unknown in digits(phone) for phone in phones(person))
    ]


@pytest.mark.parametrize(
    ("known", "owners"),
    [
        ("88124417", ["Marina Teles Andrade"]),
        ("99032288", ["Rafael Nunes Prado"]),
        ("84551020", ["Cláudia Ferraz Moura", "Igor Ferraz Moura"]),
        ("33221188", ["Padaria Trigo Bom"]),
        ("91776031", ["Henrique Paz Duarte"]),
        ("91450077", ["Lúcia Amaral Teixeira"]),
    ],
)
@pytest.mark.parametrize("seed", [7, 1, 2026])
def test_nobody_of_the_crowd_has_a_phone_of_the_cast(
    known: str, owners: list[str], seed: int
) -> None:
    rows = data._tables(seed)
    found = []
    for table, name in (("contato", "nome"), ("cliente", "razao")):
        columns = list(TABLES[table].columns)
        for row in (dict(zip(columns, values, strict=True)) for values in rows[table]):
            found += (
                [row[name]] if any(digits(phone).endswith(known) for phone in phones(row)) else []
            )

    assert sorted(found) == owners


def test_henrique_has_three_open_negotiations_in_two_funnels_one_won_one_lost(
    base: Emulator,
) -> None:
    deals = base.rows("crm_negociacoes", id_cliente=cast.HENRIQUE)

    assert Counter(deal["status"] for deal in deals) == {"N": 3, "V": 1, "D": 1}
    assert len({deal["id_funil"] for deal in deals if deal["status"] == "N"}) == 2


def test_marina_and_lucia_have_one_open_negotiation_and_lucia_twenty_notes(base: Emulator) -> None:
    assert len(base.rows("crm_negociacoes", id_contato=cast.MARINA, status="N")) == 1
    assert len(base.rows("crm_negociacoes", id_cliente=cast.LUCIA, status="N")) == 1
    assert len(base.rows("crm_prospeccao_anotacoes", id_cliente=cast.LUCIA)) == 20


@pytest.mark.parametrize(
    ("email", "employee"),
    [
        ("ana.souza@serranet.example", "Ana Souza"),
        ("rui.matos@serranet.example", "Rui Matos"),
        ("teo.lima@serranet.example", None),
    ],
)
def test_attendants_are_users_with_and_without_employee(
    base: Emulator, email: str, employee: str | None
) -> None:
    user = base.rows("usuarios", email=email)[0]

    found = [row["funcionario"] for row in base.rows("funcionarios", id=user["funcionario"])]
    assert found == ([employee] if employee else [])
    assert user["id"] != user["funcionario"]


def test_the_house_has_branches_employees_and_an_integration_user(base: Emulator) -> None:
    assert [row["fantasia"] for row in base.rows("filial")] == [
        "Serra Net Chapecó",
        "Serra Net Xanxerê",
        "Serra Net Concórdia",
        "Serra Net Xaxim",
    ]
    assert Counter(row["ativo"] for row in base.rows("funcionarios")) == {"S": 11, "N": 1}
    assert base.rows("usuarios", id=base.token.split(":")[0])[0]["acesso_webservice"] == "S"


def test_funnels_have_five_to_seven_ordered_stages_and_plans_preset_their_own(
    base: Emulator,
) -> None:
    funnels = {row["id"]: row["funil"] for row in base.rows("crm_funil")}
    stages = base.rows("crm_negociacoes_estagios")
    plans = base.rows("crm_planos_negociacoes")
    owner = {stage["id"]: stage["id_funil"] for stage in stages}

    assert list(funnels.values()) == ["Vendas varejo", "Vendas empresarial", "Pós-venda"]
    for funnel in funnels:
        orders = [int(stage["ordem"]) for stage in stages if stage["id_funil"] == funnel]
        assert orders == list(range(1, len(orders) + 1))
        assert 5 <= len(orders) <= 7
    assert all(
        owner[plan["id_estagio"]] == plan["id_funil"] and plan["valor_mensal"] for plan in plans
    )
    assert Counter(plan["ativo"] for plan in plans) == {"S": 7, "N": 1}


@pytest.mark.parametrize(
    ("table", "fewest"), [("crm_substatus", 5), ("crm_tipo_candidato", 5), ("crm_campanha", 2)]
)
def test_lookups_are_filled(base: Emulator, table: str, fewest: int) -> None:
    assert len(base.rows(table)) >= fewest


def test_there_are_as_many_cities_as_in_the_country_and_each_once_in_its_state(
    base: Emulator,
) -> None:
    cities = [(row["nome"], row["uf"]) for row in base.rows("cidade")]
    states = {row["id"]: row["sigla"] for row in base.rows("uf")}

    assert len(cities) == len(set(cities)) == 5570
    assert [name for name, _ in cities[:4]] == ["Chapecó", "Xanxerê", "Concórdia", "Xaxim"]
    assert sorted(states[uf] for name, uf in cities if name == "São José") == ["RS", "SC"]
    assert {uf for _, uf in cities} == set(states)


def test_there_are_three_hundred_people_besides_the_cast(people: list[Row]) -> None:
    assert len(people) - 10 >= 300


@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        ("masked mobile", r"\(\d\d\) 9\d{4}-\d{4}"),
        ("masked mobile without ninth digit", r"\(\d\d\) [67]\d{3}-\d{4}"),
        ("masked landline", r"\(\d\d\) [2-5]\d{3}-\d{4}"),
        ("bare mobile", r"\d\d9\d{8}"),
        ("bare mobile without ninth digit", r"\d\d[67]\d{7}"),
        ("with the country's code", r"55\d{10,11}"),
        ("international", r"\+55 .*"),
        ("with a leading zero", r"0\d{10,11}"),
    ],
)
@pytest.mark.parametrize("seed", [7, 1, 2026])
def test_phones_come_in_every_form(form: str, pattern: str, seed: int) -> None:
    rows = data._tables(seed)
    written = [value for table in ("contato", "cliente") for row in rows[table] for value in row]

    assert sum(bool(re.fullmatch(pattern, value)) for value in written) >= 3, form


def test_some_phones_and_documents_belong_to_two_people(people: list[Row]) -> None:
    by_phone = Counter(phone for person in people for phone in phones(person))
    by_document = Counter(
        digits(person["cnpj_cpf"]) for person in people if person["tipo_pessoa"] == "F"
    )

    assert sum(count > 1 for count in by_phone.values()) >= 12
    assert sum(count > 1 for document, count in by_document.items() if document) >= 10


def test_documents_are_valid_masked_and_bare_numeric_and_alphanumeric(people: list[Row]) -> None:
    firms = [person["cnpj_cpf"] for person in people if person["tipo_pessoa"] == "J"]
    persons = [
        person["cnpj_cpf"]
        for person in people
        if person["tipo_pessoa"] == "F" and person["cnpj_cpf"]
    ]

    assert all(cnpj.is_valid(document) for document in firms)
    assert all(cpf.is_valid(document) for document in persons)
    assert {document.isdecimal() for document in persons} == {True, False}
    assert {any(char.isalpha() for char in document) for document in firms} == {True, False}


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("contato", "data_nascimento", {"", "0000-00-00"}),
        ("contato", "data", {"", "0000-00-00"}),
        ("contato", "data_cadastro", {"0000-00-00 00:00:00"}),
        ("cliente", "data_cadastro", {"0000-00-00"}),
        ("cliente", "crm", {"", "N", "S"}),
        ("contato", "id_responsavel", {"0"}),
        ("contato", "id_filial", {"0"}),
        ("contato", "email", {""}),
    ],
)
def test_what_is_empty_is_empty_in_every_way(
    base: Emulator, table: str, column: str, values: set[str]
) -> None:
    assert values <= {row[column] for row in base.rows(table)}


def test_remarks_hold_markup_and_names_hold_accents(people: list[Row]) -> None:
    assert any("<b>" in person["obs"] for person in people)
    assert any("\r\n" in person["obs"] for person in people)
    assert (
        sum(not (person.get("nome") or person.get("razao", "")).isascii() for person in people) > 50
    )


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("crm_negociacoes", "id_cliente", "cliente"),
        ("crm_negociacoes", "id_contato", "contato"),
        ("crm_negociacoes", "id_estagio", "crm_negociacoes_estagios"),
        ("crm_negociacoes", "id_plano_negocio", "crm_planos_negociacoes"),
        ("crm_negociacoes", "id_responsavel", "funcionarios"),
        ("crm_prospeccao_anotacoes", "id_negociacao", "crm_negociacoes"),
        ("contato", "id_cliente", "cliente"),
        ("contato", "id_responsavel", "funcionarios"),
        ("cliente", "cidade", "cidade"),
        ("cidade", "uf", "uf"),
        ("usuarios", "funcionario", "funcionarios"),
    ],
)
def test_every_reference_leads_somewhere(
    base: Emulator, table: str, column: str, target: str
) -> None:
    known = {row["id"] for row in base.rows(target)} | {"0"}

    assert {row[column] for row in base.rows(table)} <= known


def test_a_negotiation_and_its_notes_belong_to_the_same_client(base: Emulator) -> None:
    clients = {deal["id"]: deal["id_cliente"] for deal in base.rows("crm_negociacoes")}

    assert all(
        note["id_cliente"] == clients[note["id_negociacao"]]
        for note in base.rows("crm_prospeccao_anotacoes")
    )


def _content(path: Path, seed: int) -> dict[str, Any]:
    data._tables.cache_clear()
    with Emulator(str(path), seed=seed) as emulator:
        return {table: emulator.rows(table) for table in TABLES}


def test_the_same_seed_gives_the_same_base_and_another_seed_another_crowd(tmp_path: Path) -> None:
    one, same, other = (
        _content(tmp_path / name, seed)
        for name, seed in (("one.db", 7), ("same.db", 7), ("other.db", 8))
    )

    assert one == same
    assert one["contato"][:3] == other["contato"][:3]
    assert one["contato"][3:] != other["contato"][3:]


def test_making_the_file_takes_less_than_a_second_and_a_half(tmp_path: Path) -> None:
    data._tables.cache_clear()
    started = time.perf_counter()
    emulator = Emulator(str(tmp_path / "crm.db"))

    assert time.perf_counter() - started < 1.5
    emulator.start()
    emulator.stop()


def test_a_base_may_have_many_more_people_than_the_cast_and_the_crowd(base: Emulator) -> None:
    with Emulator(":memory:", more=2005) as large:
        counts = {
            table: len(large.rows(table)) - len(base.rows(table))
            for table in ("contato", "cliente")
        }

        assert counts == {"contato": 1203, "cliente": 802}
        assert large.rows("contato", id=1) == base.rows("contato", id=1)
        changed = {row["ultima_atualizacao"] for row in large.rows("contato")}
        assert len(changed) > 1000
        large.reset()
        assert len(large.rows("contato")) == len(base.rows("contato")) + 1203
