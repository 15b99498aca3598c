"""Phone numbers as Brazil dials and stores them: read, compare, show.

Nothing stored is ever rewritten.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from widget.domain.model import Certainty

_UNUSED_CODES = {
    10,
    20,
    23,
    25,
    26,
    29,
    30,
    36,
    39,
    40,
    50,
    52,
    56,
    57,
    58,
    59,
    60,
    70,
    72,
    76,
    78,
    80,
    90,
}
AREA_CODES = frozenset(str(code) for code in range(10, 100) if code not in _UNUSED_CODES)
_CARRIERS = frozenset(
    {"12", "14", "15", "21", "22", "23", "25", "31", "41", "43", "55", "65", "99"}
)
# no field and no WhatsApp link holds a number in more than this; longer text is not worth reading
_LONGEST = 200

_WHATSAPP_ID = re.compile(
    r"\s*\+?(\d+)(?:[.:_][\d.:_]*)?@(?:s\.whatsapp\.net|c\.us)\s*", re.ASCII | re.IGNORECASE
)
_WHATSAPP_LINK = re.compile(r"(?:wa\.me/|[?&]phone=)(?:\+|%2B)?(\d+)", re.ASCII | re.IGNORECASE)
_CPF = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}", re.ASCII)
_UP_TO_REMARK = re.compile(
    r"(?:\D*\d){10}[\W\d_]*"
)  # letters after ten digits begin a remark or an extension
_SERVICE = re.compile(
    r"0?(?:[3589]00|303|505)\d{7}|0?[358]00\d{6}|(?:[34]00\d|4020)\d{4}|1\d\d|10[356]\d\d"
)

_NATIONAL_MASK = "({0}) {1}-{2}"


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    FOREIGN = "foreign"
    SERVICE = "service"
    LOCAL = "local"


@dataclass(frozen=True)
class Phone:
    """A number that was understood.

    ``digits``: area code and number, mobiles with the ninth digit; ``+`` and country code for
    foreign ones; as dialled for service numbers. A mobile of eight digits that begins with 7 keeps
    them: only a person can tell what it became. A local number has no area code: it may be a number
    of any area.
    """

    digits: str
    kind: PhoneKind

    @property
    def key(self) -> str:
        """Returns one key for all forms of a number: its area code and last eight digits.

        The index uses it. A mobile that never had an eight-digit form keeps its nine; otherwise it
        would meet the landline of that number.
        """
        if self.kind is PhoneKind.SERVICE:
            return f"*{self.digits}"
        if self.kind is PhoneKind.LOCAL:
            return self.local_key
        if (
            self.kind is PhoneKind.FOREIGN
        ):  # Argentina's mobiles have a 9 only when they are dialled from abroad
            return re.sub(r"^\+549(?=\d{10}$)", "+54", self.digits)
        if self.kind is PhoneKind.MOBILE and self.digits[-8] in "6789":
            return self.digits[:2] + self.digits[-8:]
        return self.digits

    @property
    def local_key(self) -> str:
        """The key of the same number without its area code; empty for numbers that have none."""
        if self.kind is PhoneKind.LOCAL:
            has_short_form = len(self.digits) == 9 and self.digits[1] in "6789"
            return f"?{self.digits[1:] if has_short_form else self.digits}"
        return f"?{self.key[2:]}" if self.kind in {PhoneKind.MOBILE, PhoneKind.LANDLINE} else ""

    @property
    def e164(self) -> str:
        """With ``+`` and country code.

        Empty where it is not known, or where no other country can dial the number.
        """
        if self.kind is PhoneKind.FOREIGN:
            return self.digits
        if self.kind is PhoneKind.LOCAL or (
            self.kind is PhoneKind.SERVICE and len(self.digits) < 8
        ):
            return ""
        return f"+55{self.digits.lstrip('0')}"

    @property
    def whatsapp(self) -> str:
        """The digits after ``https://wa.me/``; empty where there is no such address."""
        return self.e164.removeprefix("+")

    @property
    def tail(self) -> str:
        return self.digits[-4:]

    @property
    def national(self) -> str:
        """As one writes it: ``(49) 98812-4417``, ``0800 123 4567``, ``+1 415-555-2671``."""
        if self.kind is PhoneKind.FOREIGN:
            number = _library(self.digits)
            known = phonenumbers.is_valid_number(number)
            return (
                phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
                if known
                else self.digits
            )
        if self.kind is PhoneKind.SERVICE:
            return _service_mask(self.digits)
        if self.kind is PhoneKind.LOCAL:
            return f"{self.digits[:-4]}-{self.tail}"
        return _masked(_NATIONAL_MASK, self.digits)

    @property
    def masked(self) -> str:
        """Enough to recognise it, too little to dial it: ``(49) 9•••• 4417``.

        Service numbers are public.
        """
        if self.kind is PhoneKind.SERVICE:
            return self.national
        if self.kind is PhoneKind.FOREIGN:
            return f"+{_library(self.digits).country_code} •••• {self.tail}"
        if self.kind is PhoneKind.LOCAL:
            return f"{self.digits[0] if len(self.digits) == 9 else ''}•••• {self.tail}"
        nine = "9" if len(self.digits) == 11 else ""
        return f"({self.digits[:2]}) {nine}•••• {self.tail}"


