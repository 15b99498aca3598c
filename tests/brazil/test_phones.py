"""Tests of phones: every known vector in both directions, every area code, every length.

They also read whatever else a field can hold.
"""

import re
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from widget.brazil.phones import (
    AREA_CODES,
    Phone,
    PhoneKind,
    compare,
    lacks_nine,
    parse,
    problem,
    read,
    with_nine,
)
from widget.domain.model import Certainty

EXACT, VARIANT, ASK = Certainty.EXACT, Certainty.VARIANT, Certainty.ASK

# The 67 area codes in use, written out so that the compact table in the code is checked against
# another form of it.
IN_USE = re.findall(
    r"\d\d",
    "11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 "
    "53 54 55 61 62 63 64 "
    "65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99",
)
NOT_IN_USE = sorted({f"{n:02}" for n in range(10, 100)} - set(IN_USE))

MASKS = [
    "{ddd}{number}",
    "({ddd}) {number}",
    "({ddd}){number}",
    "{ddd}-{number}",
    "{ddd}.{number}",
    "{ddd}/{number}",
    "0{ddd} {number}",
    "(0{ddd}) {number}",
    "(0xx{ddd}) {number}",
    "0XX{ddd}{number}",
    "0**{ddd} {number}",
    "0 15 {ddd} {number}",
    "021{ddd}{number}",
    "041{ddd}{number}",
    "55{ddd}{number}",
    "+55{ddd}{number}",
    "+55 {ddd} {number}",
    "(+55) {ddd} {number}",
    "+55 (0{ddd}) {number}",
    "+55 (0xx{ddd}) {number}",
    "55 0{ddd} {number}",
    "5555{ddd}{number}",
    "+55 55 {ddd} {number}",
    "055{ddd}{number}",
    "0055{ddd}{number}",
    "00 55 {ddd} {number}",
    "00 21 55 {ddd} {number}",
    "{ddd}{number}\n",
    "\t{ddd}\xa0{number} ",
    "tel:+55-{ddd}-{number}",
    "whatsapp:+55{ddd}{number}",
    "55{ddd}{bare}@s.whatsapp.net",
    "55{ddd}{bare}@c.us",
    "+55{ddd}{bare}@C.US",
    "55{ddd}{bare}:12@s.whatsapp.net",
    "55{ddd}{bare}_1:3@s.whatsapp.net",
    "55{ddd}{bare}.0:3@s.whatsapp.net",
    "https://wa.me/55{ddd}{bare}",
    "https://wa.me/+55{ddd}{bare}?text=Oi%202",
    "https://api.whatsapp.com/send?phone=55{ddd}{bare}&text=7",
    "https://api.whatsapp.com/send/?text=7&phone=%2B55{ddd}{bare}",
    "{ddd} {number} (mãe)",
    "{ddd} {number} ramal 21",
    "{ddd} {number} r.2",
    "Maria: {ddd} {number}",
    "☎️ {ddd} {number} 📱",
    "\u202a+55 {ddd} {number}\u202c",
    "\x00{ddd}\x1b{number}\x7f",
]

SERVICES = [
    "0800 123 4567",
    "0800 12 3456",
    "0300 123 4567",
    "0500 123 4567",
    "0900 123 4567",
    "0303 123 4567",
]
SERVICES += ["4004-1234", "3003 4004", "4020 1234", "190", "192", "10315", "10621"]

