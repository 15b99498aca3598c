"""Tests of inserts, full-record updates, the won and lost buttons, and deletes.

They say what is written and what the CRM says.
"""

import pytest

from tests.emulator.client import Api, deal, lead
from widget.emulator.crm.cast import (
    CLAUDIA,
    HENRIQUE,
    JONAS,
    LUCIA,
    MARINA,
    PADARIA,
    RAFAEL,
    SERRA_AZUL,
)
from widget.emulator.crm.server import Emulator

NOTE = {
    "anotacao": "Ligar amanhã",
    "id_responsavel": "1",
    "data": "21/11/2026 10:30:00",
    "id_cliente": LUCIA,
}
PROSPECT = {
    "razao": "Prospecto Novo",
    "status_prospeccao": "C",
    "tipo_pessoa": "F",
    "ativo": "S",
    "cidade": "1",
    "crm": "S",
    "whatsapp": "49988887777",
}


def test_an_insert_answers_its_id_and_is_in_the_file(api: Api, crm: Emulator) -> None:
    answer = api.insert("contato", **lead())

    assert answer.json() == {
        "type": "success",
        "message": "Registro inserido com sucesso!",
        "id": "204",
    }
    assert crm.rows("contato", id=204)[0]["nome"] == "Nova Pessoa"


@pytest.mark.parametrize(
    ("field", "written", "stored"),
    [
        ("data_cadastro", "20/11/2026", "2026-11-20 00:00:00"),
        ("data_cadastro", "20/11/2026 14:05:09", "2026-11-20 14:05:09"),
        ("data_cadastro", "2026-11-20 14:05:09", "2026-11-20 14:05:09"),
        ("data_nascimento", "05/02/1990", "1990-02-05"),
        ("data_nascimento", "1990-02-05", "1990-02-05"),
        ("data_nascimento", "31/02/1990", "0000-00-00"),
        ("data_nascimento", "", ""),
        ("data_cadastro", "0000-00-00 00:00:00", "0000-00-00 00:00:00"),
        ("id_filial", "", "0"),
        ("id_filial", "abc", "0"),
        ("id_filial", "03", "3"),
        ("principal", "", ""),
        ("obs", "linha 1\r\nlinha 2 🚀 <b>x</b>", "linha 1\r\nlinha 2 🚀 <b>x</b>"),
        ("id", "9999", "204"),
        ("ultima_atualizacao_falsa", "x", None),
    ],
)
def test_a_field_is_stored_as_its_kind_wants_it(
    api: Api, crm: Emulator, field: str, written: str, stored: str | None
) -> None:
    record = api.insert("contato", **lead() | {field: written}).json()["id"]

    assert crm.rows("contato", id=record)[0].get(field) == stored


@pytest.mark.parametrize(
    ("written", "stored"), [("150.00", "150.00"), ("150", "150.00"), ("1.150,5", "1150.50")]
)
def test_money_is_read_with_dot_or_comma(
    api: Api, crm: Emulator, written: str, stored: str
) -> None:
    record = api.insert("crm_negociacoes", **deal(valor_mensal=written)).json()["id"]

    assert crm.rows("crm_negociacoes", id=record)[0]["valor_mensal"] == stored


def test_what_is_not_given_gets_its_default(api: Api, crm: Emulator) -> None:
    record = api.insert("contato", **lead()).json()["id"]

    row = crm.rows("contato", id=record)[0]
    chosen = {
        name: row[name] for name in ("lead", "ativo", "id_cliente", "email", "data_nascimento")
    }
    assert chosen == {
        "lead": "S",
        "ativo": "S",
        "id_cliente": "0",
        "email": "",
        "data_nascimento": "0000-00-00",
    }
    assert row["ultima_atualizacao"] > "2026-11-20 18:00:00"