def parse(text: str) -> Phone | None:
    """The number that a console or the CRM means by ``text``; None when it cannot be known.

    Never raises.
    """
    phone = read(text)
    return phone and with_nine(phone)


def with_nine(phone: Phone) -> Phone:
    """The number with the ninth digit that a mobile has today."""
    if lacks_nine(phone) and phone.digits[2] != "7":
        return Phone(f"{phone.digits[:2]}9{phone.digits[2:]}", phone.kind)
    return phone


def compare(a: str, b: str) -> Certainty | None:
    """How far two texts mean one number; None when they do not."""
    first, second = read(a), read(b)
    return meet(first, second) if first and second else None


def meet(first: Phone, second: Phone) -> Certainty | None:
    """How far two numbers as ``read`` are one.

    EXACT, VARIANT (only the ninth digit differs), ASK (a 7 as first digit, or an area code is
    missing), or None.
    """
    if PhoneKind.LOCAL in {first.kind, second.kind}:
        return Certainty.ASK if first.local_key and first.local_key == second.local_key else None
    if first.key != second.key:
        return None
    if first.digits == second.digits or first.kind is PhoneKind.FOREIGN:
        return Certainty.EXACT
    return Certainty.ASK if first.digits[-8] == "7" else Certainty.VARIANT


def lacks_nine(phone: Phone) -> bool:
    """Whether a mobile as ``read`` was written as it was before it had its ninth digit."""
    return phone.kind is PhoneKind.MOBILE and len(phone.digits) == 10


def problem(text: str) -> str | None:
    """What is wrong with a number typed into a form, as a code; None when it is fine."""
    phone = parse(text)
    if phone is None:
        return _flaw(text)
    if phone.kind is PhoneKind.FOREIGN and not phonenumbers.is_valid_number(_library(phone.digits)):
        return "not_a_phone"
    return "too_short" if len(phone.digits) < 8 else None


def read(text: str) -> Phone | None:
    """The number with as many digits as were written; ``parse`` adds the ninth."""
    digits, has_country = _dialled(text)
    if has_country:
        return _international(digits)
    if digits.startswith("00"):  # the carrier's two digits may follow: 00 21 1 415 …
        rest = digits[2:]
        return _international(rest) or (_international(rest[2:]) if rest[:2] in _CARRIERS else None)
    return _brazilian(digits)


def _dialled(text: str) -> tuple[str, bool]:
    """The digits, and whether they begin with a country code.

    No digits when the text is something else.
    """
    if len(text) > _LONGEST:
        return "", False
    text = unicodedata.normalize("NFKC", text)
    if found := _WHATSAPP_ID.fullmatch(text) or _WHATSAPP_LINK.search(text):
        return found[1], True
    if "@" in text or _CPF.search(
        text
    ):  # an e-mail, a WhatsApp group or hidden id (@lid), a document
        return "", False
    if found := _UP_TO_REMARK.match(text):
        text = found[0]
    lead = re.split(r"\d", text, maxsplit=1)[0]
    digits = "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
    return digits, "+" in lead and not digits.startswith("0")


