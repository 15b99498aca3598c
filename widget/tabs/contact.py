"""The contact: its card, a new one, an update with conflicts shown field by field."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from widget import card, documents, errors, fields, forms, matching, phones
from widget.crm.ixc import shapes
from widget.crm.ixc.people import NewLead
from widget.crm.protocol import Freshness, Row
from widget.model import Person, Ref, State
from widget.recognition import search
from widget.services import Visit, visit
from widget.texts import gettext, mark

tab = Blueprint("contact", __name__)

# The CRM names a field by its label; this is where that label's message belongs.
LABELS = {
    "filial": "branch", "responsavel": "owner", "cpf": "document", "cnpj": "document", "mail": "email",
    "telefone": "phone", "celular": "phone", "fone": "phone", "canal": "channel", "nome": "name", "razao": "name",
}  # fmt: skip
WORDS_FOR_NAMES = 3


class NewContact(Schema):
    """What "Criar novo" asks."""

    name = fields.text(required=True)
    document = fields.document()
    phone = fields.phone()
    email = fields.email()
    owner = fields.number(required=True)
    branch = fields.number(required=True)
    channel = fields.number()


class Changes(Schema):
    """What "Atualizar contato" may change."""

    name = fields.text(required=True)
    document = fields.document()
    phone = fields.phone()
    email = fields.email()
    owner = fields.number()
    branch = fields.number()


EDITABLE = tuple(Changes().fields)


@tab.get("")
def show() -> ResponseReturnValue:
    """The first screen again; ``fresh=now`` asks the CRM whatever is known."""
    fresh = Freshness.NOW if request.args.get("fresh") == "now" else Freshness.RECENT
    return card.show(visit(), fresh)


@tab.get("/card")
def again() -> ResponseReturnValue:
    """The card read anew, in place; the whole screen when it is another contact by now."""
    guest = visit()
    before = guest.ref()
    fragment, now = card.card_only(guest, Freshness.RECENT)
    if now == before:
        return fragment
    return card.show(guest, Freshness.ANY), {"HX-Retarget": "#view", "HX-Reswap": "innerHTML"}


@tab.get("/deals")
def deals() -> ResponseReturnValue:
    """The contact's negotiations."""
    found = card.deals(visit(), visit().contact().value, Freshness.RECENT)
    return render_template("deals.html", deals=found.value, age=found)


@tab.get("/reveal/<field>")
def reveal(field: str) -> ResponseReturnValue:
    """One value in clear, because somebody asked for it."""
    contact = visit().contact(Freshness.ANY).value
    values = {"document": contact.document, "phone": contact.phones[:1], "email": ", ".join(contact.emails)}
    if field not in values:
        raise errors.NotFound(field)
    shown = values[field]
    return render_template("revealed.html", value=shown if isinstance(shown, str) else "".join(shown))


@tab.get("/new")
def new() -> ResponseReturnValue:
    """The form, filled with what the conversation tells."""
    guest = visit()
    person = guest.conversation.person
    phone = next((p for text in person.phones if (p := phones.parse(text))), None)
    document = next((d for text in person.documents if (d := documents.find(text))), None)
    owner = guest.owner_id()
    defaults = {
        "name": "" if phones.parse(person.name) else person.name,
        "document": document.formatted if document else "",
        "phone": phone.national if phone else "",
        "email": next(iter(person.emails), "").strip(),
        "owner": owner,
        "branch": guest.crm.lookups.branch_of(owner),
    }
    return _draw_new(forms.draw(guest, "contact-new", defaults))


@tab.post("/new/duplicates")
def duplicates() -> ResponseReturnValue:
    """The contacts that the one being typed may already be."""
    try:
        rows = _duplicates(visit(), request.form.to_dict())
    except errors.CRMError:
        return ""
    return render_template("duplicates.html", rows=rows)


@tab.post("/new")
def create() -> ResponseReturnValue:
    """Creates the contact and links it, unless it may exist already and nobody has said that it does not."""
    guest = visit()
    form = forms.posted("contact-new")

    def act(values: dict[str, str]) -> ResponseReturnValue:
        if not values["phone"] and not values["email"]:
            raise errors.Invalid({"phone": mark("Informe um telefone ou um e-mail.")})
        if not _was_sent(guest, form.key):
            guest.unchanged(form.contact)
            seen = form.values.get("sure", "").split(",")
            rows = _duplicates(guest, values)
            if any(str(row["ref"]) not in seen for row in rows):
                return _draw_new(form, rows), errors.Stale.status
        written = guest.crm.people.create(
            _lead(guest, values), form.key, guest.origin("contact.create", values["name"])
        )
        ref = Ref(Ref.LEAD, written.id)
        guest.services.links.link(guest.conversation.person_key, ref, guest.attendant.name)
        _remember_owner(guest, values["owner"])
        return card.show(guest, Freshness.RECENT, gettext("Contato salvo no CRM, nº %(number)s.", number=written.id))

    return forms.submit(guest, form, NewContact(), act=act, draw_again=_draw_new, labels=LABELS)


