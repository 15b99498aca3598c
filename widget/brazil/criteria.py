"""The four criteria of a search: which one a text fits, and whether it is complete."""

from __future__ import annotations

import re

from widget.brazil import cells, documents, phones
from widget.domain.model import Person
from widget.domain.texts import mark

CRITERIA = {
    "name": mark("Nome"),
    "document": mark("CPF/CNPJ"),
    "email": mark("E-mail"),
    "phone": mark("Número de telefone"),
}
SHORTEST = 3
# So much must be typed before the index is asked: less of it means thousands.
SHORTEST_TYPED = {
    "name": 2,
    "document": 3,
    "email": 3,
    "phone": 4,
}
_LIKE_DOCUMENT = re.compile(
    r"\w{2,3}\.\w|\w+/|\d{2}[A-Za-z]"
)  # the masks of both, and a CNPJ with letters


def guess(text: str) -> str:
    """The criterion that the text looks like, also while it is being typed."""
    text = text.strip()
    if "@" in text:
        return "email"
    if text.startswith(("+", "(")):
        return "phone"
    if documents.find(text) or (_LIKE_DOCUMENT.match(text) and any(map(str.isdecimal, text))):
        return "document"
    if not re.sub(r"\W", "", text).isdecimal():
        return "name"
    return "phone" if cells.whole_phones([text]) or _begins_phone(text) else "document"


def problem(criterion: str, text: str) -> str:
    """Returns why no person can be found by this, "" when the CRM can be asked."""
    if criterion not in CRITERIA:
        return mark("Escolha um critério de pesquisa.")
    if criterion == "document" and documents.find(text) is None:
        return mark("Este CPF/CNPJ não confere. Verifique os dígitos.")
    if criterion == "phone" and not cells.whole_phones([text]):
        return mark("Escreva o telefone com DDD.")
    if len(text) < SHORTEST:
        return mark("Escreva pelo menos três letras.")
    return ""


def person(criterion: str, text: str) -> Person | None:
    """Whom a whole document, phone or e-mail address means.

    None of a name, and of what is not whole yet.
    """
    if criterion == "document" and documents.find(text):
        return Person(documents=(text,))
    if criterion == "phone" and cells.whole_phones([text]):
        return Person(phones=(text,))
    found = cells.emails_in(text) if criterion == "email" else ()
    if found and all(re.fullmatch(r"[^@]+@.+\.\w{2,}", address) for address in found):
        return Person(emails=found)
    return None


def beginnings(criterion: str, text: str) -> tuple[str, ...]:
    """How the index's key may begin for what is typed so far.

    Of a phone with its ninth digit and without.

    A number from abroad needs its ``+``; Argentina's mobiles are indexed without their 9.
    """
    if criterion == "email":
        return (cells.begun_email(text),)
    compact = re.sub(r"\W", "", text).upper()
    if criterion == "document":
        return (compact,)
    digits = _national(text)
    if len(digits) < SHORTEST_TYPED["phone"]:
        return ()
    if _is_foreign(text):
        return (f"+{re.sub('^549', '54', digits)}",)
    # The key has no ninth digit; what is typed may still be a number that begins with nine.
    return (digits[:2] + digits[3:], digits) if digits[2] == "9" else (digits,)


def _begins_phone(text: str) -> bool:
    digits = _national(text)
    return (
        digits[:2] in phones.AREA_CODES and digits[2:3] in {"", *"23456789"} and len(digits) <= 11
    )


def _is_foreign(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return text.lstrip().startswith("+") and digits[:1] != "0" and not digits.startswith("55")


def _national(text: str) -> str:
    """The digits without trunk zero and without the country's code; 55 is also an area code."""
    digits = re.sub(r"\D", "", text).lstrip("0")
    has_country = digits.startswith("55") and (len(digits) > 11 or text.lstrip().startswith("+"))
    return digits[2:] if has_country else digits
