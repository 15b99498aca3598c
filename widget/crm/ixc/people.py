"""Contacts: found by each criterion, read, created, updated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from widget.brazil import cells, documents
from widget.crm.ixc import shapes
from widget.crm.ixc.base import Desk, Rows, like, together
from widget.crm.ixc.words import FORMS
from widget.crm.port import NewContact, Place
from widget.crm.wire import Filter, Query, Row, Verb, Write
from widget.domain import errors
from widget.domain.model import Contact, Fetched, Freshness, Origin, Ref, Written, nothing

Contacts = Fetched[tuple[Contact, ...]]
PAGE, MANY = 10, 500
WORDS = (
    "nome",
    "cnpj_cpf",
    "fone_celular",
    "fone_comercial",
    "email",
    "id_responsavel",
    "id_filial",
    "id_candidato_tipo",
)


class People:
    """Leads are rows of ``contato``; prospects and customers rows of ``cliente``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def by_phone(self, tail: str, freshness: Freshness) -> Contacts:
        """Returns everybody with a phone that ends in these four digits.

        The CRM compares text, so masks must not matter.
        """
        return self._find(
            [
                (source, (Filter(c, "contains", tail),))
                for source in shapes.PHONES
                for c in shapes.PHONES[source]
            ],
            freshness,
        )

    def by_document(self, forms: Iterable[str], freshness: Freshness) -> Contacts:
        """Everybody with the document in one of the forms in which it may be stored."""
        return self._find(
            [
                (source, (Filter("cnpj_cpf", "=", form),))
                for source in shapes.RESOURCES
                for form in forms
            ],
            freshness,
        )

    def by_email(self, email: str, freshness: Freshness) -> Contacts:
        """Everybody whose e-mail field holds this address."""
        return self._find(
            [(source, (Filter("email", "contains", email),)) for source in shapes.RESOURCES],
            freshness,
        )

    def by_name(self, words: Iterable[str], freshness: Freshness, page: int = 0) -> Contacts:
        """A page of the people whose name holds every word, by name.

        All of them when no page is named.
        """
        wanted = list(words)
        groups = [
            (
                source,
                tuple(Filter(shapes.COLUMNS[source]["name"], "contains", word) for word in wanted),
            )
            for source in shapes.RESOURCES
        ]
        return self._find(groups, freshness, page=page)

    def one(self, ref: Ref, freshness: Freshness) -> Fetched[Contact | None]:
        """The contact, or None when the CRM has it no longer."""
        answer = self._desk.one(shapes.RESOURCES[ref.source], ref.id, freshness)
        found = shapes.contact(ref.source, answer.value[0]) if answer.value else None
        return like(answer, found)

    def fields(self, ref: Ref) -> dict[str, str]:
        """The contact's fields as they are stored right now; raises NotFound."""
        record = self._desk.record(_resource(ref), ref.id)
        words = FORMS[_resource(ref)].fields
        return {
            **{word: shapes.text(record, column) for column, word in words.items()},
            "name": shapes.stored_name(ref.source, record),
            "owner": shapes.key(record, shapes.COLUMNS[ref.source]["owner"]),
            "branch": shapes.key(record, shapes.COLUMNS[ref.source]["branch"]),
        }

    def known(self, ref: Ref) -> Row:
        """The record as it was read last, for a form that shows it; raises NotFound."""
        rows = self._desk.one(_resource(ref), ref.id, Freshness.ANY).value
        if not rows:
            raise errors.NotFound(str(ref))
        return rows[0]

    def main_phone(self, ref: Ref) -> str:
        """The field that holds the phone to call first, as the contact was read last."""
        column = shapes.main_phone(ref.source, self.known(ref))
        return FORMS[_resource(ref)].fields[column]

    def places(self, ref: Ref | None) -> dict[str, Place]:
        """Where the texts of a contact stand, by field; None means one that is to be created."""
        resource = _resource(ref) if ref else shapes.RESOURCES[Ref.LEAD]
        return {
            word: Place(resource, column, size_of(column))
            for column, word in FORMS[resource].fields.items()
        }

    def create(
        self,
        new: NewContact,
        key: str,
        origin: Origin,
        *,
        unchecked: bool = False,
        also: Callable[[], None] = nothing,
    ) -> Written:
        """A new new.

        ``external_id`` lets it be recognised when no answer comes; a base without it, by what it
        says.

        ``unchecked``: nobody could look for duplicates, so that is done before it is sent.
        ``also`` is accepted with it.
        """
        mobile = "fone_celular" if new.is_mobile else "fone_comercial"
        now = self._desk.now()
        record = {
            "nome": new.name,
            "tipo_pessoa": "J" if new.is_firm else "F",
            "cnpj_cpf": new.document,
            mobile: new.phone,
            "fone_whatsapp": new.phone if new.on_whatsapp and new.is_mobile else "",
            "email": new.email,
            "id_responsavel": new.owner_id,
            "id_filial": new.branch_id,
            "id_candidato_tipo": new.channel_id,
            "cidade": new.city_id,
            "data_cadastro": shapes.written_time(now),
            "lead": "S",
            "ativo": "S",
            "principal": "N",
            "external_id": key,
            "external_system": "vinculo",
        }
        write = Write("contato", record, key, origin, words=_only(record, WORDS), read_back=True)
        guard = tuple(same_person(record)) if unchecked else ()
        return self._desk.transport.save(
            replace(write, markers=lead_of(write), guard=guard, touches=TOUCHES), also=also
        )

    def update(
        self,
        ref: Ref,
        changes: Mapping[str, str],
        before: Mapping[str, str],
        key: str,
        origin: Origin,
    ) -> Written:
        """Sets these fields, if the CRM still holds what the form showed (``before``).

        ``phone`` is the main phone. Raises Conflict, by field, the main phone under its own name.
        """
        known = self.known(ref)
        form = shapes.form(ref.source, known)
        columns = {
            **{word: column for column, word in FORMS[form].fields.items()},
            "phone": shapes.main_phone(ref.source, known),
        }
        return self._desk.transport.save(
            change(
                form,
                ref.id,
                {columns[name]: value for name, value in changes.items()},
                key,
                origin,
                expected={columns[name]: (before[name], value) for name, value in changes.items()},
                touches=TOUCHES,
            )
        )

    def prospect(
        self, lead: str, key: str, origin: Origin, city_id: str = ""
    ) -> tuple[Write, Write]:
        """What makes a prospect of a lead, for bases whose negotiations insist on one.

        Reads the lead.

        A prospect must have a city: ``city_id`` stands in where the lead has none.
        """
        known = self._desk.record(shapes.RESOURCES[Ref.LEAD], lead)
        record = {
            "razao": shapes.text(known, "nome"),
            "crm": "S",
            "status_prospeccao": "C",
            "ativo": "S",
            "tipo_pessoa": shapes.text(known, "tipo_pessoa") or "F",
            "cidade": shapes.key(known, "cidade") or city_id,
            "cnpj_cpf": shapes.text(known, "cnpj_cpf"),
            "email": shapes.text(known, "email"),
            "telefone_celular": shapes.text(known, "fone_celular"),
            "whatsapp": shapes.text(known, "fone_whatsapp"),
            "fone": shapes.text(known, "fone_residencial"),
            "telefone_comercial": shapes.text(known, "fone_comercial"),
            "responsavel": shapes.text(known, "id_responsavel"),
            "filial_id": shapes.text(known, "id_filial"),
            "id_candato_tipo": shapes.text(known, "id_candidato_tipo"),
            "id_contato_principal": lead,
            "data_cadastro": shapes.written_date(self._desk.now()),
            "external_id": key,
            "external_system": "vinculo",
        }
        write = Write(
            "crm_canditados",
            record,
            f"{key}.prospect",
            origin,
            touches=TOUCHES,
            read_back=True,
        )
        made = replace(write, markers=prospect_of(write))
        tie = change(
            "contato",
            lead,
            {"id_prospeccao": f"@{made.key}"},
            f"{key}.lead",
            origin,
            needs=(made.key,),
            touches=TOUCHES,
        )
        return made, tie

    def _find(
        self, wanted: list[tuple[str, tuple[Filter, ...]]], freshness: Freshness, page: int = 0
    ) -> Contacts:
        sources = [source for source, _ in wanted]
        queries = [
            Query(
                shapes.RESOURCES[source],
                filters,
                sort=shapes.COLUMNS[source]["name"],
                page=page or 1,
                size=PAGE if page else MANY,
                freshness=freshness,
            )
            for source, filters in wanted
        ]
        answers = self._desk.each(queries, self._desk.page if page else self._desk.read)
        found = {
            c.ref: c
            for source, answer in zip(sources, answers, strict=True)
            for c in _contacts(source, answer)
        }
        absent = {c.client_id for c in found.values()} - {
            "",
            *(ref.id for ref in found if ref.source == Ref.CLIENT),
        }
        if absent:
            answers.append(self._clients(absent, freshness))
            found |= {c.ref: c for c in _contacts(Ref.CLIENT, answers[-1])}
        whole = together(answers)
        return like(whole, tuple(found.values()))

    def _clients(self, numbers: set[str], freshness: Freshness) -> Rows:
        """The clients whom found contact rows belong to."""
        return self._desk.gather(
            Query("cliente", (Filter("id", "=", number),), size=1, freshness=freshness)
            for number in sorted(numbers)
        )