@pytest.mark.parametrize(
    ("resource", "fields", "message"),
    [
        (
            "contato",
            {},
            (
                "Preencha Nome!<br />Preencha Data de cadastro!<br />Informe ao menos um telefone "
                "ou e-mail!<br />"
            ),
        ),
        ("contato", lead(nome="   "), "Preencha Nome!<br />"),
        ("contato", lead(data_cadastro="ontem"), "Preencha Data de cadastro!<br />"),
        ("contato", lead(fone_whatsapp=""), "Informe ao menos um telefone ou e-mail!<br />"),
        ("crm_canditados", PROSPECT | {"cidade": "0"}, "Preencha Cidade!<br />"),
        (
            "crm_canditados",
            PROSPECT | {"whatsapp": ""},
            "Informe ao menos um telefone ou e-mail!<br />",
        ),
        (
            "crm_negociacoes",
            deal(descricao="", id_estagio=""),
            "Preencha Descrição!<br />Preencha Estágio!<br />",
        ),
        ("crm_prospeccao_anotacoes", NOTE | {"anotacao": ""}, "Preencha Anotação!<br />"),
        ("crm_agenda", {"assunto": "x"}, "Preencha Responsável!<br />Preencha Usuário!<br />"),
    ],
)
def test_a_missing_field_is_named_by_its_label(
    api: Api, crm: Emulator, resource: str, fields: dict[str, str], message: str
) -> None:
    table = "cliente" if resource == "crm_canditados" else resource
    before = len(crm.rows(table))

    answer = api.insert(resource, **fields)

    assert (answer.status_code, answer.json()) == (200, {"type": "error", "message": message})
    assert len(crm.rows(table)) == before


@pytest.mark.parametrize(
    "field", ["fone_residencial", "fone_comercial", "fone_celular", "fone_whatsapp", "email"]
)
def test_one_way_to_reach_a_lead_is_enough(api: Api, field: str) -> None:
    fields = lead(fone_whatsapp="") | {field: "(49) 3322-0000"}

    assert api.insert("contato", **fields).json()["type"] == "success"


def test_a_prospect_is_written_as_a_client_with_crm_set(api: Api, crm: Emulator) -> None:
    record = api.insert("crm_canditados", **PROSPECT).json()["id"]

    row = crm.rows("cliente", id=record)[0]
    assert (row["razao"], row["crm"], row["status_prospeccao"]) == ("Prospecto Novo", "S", "C")


@pytest.mark.parametrize(
    ("switch", "resource", "fields", "label", "cure"),
    [
        ("require_branch", "contato", lead(), "Filial", {"id_filial": "1"}),
        ("require_branch", "crm_canditados", PROSPECT, "Filial", {"filial_id": "1"}),
        ("require_client", "crm_negociacoes", deal(id_cliente=""), "Cliente", {"id_cliente": "5"}),
    ],
)
def test_some_bases_demand_more(  # noqa: PLR0917 (a table of cases)
    api: Api,
    crm: Emulator,
    switch: str,
    resource: str,
    fields: dict[str, str],
    label: str,
    cure: dict[str, str],
) -> None:
    before = api.insert(resource, **fields).json()
    crm.control(**{switch: True})

    refused = api.insert(resource, **fields).json()
    cured = api.insert(resource, **fields | cure).json()

    assert before["type"] == "success"
    assert refused == {"type": "error", "message": f"Preencha {label}!<br />"}
    assert cured["type"] == "success"


def test_an_update_writes_the_whole_record(api: Api, crm: Emulator) -> None:
    record = api.record("contato", "contato", MARINA)

    answer = api.update(
        "contato", MARINA, record | {"nome": "Marina T. Andrade", "data_nascimento": "05/02/1990"}
    )

    row = crm.rows("contato", id=MARINA)[0]
    assert answer.json() == {
        "type": "success",
        "message": "Registro atualizado com sucesso!",
        "id": MARINA,
    }
    assert (row["nome"], row["data_nascimento"]) == ("Marina T. Andrade", "1990-02-05")
    assert row["ultima_atualizacao"] > record["ultima_atualizacao"]
    kept = set(record) - {"nome", "data_nascimento", "ultima_atualizacao"}
    assert {name: row[name] for name in kept} == {name: record[name] for name in kept}