VECTORS = [
    ("5511987654321", "551187654321", VARIANT),
    ("(11) 98765-4321", "0 15 11 98765-4321", EXACT),
    ("00 55 11 98765-4321", "+55 11 98765-4321", EXACT),
    ("5511987654321@s.whatsapp.net", "11 98765.4321", EXACT),
    ("11 3333-4444", "11 93333-4444", None),
    ("11 98765-4321", "21 98765-4321", None),
    ("55 99123-4567", "55 55 99123-4567", EXACT),
    ("11 7234-5678", "11 97234-5678", ASK),
    ("+1 415 555 2671", "14 15555-2671", None),
    # Ours.
    ("+55 11 8765-4321", "11 8765 4321", EXACT),
    ("11 6765-4321", "11 96765-4321", VARIANT),
    ("11 9765-4321", "11 99765-4321", VARIANT),
    ("11 7234-5678", "+55 11 7234-5678", EXACT),
    ("11 97234-5678", "(11) 97234-5678", EXACT),
    ("11 3333-4444", "+551133334444", EXACT),
    ("11 2333-4444", "11 92333-4444", None),
    ("11 4333-4444", "11 94333-4444", None),
    ("11 5333-4444", "11 95333-4444", None),
    ("11 3333-4444", "21 3333-4444", None),
    ("11 98765-4321", "11 98765-4322", None),
    ("49 8812-4417", "49 9812-4417", None),
    ("55 9123-4567", "55 99123-4567", VARIANT),
    ("555591234567", "55 99123-4567", VARIANT),
    ("5555991234567", "055 99123-4567", EXACT),
    ("555555991234567", "55 99123-4567", EXACT),
    ("55 3222-1188", "5555 3222-1188", EXACT),
    ("+1 415 555 2671", "+14155552671", EXACT),
    ("+1 415 555 2671", "00 1 415 555 2671", EXACT),
    ("+1 415 555 2671", "00 15 1 415 555 2671", EXACT),
    ("+1 415 555 2671", "14155552671@s.whatsapp.net", EXACT),
    ("+1 415 555 2671", "14155552671", None),
    ("+49 30 901820", "0049 30 901820", EXACT),
    ("+44 (0)20 7946 0958", "+442079460958", EXACT),
    ("+52 55 1234 5678", "5215512345678@c.us", EXACT),
    ("+49 98812-4417", "49 98812-4417", None),
    ("+54 9 11 2345-6789", "+54 11 2345-6789", EXACT),
    ("5491123456789@s.whatsapp.net", "+54 11 15 2345-6789", EXACT),
    ("+54 9 341 456-7890", "00 54 341 4567890", EXACT),
    ("+54 9 2901 42-3456", "+542901423456", EXACT),
    ("+54 9 11 2345-6789", "+54 11 2345-6780", None),
    ("+54 9 11 2345-6789", "+54 341 2345-678", None),
    ("+049 98812-4417", "49 98812-4417", EXACT),
    ("+0055 49 98812-4417", "49 98812-4417", EXACT),
    ("0800 123 4567", "0800 123-4567", EXACT),
    ("0800 123 4567", "+55 800 123 4567", EXACT),
    ("0800 123 4567", "558001234567@s.whatsapp.net", EXACT),
    ("0800 123 4567", "0300 123 4567", None),
    ("4004-1234", "11 4004-1234", None),
    ("98765-4321", "11 98765-4321", None),
    ("11 98765-4321", "", None),
    ("", "", None),
    ("abc", "abc", None),
]

GARBAGE = [
    "",
    " ",
    "+",
    "00",
    "0",
    "55",
    "+55",
    "0000000000",
    "(00) 00000-0000",
    "00000000000000000000",
    "não tem",
    "🙂",
    "\x00\x01",
    "<script>alert(1)</script>",
    "marina@example.com",
    "49988124417@example.com",
    "120363043211234567@g.us",
    "5549988124417@lid",
    "status@broadcast",
    "@c.us",
    "119.876.543-21",
    "12.345.678/0001-95",
    "2026-11-21 10:22:11",
    "49 98812-4417 / 49 3322-1188",
    "9999-8888",
    "98812-4417",
    "15 11 98765-4321",
    "+999 1234567",
    "+1 415 555",
    "9" * 30,
    "4998812-4417" + " " * 300,
]


def digits_of(text: str) -> str:
    return "".join(c for c in text if c in string.digits)


anything = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789 ()+-./@:x", max_size=24),
    st.from_regex(r"(\+|00|0|55|\+55|0xx|015)?[1-9]{2}9?[0-9]{8}(@c\.us)?", fullmatch=True),
    st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
    st.sampled_from(SERVICES + GARBAGE),
)


def test_the_area_codes_are_those_in_use() -> None:
    assert sorted(AREA_CODES) == IN_USE


@pytest.mark.parametrize(("a", "b", "expected"), VECTORS)
def test_two_texts_mean_one_number_as_far_as_the_table_says_in_both_directions(
    a: str, b: str, expected: Certainty | None
) -> None:
    assert compare(a, b) is expected
    assert compare(b, a) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(49) 8812-4417", True),
        ("+55 49 8812-4417", True),
        ("11 7234-5678", True),
        ("49 98812-4417", False),
        ("49 3322-1188", False),
        ("0800 123 4567", False),
        ("+1 415 555 2671", False),
        ("", False),
    ],
)
def test_only_a_mobile_can_lack_its_ninth_digit(text: str, expected: bool) -> None:
    phone = read(text)

    assert (phone is not None and lacks_nine(phone)) is expected


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "other", ["11 98765-4321", "11 3333-4444", "+14155552671", "0800 765 4321", "4003-1234"]
)
def test_a_service_number_is_itself_alone(service: str, other: str) -> None:
    assert compare(service, service) is EXACT
    assert compare(service, other) is None
    assert compare(other, service) is None


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("ddd", ["11", "49", "55"])
@pytest.mark.parametrize(
    ("number", "canonical", "kind"),
    [
        ("98812-4417", "988124417", PhoneKind.MOBILE),
        ("8812-4417", "988124417", PhoneKind.MOBILE),
        ("9881-2441", "998812441", PhoneKind.MOBILE),
        ("3322-1188", "33221188", PhoneKind.LANDLINE),
        ("7234-5678", "72345678", PhoneKind.MOBILE),
    ],
)
def test_every_mask_is_read(
    mask: str, ddd: str, number: str, canonical: str, kind: PhoneKind
) -> None:
    text = mask.format(ddd=ddd, number=number, bare=number.replace("-", ""))

    assert parse(text) == Phone(ddd + canonical, kind)


