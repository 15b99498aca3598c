"""Tests of documents and phones that stand in any field.

They say under which names a clue counts, and how far it is believed.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.brazil import clues
from widget.brazil.clues import Clue

CPF, CNPJ, ZERO, ZERO_CNPJ = "390.533.447-05", "12.ABC.345/01DE-35", "01234567890", "06990590000123"
OWN = [
    "cpf",
    "CPF",
    "cnpj",
    "cpfcnpj",
    "cpf_cnpj",
    "cpf-cnpj",
    "CPF/CNPJ",
    "cpfCnpj",
    "cpf_do_titular",
    "cpfDoTitular",
    "cpfdotitular",
    "CPFTitular",
    "CPF do Titular",
    "documento",
    "Documento",
    "documento_cpf",
    "cpf_documento",
    "numero_documento",
    "numeroDocumento",
    "Nº do CPF",
    "nº documento",
    "num_cpf",
    "numcpf",
    "CNPJ da empresa",
    "cnpj_empresa",
    "CPF (somente números)",
    "doc",
    "Doc.",
    "document",
    "document_number",
    "documentNumber",
    "cpf_cliente",
    "CPF do cliente:",
    "cpf 1",
    "cpf_1",
    "tax_id",
    "taxId",
    "  CPF  ",
    "ＣＰＦ",
    "cpf\u200b",
    "CPF/RG",
]
GUESSED = [
    "cpf_xyz",
    "hubspot_cpf",
    "cpf_responsavel",
    "doc_ultima_compra",
    "cpf_socio",
    "cpf_whatsapp",
    "id_documento",
]
OTHERS = [
    "cpf_conjuge",
    "CPF da esposa",
    "cpf_do_pai",
    "cpfDaMae",
    "cpf_vendedor",
    "cnpj_fornecedor",
    "documento_atendente",
    "cpf_indicado_por",
    "CPF de quem indicou (indicação)",
    "cpf_do_fiador",
    "cpf anterior",
    "old_cpf",
    "cpf_terceiro",
]
NO_DOCUMENT = [
    "",
    "nome",
    "observacao",
    "protocolo",
    "docker",
    "doctor",
    "rg",
    "cep",
    "pedido",
    "telefone",
    "valor",
]


def documents(told: object) -> list[Clue]:
    return list(clues.documents_in(clues.fields(told)))


def phones(told: object) -> list[Clue]:
    return list(clues.phones_in(clues.fields(told)))


@pytest.mark.parametrize("name", OWN)
def test_every_name_that_means_a_document_tells_one(name: str) -> None:
    assert documents({name: CPF}) == [Clue(CPF)]


@pytest.mark.parametrize("name", GUESSED)
def test_a_name_with_words_that_nobody_knows_is_a_guess(name: str) -> None:
    assert documents({name: CPF}) == [Clue(CPF, is_guess=True)]


@pytest.mark.parametrize("name", [*OTHERS, *NO_DOCUMENT])
def test_the_document_of_somebody_else_and_what_is_none_are_no_clue(name: str) -> None:
    assert documents({name: CPF}) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("39053344705", "39053344705"),
        (39053344705, "39053344705"),
        (39053344705.0, "39053344705"),
        ("39053344705.0", "39053344705"),
        ("CPF: 390.533.447-05", CPF),
        ("CPF nº 39053344705 (titular)", "39053344705"),
        ("390 533 447 05", "390 533 447 05"),
        ("cliente 390 533 447 05 ok", "390 533 447 05"),
        ("doc.:12abc34501de35;", "12abc34501de35"),
        ("CNPJ 12.ABC.345/01DE-35 filial", CNPJ),
        (1234567890, ZERO),
        ("1234567890", ZERO),
        ("CPF 1234567890", ZERO),
        (1234567890.0, ZERO),
        (6990590000123, ZERO_CNPJ),
        ("6990590000123", ZERO_CNPJ),
        ([1234567890], ZERO),
        ({"numero": 1234567890}, ZERO),
        ("39053344705 " + "x" * 33_000, "39053344705"),
    ],
)
def test_a_document_is_found_between_words_and_without_the_zeros_that_it_lost(
    value: object, found: str
) -> None:
    assert documents({"documento": value}) == [Clue(found)]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        "",
        " ",
        "x",
        0,
        1,
        191,
        -1234567890,
        1.5,
        float("nan"),
        float("inf"),
        10**400,
        [],
        {},
        [[]],
        "390.533.447-06",
        39053344706,
        1234567891,
        "11111111111",
        "00000000000",
        0.0,
        "123",
        "49988124417",
        "CPF da esposa: 390.533.447-05",
        "390533447051",
        "20261130",
        "2026-11-30",
        "x" * 33_000,
        "9" * 33_000,
        "pedidos 1234567890 e 22",
        "1.234.567.890",
    ],
)
def test_what_is_no_document_by_its_check_digits_is_none_under_any_name(value: object) -> None:
    assert documents({"cpf": value}) == []


def test_a_name_that_says_which_document_it_is_tells_how_many_zeros_were_lost() -> None:
    assert documents({"cpf": 6990590000123}) == documents({"cnpj": 1234567890}) == []


def test_of_two_people_in_one_field_neither_is_believed_but_a_firm_and_its_owner_are() -> None:
    assert all(clue.is_guess for clue in documents({"cpf": f"{CPF} ou 012.345.678-90"}))
    assert documents({"doc": f"{CPF} / {CNPJ}"}) == [Clue(CPF), Clue(CNPJ)]


def test_groups_and_lists_are_looked_into_and_their_names_count() -> None:
    assert documents({"dados": {"cpf": CPF}}) == [Clue(CPF)]
    assert documents([{"cliente": [{"cpf": CPF}]}]) == [Clue(CPF)]
    assert documents({"conjuge": {"cpf": CPF}}) == []


@pytest.mark.parametrize(
    "name",
    [
        "telefone",
        "Telefone celular",
        "whatsapp",
        "WhatsApp do cliente",
        "celular",
        "phone_number",
        "phoneNumber",
        "fone",
        "numero_whatsapp",
        "numerowhatsapp",
        "tel",
        "zap",
        "remote_jid",
        "remoteJid",
        "wa_id",
        "sender_pn",
        "mobile_phone",
    ],
)
def test_every_name_that_means_a_phone_tells_one(name: str) -> None:
    assert phones({name: "+5549988124417"}) == [Clue("+5549988124417")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("telefone", "123456789012345"),
        ("telefone", "1234567890123@lid"),
        ("telefone", "x"),
        ("telefone", 5),
        ("telefone_recado", "+5549988124417"),
        ("telefone da mãe", "+5549988124417"),
        ("telefone", "190"),
        ("telefone_vendedor", "+5549988124417"),
        ("jid", "120363021234567890@g.us"),
        ("telefone", "390.533.447-05"),
        ("telefone", "0800 123 4567"),
        ("pedido", "+5549988124417"),
        ("jid", "+234567890123456"),
    ],
)
def test_what_is_no_phone_of_the_person_is_no_clue(name: str, value: object) -> None:
    assert phones({name: value}) == []


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("cpf:39053344705", "39053344705"),
        ("CPF 390.533.447-05", CPF),
        ("39053344705", ""),
        ("pedido 39053344705", ""),
        ("cpf da mae 39053344705", ""),
        ("", ""),
        ("cpf", ""),
        (f"cpf {CPF} 012.345.678-90", ""),
    ],
)
def test_a_text_that_says_so_itself_tells_a_document(text: str, document: str) -> None:
    assert clues.document_in_words(text) == document


@pytest.mark.parametrize(
    ("identifier", "number", "hidden"),
    [
        ("1234567890123@lid", "+1234567890123", True),
        ("5549988124417:3@lid", "5549988124417", True),
        ("5549988124417@s.whatsapp.net", "5549988124417", False),
        ("1@lid", "2", False),
        ("", "", False),
    ],
)
def test_a_hidden_id_is_none_though_it_may_be_like_a_phone(
    identifier: str, number: str, hidden: bool
) -> None:
    assert clues.is_lid_of(identifier, number) is hidden


@given(
    st.recursive(
        st.none() | st.floats() | st.integers() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
    )
)
def test_whatever_stands_in_the_fields_is_read(told: object) -> None:
    named = {"cpf": told, "telefone": told, "x": told}

    assert all(isinstance(clue.value, str) for clue in [*documents(named), *phones(named)])


def test_more_than_anybody_keeps_is_left_out() -> None:
    assert len(clues.fields({str(n): "1" for n in range(50_000)})) == clues.MOST_FIELDS
    deep: object = CPF
    for _ in range(100_000):
        deep = {"cpf": deep}
    assert clues.fields(deep) == []
