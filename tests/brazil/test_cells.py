"""Tests of cells that hold several phones or addresses.

Each one is found, none is invented, and what is unclear stays a question.
"""

import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.brazil.test_phones import GARBAGE, MASKS, anything
from widget.brazil import phones
from widget.brazil.cells import (
    addresses,
    emails_in,
    first_phone,
    phone_keys,
    phones_in,
    sought_keys,
    tails,
)
from widget.brazil.phones import PhoneKind

# A number that has no area code begins with a question mark.
PHONES = [
    ("", []),
    ("4933221100/988124418", ["4933221100", "49988124418"]),
    ("49988124419;4933221101", ["49988124419", "4933221101"]),
    ("3322-1102 / 98812-4420", ["?33221102", "?988124420"]),
    ("(49)98812-4417 (49)98812-4418", ["49988124417", "49988124418"]),
    ("(49)98812-4417(49)98812-4418", ["49988124417", "49988124418"]),
    ("(49) 3322-1100 / 1101", ["4933221100", "4933221101"]),
    # Other signs and words between them.
    ("4933221100,988124418", ["4933221100", "49988124418"]),
    ("4933221100|988124418", ["4933221100", "49988124418"]),
    ("4933221100\n988124418", ["4933221100", "49988124418"]),
    ("4933221100\\988124418", ["4933221100", "49988124418"]),
    ("4933221100_988124418", ["4933221100", "49988124418"]),
    ("4933221100 988124418", ["4933221100", "49988124418"]),
    ("4933221100-988124418", ["4933221100", "49988124418"]),
    ("4933221100 - 988124418", ["4933221100", "49988124418"]),
    ("49 3322 1100 49 98812 4418", ["4933221100", "49988124418"]),
    ("49 3322-1100 e 98812-4418", ["4933221100", "49988124418"]),
    ("49 3322-1100 ou 49 98812-4418", ["4933221100", "49988124418"]),
    ("49 3322-1100 & 98812-4418", ["4933221100", "49988124418"]),
    ("49 3322-1100-49 98812-4418", ["4933221100", "49988124418"]),
    ("+5549988124417+5549988124418", ["49988124417", "49988124418"]),
    ("☎ 49 3322-1100 📱 98812-4418", ["4933221100", "49988124418"]),
    ("49 3322-1100 (Ana) / 98812-4418 (Rui)", ["4933221100", "49988124418"]),
    ("Fixo: (49) 3322-1100 WhatsApp: (49) 98812-4417", ["4933221100", "49988124417"]),
    ("R: 3322-1100 C: 98812-4420", ["?33221100", "?988124420"]),
    ("49\u200b98812-4417\u200b/3322-1100", ["49988124417", "4933221100"]),
    # Three of them; other spellings of area and country.
    ("49 3322-1100, 1101 e 1102", ["4933221100", "4933221101", "4933221102"]),
    ("(49) 3322-1100 / 98812-4417 / 98812-4418", ["4933221100", "49988124417", "49988124418"]),
    ("+55 49 98812-4417 / 3322-1100", ["49988124417", "4933221100"]),
    ("(0XX49) 98812-4417 | 0XX49 3322-1100", ["49988124417", "4933221100"]),
    ("041 49 98812-4417 / 0 41 49 3322-1100", ["49988124417", "4933221100"]),
    ("0800 123 4567 / 49 3322-1100", ["08001234567", "4933221100"]),
    ("+1 415 555 2671 / +54 9 11 2345-6789", ["+14155552671", "+5491123456789"]),
    ("https://wa.me/5549988124417 / (49) 3322-1100", ["49988124417", "4933221100"]),
    ("5549988124417@c.us, 49 3322-1100", ["49988124417", "4933221100"]),
    # Which area is meant is known only where the numbers before have one.
    ("98812-4420 (49) 3322-1102", ["?988124420", "4933221102"]),
    ("49 98812-4417 / 11 98812-4418 / 3322-1100", ["49988124417", "11988124418", "?33221100"]),
    ("+1 415 555 2671 / 98812-4417", ["+14155552671", "?988124417"]),
    ("98812-4417", ["?988124417"]),
    # One number with signs in it, an extension, a remark.
    ("49/98812-4417", ["49988124417"]),
    ("49 - 98812-4417", ["49988124417"]),
    ("+55 / 49 / 98812-4417", ["49988124417"]),
    ("(49) 9 - 8812-4417", ["49988124417"]),
    ("(49) 98812/4417", ["49988124417"]),
    ("49 WhatsApp 98812-4417", ["49988124417"]),
    ("(49) 9881-24417", ["49988124417"]),
    ("4 9 9 8 8 1 2 4 4 1 7", ["49988124417"]),
    ("49 3322-1100 ramal 2121 / 3322-1101", ["4933221100", "4933221101"]),
    ("49 3322-1100/12", ["4933221100"]),
    ("49 3322-1100 sala 1101", ["4933221100"]),
    ("3322-1100 12", ["?33221100"]),
    ("3322-1100/12", ["?33221100"]),
    ("49 98812-4417 / 101", ["49988124417"]),
    ("CPF 390.533.447-05 / 49 98812-4417", ["49988124417"]),
    ("32.345.678/0001-95 49 98812-4417", ["49988124417"]),
    ("ana@x.example / 49 98812-4417", ["49988124417"]),
    # Nothing that one could be sure of.
    ("49 98812-44170", []),
    ("98812/44170", []),
    ("Casa 12 / 98812-4417", ["?988124417"]),
    ("1 / 98812-4417", ["?988124417"]),
    ("5234 5678 9012 3456", []),
    ("11222333000181", []),
    ("2026-11-21", []),
    ("4933221100988124418", []),
    ("não tem", []),
    ("49 98812-4417 / " * 40, []),
]