TOUCHES = ("contato", "cliente", "crm_canditados")
# Remarks and notes are of this size in every base. Reference: webservice facts 5.
PROSE = frozenset({"obs", "anotacao"})
MOST_BYTES = 65_535


def size_of(column: str) -> int:
    """The bytes that a column holds in every base, 0 where that is not known."""
    return MOST_BYTES if column in PROSE else 0


def change(  # noqa: PLR0913 -- keywords, each a part of a write
    resource: str,
    number: str,
    record: Mapping[str, str],
    key: str,
    origin: Origin,
    *,
    append: Mapping[str, str] | None = None,
    expected: Mapping[str, Sequence[str]] | None = None,
    markers: tuple[Query, ...] = (),
    words: Mapping[str, str] | None = None,
    needs: tuple[str, ...] = (),
    touches: tuple[str, ...] = (),
) -> Write:
    """Sets columns of one record; what it says is what it sets, unless ``words`` says otherwise."""
    return Write(
        resource,
        record,
        key,
        origin,
        id=number,
        verb=Verb.CHANGE,
        append=append or {},
        expected=expected or {},
        markers=markers,
        words=record if words is None else words,
        needs=needs,
        touches=touches or (resource,),
        table=shapes.TABLES.get(resource, resource),
    )


def _resource(ref: Ref) -> str:
    if ref.source == Ref.NEW:
        raise errors.NotFound(f"{ref} is not in the CRM yet")
    return shapes.RESOURCES[ref.source]


