"""Masks of documents, phones and e-mails: enough of each to recognise it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from widget.brazil import cells, documents, phones

DOCUMENT, PHONE, EMAIL = "document", "phone", "email"
KINDS = (DOCUMENT, PHONE, EMAIL)
_WORD = r"[^\s@<>()\[\],;:\"']+"
_PATTERNS = {
    EMAIL: re.compile(rf"{_WORD}@{_WORD}\.{_WORD}"),
    DOCUMENT: re.compile(
        r"(?<!\w)(?:\d{3}\.\d{3}\.\d{3}-?\d{2}|\d{9}-\d{2}|\d{11}|[0-9A-Z]{12}\d{2}"
        r"|[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2})(?!\w)",
        re.ASCII | re.IGNORECASE,
    ),
    PHONE: re.compile(
        r"\+\d[\d ().-]{6,16}\d(?!\w)"
        r"|(?<!\w)(?:\+?\d{2}[ .-]?)?(?:\(?0?\d{2}\)?[ .-]{0,2})?9?[ .]?\d{4}[ .-]?\d{4}(?!\w)",
        re.ASCII,
    ),
}


def masked_phone(text: str) -> str:
    """Enough of a phone to recognise it, or of each phone that a cell holds."""
    found = [phones.with_nine(phone) for phone in cells.phones_in(text)]
    is_known = any(phone.kind is not phones.PhoneKind.LOCAL for phone in found)
    return " / ".join(phone.masked for phone in found) if is_known else _dots(text)


def masked_document(text: str) -> str:
    """Enough of a document to tell people apart.

    One with a mistake shows its last two characters only.
    """
    document = documents.find(text)
    return document.masked if document else _dots(text)


def masked_email(text: str) -> str:
    """The first letter and the domain."""
    name, _, domain = text.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else _dots(text)


def veiled(text: str, shown: Collection[str] = ()) -> str:
    """Masks in a text what is surely a document, phone or e-mail, but for ``shown`` kinds.

    A number that is none of these, such as a date or the number of a protocol, stays.
    """
    for kind, pattern in _PATTERNS.items():
        if kind not in shown:
            text = pattern.sub(_replacement(kind), text)
    return text


def _replacement(kind: str) -> Callable[[re.Match[str]], str]:
    def masked(found: re.Match[str]) -> str:
        return _mask(kind, found[0])

    return masked


def _mask(kind: str, found: str) -> str:
    if kind == EMAIL:
        return masked_email(found)
    if kind == DOCUMENT:
        return masked_document(found) if documents.find(found) or "." in found else found
    bare = found.strip(" .-")
    return masked_phone(found) if phones.parse(found) or re.search(r"\d{4}-\d{4}$", bare) else found


def _dots(text: str) -> str:
    return f"•••{text[-2:]}" if len(text) > 2 else "•••"