@tab.get("/edit")
def edit() -> ResponseReturnValue:
    """The contact as it is in the CRM right now."""
    guest = visit()
    shown = _editable(guest.ref(), guest.crm.people.record(guest.ref()))
    defaults = {**shown, **{f"before_{name}": value for name, value in shown.items()}}
    return _draw_edit(forms.draw(guest, "contact-edit", defaults))


@tab.post("/edit")
def update() -> ResponseReturnValue:
    """Writes what was changed here, and nothing that was changed there; both at once is asked field by field."""
    guest = visit()
    form = forms.posted("contact-edit")

    def act(values: dict[str, str]) -> ResponseReturnValue:
        ref = guest.same(form.contact)
        record = guest.crm.people.record(ref)
        changes, conflicts = _compare(form, values, _editable(ref, record))
        if conflicts:
            return _draw_edit(form, conflicts), errors.Stale.status
        if not changes:
            # Not from the cache: the form may just have shown something newer.
            return card.show(guest, Freshness.NOW, gettext("Nada mudou."))
        names = ", ".join(sorted(changes))
        guest.crm.people.update(ref, record, changes, form.key, guest.origin("contact.update", names, ref=ref))
        return card.show(guest, Freshness.RECENT, gettext("Contato atualizado no CRM."))

    untouched = frozenset(n for n in EDITABLE if _typed(form, n) == form.values.get(f"before_{n}", ""))
    return forms.submit(guest, form, Changes(), act=act, draw_again=_draw_edit, labels=LABELS, untouched=untouched)


def _draw_new(form: forms.Form, rows: Iterable[dict[str, object]] | None = None) -> str:
    lookups = visit().crm.lookups
    return render_template(
        "tabs/contact_new.html", form=form, rows=rows or [], asked=rows is not None, owners=lookups.owners(),
        branches=lookups.branches(), channels=lookups.channels(), mine=visit().owner_id(),
    )  # fmt: skip


def _draw_edit(form: forms.Form, conflicts: dict[str, str] | None = None) -> str:
    lookups = visit().crm.lookups
    return render_template(
        "tabs/contact_edit.html", form=form, conflicts=conflicts or {}, owners=lookups.owners(),
        branches=lookups.branches(),
    )  # fmt: skip


def _lead(guest: Visit, values: dict[str, str]) -> NewLead:
    phone = phones.parse(values["phone"])
    document = documents.find(values["document"])
    return NewLead(
        name=values["name"],
        phone=values["phone"],
        is_mobile=phone is not None and phone.kind is not phones.PhoneKind.LANDLINE,
        on_whatsapp="whatsapp" in guest.conversation.channel,
        email=values["email"],
        document=values["document"],
        is_firm=document is not None and document.kind is documents.DocumentKind.CNPJ,
        owner_id=values["owner"],
        branch_id=values["branch"],
        channel_id=values["channel"],
    )


def _duplicates(guest: Visit, typed: dict[str, str]) -> list[dict[str, object]]:
    """What may be the same person, by document, phone, e-mail or name."""
    person = Person(
        name=typed.get("name", ""),
        phones=tuple(filter(None, [typed.get("phone", "")])),
        emails=tuple(filter(None, [typed.get("email", "")])),
        documents=tuple(filter(None, [typed.get("document", "")])),
    )
    found = search(guest, person, Freshness.RECENT).value
    words = [w for w in matching.fold(person.name).split() if len(w) >= WORDS_FOR_NAMES]
    if len(words) > 1:
        found += guest.crm.people.by_name(words, Freshness.RECENT).value
    return card.rows(guest, matching.duplicates(person, found), Freshness.RECENT)


def _was_sent(guest: Visit, key: str) -> bool:
    """Whether the CRM may have this form already: then what looks like a duplicate may be its own record."""
    entry = guest.services.journal.find(key)
    return entry is not None and entry.state not in {State.KEPT, State.REFUSED}


def _remember_owner(guest: Visit, owner_id: str) -> None:
    if not guest.owner_id():
        guest.remember_owner(owner_id)


def _editable(ref: Ref, record: Row) -> dict[str, str]:
    contact = shapes.contact(ref.source, record)
    return {
        "name": contact.name,
        "document": contact.document,
        "phone": contact.phones[0] if contact.phones else "",
        "email": shapes.text(record, "email"),
        "owner": contact.owner_id,
        "branch": contact.branch_id,
    }


def _compare(form: forms.Form, values: dict[str, str], now: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What to write, and where mine and theirs differ from before and from each other (field → theirs).

    The form that asks takes theirs for "before": a choice holds only for what was there to choose.
    """
    changes, conflicts = {}, {}
    for name in EDITABLE:
        before, typed, theirs = form.values.get(f"before_{name}", ""), _typed(form, name), now[name]
        if form.values.get(f"choice_{name}") == "theirs":
            form.values[name] = form.values[f"before_{name}"] = theirs
        elif typed in {before, theirs}:
            continue
        elif theirs != before:
            conflicts[name] = theirs
        else:
            changes[name] = values[name]
    return changes, conflicts


def _typed(form: forms.Form, name: str) -> str:
    """What stands in the field; one that the form lacks has not been touched."""
    return form.values.get(name, form.values.get(f"before_{name}", ""))