def number_of(ref: Ref) -> tuple[str, tuple[str, ...]]:
    """How a write names a contact, and what it must wait for: a new one has no number yet."""
    return (f"@{ref.id}", (ref.id,)) if ref.source == Ref.NEW else (ref.id, ())


def lead_of(write: Write) -> tuple[Query, ...]:
    """What finds a new lead again: the form's key, or all that it says."""
    record = write.record
    phone = next((c for c in ("fone_celular", "fone_comercial") if record.get(c)), "fone_celular")
    alike = ("nome", "cnpj_cpf", phone, "email")
    since = Filter("data_cadastro", ">=", shapes.written_day(record["data_cadastro"]))
    return (
        Query("contato", (Filter("external_id", "=", record["external_id"]),), size=5),
        Query(
            "contato", (*(Filter(c, "=", record[c]) for c in alike if record.get(c)), since), size=5
        ),
    )


def prospect_of(write: Write) -> tuple[Query, ...]:
    """What finds a prospect again that was made of a lead."""
    record = write.record
    return (
        Query("crm_canditados", (Filter("external_id", "=", record["external_id"]),), size=5),
        Query(
            "crm_canditados",
            (Filter("id_contato_principal", "=", record["id_contato_principal"]),),
            size=5,
        ),
    )


def same_person(record: Mapping[str, str]) -> Iterable[Query]:
    """Asks for people with the document, phone or e-mail of a new lead, in any stored form."""
    document = documents.told(record.get("cnpj_cpf", ""))
    phone = record.get("fone_celular") or record.get("fone_comercial") or ""
    for source, resource in shapes.RESOURCES.items():
        for form in documents.stored_forms(document.number) if document else ():
            yield Query(
                resource,
                (Filter("cnpj_cpf", "=", form),),
                alike=document.number if document else "",
            )
        for address in cells.emails_in(record.get("email", "")):
            yield Query(resource, (Filter("email", "contains", address),), alike=address)
        for column in shapes.PHONES[source]:
            for tail in cells.tails([phone]):
                yield Query(resource, (Filter(column, "contains", tail),), alike=phone)


def _only(record: Mapping[str, str], columns: Iterable[str]) -> dict[str, str]:
    return {column: record.get(column, "") for column in columns}


def _contacts(source: str, answer: Rows) -> Iterable[Contact]:
    return (shapes.contact(source, row) for row in answer.value)