@pytest.mark.parametrize("ddd", IN_USE)
def test_every_area_code_has_mobiles_and_landlines(ddd: str) -> None:
    assert parse(f"{ddd}988124417") == Phone(f"{ddd}988124417", PhoneKind.MOBILE)
    assert parse(f"55{ddd}88124417") == Phone(f"{ddd}988124417", PhoneKind.MOBILE)
    assert parse(f"{ddd}33221188") == Phone(f"{ddd}33221188", PhoneKind.LANDLINE)
    assert compare(f"{ddd}988124417", f"55{ddd}88124417") is VARIANT


@pytest.mark.parametrize("ddd", NOT_IN_USE)
def test_an_area_code_nobody_uses_is_no_phone(ddd: str) -> None:
    assert parse(f"{ddd}988124417") is None
    assert parse(f"+55{ddd}988124417") is None
    assert problem(f"({ddd}) 98812-4417") == "unknown_area_code"


@pytest.mark.parametrize("first", "2345")
def test_a_landline_never_gets_a_ninth_digit(first: str) -> None:
    landline = parse(f"49 {first}322-1188")

    assert landline
    assert landline == Phone(f"49{first}3221188", PhoneKind.LANDLINE)
    assert with_nine(landline) == landline


@pytest.mark.parametrize("first", "689")
def test_an_old_mobile_gets_its_ninth_digit(first: str) -> None:
    assert parse(f"11 {first}765-4321") == Phone(f"119{first}7654321", PhoneKind.MOBILE)


def test_a_mobile_of_eight_digits_with_seven_keeps_them() -> None:
    assert parse("11 7234-5678") == Phone("1172345678", PhoneKind.MOBILE)
    assert parse("11 97234-5678") == Phone("11972345678", PhoneKind.MOBILE)


@pytest.mark.parametrize("first", "01")
def test_no_number_of_eight_digits_starts_with_zero_or_one(first: str) -> None:
    assert parse(f"49 {first}322-1188") is None


@pytest.mark.parametrize("first", "012345678")
def test_no_number_of_nine_digits_starts_with_another_than_nine(first: str) -> None:
    assert parse(f"49 {first}8812-4417") is None


@pytest.mark.parametrize("length", [*range(10), *range(12, 30)])
def test_of_every_length_but_ten_and_eleven_plain_digits_with_area_code_are_no_phone(
    length: int,
) -> None:
    text = ("4966" + "7" * 30)[:length]

    assert parse(text) is None
    assert problem(text)


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_no_phone_and_has_a_problem(text: str) -> None:
    assert parse(text) is None
    assert problem(text)


@pytest.mark.parametrize(
    "text",
    [
        "（４９）９８８１２－４４１７",
        "٤٩ ٩٨٨١٢-٤٤١٧",
        "𝟒𝟗 𝟗𝟖𝟖𝟏𝟐 𝟒𝟒𝟏𝟕",
        "4️⃣9️⃣ 98812-4417",
        "＋５５ 49 98812-4417",
    ],
)
def test_digits_of_other_scripts_are_digits(text: str) -> None:
    assert parse(text) == Phone("49988124417", PhoneKind.MOBILE)


