"""The form of an integration read: what it becomes, and what is wrong at which field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from widget.crm import pasted
from widget.crm.pasted import NotUnderstood
from widget.domain.integrations import Integration
from widget.domain.options import range_of
from widget.domain.texts import gettext, mark

LONGEST_NAME = 60
NUMBERS = {name: range_of(Integration, name) for name in ("wait", "calls", "settle_seconds")}
TICKS = ("index", "active", "private")
COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")


def read(
    form: Mapping[str, str], before: Integration, departments: Iterable[str] = ()
) -> tuple[Integration, dict[str, str]]:
    """The integration as the form has it, and what is wrong by field.

    A token left empty stays as it was.
    """
    values: dict[str, Any] = {name: bool(form.get(name)) for name in TICKS}
    problems: dict[str, str] = {}
    for name, reader in _READERS.items():
        text = form.get(name, "")
        try:
            values[name] = (
                before.token
                if name == "token" and not text.strip() and before.token
                else reader(text)
            )
        except NotUnderstood as wrong:
            problems[name] = gettext(str(wrong))
    for name, (least, most) in NUMBERS.items():
        number = _number(form.get(name, ""))
        if least <= number <= most:
            values[name] = number
        else:
            problems[name] = gettext("Um número de %(least)s a %(most)s.", least=least, most=most)
    known = replace(before, departments=tuple(departments), **values)
    if not problems and not form.get("token", "").strip() and not is_same_server(before, known):
        problems["token"] = gettext(
            "Com outro servidor, cole o token de novo: o guardado só é enviado a quem o fez."
        )
    if not problems and not known.has_time_to_settle:
        problems["settle_seconds"] = gettext("Pelo menos o dobro do tempo máximo de resposta.")
    return known, problems


def typed(stored: Integration) -> dict[str, str]:
    """The form's fields for an integration; the token is never among them."""
    names = ("name", "url", "wait", "calls", "settle_seconds", "ca", "qualification_field")
    ticks = {name: "1" for name in TICKS if getattr(stored, name)}
    return {name: str(getattr(stored, name)) for name in names} | ticks


def is_same_server(before: Integration, after: Integration) -> bool:
    """Whether the token of one may go where the other leads; wherever there was no address, it may.

    Another port is another server, and http another way: whoever listens on it would hear the
    token.
    """
    return not before.url or urlsplit(before.url)[:2] == urlsplit(after.url)[:2]


def _number(text: str) -> int:
    digits = text.strip()[:9]
    return int(digits) if digits.isascii() and digits.isdigit() else -1


def _name(text: str) -> str:
    name = " ".join(text.split())[:LONGEST_NAME]
    if not name:
        raise NotUnderstood(mark("Diga um nome."))
    return name


def _column(text: str) -> str:
    column = text.strip()
    if column and not COLUMN.fullmatch(column):
        raise NotUnderstood(
            mark("O nome de uma coluna, por exemplo qualificacao: letras minúsculas, números e _.")
        )
    return column


_READERS = {
    "name": _name,
    "url": pasted.url,
    "token": pasted.token,
    "ca": pasted.authority,
    "qualification_field": _column,
}