@pytest.mark.parametrize(("cell", "numbers"), PHONES)
def test_a_cell_holds_these_phones(cell: str, numbers: list[str]) -> None:
    found = [
        ("?" if phone.kind is PhoneKind.LOCAL else "") + phone.digits for phone in phones_in(cell)
    ]

    assert found == numbers


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("ddd", ["11", "49", "55"])
@pytest.mark.parametrize(
    "number", ["98812-4417", "8812-4417", "9881-2441", "3322-1188", "7234-5678"]
)
def test_one_phone_is_one_whatever_its_mask(mask: str, ddd: str, number: str) -> None:
    text = mask.format(ddd=ddd, number=number, bare=number.replace("-", ""))

    assert phones_in(text) == (phones.read(text),)


@pytest.mark.parametrize(
    "cell", [text for text in GARBAGE if text != "49 98812-4417 / 49 3322-1188"]
)
def test_of_garbage_nothing_is_taken_for_a_whole_number(cell: str) -> None:
    assert {phone.kind for phone in phones_in(cell)} <= {PhoneKind.LOCAL}


PLAIN = [
    "{0}{1}{2}",
    "({0}) {1}-{2}",
    "({0}){1}-{2}",
    "{0} {1}-{2}",
    "{0} {1} {2}",
    "+55 {0} {1}-{2}",
    "55{0}{1}{2}",
    "0{0} {1}-{2}",
    "(0XX{0}) {1}-{2}",
    "+55{0}{1}{2}",
]
BETWEEN = [
    "/",
    " / ",
    ";",
    "; ",
    ",",
    ", ",
    " | ",
    "\n",
    " e ",
    " ou ",
    " & ",
    " ",
    "  ",
    " - ",
    " (Ana) / ",
]
AREAS = st.sampled_from(["11", "49", "55", "98"])
SERVICES = {"4020", *(f"{n}00{last}" for n in "34" for last in range(10))}
HEADS = (
    st.one_of(st.integers(2000, 5999), st.integers(96000, 99999))
    .map(str)
    .filter(lambda head: head not in SERVICES)
)
TAILS = st.integers(0, 9999).map("{:04}".format)


@settings(deadline=None)
@given(
    st.lists(st.tuples(AREAS, HEADS, TAILS), min_size=1, max_size=4, unique=True),
    st.sampled_from(PLAIN),
    st.sampled_from(BETWEEN),
)
def test_whole_numbers_of_one_mask_are_all_found_and_no_others(
    numbers: list[tuple[str, str, str]], mask: str, between: str
) -> None:
    cell = between.join(mask.format(*number) for number in numbers)

    wanted = {phones.read("".join(number)).key for number in numbers}  # type: ignore[union-attr]
    # Parted by blanks alone, 55 may be the area of Santa Maria or the country: then nothing is
    # told.
    assert phone_keys(cell) == wanted or (
        between.isspace() and "55" in cell and not phone_keys(cell)
    )


@settings(deadline=None)
@given(
    AREAS,
    st.lists(st.tuples(HEADS, TAILS), min_size=2, max_size=3, unique=True),
    st.sampled_from(BETWEEN[:10]),
)
def test_an_area_code_that_stands_first_counts_for_all(
    area: str, parts: list[tuple[str, str]], between: str
) -> None:
    cell = f"({area}) " + between.join("-".join(part) for part in parts)

    assert phone_keys(cell) == {
        phones.read(area + "".join(part)).key  # type: ignore[union-attr]
        for part in parts
    }


