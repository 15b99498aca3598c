"""Create a contact, and update one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from marshmallow import Schema

from widget.actions.action import Asked, Subject, action
from widget.actions.origins import origin
from widget.brazil import documents, phones
from widget.brazil.masks import KINDS
from widget.crm.port import NewContact as NewPerson
from widget.desk import capacity, duplicates
from widget.desk.callers import Caller
from widget.domain import errors
from widget.domain.model import NOTHING, Freshness, Ref, Written
from widget.domain.permissions import Permission
from widget.domain.texts import mark
from widget.web import fields

FREE = ("name", "email")  # the other fields are read, and written in one way


class NewContact(Schema):
    """What "Criar novo" asks; ``sure`` names the contacts that it is said not to be."""

    name = fields.text(required=True)
    document = fields.document()
    phone = fields.phone()
    email = fields.email()
    owner = fields.number(required=True)
    branch = fields.number(required=True)
    channel = fields.number()
    city = fields.number()


class Changes(Schema):
    """What "Atualizar contato" may change."""

    name = fields.text(required=True)
    document = fields.document()
    phone = fields.phone()
    email = fields.email()
    owner = fields.number()
    branch = fields.number()


@action(
    "contact.create",
    permission=Permission.LINK,
    schema=NewContact,
    label=mark("Novo contato"),
    past=mark("Contato criado pelo painel"),
    undone_by="",
)
def create(caller: Caller, _: Subject, asked: Asked) -> Written:
    """Creates a contact and links it to the conversation that the caller is in.

    Raises Duplicate where it looks like contacts that ``sure`` does not name, unless this very form
    was accepted before: then what looks alike may be its own record.
    """
    values = asked.values
    if not values["phone"] and not values["email"]:
        raise errors.Invalid({"phone": mark("Informe um telefone ou um e-mail.")})
    capacity.check(caller.services, asked.key, _created_texts(caller, values))
    unchecked = False
    if not caller.has_accepted(asked.key):
        found = duplicates.look(caller, values)
        unchecked = found.is_unchecked
        if not found.is_told(values.get("sure", "")):
            raise errors.Duplicate("looked for before it was made", found)
    new = Ref(Ref.NEW, asked.key)
    whence = origin(caller, asked, create.name, values["name"])
    remember_owner = caller.remembering(values["owner"])

    def also() -> None:
        caller.welcome(new)
        remember_owner()

    return caller.crm.people.create(
        _lead(values, on_whatsapp=caller.is_on_whatsapp),
        asked.key,
        replace(whence, contact=str(new)),
        unchecked=unchecked,
        also=also,
    )


@action(
    "contact.update",
    permission=Permission.EDIT,
    schema=Changes,
    label=mark("Atualização do contato"),
    past=mark("Contato atualizado pelo painel"),
    undone_by="contact.update",
)
def update(caller: Caller, subject: Subject, asked: Asked) -> Written:
    """Writes the values that are named, and no others; NOTHING where none is.

    Raises Conflict where one of them was changed by another hand since it was shown, and Forbidden
    where one identifies the contact and the caller may not see such data.
    """
    changes = dict(asked.values)
    contact = caller.contact_of(subject.ref, Freshness.ANY).value
    if not changes:
        return NOTHING
    if changes.keys() & set(KINDS):
        caller.need(Permission.REVEAL)
    capacity.check(caller.services, asked.key, _changed_texts(caller, contact.ref, changes))
    summary = ", ".join(sorted(changes))
    whence = origin(caller, asked, update.name, summary, contact=contact)
    before = {name: asked.before.get(name, "") for name in changes}
    return caller.crm.people.update(contact.ref, changes, before, asked.key, whence)


def _created_texts(caller: Caller, values: Mapping[str, str]) -> dict[str, capacity.Text]:
    """Returns what was typed freely, by field."""
    places = caller.crm.people.places(None)
    return {name: capacity.Text(places[name], values[name]) for name in FREE}


def _changed_texts(caller: Caller, ref: Ref, changes: dict[str, str]) -> dict[str, capacity.Text]:
    """Returns what is about to be changed, by field, each with its place."""
    people = caller.crm.people
    places, phone = people.places(ref), people.main_phone(ref)
    return {
        name: capacity.Text(places[phone if name == "phone" else name], value)
        for name, value in changes.items()
    }


def _lead(values: Mapping[str, str], *, on_whatsapp: bool) -> NewPerson:
    phone = phones.parse(values["phone"])
    document = documents.find(values["document"])
    return NewPerson(
        name=values["name"],
        phone=values["phone"],
        is_mobile=phone is not None and phone.kind is not phones.PhoneKind.LANDLINE,
        on_whatsapp=on_whatsapp,
        email=values["email"],
        document=values["document"],
        is_firm=document is not None and document.kind is documents.DocumentKind.CNPJ,
        owner_id=values["owner"],
        branch_id=values["branch"],
        channel_id=values["channel"],
        city_id=values["city"],
    )
