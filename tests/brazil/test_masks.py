"""What is shown of who is not to be seen, in a field and in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.brazil import phones
from widget.brazil.masks import KINDS, masked_document, masked_email, masked_phone, veiled
from widget.emulator.crm.documents import cnpj, cpf


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("+554988124417", "(49) 9•••• 4417"),
        ("(49) 3322-1188", "(49) •••• 1188"),
        ("ramal 7", "•••" + " 7"),
        ("12", "•••"),
        ("", "•••"),
    ],
)
def test_of_a_phone_only_area_and_end_are_shown(text: str, masked: str) -> None:
    assert masked_phone(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("390.533.447-05", "•••.533.•••-05"),
        ("12abc34501de35", "••.ABC.•••/01DE-••"),
        ("390.533.447-99", "•••99"),  # wrong check digits: nothing is known of it, so less is shown
        ("1", "•••"),
        ("", "•••"),
    ],
)
def test_of_a_document_no_more_is_shown_than_tells_people_apart(text: str, masked: str) -> None:
    assert masked_document(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [("ana.souza@example.com", "a•••@example.com"), ("ana", "•••na"), ("@x", "•••@x"), ("", "•••")],
)
def test_of_an_email_the_first_letter_and_the_domain_are_shown(text: str, masked: str) -> None:
    assert masked_email(text) == masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ligar 49 98812-4417 15 h", "ligar (49) 9•••• 4417 15 h"),
        ("CPF 046.118.829-50 e 04611882950", "CPF •••.118.•••-50 e •••.118.•••-50"),
        ("CPF 046.118.829-51, digitado errado", "CPF •••51, digitado errado"),
        ("12.ABC.345/01DE-35 ou 12ABC34501DE35", "••.ABC.•••/01DE-•• ou ••.ABC.•••/01DE-••"),
        ("outro: 98812-4417, da irmã", "outro: •••17, da irmã"),
        ("no exterior +1 415 555 2671", "no exterior +1 •••• 2671"),
        ("a.b+c@d.example, ok", "a•••@d.example, ok"),
        ("em 2026-11-22 às 10:22, 20/11/2026", "em 2026-11-22 às 10:22, 20/11/2026"),
        ("protocolo 20261122001, contrato 12345678", "protocolo 20261122001, contrato 12345678"),
        ("R$ 1.234,56; 500 Mega por 109,90", "R$ 1.234,56; 500 Mega por 109,90"),
        ("", ""),
    ],
)
def test_in_a_text_what_is_surely_personal_is_masked_and_the_rest_stays(
    text: str, shown: str
) -> None:
    assert veiled(text) == shown


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_revealed_is_not_masked_in_a_text_either(kind: str) -> None:
    text = "046.118.829-50 (49) 98812-4417 a@b.example"

    assert len([part for part in text.split(" ", 1) if part in veiled(text, KINDS)]) == 2
    assert veiled(text, {kind}) != veiled(text)
    assert veiled(text, KINDS) == text


WRITTEN = [
    "({}) 9{}-{}",
    "{}9{}{}",
    "({}) {}-{}",
    "{}{}{}",
    "{} 9{}-{}",
    "55{}9{}{}",
    "+55 ({}) 9{}-{}",
    "0{}9{}{}",
]


@given(st.integers(11, 99), st.integers(6000_0000, 9999_9999), st.text("abc ,.", max_size=5))
def test_no_way_to_write_a_mobile_number_leaves_it_readable(
    area: int, number: int, around: str
) -> None:
    for mask in WRITTEN if str(area) in phones.AREA_CODES else ():
        form = mask.format(area, str(number)[:4], str(number)[4:])
        assert str(number)[:4] + str(number)[4:] not in veiled(f"{around} {form} {around}").replace(
            "-", ""
        )


@given(st.integers(10**8, 10**9 - 1), st.booleans())
def test_no_way_to_write_a_document_leaves_it_readable(number: int, bare: bool) -> None:
    for document in (cpf(str(number)), cnpj(f"{number}001")):
        form = "".join(filter(str.isalnum, document)) if bare else document

        assert form not in veiled(f"é {form}.")
