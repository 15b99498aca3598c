"""Contacts: found by each criterion, read, created, updated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from widget import errors
from widget.crm.ixc import shapes
from widget.crm.ixc.desk import Desk, Rows, like, together
from widget.crm.protocol import Filter, Freshness, Query, Row, Write
from widget.model import Contact, Fetched, Origin, Ref, Written

Contacts = Fetched[tuple[Contact, ...]]
PAGE = 10
WORDS = (
    "nome", "cnpj_cpf", "fone_celular", "fone_comercial", "email", "id_responsavel", "id_filial", "id_candidato_tipo",
)  # fmt: skip


@dataclass(frozen=True)
class NewLead:
    """What is known of somebody who is not in the CRM yet; every value as it shall be stored."""

    name: str
    phone: str = ""
    is_mobile: bool = True
    on_whatsapp: bool = False
    email: str = ""
    document: str = ""
    is_firm: bool = False
    owner_id: str = ""
    branch_id: str = ""
    channel_id: str = ""
    city_id: str = ""


class People:
    """Leads are rows of ``contato``; prospects and customers rows of ``cliente``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def by_phone(self, tail: str, freshness: Freshness) -> Contacts:
        """Everybody with a phone that ends in these four digits: the CRM compares text, so masks must not matter."""
        return self._find(
            [(source, (Filter(c, "L", tail),)) for source in shapes.PHONES for c in shapes.PHONES[source]], freshness
        )

    def by_document(self, forms: Iterable[str], freshness: Freshness) -> Contacts:
        """Everybody with the document in one of the forms in which it may be stored."""
        return self._find(
            [(source, (Filter("cnpj_cpf", "=", form),)) for source in shapes.RESOURCES for form in forms], freshness
        )

    def by_email(self, email: str, freshness: Freshness) -> Contacts:
        """Everybody whose e-mail field holds this address."""
        return self._find([(source, (Filter("email", "L", email),)) for source in shapes.RESOURCES], freshness)

    def by_name(self, words: Iterable[str], freshness: Freshness, page: int = 1) -> Contacts:
        """A page of the people whose name holds every word, by name."""
        wanted = list(words)
        groups = [
            (source, tuple(Filter(shapes.COLUMNS[source]["name"], "L", word) for word in wanted))
            for source in shapes.RESOURCES
        ]
        return self._find(groups, freshness, page=page, size=PAGE)

    def one(self, ref: Ref, freshness: Freshness) -> Fetched[Contact | None]:
        """The contact, or None when the CRM has it no longer."""
        answer = self._desk.one(shapes.RESOURCES[ref.source], ref.id, freshness)
        found = shapes.contact(ref.source, answer.value[0]) if answer.value else None
        return like(answer, found)

    def record(self, ref: Ref) -> Row:
        """The full record as it is right now, with the fields of the form that writes it; raises NotFound."""
        return writable(self._desk, shapes.RESOURCES[ref.source], ref.id)[1]

    def create(self, lead: NewLead, key: str, origin: Origin) -> Written:
        """A new lead. ``external_id`` lets it be recognised when no answer comes."""
        mobile = "fone_celular" if lead.is_mobile else "fone_comercial"
        record = {
            "nome": lead.name, "tipo_pessoa": "J" if lead.is_firm else "F", "cnpj_cpf": lead.document,
            mobile: lead.phone, "fone_whatsapp": lead.phone if lead.on_whatsapp and lead.is_mobile else "",
            "email": lead.email, "id_responsavel": lead.owner_id, "id_filial": lead.branch_id,
            "id_candidato_tipo": lead.channel_id, "cidade": lead.city_id,
            "data_cadastro": shapes.written_time(self._desk.now()), "lead": "S", "ativo": "S", "principal": "N",
            "external_id": key, "external_system": "vinculo",
        }  # fmt: skip
        marker = Query("contato", (Filter("external_id", "=", key),), size=1)
        return self._desk.transport.write(Write("contato", record, key, origin, marker=marker, words=WORDS))

    def update(self, ref: Ref, record: Row, changes: Mapping[str, str], key: str, origin: Origin) -> Written:
        """Writes the whole record with these fields changed; ``phone`` changes the main phone's column."""
        columns = {**shapes.COLUMNS[ref.source], "phone": shapes.main_phone(ref.source, record)}
        full = {**record, **{columns.get(name, name): value for name, value in changes.items()}}
        write = Write(shapes.form(ref.source, record), full, key, origin, id=ref.id, touches=TOUCHES)
        try:
            return self._desk.transport.write(write)
        except errors.ResourceUnavailable:
            if write.resource == shapes.RESOURCES[ref.source]:
                raise
            return self._desk.transport.write(replace(write, resource=shapes.RESOURCES[ref.source]))

    def make_prospect(self, lead: Ref, key: str, origin: Origin, city_id: str = "") -> str:
        """The number of a prospect made from a lead, for bases whose negotiations insist on one.

        A prospect must have a city: ``city_id`` stands in where the lead has none.
        """
        known = self.record(lead)
        record = {
            "razao": shapes.text(known, "nome"), "crm": "S", "status_prospeccao": "C", "ativo": "S",
            "tipo_pessoa": shapes.text(known, "tipo_pessoa") or "F", "cidade": shapes.key(known, "cidade") or city_id,
            "cnpj_cpf": shapes.text(known, "cnpj_cpf"), "email": shapes.text(known, "email"),
            "telefone_celular": shapes.text(known, "fone_celular"), "whatsapp": shapes.text(known, "fone_whatsapp"),
            "fone": shapes.text(known, "fone_residencial"), "telefone_comercial": shapes.text(known, "fone_comercial"),
            "responsavel": shapes.text(known, "id_responsavel"), "filial_id": shapes.text(known, "id_filial"),
            "id_candato_tipo": shapes.text(known, "id_candidato_tipo"), "id_contato_principal": lead.id,
            "data_cadastro": shapes.written_date(self._desk.now()), "external_id": key, "external_system": "vinculo",
        }  # fmt: skip
        marker = Query("crm_canditados", (Filter("external_id", "=", key),), size=1)
        made = self._desk.transport.write(
            Write("crm_canditados", record, f"{key}.prospect", origin, marker=marker, touches=TOUCHES)
        )
        self.update(lead, known, {"id_prospeccao": made.id}, f"{key}.lead", origin)
        return made.id

    def _find(
        self, wanted: list[tuple[str, tuple[Filter, ...]]], freshness: Freshness, page: int = 1, size: int = 500
    ) -> Contacts:
        sources = [source for source, _ in wanted]
        answers = self._desk.each(
            Query(
                shapes.RESOURCES[source],
                filters,
                sort=shapes.COLUMNS[source]["name"],
                page=page,
                size=size,
                freshness=freshness,
            )
            for source, filters in wanted
        )
        found = {c.ref: c for source, answer in zip(sources, answers, strict=True) for c in _contacts(source, answer)}
        absent = {c.client_id for c in found.values()} - {"", *(ref.id for ref in found if ref.source == Ref.CLIENT)}
        if absent:
            answers.append(self._clients(absent, freshness))
            found |= {c.ref: c for c in _contacts(Ref.CLIENT, answers[-1])}
        whole = together(answers)
        return like(whole, tuple(found.values()))

    def _clients(self, numbers: set[str], freshness: Freshness) -> Rows:
        """The clients whom found contact rows belong to."""
        return self._desk.gather(
            Query("cliente", (Filter("id", "=", number),), size=1, freshness=freshness) for number in sorted(numbers)
        )


TOUCHES = ("contato", "cliente", "crm_canditados")


def writable(desk: Desk, resource: str, number: str) -> tuple[str, Row]:
    """The record as it is right now, and the resource whose form writes it; raises NotFound."""
    row = desk.record(resource, number)
    form = shapes.form(Ref.CLIENT, row) if resource == shapes.RESOURCES[Ref.CLIENT] else resource
    if form == resource:
        return resource, row
    try:
        return form, desk.record(form, number)
    except errors.ResourceUnavailable:  # this base knows prospects as customers only
        return resource, row


def _contacts(source: str, answer: Rows) -> Iterable[Contact]:
    return (shapes.contact(source, row) for row in answer.value)