@pytest.mark.parametrize(
    "resource", ["contato", "crm_negociacoes", "crm_canditados", "crm_prospeccao_anotacoes"]
)
def test_records_sent_back_as_they_came_do_not_change(api: Api, resource: str) -> None:
    before = api.records(resource, rp="500")

    answers = [api.update(resource, record["id"], record).json()["type"] for record in before]

    after = api.records(resource, rp="500")
    still = {"ultima_atualizacao": ""}
    assert set(answers) == {"success"}
    assert [record | still for record in after] == [record | still for record in before]


@pytest.mark.parametrize("record", [RAFAEL, CLAUDIA, PADARIA, SERRA_AZUL, HENRIQUE, JONAS])
def test_customers_of_the_cast_hold_all_that_their_form_demands(api: Api, record: str) -> None:
    assert (
        api.update("cliente", record, api.record("cliente", "cliente", record)).json()["type"]
        == "success"
    )


def test_an_update_may_leave_out_what_is_read_only(api: Api) -> None:
    record = api.record("contato", "contato", MARINA)
    body = {name: text for name, text in record.items() if name not in {"id", "ultima_atualizacao"}}

    assert api.update("contato", MARINA, body).json()["type"] == "success"


def test_a_partial_update_brings_the_red_box_with_200_and_changes_nothing(
    api: Api, crm: Emulator
) -> None:
    before = crm.rows("contato", id=MARINA)

    answer = api.update("contato", MARINA, {"nome": "Só o nome"})

    assert (answer.status_code, "</div>" in answer.text) == (200, True)
    assert crm.rows("contato", id=MARINA) == before


def test_a_partial_update_can_blank_the_rest(api: Api, crm: Emulator) -> None:
    crm.control(put_missing="blank")
    record = api.record("contato", "contato", MARINA)
    kept = {name: record[name] for name in ("nome", "data_cadastro", "fone_whatsapp")}

    api.update("contato", MARINA, kept)

    row = crm.rows("contato", id=MARINA)[0]
    assert {name: row[name] for name in ("nome", "fone_whatsapp")} == {
        name: kept[name] for name in ("nome", "fone_whatsapp")
    }
    assert (row["cnpj_cpf"], row["id_responsavel"], row["bairro"]) == ("", "0", "")


def test_an_update_is_refused_as_an_insert_is(api: Api, crm: Emulator) -> None:
    record = api.record("contato", "contato", MARINA)

    answer = api.update("contato", MARINA, record | {"nome": ""})

    assert answer.json() == {"type": "error", "message": "Preencha Nome!<br />"}
    assert crm.rows("contato", id=MARINA)[0]["nome"] == record["nome"]


@pytest.mark.parametrize("record", ["99999", "abc", "0", "1 OR 1=1"])
def test_an_unknown_record_is_refused(api: Api, record: str) -> None:
    body = api.record("contato", "contato", MARINA)

    for answer in (api.update("contato", record, body), api.delete("contato", record)):
        assert answer.json() == {"type": "error", "message": "Registro não encontrado!<br />"}


def test_a_customer_cannot_be_written_as_a_prospect(api: Api) -> None:
    customer = api.record("cliente", "cliente", HENRIQUE)

    assert "não encontrado" in api.update("crm_canditados", HENRIQUE, customer).json()["message"]


@pytest.mark.parametrize(
    ("action", "column", "status"),
    [
        ("crm_negociacoes_simplificado", "data_vencemos", "V"),
        ("crm_negociacoes_perdemos_data", "data_perdemos", "D"),
    ],
)
def test_the_buttons_win_and_lose_a_negotiation(
    api: Api, crm: Emulator, action: str, column: str, status: str
) -> None:
    answer = api.update(
        action,
        "2",
        {
            column: "19/12/2026",
            "id_responsavel": "2",
            "id_cliente": HENRIQUE,
            "id": "2",
        },
    )

    row = crm.rows("crm_negociacoes", id=2)[0]
    assert answer.json()["type"] == "success"
    assert (row["status"], row[column], row["id_responsavel"]) == (status, "2026-12-19", "2")
    assert row["data_fechamento"] == "2026-12-19"
    assert row["id_cliente"] == HENRIQUE


