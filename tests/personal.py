"""Everything personal that the emulator's CRM is seeded with, and its secrets.

Tests look for it where it must not be.
"""

import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from widget.store.engine.database import sqlite3

NAMES = {
    "contato": ("nome",),
    "cliente": ("razao",),
    "usuarios": ("nome",),
    "funcionarios": ("funcionario",),
}
TEXTS = {
    "contato": ("obs",),
    "crm_prospeccao_anotacoes": ("anotacao",),
    "crm_negociacoes": ("descricao",),
}
HIDDEN = {
    "contato": (
        "cnpj_cpf",
        "email",
        "fone_residencial",
        "fone_comercial",
        "fone_celular",
        "fone_whatsapp",
    ),
    "cliente": ("cnpj_cpf", "email", "fone", "telefone_comercial", "telefone_celular", "whatsapp"),
}
SECRETS = {"usuarios": ("senha",)}


def hidden(database: Path) -> set[str]:
    """Returns documents, phones and e-mails as they may be written.

    They are written as in the CRM, as bare digits, and without the area code.
    """
    return {form for text in _values(database, HIDDEN) for form in _forms(text)}


def everything(database: Path, *secrets: str) -> set[str]:
    """These, names, notes and remarks, and the secrets that the CRM keeps or that are named."""
    return hidden(database) | {
        *_values(database, NAMES),
        *_values(database, TEXTS),
        *_values(database, SECRETS),
        *secrets,
    }


def seen(text: str, needles: Iterable[str]) -> set[str]:
    """Returns the needles that stand in the text.

    They may be in upper or lower case, escaped or percent-encoded.
    """
    plain = text.casefold().replace("\\u00", "%").replace("+", " ")
    return {
        needle
        for needle in needles
        if needle.casefold() in text.casefold() or needle.casefold() in plain
    }


def _forms(text: str) -> set[str]:
    bare = re.sub(r"[^0-9A-Za-z]", "", text)
    if "@" in text or len(bare) < 8:
        return {text}
    return {text, bare, bare[-8:], f"{bare[-9:-4]}-{bare[-4:]}"}


def _values(database: Path, columns: dict[str, tuple[str, ...]]) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        found = [
            str(value).strip()
            for table, names in columns.items()
            for (value,) in connection.execute(
                " UNION ALL ".join(
                    f'SELECT "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL' for name in names
                )
            )
        ]
    return {text for text in found if len(text) > 5}
