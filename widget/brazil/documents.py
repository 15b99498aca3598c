"""CPF and CNPJ, with letters or without: read, check while typing, show masked.

Nothing stored is ever rewritten.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from stdnum.br import cnpj, cpf
from stdnum.exceptions import ValidationError

# Besides blanks: the signs of the mask, and what word processors make of them.
_SEPARATORS = frozenset(".-/‐–—−")
_LIKE_CNPJ = re.compile(
    r"[A-Za-z/]|^\s*\w\w\."
)  # a letter, a slash, a dot after two: no CPF is typed so

# A number that lacks up to three zeros of a CPF, or up to two of a CNPJ; tables write it with a
# decimal place.
_AS_NUMBER = re.compile(r"\s*(\d{8,10}|\d{12,13})(?:\.0)?\s*", re.ASCII)


class DocumentKind(StrEnum):
    CPF = "cpf"
    CNPJ = "cnpj"

    @property
    def length(self) -> int:
        return 11 if self is DocumentKind.CPF else 14


class DocumentProblem(ValueError):
    """Why a text is no document.

    ``code``: empty, characters, length, repeated or check_digits. ``kind``: what it seems to
    become. ``missing``: how many characters it still lacks, below zero when there are too many; 0
    unless the code is empty or length.
    """

    def __init__(self, code: str, kind: DocumentKind, missing: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.kind = kind
        self.missing = missing


@dataclass(frozen=True)
class Document:
    """A document whose check digits are right; ``number`` is compact and upper case.

    Comes from ``parse``.
    """

    number: str
    kind: DocumentKind

    @property
    def root(self) -> str:
        """Names the firm of a CNPJ among its branches, "" for a CPF."""
        return self.number[:8] if self.kind is DocumentKind.CNPJ else ""

    @property
    def formatted(self) -> str:
        return _formatted(self.number, self.kind)

    @property
    def masked(self) -> str:
        """Enough to tell two people apart, too little to know them.

        Of a CPF the second block and the check digits stay, of a CNPJ the second block and the
        branch.
        """
        n = self.number
        if self.kind is DocumentKind.CPF:
            return f"•••.{n[3:6]}.•••-{n[9:]}"
        return f"••.{n[2:5]}.•••/{n[8:12]}-••"


def parse(text: str) -> Document:
    """The document in ``text``, masked or bare, upper or lower case; raises DocumentProblem."""
    number, kind = _compact(text)
    if not number:
        raise DocumentProblem("empty", kind, kind.length)
    if not (number.isascii() and number.isalnum()):
        raise DocumentProblem("characters", kind)
    if len(number) != kind.length:
        raise DocumentProblem("length", kind, kind.length - len(number))
    if not number[-2:].isdecimal():
        raise DocumentProblem("characters", kind)
    if len(set(number)) == 1:  # python-stdnum takes 111.111.111-11
        raise DocumentProblem("repeated", kind)
    try:
        (cpf if kind is DocumentKind.CPF else cnpj).validate(number)
    except ValidationError as error:
        raise DocumentProblem("check_digits", kind) from error
    return Document(number, kind)


def find(text: str) -> Document | None:
    """The same for whom it does not matter why there is none."""
    try:
        return parse(text)
    except DocumentProblem:
        return None


def told(text: str) -> Document | None:
    """Reads a document that a program tells.

    A document told as a number has lost the zeros at its beginning.
    """
    number = _AS_NUMBER.fullmatch(text)
    if number is None:
        return find(text)
    kind = DocumentKind.CPF if len(number[1]) < DocumentKind.CPF.length else DocumentKind.CNPJ
    return find(number[1].zfill(kind.length))


def key(text: str) -> str:
    """What an index keeps of a stored document: its number, or the text where it is none."""
    document = told(text)
    return document.number if document else next(reversed(searchable_forms(text)), "")


def searchable_forms(text: str) -> tuple[str, ...]:
    """The forms in which a CRM that compares text may hold this document: masked, bare.

    Wrong check digits do not matter, since they are stored too; of a text of another length the
    text itself remains.
    """
    number, kind = _compact(text)
    if not number:
        return ()
    if len(number) != kind.length or not (number.isascii() and number.isalnum()):
        return (text.strip(),)
    return _formatted(number, kind), number


def stored_forms(text: str) -> tuple[str, ...]:
    """Returns the forms in which the CRM may hold a document.

    Of a document that begins with zeros, one form lacks them: it was stored as a number.
    """
    document = told(text)
    forms = searchable_forms(document.number if document else text)
    short = document.number.lstrip("0") if document else ""
    return (*forms, short) if short not in forms and _AS_NUMBER.fullmatch(short) else forms


def _compact(text: str) -> tuple[str, DocumentKind]:
    """Upper case without mask, blanks and invisible characters; and what it seems to become."""
    text = unicodedata.normalize("NFKC", text)
    number = "".join(
        c for c in text if not (c in _SEPARATORS or c.isspace() or unicodedata.category(c) == "Cf")
    )
    is_cnpj = sum(map(str.isalnum, number)) > DocumentKind.CPF.length or _LIKE_CNPJ.search(text)
    return number.upper(), DocumentKind.CNPJ if is_cnpj else DocumentKind.CPF


def _formatted(number: str, kind: DocumentKind) -> str:
    if kind is DocumentKind.CPF:
        return f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"
    return f"{number[:2]}.{number[2:5]}.{number[5:8]}/{number[8:12]}-{number[12:]}"
