"""Documents: the known traps of CPF and CNPJ, with a second library as the judge."""

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.br import cnpj, cpf
from validate_docbr import CNPJ, CPF

from widget.brazil.documents import (
    Document,
    DocumentKind,
    DocumentProblem,
    find,
    key,
    parse,
    searchable_forms,
    stored_forms,
    told,
)
from widget.emulator.crm.documents import cpf as made_cpf

ALPHANUMERIC = Document("12ABC34501DE35", DocumentKind.CNPJ)
NUMERIC = Document("11222333000181", DocumentKind.CNPJ)
PERSONAL = Document("39053344705", DocumentKind.CPF)

READ = [
    ("390.533.447-05", PERSONAL),
    ("39053344705", PERSONAL),
    ("390533447-05", PERSONAL),
    ("390 533 447 05", PERSONAL),
    ("  390.533.447-05\n", PERSONAL),
    ("390.533.447\u201305", PERSONAL),
    ("390.533.447\u221205", PERSONAL),
    ("390.533.447\u201105", PERSONAL),
    ("\ufeff390.533.447-05\u200b", PERSONAL),
    ("390\xa0533\u202f447\u300005", PERSONAL),
    ("３９０．５３３．４４７－０５", PERSONAL),
    ("11.222.333/0001-81", NUMERIC),
    ("11222333000181", NUMERIC),
    ("11.222.333/0001\u201481", NUMERIC),
    ("00.000.000/0001-91", Document("00000000000191", DocumentKind.CNPJ)),
    ("12.ABC.345/01DE-35", ALPHANUMERIC),
    ("12ABC34501DE35", ALPHANUMERIC),
    ("12abc34501de35", ALPHANUMERIC),
    ("12.abc.345/01de-35", ALPHANUMERIC),
    ("  12 abc 345 01de 35 ", ALPHANUMERIC),
    ("１２．ＡＢＣ．３４５／０１ＤＥ－３５", ALPHANUMERIC),
]

REFUSED = [
    ("", "empty", DocumentKind.CPF, 11),
    ("  \t", "empty", DocumentKind.CPF, 11),
    (".-/", "empty", DocumentKind.CNPJ, 14),
    ("\u200b", "empty", DocumentKind.CPF, 11),
    ("3", "length", DocumentKind.CPF, 10),
    ("390.533.447-", "length", DocumentKind.CPF, 2),
    ("390.533.447-0", "length", DocumentKind.CPF, 1),
    ("12.ABC.345/01DE-3", "length", DocumentKind.CNPJ, 1),
    ("12.ABC.345/01DE-", "length", DocumentKind.CNPJ, 2),
    ("12ABC", "length", DocumentKind.CNPJ, 9),
    ("11.222.333", "length", DocumentKind.CNPJ, 6),
    ("11.222.333/000", "length", DocumentKind.CNPJ, 3),
    ("112223330001", "length", DocumentKind.CNPJ, 2),
    ("1122233300018", "length", DocumentKind.CNPJ, 1),
    ("112223330001811", "length", DocumentKind.CNPJ, -1),
    ("9" * 1000, "length", DocumentKind.CNPJ, -986),
    ("abc", "length", DocumentKind.CNPJ, 11),
    ("390.533.447-06", "check_digits", DocumentKind.CPF, 0),
    ("12345678900", "check_digits", DocumentKind.CPF, 0),
    ("11.222.333/0001-82", "check_digits", DocumentKind.CNPJ, 0),
    ("12.ABC.345/01DE-36", "check_digits", DocumentKind.CNPJ, 0),
    ("12.ABD.345/01DE-35", "check_digits", DocumentKind.CNPJ, 0),
    ("00.000.000/0000-01", "check_digits", DocumentKind.CNPJ, 0),
    ("12.ABC.345/01DE-3A", "characters", DocumentKind.CNPJ, 0),
    ("390.533.447_05", "characters", DocumentKind.CPF, 0),
    ("390.533.447=05", "characters", DocumentKind.CPF, 0),
    ("390.533.447-0५", "characters", DocumentKind.CPF, 0),
    ("३९०.५३३.४४७-०५", "characters", DocumentKind.CPF, 0),
    ("12.ÁBC.345/01DE-35", "characters", DocumentKind.CNPJ, 0),
    (
        "12.АВС.345/01DE-35",
        "characters",
        DocumentKind.CNPJ,
        0,
    ),  # Cyrillic letters that look the same
    ("390.533.447-0\x00", "characters", DocumentKind.CPF, 0),
    ("390.533.447-05 🙂", "characters", DocumentKind.CPF, 0),
    ("<b>39053344705</b>", "characters", DocumentKind.CNPJ, 0),
]