def test_a_button_needs_its_date_and_an_owner(api: Api, crm: Emulator) -> None:
    answer = api.update("crm_negociacoes_perdemos_data", "2", {"id": "2"})

    assert answer.json()["message"] == "Preencha Data!<br />Preencha Responsável!<br />"
    assert crm.rows("crm_negociacoes", id=2)[0]["status"] == "N"


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"id_estagio": "3"}, ["Estágio alterado de Sondagem para Viabilidade técnica"]),
        ({"status": "V"}, ["Status alterado de Negociando para Vencemos"]),
        ({"id_responsavel": "2"}, ["Responsável alterado de Ana Souza para Rui Matos"]),
        ({"id_responsavel": "0"}, ["Responsável alterado de Ana Souza para (nenhum)"]),
        ({"descricao": "Outra", "obs": "x"}, []),
        (
            {"id_estagio": "4", "status": "D"},
            [
                "Estágio alterado de Sondagem para Proposta enviada",
                "Status alterado de Negociando para Perdemos",
            ],
        ),
    ],
)
def test_the_crm_keeps_a_trail_of_stage_status_and_owner(
    api: Api, crm: Emulator, changes: dict[str, str], sentences: list[str]
) -> None:
    before = len(crm.rows("crm_historico", id_negociacao=1))
    record = api.record("crm_negociacoes", "crm_negociacoes", "1")

    api.update("crm_negociacoes", "1", record | changes)

    trail = crm.rows("crm_historico", id_negociacao=1)[before:]
    assert [row["descricao"] for row in trail] == sentences


def test_a_delete_takes_the_record_away(api: Api, crm: Emulator) -> None:
    record = api.insert("contato", **lead()).json()["id"]

    answer = api.delete("contato", record)

    assert answer.json() == {"type": "success", "message": "Registro excluído com sucesso!"}
    assert crm.rows("contato", id=record) == []


def test_a_delete_is_refused_while_others_depend_on_it(api: Api, crm: Emulator) -> None:
    answer = api.delete("contato", MARINA)

    assert (
        answer.json()["message"]
        == "Registro não pode ser excluído, pois possui vínculo com Negociações!<br />"
    )
    assert len(crm.rows("contato", id=MARINA)) == 1


def test_a_dropped_field_vanishes_without_a_word_and_is_not_demanded(
    api: Api, crm: Emulator
) -> None:
    crm.control(drop_fields=["external_id", "contato.obs"])
    record = api.insert("contato", **lead(external_id="k-1", obs="x", bairro="Centro")).json()["id"]
    client = api.record("cliente", "cliente", "1")

    api.update("cliente", "1", client | {"obs": "fica", "external_id": "k-2"})

    row, other = crm.rows("contato", id=record)[0], crm.rows("cliente", id=1)[0]
    assert (row["external_id"], row["obs"], row["bairro"]) == ("", "", "Centro")
    assert (other["external_id"], other["obs"]) == ("", "fica")


def test_an_insert_may_answer_nothing_or_a_number(api: Api, crm: Emulator) -> None:
    crm.control(id_as_number=True)
    number = api.insert("contato", **lead(nome="Número")).json()["id"]
    crm.control(empty_insert_answer=True)
    silent = api.insert("contato", **lead(nome="Calado"))

    assert crm.rows("contato", nome="Número")[0]["id"] == str(number)
    assert isinstance(number, int)
    assert (silent.status_code, silent.text) == (200, "")
    assert len(crm.rows("contato", nome="Calado")) == 1


@pytest.mark.parametrize(("mode", "kept"), [("accept", 50), ("cut", 20), ("refuse", None)])
def test_long_notes_are_kept_cut_or_refused(
    api: Api, crm: Emulator, mode: str, kept: int | None
) -> None:
    crm.control(long_notes=mode, note_limit=20)

    answer = api.insert("crm_prospeccao_anotacoes", **NOTE | {"anotacao": "a" * 50}).json()

    notes = crm.rows("crm_prospeccao_anotacoes", id=answer.get("id", "0"))
    assert [len(note["anotacao"]) for note in notes] == ([kept] if kept else [])
    assert (answer["type"] == "error") == (kept is None)


