"""What the people index keeps of a row of contato or cliente, and the contact made of it."""

from __future__ import annotations

from collections.abc import Iterator

from widget.brazil import cells, documents
from widget.crm.ixc import shapes
from widget.crm.wire import Row
from widget.domain.model import Contact, Ref
from widget.store.people.people import Clue, Found, Mirrored

RESOURCES = shapes.RESOURCES
# Foreign keys: the CRM writes "0" or "" for none, and both read the same.
KEYS = {
    Ref.LEAD: (
        "id_responsavel",
        "id_filial",
        "id_candidato_tipo",
        "cidade",
        "id_cliente",
        "id_prospeccao",
    ),
    Ref.CLIENT: ("responsavel", "filial_id", "id_candato_tipo", "cidade"),
}
# Only what recognises and shows a person: neither remarks nor address nor birthday (LGPD).
COLUMNS = {
    Ref.LEAD: frozenset(
        (
            "id",
            "nome",
            "fantasia",
            "razao",
            "cnpj_cpf",
            "email",
            "data_cadastro",
            "ultima_atualizacao",
            *shapes.PHONES[Ref.LEAD],
            *KEYS[Ref.LEAD],
        )
    ),
    Ref.CLIENT: frozenset(
        (
            "id",
            "razao",
            "fantasia",
            "cnpj_cpf",
            "email",
            "crm",
            "data_cadastro",
            "ultima_atualizacao",
            "prospeccao_ultimo_contato",
            *shapes.PHONES[Ref.CLIENT],
            *KEYS[Ref.CLIENT],
        )
    ),
}


def mirrored(source: str, row: Row) -> Mirrored:
    """Returns a row as the index keeps it.

    It holds the needed columns that are not empty, and the clues by which the person is found.
    """
    kept = {
        column: value
        for column in COLUMNS[source]
        if _says(source, column, value := row.get(column, ""))
    }
    found = shapes.contact(source, kept)
    return Mirrored(
        source=source,
        number=row["id"],
        row=kept,
        name=found.name,
        clues=frozenset(_clues(found)),
        updated=found.updated_at,
    )


def contact(found: Found) -> Contact:
    """The contact as it was read from the CRM at ``found.at``.

    Without remarks, which the index does not keep.
    """
    return shapes.contact(found.source, found.row)


def _says(source: str, column: str, value: str) -> bool:
    return value.strip() not in ({"", "0"} if column in KEYS[source] else {""})


def _clues(found: Contact) -> Iterator[tuple[Clue, str]]:
    for field in found.phones:
        for key in cells.phone_keys(field):
            yield Clue.PHONE, key
    if number := documents.key(found.document):  # wrong check digits are stored too, and looked for
        yield Clue.DOCUMENT, number
    for address in cells.addresses(found.emails):
        yield Clue.EMAIL, address