@settings(deadline=None)
@given(
    st.one_of(anything, st.text("0123456789 ()+-./;,|eou\n", max_size=60), st.text(max_size=700))
)
@example("0" * 500)
@example("1 " * 250)
@example("49 98812-4417 " * 30)
def test_whatever_a_cell_holds_nothing_breaks_and_no_digit_is_invented(cell: str) -> None:
    found = phones_in(cell)

    assert len(set(found)) == len(found)
    for phone in found:
        assert phone.masked
        assert phone.national
        assert phone.kind is PhoneKind.LOCAL or sought_keys([cell]) >= {phone.key}
        digits = re.sub(r"\D", "", "".join(str(int(c)) if c.isdecimal() else c for c in cell))
        assert (
            phone.kind is PhoneKind.FOREIGN
            or phone.digits[-4:] in digits
            or phone.kind is PhoneKind.SERVICE
        )


@settings(deadline=None)
@given(anything)
def test_what_is_read_as_a_whole_and_holds_no_sign_of_a_list_is_read_the_same(text: str) -> None:
    assume(
        re.fullmatch(r"[\d()+. \xa0-]*", text)
        and not re.search(r"\d{4}-\d{4}\s|\s-+\s|\d\s*\+", text)
    )
    phone = phones.read(text)

    assert phone is None or phones_in(text) == (phone,)


def test_the_number_to_call_is_the_first_whole_one_with_its_ninth_digit() -> None:
    assert first_phone("3322-1102 / (49) 8812-4420") == phones.parse("49988124420")
    assert first_phone("3322-1102") is None


def test_a_number_is_sought_with_its_area_code_and_without() -> None:
    assert sought_keys(["+5549988124417", "98812-4417"]) == {"4988124417", "?88124417"}
    assert sought_keys(["+554933221100"]) == {"4933221100", "?33221100"}
    assert phone_keys("3322-1102 / 98812-4420") == {"?33221102", "?88124420"}
    assert sought_keys(["+5491123456789"]) == sought_keys(["+541123456789"]) == {"+541123456789"}
    assert sought_keys(["0800 123 4567"]) == {"*08001234567"}


def test_tails_are_told_each_once() -> None:
    assert tails(["(49) 3322-1100 / 1101", "11 3322-1100", "3322-9999", "x"]) == ("1100", "1101")


EMAILS = [
    ("", ()),
    ("a@x.example", ("a@x.example",)),
    ("Name <name@x.example>", ("name@x.example",)),
    ('"Silva, Ana" <Ana@X.example>, <b@x.example>', ("Ana@X.example", "b@x.example")),
    ("mailto:a@x.example", ("a@x.example",)),
    ("mailto:a@x.example?subject=oi", ("a@x.example",)),
    ("e-mail: a@x.example.", ("a@x.example",)),
    ("a@x.example/b@x.example", ("a@x.example", "b@x.example")),
    (
        "a@x.example; b@x.example,c@x.example d@x.example",
        ("a@x.example", "b@x.example", "c@x.example", "d@x.example"),
    ),
    ("a@x.example|b@x.example\nc@x.example", ("a@x.example", "b@x.example", "c@x.example")),
    ("a@x.example e b@x.example ou c@x.example", ("a@x.example", "b@x.example", "c@x.example")),
    ("a@x.example&b@x.example", ("a@x.example", "b@x.example")),
    ("a&b@x.example", ("a&b@x.example",)),
    ("(a@x.example)", ("a@x.example",)),
    ("'a@x.example'", ("a@x.example",)),
    ("o'hara@x.example", ("o'hara@x.example",)),
    ("\ufeffna\u200bme@x.ex\u00adample\u200b", ("name@x.example",)),
    ("a＠x.example", ("a@x.example",)),
    ("a@x.example (49) 98812-4417", ("a@x.example",)),
    ("a+tag@x.example", ("a+tag@x.example",)),
    ("a@x.example a@x.example", ("a@x.example",)),
    ("a@b@c", ()),
    ("@x.example", ()),
    ("não tem", ()),
]


@pytest.mark.parametrize(("cell", "found"), EMAILS)
def test_a_cell_holds_these_addresses(cell: str, found: tuple[str, ...]) -> None:
    assert emails_in(cell) == found


def test_addresses_are_compared_without_case() -> None:
    assert addresses(["A@X.example", "b@x.example; a@x.EXAMPLE"]) == {"a@x.example", "b@x.example"}


@given(
    st.lists(
        st.from_regex(r"[a-z][a-z0-9._+]{0,8}[a-z0-9]@[a-z]{1,8}\.example", fullmatch=True),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([" ", ";", ", ", "/", "|", "\n", "&", " e ", "> <", "\u200b;"]),
)
def test_every_address_of_a_list_is_found(mails: list[str], between: str) -> None:
    assert addresses([f"<{between.join(mails)}>"]) == set(mails)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_addresses(cell: str) -> None:
    assert all(found.count("@") == 1 for found in emails_in(cell))
