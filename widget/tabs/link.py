"""Link an existing contact: search by one of four criteria, choose, check, save; and unlink."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from widget import card, documents, errors, matching, names, phones
from widget.crm.protocol import Freshness
from widget.model import Certainty, Contact, Match, Person, Reason, Ref
from widget.services import Visit, visit
from widget.texts import gettext, mark

tab = Blueprint("link", __name__)

CRITERIA = {
    "name": mark("Nome"), "document": mark("CPF/CNPJ"), "email": mark("E-mail"), "phone": mark("Número de telefone"),
}  # fmt: skip
SHORTEST = 3
PAGE = 10


@tab.get("")
def form() -> ResponseReturnValue:
    """The search, begun with what the conversation tells."""
    criterion = request.args.get("criterion", "")
    return render_template(
        "tabs/link.html", criteria=CRITERIA, criterion=criterion if criterion in CRITERIA else "name",
        query=visit().conversation.person.name if not phones.parse(visit().conversation.person.name) else "",
    )  # fmt: skip


@tab.get("/search")
def search() -> ResponseReturnValue:
    """A page of results, with what tells them apart."""
    criterion, query = request.args.get("criterion", ""), request.args.get("q", "").strip()
    page = max(1, request.args.get("page", 1, type=int))
    problem = _problem(criterion, query)
    if problem:
        return render_template("results.html", problem=problem), errors.Invalid.status
    found, more = _find(visit(), criterion, query, page)
    rows = card.rows(visit(), found, Freshness.RECENT)
    return render_template(
        "results.html", rows=rows, criterion=criterion, criteria=CRITERIA, query=query, page=page, more=more
    )


@tab.get("/<ref>")
def check(ref: str) -> ResponseReturnValue:
    """One contact whole, to be looked at before it is linked."""
    guest = visit()
    contact = _contact(guest, ref)
    lookups = guest.crm.lookups
    return render_template(
        "tabs/link_check.html", contact=contact, city=lookups.city(contact.city_id),
        deals=card.deals(guest, contact, Freshness.RECENT).value, denied=_denied(guest, contact.ref),
    )  # fmt: skip


@tab.post("/<ref>")
def save(ref: str) -> ResponseReturnValue:
    """Links the conversation's person to the contact."""
    guest = visit()
    contact = _contact(guest, ref)
    guest.link(contact.ref)
    notice = gettext("Vinculado a %(name)s. Confira os dados e, se preciso, atualize o contato.", name=contact.name)
    return card.show(guest, Freshness.RECENT, notice, linked=True)


@tab.get("/remove")
def ask_remove() -> ResponseReturnValue:
    """Asks once before unlinking."""
    return render_template("tabs/link_remove.html", contact=visit().contact(Freshness.ANY).value)


@tab.post("/remove")
def remove() -> ResponseReturnValue:
    """This person is not that contact; nothing changes in the CRM."""
    guest = visit()
    ref = guest.same(request.form.get("contact", ""))
    guest.unlink(ref)
    return card.show(guest, Freshness.RECENT, gettext("Desvinculado. O cadastro no CRM não mudou."))


def _contact(guest: Visit, text: str) -> Contact:
    ref = Ref.parse(text)
    found = guest.find(ref, Freshness.RECENT).value if ref else None
    if found is None:
        raise errors.NotFound(f"contact {text[:40]!r}")
    return found


def _denied(guest: Visit, ref: Ref) -> str:
    """Who said that the person is not this contact, "" for nobody."""
    denied = guest.services.links.denied(guest.conversation.person_key)
    return denied[ref].by if ref in denied else ""


def _problem(criterion: str, query: str) -> str:
    if criterion not in CRITERIA:
        return mark("Escolha um critério de pesquisa.")
    if criterion == "document" and documents.find(query) is None:
        return mark("Este CPF/CNPJ não confere. Verifique os dígitos.")
    if criterion == "phone" and phones.parse(query) is None:
        return mark("Escreva o telefone com DDD.")
    if len(query) < SHORTEST:
        return mark("Escreva pelo menos três letras.")
    return ""


def _find(guest: Visit, criterion: str, query: str, page: int) -> tuple[list[Match], bool]:
    """A page of those who may be meant, and whether there is a further one."""
    people, recent = guest.crm.people, Freshness.RECENT
    if criterion == "name":  # the CRM pages them itself, and up to a page comes out of each of its two tables
        found = people.by_name(query.split(), recent, page).value
        return [Match(c, (Reason("name", Certainty.ASK),)) for c in _by_name(found)], len(found) >= PAGE
    if criterion == "document":
        found = people.by_document(documents.searchable_forms(query), recent).value
        matches = matching.match(Person(documents=(query,)), found)
    elif criterion == "phone":
        phone = phones.parse(query)
        matches = matching.match(Person(phones=(query,)), people.by_phone(phone.tail if phone else "", recent).value)
    else:
        matches = tuple(_by_email(query, c) for c in people.by_email(query, recent).value)
    return list(matches[(page - 1) * PAGE : page * PAGE]), len(matches) > page * PAGE


def _by_email(query: str, contact: Contact) -> Match:
    """A part of an address finds people too, but is no proof."""
    same = query.casefold() in {email.casefold() for email in contact.emails}
    return Match(contact, (Reason("email", Certainty.EXACT if same else Certainty.ASK),))


def _by_name(found: tuple[Contact, ...]) -> list[Contact]:
    """By name; the lead rows that belong to a client found as well are left to the client."""
    clients = {c.ref.id for c in found if c.ref.source == Ref.CLIENT}
    return sorted((c for c in found if c.client_id not in clients), key=lambda c: names.fold(c.name))