SAME_DIGITS = [digit * length for digit in string.digits for length in (11, 14)]

typed = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789ABCdef.-/ ", max_size=20),
    st.from_regex(r"[0-9]{11}", fullmatch=True),
    st.from_regex(r"[0-9A-Z]{12}[0-9]{2}", fullmatch=True),
)
cpfs = st.from_regex(r"[0-9]{9}", fullmatch=True).map(lambda n: n + cpf._calc_check_digits(n))
cnpjs = st.from_regex(r"[0-9A-Z]{12}", fullmatch=True).map(lambda n: n + cnpj.calc_check_digits(n))
unlike = st.one_of(cpfs, cnpjs).filter(
    lambda number: len(set(number)) > 1 and not number.startswith("0" * 12)
)


@pytest.mark.parametrize(("text", "document"), READ)
def test_every_way_of_writing_is_read(text: str, document: Document) -> None:
    assert parse(text) == document
    assert find(text) == document


@pytest.mark.parametrize(("text", "code", "kind", "missing"), REFUSED)
def test_a_refusal_says_why_and_how_many_characters_are_missing(
    text: str, code: str, kind: DocumentKind, missing: int
) -> None:
    with pytest.raises(DocumentProblem) as caught:
        parse(text)

    assert (caught.value.code, caught.value.kind, caught.value.missing) == (code, kind, missing)
    assert find(text) is None


@pytest.mark.parametrize("text", SAME_DIGITS)
def test_digits_all_equal_are_refused_though_their_check_digits_may_be_right(text: str) -> None:
    with pytest.raises(DocumentProblem, match="repeated"):
        parse(text)


@pytest.mark.parametrize(
    ("document", "formatted", "masked"),
    [
        (PERSONAL, "390.533.447-05", "•••.533.•••-05"),
        (NUMERIC, "11.222.333/0001-81", "••.222.•••/0001-••"),
        (ALPHANUMERIC, "12.ABC.345/01DE-35", "••.ABC.•••/01DE-••"),
    ],
)
def test_a_document_is_shown_whole_or_masked(
    document: Document, formatted: str, masked: str
) -> None:
    assert document.formatted == formatted
    assert document.masked == masked


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("39053344705", ("390.533.447-05", "39053344705")),
        ("12abc34501de35", ("12.ABC.345/01DE-35", "12ABC34501DE35")),
        (" 11.222.333/0001-81 ", ("11.222.333/0001-81", "11222333000181")),
        ("39053344706", ("390.533.447-06", "39053344706")),
        (" 390.533 ", ("390.533",)),
        ("Jonas", ("Jonas",)),
        ("३९०५३३४४७०५", ("३९०५३३४४७०५",)),
        ("", ()),
        (" - ", ()),
    ],
)
def test_a_document_is_searched_masked_first_and_then_bare(
    text: str, forms: tuple[str, ...]
) -> None:
    assert searchable_forms(text) == forms


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4611882950", "04611882950"),
        ("191", None),
        ("1234567891", None),
        ("6600000067", None),
        ("529982247-25", "52998224725"),
        ("191000001", None),
        (" 4611882950.0 ", "04611882950"),
        ("046.118.829-50", "04611882950"),
        ("191000100", None),
        ("6990590000123", "06990590000123"),
        ("12abc34501de35", "12ABC34501DE35"),
        ("4988124417", None),
        ("", None),
    ],
)
def test_a_document_that_was_told_as_a_number_gets_its_zeros_back(
    text: str, number: str | None
) -> None:
    document = told(text)

    assert (document and document.number) == number