def test_a_unique_column_refuses_what_is_there_already(api: Api, crm: Emulator) -> None:
    crm.control(unique=["contato.cnpj_cpf"])
    taken = api.insert("contato", **lead(nome="Primeira", cnpj_cpf="111.444.777-35")).json()
    again = api.insert("contato", **lead(nome="Segunda", cnpj_cpf="111.444.777-35")).json()
    empty = [
        api.insert("contato", **lead(nome="Vazia", cnpj_cpf="")).json()["type"] for _ in range(2)
    ]

    assert (taken["type"], empty) == ("success", ["success", "success"])
    assert again == {"type": "error", "message": "CNPJ/CPF já cadastrado!<br />"}
    assert crm.rows("contato", nome="Segunda") == []


def test_uniqueness_asks_inserts_only(api: Api, crm: Emulator) -> None:
    api.insert("contato", **lead(nome="Outra", email="a@x.example"))
    record = api.record("contato", "contato", MARINA)
    crm.control(unique=["contato.email"])

    assert (
        api.update("contato", MARINA, record | {"email": "a@x.example"}).json()["type"] == "success"
    )


def test_the_number_of_a_deleted_record_does_not_come_again_unless_switched(
    api: Api, crm: Emulator
) -> None:
    def number() -> int:
        return int(api.insert("contato", **lead()).json()["id"])

    first = number()
    api.delete("contato", str(first))
    second = number()
    api.delete("contato", str(second))
    crm.control(reuse_numbers=True)

    assert second == first + 1
    assert number() == first
    assert number() == second


def test_a_frozen_field_stays_as_it_was_although_the_answer_says_success(
    api: Api, crm: Emulator
) -> None:
    record = api.record("contato", "contato", MARINA)
    crm.control(frozen_fields=["contato.email", "crm_negociacoes.status"])

    answer = api.update(
        "contato", MARINA, record | {"email": "nova@x.example", "bairro": "Líder"}
    ).json()
    won = {"data_vencemos": "19/12/2026", "id_responsavel": "2"}
    pressed = api.update("crm_negociacoes_simplificado", "2", won).json()
    inserted = api.insert("contato", **lead(email="b@x.example")).json()["id"]

    row = crm.rows("contato", id=MARINA)[0]
    assert (answer["type"], row["email"], row["bairro"]) == ("success", record["email"], "Líder")
    assert (pressed["type"], crm.rows("crm_negociacoes", id=2)[0]["status"]) == ("success", "N")
    assert crm.rows("contato", id=inserted)[0]["email"] == "b@x.example"


def test_a_column_keeps_the_beginning_of_what_is_too_long_for_it(api: Api, crm: Emulator) -> None:
    crm.control(column_limits={"contato.nome": 6, "contato.obs": 0})
    number = api.insert(
        "contato", **lead(nome="Comprida Demais", obs="x", bairro="Presidente Médici")
    ).json()["id"]
    record = api.record("contato", "contato", number)

    api.update("contato", number, record | {"nome": "Outra Pessoa"})

    row = crm.rows("contato", id=number)[0]
    assert (record["nome"], record["obs"]) == ("Compri", "")
    assert (row["nome"], row["bairro"]) == ("Outra ", "Presidente Médici")


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Ana 🚀 Souza", "Ana "), ("🚀 Ana", ""), ("Ana ✓ é", "Ana ✓ é"), ("a\n𝒷", "a\n"), ("", "")],
)
def test_three_byte_text_ends_at_the_first_character_of_four(
    api: Api, crm: Emulator, text: str, kept: str
) -> None:
    crm.control(cut_at_emoji=True)

    number = api.insert("contato", **lead(obs=text)).json()["id"]

    assert crm.rows("contato", id=number)[0]["obs"] == kept
