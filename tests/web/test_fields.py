"""How typed values are read, and the sentence for each that cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError
from marshmallow import fields as marshmallow_fields

from widget.brazil import phones
from widget.brazil.documents import DocumentProblem
from widget.brazil.documents import parse as parse_document
from widget.web import fields


def read(field: marshmallow_fields.Field[str], typed: str) -> str:
    return str(field.deserialize(typed))


def wrong(field: marshmallow_fields.Field[str], typed: str) -> str:
    with pytest.raises(ValidationError) as caught:
        field.deserialize(typed)
    return str(caught.value.messages[0])


# -- text
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana  ", "Ana"),
        ("Ana\x00\x07Souza", "Ana  Souza"),
        ("Ana\nSouza", "Ana Souza"),
        ("Ana\r\nSouza", "Ana Souza"),
        ("Ana\ud800Souza", "Ana Souza"),
        ("José 👩‍👧 ção", "José 👩‍👧 ção"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{ 7*7 }} %(x)s", "{{ 7*7 }} %(x)s"),
        ("\u00a0\u2003", ""),
    ],
)
def test_one_line_of_text_keeps_what_can_be_seen(typed: str, kept: str) -> None:
    assert read(fields.text(), typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a\r\nb\rc\nd", "a\nb\nc\nd"), ("\n\n a\n", "a"), ("a\tb", "a\tb"), ("a\x1bb", "a b")],
)
def test_prose_keeps_its_lines(typed: str, kept: str) -> None:
    assert read(fields.prose(longest=100), typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = fields.clean(text)

    assert fields.clean(once) == once


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\x00", "\u200b", "\u200d\ufeff", "\u202e"])
def test_what_cannot_be_seen_is_nothing(typed: str) -> None:
    assert wrong(fields.text(required=True), typed) == fields.REQUIRED
    assert wrong(fields.prose(required=True, longest=10), typed) == fields.REQUIRED
    assert read(fields.text(), typed) == ""


@pytest.mark.parametrize(("length", "fits"), [(9_999, True), (10_000, True), (10_001, False)])
def test_a_text_may_be_as_long_as_its_limit(length: int, fits: bool) -> None:
    note = fields.prose(longest=10_000)

    if fits:
        assert read(note, "ç" * length) == "ç" * length
    else:
        assert wrong(note, "ç" * length) == "Texto longo demais."


def test_a_line_break_counts_once_as_in_the_browser() -> None:
    assert len(read(fields.prose(longest=5), "ab\r\ncd")) == 5


# -- phones, documents, e-mails, numbers, words
# --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("49988124417", "(49) 98812-4417"),
        ("(49) 3322-1188", "(49) 3322-1188"),
        ("+55 49 98812-4417", "(49) 98812-4417"),
        ("4988124417", "(49) 98812-4417"),
        ("+1 415 555 2671", "+1 415-555-2671"),
        ("", ""),
    ],
)
def test_a_phone_is_kept_as_the_crms_screens_write_it(typed: str, kept: str) -> None:
    assert read(fields.phone(), typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("98812-4417", "Falta o DDD."),
        ("(49) 9881-441", "Faltam dígitos. Com DDD são 10 ou 11."),
        ("(20) 98812-4417", "Este DDD não existe."),
        ("(49) 98812-44170", "Há dígitos demais. Com DDD são 10 ou 11."),
        ("14155552671", "Número de outro país: escreva com + e o código do país."),
        ("meu número", "Isto não parece um telefone."),
        ("ana@example.com", "Isto não parece um telefone."),
    ],
)
def test_a_phone_that_cannot_be_says_why(typed: str, sentence: str) -> None:
    assert wrong(fields.phone(), typed) == sentence


@given(st.text(max_size=40))
def test_every_flaw_of_a_phone_has_a_sentence(text: str) -> None:
    problem = phones.problem(text)

    assert problem is None or problem in fields.PHONE_PROBLEMS


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("39053344705", "390.533.447-05"),
        ("390.533.447-05", "390.533.447-05"),
        ("12abc34501de35", "12.ABC.345/01DE-35"),
        ("", ""),
    ],
)
def test_a_document_is_kept_with_its_mask(typed: str, kept: str) -> None:
    assert read(fields.document(), typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("390.533.447-04", "Os dígitos verificadores não conferem."),
        ("111.111.111-11", "Números repetidos não são um documento."),
        ("390.533.447-0", "Falta 1 dígito do CPF."),
        ("390.533", "Faltam 5 dígitos do CPF."),
        ("390.533.447-05 ç", "Só números (e letras, no CNPJ novo)."),
        ("123456789012345", "CPF tem 11 dígitos; CNPJ tem 14 caracteres."),
    ],
)
def test_a_document_that_cannot_be_says_why(typed: str, sentence: str) -> None:
    assert wrong(fields.document(), typed) == sentence
    assert fields.document_problem(typed) == sentence


@given(st.text(max_size=20))
def test_every_flaw_of_a_document_has_a_sentence(text: str) -> None:
    found = None
    try:
        parse_document(text)
    except DocumentProblem as problem:
        found = problem.code

    assert found in {None, *fields.DOCUMENT_PROBLEMS}


def test_nothing_typed_is_no_problem_yet() -> None:
    assert (fields.document_problem("  "), fields.phone_problem("")) == ("", "")


@pytest.mark.parametrize(
    "typed", ["ana@example.com", "Ana.Souza+crm@sub.exemplo.com.br", "ção@exemplo.com.br"]
)
def test_an_email_is_kept_as_it_was_typed(typed: str) -> None:
    assert read(fields.email(), f" {typed} ") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "a b@example.com",
        "a@b.com;c@d.com",
        "a@@b.com",
        "ana@example.c",
        "<ana@example.com>",
        "a,b@example.com",
    ],
)
def test_what_is_no_email_says_so(typed: str) -> None:
    assert wrong(fields.email(), typed) == "Isto não parece um e-mail."


def test_an_email_is_no_longer_than_the_crms_column() -> None:
    assert wrong(fields.email(), "a" * 90 + "@example.com") == "Texto longo demais."


@pytest.mark.parametrize("typed", ["1", "0", "12345"])
def test_a_number_is_digits(typed: str) -> None:
    assert read(fields.number(), typed) == typed


@pytest.mark.parametrize("typed", ["-1", "1.0", "1e3", "²", "١", "1;2", "abc", "1' OR '1'='1"])
def test_what_no_list_offers_is_refused(typed: str) -> None:
    assert wrong(fields.number(), typed) == "Escolha uma das opções."


@pytest.mark.parametrize("typed", ["n", "N ; D", "X", "NV"])
def test_only_the_offered_words_are_taken(typed: str) -> None:
    field = fields.one_of("N", "V", "D", required=True)

    assert read(field, "N") == "N"
    assert wrong(field, typed) == "Escolha uma das opções."
    assert wrong(field, "") == fields.REQUIRED


# -- whole forms
# --------------------------------------------------------------------------------------------------


class Form(Schema):
    name = fields.text(required=True)
    phone = fields.phone()
    owner = fields.number(required=True)


def test_a_good_form_has_no_mistakes() -> None:
    typed = {"name": " Ana ", "phone": "49988124417", "owner": "5"}

    assert fields.mistakes(Form(), typed) == (
        {"name": "Ana", "phone": "(49) 98812-4417", "owner": "5"},
        {},
    )


def test_all_mistakes_are_told_at_once_and_the_rest_is_read() -> None:
    values, problems = fields.mistakes(Form(), {"name": "Ana", "phone": "12", "owner": ""})

    assert values == {"name": "Ana"}
    assert problems == {"phone": fields.PHONE_PROBLEMS["too_short"], "owner": fields.REQUIRED}


def test_a_field_that_was_not_sent_at_all_is_missing_too() -> None:
    values, problems = fields.mistakes(Form(), {})

    assert values == {"phone": ""}
    assert problems == {"name": fields.REQUIRED, "owner": fields.REQUIRED}


def test_what_the_form_does_not_ask_is_left_out() -> None:
    values, problems = fields.mistakes(
        Form(),
        {
            "name": "Ana",
            "owner": "5",
            "id": "1",
            "ativo": "N",
        },
    )

    assert set(values) == {"name", "phone", "owner"}
    assert problems == {}