@settings(deadline=None)
@given(st.integers(10**5, 10**9 - 1).map("{:09}".format).filter(lambda base: len(set(base)) > 1))
def test_every_cpf_that_lost_zeros_is_told_found_and_indexed_as_itself(base: str) -> None:
    number = "".join(filter(str.isdecimal, made_cpf(base)))
    short = number.lstrip("0")

    found = told(str(int(number)))
    assert found
    assert found.number == number
    assert key(short) == key(number) == key(found.formatted) == number
    assert {found.formatted, number, short} == set(stored_forms(number)) == set(stored_forms(short))


def test_a_whole_document_with_a_mistake_is_not_mended() -> None:
    assert told("390.533.447-06") is None
    assert key("390.533.447-06") == "39053344706"
    assert stored_forms("39053344706") == ("390.533.447-06", "39053344706")
    assert key("isento") == "isento"
    assert key("") == ""


def test_while_one_types_the_count_of_missing_characters_goes_down_to_none() -> None:
    masked = ALPHANUMERIC.formatted
    missing = []
    for end in range(4, len(masked)):
        with pytest.raises(DocumentProblem, match="length") as caught:
            parse(masked[:end])
        missing.append(caught.value.missing)

    assert missing == sorted(missing, reverse=True)
    assert missing[-1] == 1
    assert parse(masked) == ALPHANUMERIC


@settings(deadline=None)
@given(unlike)
def test_canonical_of_canonical_is_canonical(number: str) -> None:
    document = parse(number)

    assert document.number == number
    assert parse(document.formatted) == document
    assert parse(document.formatted.lower()) == document
    assert searchable_forms(number) == (document.formatted, document.number)


@settings(deadline=None)
@given(typed)
def test_whatever_is_typed_is_a_document_or_has_a_known_problem(text: str) -> None:
    searchable_forms(text)

    document = find(text)

    if document:
        assert document.number.isascii()
        assert len(document.number) == document.kind.length
    else:
        with pytest.raises(
            DocumentProblem, match=r"^(empty|characters|length|repeated|check_digits)$"
        ) as caught:
            parse(text)
        assert bool(caught.value.missing) is (caught.value.code in {"empty", "length"})


@settings(deadline=None)
@given(typed)
def test_a_second_library_finds_the_same_documents_right(text: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFKC", text) if c not in ".-/ ").upper()
    judge = CNPJ() if len(bare) == 14 else CPF()

    if (
        bare.isascii()
        and bare.isalnum()
        and len(bare) in {11, 14}
        and not bare.startswith("0" * 12)
    ):
        assert (find(bare) is not None) is judge.validate(bare)


@settings(max_examples=300, deadline=None)
@given(unlike, st.integers(0, 13), st.sampled_from(string.digits + string.ascii_uppercase))
def test_a_second_library_judges_one_wrong_character_alike(
    number: str, place: int, wrong: str
) -> None:
    place %= len(number)
    changed = number[:place] + wrong + number[place + 1 :]
    judge = CPF() if len(number) == 11 else CNPJ()

    assert (find(number) is not None) is judge.validate(number) is True
    assert (find(changed) is not None) is judge.validate(changed)


@settings(deadline=None)
@given(unlike)
def test_the_mask_hides_at_least_six_characters_and_keeps_the_shape(number: str) -> None:
    document = parse(number)

    assert len(document.masked) == len(document.formatted)
    assert document.masked.count("•") >= 6
    assert all(
        shown in {"•", real}
        for shown, real in zip(document.masked, document.formatted, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("11.222.333/0001-81", "11222333"),
        ("11222333000262", "11222333"),
        ("12abc34501de35", "12ABC345"),
        ("390.533.447-05", ""),
    ],
)
def test_branches_of_one_firm_have_one_root(text: str, root: str) -> None:
    assert parse(text).root == root