def _international(digits: str) -> Phone | None:
    if digits.startswith("55"):
        return _brazilian(digits[2:])
    if re.fullmatch(
        r"521\d{10}", digits
    ):  # WhatsApp's ids of Mexico keep a 1 that is no longer dialled
        digits = f"52{digits[3:]}"
    number = _library(f"+{digits}")
    if not phonenumbers.is_possible_number(number):
        return None
    if phonenumbers.is_valid_number(number):  # else the library's idea of a trunk prefix is a guess
        return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), PhoneKind.FOREIGN)
    return Phone(f"+{digits}", PhoneKind.FOREIGN)


def _brazilian(digits: str) -> Phone | None:
    digits = _stripped(digits)
    if _SERVICE.fullmatch(digits):
        is_short_of_zero = len(digits) > 8 and digits[0] != "0"
        return Phone(f"0{digits}" if is_short_of_zero else digits, PhoneKind.SERVICE)
    if digits[:2] not in AREA_CODES:
        return None
    if re.fullmatch(r"9\d{8}|[6-9]\d{7}", digits[2:]):
        return Phone(digits, PhoneKind.MOBILE)
    return Phone(digits, PhoneKind.LANDLINE) if re.fullmatch(r"[2-5]\d{7}", digits[2:]) else None


def _stripped(digits: str) -> str:
    """Returns the digits without country code (doubled or not), trunk zero and carrier.

    55 is also an area code, so a number of eleven digits keeps it.
    """
    while not _SERVICE.fullmatch(digits):
        if len(digits) > 11 and digits.startswith("55"):
            digits = digits[2:]
        elif digits.startswith("0"):
            digits = digits[1:]
            if len(digits) in {12, 13} and digits[:2] in _CARRIERS:
                digits = digits[2:]
        else:
            break
    return digits


def _library(international: str) -> PhoneNumber:
    """What libphonenumber makes of a number with ``+``.

    A number that is not possible when it makes nothing of it.
    """
    try:
        return phonenumbers.parse(international)
    except NumberParseException:
        return PhoneNumber()


def _masked(mask: str, digits: str) -> str:
    return mask.format(digits[:2], digits[2:-4], digits[-4:])


def _service_mask(digits: str) -> str:
    if digits.startswith("0"):
        return f"{digits[:4]} {digits[4:-4]} {digits[-4:]}"
    return f"{digits[:4]}-{digits[4:]}" if len(digits) == 8 else digits


def _flaw(text: str) -> str:
    """Why ``parse`` understood nothing."""
    digits, has_country = _dialled(text)
    if not digits:
        return "not_a_phone"
    if has_country:
        return (
            _brazilian_flaw(_stripped(digits[2:]))
            if digits.startswith("55")
            else _foreign_flaw(digits)
        )
    if _only_abroad(digits):
        return "foreign_without_plus"
    return _brazilian_flaw(_stripped(digits))


def _only_abroad(digits: str) -> bool:
    """Whether the number is valid abroad and lacks only its ``+``.

    A number like a Brazilian one with a wrong digit is not.
    """
    if len(digits) < 10 or digits.startswith("55") or re.fullmatch(r"\d\d[2-9]\d{8}", digits):
        return False
    return phonenumbers.is_valid_number(_library(f"+{digits}"))


def _foreign_flaw(digits: str) -> str:
    reason = phonenumbers.is_possible_number_with_reason(_library(f"+{digits}"))
    known = {
        ValidationResult.TOO_SHORT: "too_short",
        ValidationResult.TOO_LONG: "too_long",
    }
    return known.get(reason, "not_a_phone")


def _brazilian_flaw(digits: str) -> str:
    if len(digits) < 10:
        return "no_area_code" if re.fullmatch(r"9\d{8}|[2-9]\d{7}", digits) else "too_short"
    if len(digits) > 11:
        return "too_long"
    if digits[:2] not in AREA_CODES:
        return "unknown_area_code"
    return "too_long" if re.fullmatch(r"[2-8]\d{8}", digits[2:]) else "not_a_phone"