@pytest.mark.parametrize(
    ("text", "dialled", "shown"),
    [
        (
            "4988124417",
            ("+5549988124417", "5549988124417", "4988124417"),
            ("4417", "(49) 98812-4417", "(49) 9•••• 4417"),
        ),
        (
            "4933221188",
            ("+554933221188", "554933221188", "4933221188"),
            ("1188", "(49) 3322-1188", "(49) •••• 1188"),
        ),
        (
            "1172345678",
            ("+551172345678", "551172345678", "1172345678"),
            ("5678", "(11) 7234-5678", "(11) •••• 5678"),
        ),
        (
            "11933334444",
            ("+5511933334444", "5511933334444", "11933334444"),
            ("4444", "(11) 93333-4444", "(11) 9•••• 4444"),
        ),
        (
            "+14155552671",
            ("+14155552671", "14155552671", "+14155552671"),
            ("2671", "+1 415-555-2671", "+1 •••• 2671"),
        ),
        (
            "0800-1234567",
            ("+558001234567", "558001234567", "*08001234567"),
            ("4567", "0800 123 4567", "0800 123 4567"),
        ),
        (
            "0800 123456",
            ("+55800123456", "55800123456", "*0800123456"),
            ("3456", "0800 12 3456", "0800 12 3456"),
        ),
        (
            "40041234",
            ("+5540041234", "5540041234", "*40041234"),
            ("1234", "4004-1234", "4004-1234"),
        ),
        ("190", ("", "", "*190"), ("190", "190", "190")),
    ],
)
def test_a_phone_is_dialled_indexed_and_shown(
    text: str, dialled: tuple[str, str, str], shown: tuple[str, str, str]
) -> None:
    phone = parse(text)

    assert phone
    assert (phone.e164, phone.whatsapp, phone.key) == dialled
    assert (phone.tail, phone.national, phone.masked) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(49) 98812-4417", None),
        ("49 8812-4417", None),
        ("(49) 3322-1188", None),
        ("+55 49 98812-4417", None),
        ("+14155552671", None),
        ("+351 912 345 678", None),
        ("0800 123 4567", None),
        ("4004-1234", None),
        ("", "not_a_phone"),
        ("   ", "not_a_phone"),
        ("não tem", "not_a_phone"),
        ("marina@example.com", "not_a_phone"),
        ("119.876.543-21", "not_a_phone"),
        ("49 1881-2441", "not_a_phone"),
        ("+49 98812-4417", "not_a_phone"),
        ("+999 1234567", "not_a_phone"),
        ("190", "too_short"),
        ("10315", "too_short"),
        ("4", "too_short"),
        ("49 8812-441", "too_short"),
        ("49 332-1188", "too_short"),
        ("+55 49 988", "too_short"),
        ("+1 415 555", "too_short"),
        ("98812-4417", "no_area_code"),
        ("8812-4417", "no_area_code"),
        ("3322-1188", "no_area_code"),
        ("+55 98812-4417", "no_area_code"),
        ("20 98812-4417", "unknown_area_code"),
        ("+55 (23) 98812-4417", "unknown_area_code"),
        ("26 3322-1188", "unknown_area_code"),
        ("49 98812-44170", "too_long"),
        ("49 33221-1880", "too_long"),
        ("+1 415 555 26711 1", "too_long"),
        ("49 98812-4417 / 49 3322-1188", "too_long"),
        ("14155552671", "foreign_without_plus"),
        ("44 20 7946 0958", "foreign_without_plus"),
        ("351 912 345 678", "foreign_without_plus"),
    ],
)
def test_a_form_says_what_is_wrong(text: str, expected: str | None) -> None:
    assert problem(text) == expected


@settings(deadline=None)
@given(anything)
def test_nothing_ever_raises(text: str) -> None:
    phone = parse(text)
    problem(text)

    if phone:
        assert phone.national
        assert phone.masked


@settings(deadline=None)
@given(st.text(max_size=2000))
def test_long_text_never_raises(text: str) -> None:
    assert parse(text) is None or len(text) <= 200


@settings(deadline=None)
@given(anything)
@example("+5491123456789")
@example("+43000000")
@example("0800 000000")
@example("55 55 55 9123-4567")
def test_canonical_of_canonical_is_canonical(text: str) -> None:
    phone = parse(text)

    if phone:
        assert parse(phone.digits) == phone
        assert parse(phone.national) == phone
        assert not phone.e164 or parse(phone.e164) == phone


@settings(deadline=None)
@given(anything, anything)
def test_compare_is_symmetric(a: str, b: str) -> None:
    assert compare(a, b) is compare(b, a)


@settings(deadline=None)
@given(anything)
def test_a_phone_is_exactly_itself(text: str) -> None:
    assert compare(text, text) is (EXACT if parse(text) else None)


@settings(deadline=None)
@given(anything, anything)
@example("11 3333-4444", "11 93333-4444")
@example("11 7234-5678", "11 97234-5678")
def test_keys_are_equal_exactly_when_the_numbers_may_be_one(a: str, b: str) -> None:
    first, second = parse(a), parse(b)

    may_be_one = first is not None and second is not None and first.key == second.key
    assert may_be_one is (compare(a, b) is not None)


@settings(deadline=None)
@given(anything)
def test_the_mask_hides_all_but_area_or_country_and_the_last_four(text: str) -> None:
    phone = parse(text)

    if phone and phone.kind is not PhoneKind.SERVICE:
        assert re.fullmatch(r"(\(\d\d\) 9?|\+\d{1,3} )•••• \d{4}", phone.masked)
        assert phone.masked.endswith(phone.tail)
