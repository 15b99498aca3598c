"""How typed values are read: marshmallow fields with sentences for the attendant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from widget.brazil import documents, phones
from widget.domain.texts import mark, ngettext

NEARLY = 3
REQUIRED = mark("Preencha este campo.")
PHONE_PROBLEMS = {
    "too_short": mark("Faltam dígitos. Com DDD são 10 ou 11."),
    "too_long": mark("Há dígitos demais. Com DDD são 10 ou 11."),
    "no_area_code": mark("Falta o DDD."),
    "unknown_area_code": mark("Este DDD não existe."),
    "foreign_without_plus": mark("Número de outro país: escreva com + e o código do país."),
    "not_a_phone": mark("Isto não parece um telefone."),
}
DOCUMENT_PROBLEMS = {
    "length": mark("CPF tem 11 dígitos; CNPJ tem 14 caracteres."),
    "characters": mark("Só números (e letras, no CNPJ novo)."),
    "check_digits": mark("Os dígitos verificadores não conferem."),
    "repeated": mark("Números repetidos não são um documento."),
    "empty": REQUIRED,
}


def clean(text: str, *, lines: bool = False) -> str:
    """Returns the text without control characters and surrounding blanks.

    Line breaks stay only where they belong.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    keep = "\n\t" if lines else ""
    kept = (c if c in keep or unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in unified)
    return "".join(kept).strip()


class _Typed(fields.Field[str]):
    """A value typed by a person: cleaned, then read; empty values stay empty unless required."""

    def __init__(
        self,
        read: Callable[[str], str],
        *,
        required: bool = False,
        longest: int = 200,
        lines: bool = False,
    ) -> None:
        super().__init__(load_default="")
        self._read = read
        self._longest = longest
        self._lines = lines
        self._needed = required

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = clean(str(value), lines=self._lines)
        # Nothing was typed, or nothing that could be seen.
        if not any(c.isprintable() and not c.isspace() for c in text):
            if self._needed:
                raise ValidationError(REQUIRED)
            return ""
        if len(text) > self._longest:
            raise ValidationError(mark("Texto longo demais."))
        return self._read(text)


def text(*, required: bool = False, longest: int = 200) -> fields.Field[str]:
    """One line of text."""
    return _Typed(str, required=required, longest=longest)


def prose(*, required: bool = False, longest: int) -> fields.Field[str]:
    """Text with line breaks."""
    return _Typed(str, required=required, longest=longest, lines=True)


def phone() -> fields.Field[str]:
    """A phone, as the CRM's own screens write it."""
    return _Typed(_phone)


def document() -> fields.Field[str]:
    """CPF or CNPJ, with its mask."""
    return _Typed(_document)


def email() -> fields.Field[str]:
    """An e-mail address."""
    return _Typed(_email, longest=100)


def number(*, required: bool = False) -> fields.Field[str]:
    """The number of a CRM record, chosen from a list."""
    return _Typed(_number, required=required)


def one_of(*values: str, required: bool = False) -> fields.Field[str]:
    """One of these words."""

    def read(text: str) -> str:
        if text not in values:
            raise ValidationError(mark("Escolha uma das opções."))
        return text

    return _Typed(read, required=required)


def mistakes(schema: Schema, typed: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Returns the values that could be read, and for each other field the reason why not."""
    # A field that was not sent at all is an empty one.
    empty = dict.fromkeys(schema.fields, "")
    try:
        return dict(schema.load({**empty, **typed}, unknown=EXCLUDE)), {}
    except ValidationError as error:
        whys = {name: str(why[0]) for name, why in error.messages_dict.items()}
        return dict(error.valid_data or {}), whys


def is_begun(text: str) -> bool:
    """Whether so much of a document is still missing that the typist needs no advice yet."""
    try:
        documents.parse(clean(text))
    except documents.DocumentProblem as problem:
        return problem.missing > NEARLY
    return False


def document_problem(text: str) -> str:
    """Returns what is wrong with a document while it is typed.

    It is "" when the document is fine or not begun.
    """
    typed = clean(text)
    if not typed:
        return ""
    try:
        documents.parse(typed)
    except documents.DocumentProblem as problem:
        if problem.missing > 0:
            kind = problem.kind.upper()
            return ngettext(
                "Falta %(num)s dígito do %(kind)s.",
                "Faltam %(num)s dígitos do %(kind)s.",
                problem.missing,
                kind=kind,
            )
        return DOCUMENT_PROBLEMS[problem.code]
    return ""


def phone_problem(text: str) -> str:
    """Returns what is wrong with a phone while it is typed.

    It is "" when the phone is fine or not begun.
    """
    typed = clean(text)
    problem = phones.problem(typed) if typed else None
    if not problem:
        return ""
    return PHONE_PROBLEMS.get(problem, PHONE_PROBLEMS["not_a_phone"])


def _phone(text: str) -> str:
    problem = phone_problem(text)
    read = phones.parse(text)
    if problem or read is None:
        raise ValidationError(problem or PHONE_PROBLEMS["not_a_phone"])
    return read.national


def _document(text: str) -> str:
    problem = document_problem(text)
    if problem:
        raise ValidationError(problem)
    return documents.parse(text).formatted


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}", text):
        raise ValidationError(mark("Isto não parece um e-mail."))
    return text


def _number(text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise ValidationError(mark("Escolha uma das opções."))
    return text
