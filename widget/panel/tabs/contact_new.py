"""A new contact: filled from the conversation, created once its duplicates were looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from widget.brazil import cells, documents, matching, names, phones
from widget.brazil.masks import KINDS
from widget.crm.port import NewContact as NewPerson
from widget.crm.wire import Freshness
from widget.desk import capacity, reveals
from widget.desk.recognition import ask
from widget.desk.visits import Visit, visit
from widget.domain import errors
from widget.domain.model import Contact, Fetched, Match, Person, Ref, State
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.panel import card, forms
from widget.web import fields

tab = Blueprint("contact_new", __name__)

SHORTEST = 3  # of the words that the CRM is asked for
FREE = ("name", "email")  # the other fields are read, and written in one way
# What the form remembers of having said that there is no telling.
OPEN = "open"
Alike = Fetched[list[dict[str, Any]]]


class NewContact(Schema):
    """What "Criar novo" asks."""

    name = fields.text(required=True)
    document = fields.document()
    phone = fields.phone()
    email = fields.email()
    owner = fields.number(required=True)
    branch = fields.number(required=True)
    channel = fields.number()
    city = fields.number()


@tab.get("")
@needs(Permission.LINK)
def form() -> ResponseReturnValue:
    """The form, filled with what the conversation tells."""
    guest = visit()
    person = guest.conversation.person
    phone = next((p for text in person.phones if (p := cells.first_phone(text))), None)
    emails = [email for text in person.emails for email in cells.emails_in(text) or (text.strip(),)]
    told = [text for text in person.documents if text not in person.guessed]
    document = next((d for text in told if (d := documents.told(text))), None)
    owner = guest.owner_id()
    defaults = {
        "name": "" if phones.parse(person.name) else person.name,
        "document": document.formatted if document else "",
        "phone": phone.national if phone else "",
        "email": next(iter(emails), ""),
        "owner": owner,
        "branch": guest.crm.lookups.branch_of(owner),
    }
    drawn = forms.draw(guest, "contact-new", defaults)
    _seal_what_others_typed(guest, drawn)
    return _draw(drawn)


@tab.post("/duplicates")
@needs(Permission.LINK)
def duplicates() -> ResponseReturnValue:
    """The contacts that the one being typed may already be.

    Nothing when the screen shows these already.

    Drawn anew, a row would slip away under the pointer of who is about to open it.
    """
    try:
        found = _duplicates(visit(), request.form.to_dict(), asking=not visit().crm.index.is_ready)
    except errors.CRMError:
        return ""
    if found.value and ",".join(row["seen"] for row in found.value) == request.form.get("sure"):
        return "", 204
    return render_template("duplicates.html", rows=found.value, is_open=_is_open(found), open=OPEN)


@tab.post("")
@needs(Permission.LINK, saves=True)
def create() -> ResponseReturnValue:
    """Creates the contact and links it, unless it may exist already and nobody has said that it does not."""
    guest = visit()
    sent = forms.posted("contact-new")

    def act(values: dict[str, str]) -> ResponseReturnValue:
        if not values["phone"] and not values["email"]:
            raise errors.Invalid({"phone": mark("Informe um telefone ou um e-mail.")})
        forms.check_city(sent, values)
        capacity.check(guest.services, sent.key, _texts(guest, values))
        unchecked = False
        if not _was_accepted(guest, sent.key):
            guest.unchanged(sent.contact)
            found = _looked_for(guest, values)
            unchecked = bool(found.trouble) and not _is_open(
                found
            )  # of an open end the attendant decides
            if not _is_told(found, sent.values.get("sure", "")):
                return _draw(sent, found), errors.Stale.status
        new = Ref(Ref.NEW, sent.key)
        origin = forms.origin(guest, sent, "contact.create", values["name"], None)
        remember_owner = guest.remembering(values["owner"])

        def also() -> None:
            guest.link_new(new)
            remember_owner()

        written = guest.crm.people.create(
            _lead(guest, values),
            sent.key,
            replace(origin, contact=str(new)),
            unchecked=unchecked,
            also=also,
        )
        return card.saved(
            guest, written, gettext("Contato salvo no CRM, nº %(number)s.", number=written.id)
        )

    return forms.submit(
        guest,
        sent,
        NewContact(),
        act=act,
        draw_again=_draw,
        labels=guest.crm.labels["contact.create"],
    )


def _seal_what_others_typed(guest: Visit, form: forms.Form) -> None:
    """A form that came back may be a colleague's: what is in it was never told to this attendant."""
    entry = guest.services.journal.find(form.key)
    if entry and entry.origin.attendant.id != guest.attendant.id:
        reveals.reveal(
            guest, Ref(Ref.NEW, form.key), [kind for kind in KINDS if form.values.get(kind)]
        )


def _draw(form: forms.Form, found: Alike | None = None) -> str:
    lookups = visit().crm.lookups
    return render_template(
        "tabs/contact_new.html",
        form=form,
        rows=found.value if found else [],
        is_open=found is not None and _is_open(found),
        open=OPEN,
        asked=found is not None,
        owners=lookups.owners(),
        branches=lookups.branches(),
        channels=lookups.channels(),
        mine=visit().owner_id(),
    )


def _texts(guest: Visit, values: dict[str, str]) -> dict[str, capacity.Text]:
    """What was typed freely, by field."""
    places = guest.crm.people.places(None)
    return {name: capacity.Text(places[name], values[name]) for name in FREE}


def _lead(guest: Visit, values: dict[str, str]) -> NewPerson:
    phone = phones.parse(values["phone"])
    document = documents.find(values["document"])
    return NewPerson(
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
        city_id=values["city"],
    )


def _duplicates(guest: Visit, typed: dict[str, str], *, asking: bool) -> Alike:
    """Who may be the same person, by document, phone, e-mail or name; ``asking`` the CRM too.

    In trouble where the CRM did not show, or show anew, all that it has.
    """
    person = Person(
        name=typed.get("name", ""),
        phones=tuple(filter(None, [typed.get("phone", "")])),
        emails=tuple(filter(None, [typed.get("email", "")])),
        documents=tuple(filter(None, [typed.get("document", "")])),
    )
    asked = list(_asked(guest, person)) if asking else []
    known = guest.crm.index.alike(person)
    found = [
        *(contact for reading in asked for contact in reading.value),
        *(known.value if known else ()),
    ]
    matches = matching.duplicates(person, found, typed.get("city", ""))
    rows = card.rows(guest, matches, Freshness.RECENT if asking else Freshness.KNOWN)
    told = [
        {
            **row,
            "seen": _seen(match),
        }
        for row, match in zip(rows, matches, strict=True)
    ]
    troubles = {reading.trouble for reading in asked} - {""}
    return Fetched(
        told,
        0.0,
        trouble=max(troubles, key=lambda code: code == errors.Incomplete.code, default=""),
    )


def _seen(match: Match) -> str:
    """What the form remembers of a row that was shown: who, whether surely, and why."""
    reasons = ".".join(f"{reason.clue}{reason.detail}" for reason in match.reasons)
    return f"{match.contact.ref}{'+' if match.is_sure else '?'}{reasons}"


def _asked(guest: Visit, person: Person) -> Iterator[Fetched[tuple[Contact, ...]]]:
    """Everybody whom the CRM finds by document, phone and e-mail, and by name as far as it can.

    It finds only names that hold the very words; asked for first and second, and for first and
    last, it finds most of those who tell fewer or more of their names.
    """
    yield ask(guest, person, Freshness.RECENT)
    words = [word for word in names.words(person.name) if len(word) >= SHORTEST]
    for asked in sorted(
        {(words[0], word) for word in words[1:2] + words[-1:]} if len(words) > 1 else ()
    ):
        yield guest.crm.people.by_name(asked, Freshness.RECENT)


def _looked_for(guest: Visit, values: dict[str, str]) -> Alike:
    """Who it may be already.

    In trouble where the CRM could not be asked: then it is before the contact is sent.
    """
    try:
        return _duplicates(guest, values, asking=True)
    except (errors.PermissionDenied, errors.ResourceUnavailable):
        raise  # nobody could look later either
    except errors.CRMError as error:
        return replace(_duplicates(guest, values, asking=False), trouble=error.code)


def _is_open(found: Alike) -> bool:
    """Whether there may be others who are alike, whom the CRM did not show."""
    return found.trouble == errors.Incomplete.code


def _is_told(found: Alike, seen: str) -> bool:
    """Whether the attendant knows all that was found, and that there may be more where that is so."""
    if _is_open(found) and OPEN not in seen.split(","):
        return False
    return all(_is_covered(row, seen) for row in found.value)


def _is_covered(row: dict[str, Any], seen: str) -> bool:
    """Whether the attendant was told of the contact already, and not merely asked about somebody who is now sure."""
    told = [f"{row['ref']}+"] if row["match"].is_sure else [f"{row['ref']}+", f"{row['ref']}?"]
    return any(one.startswith(tuple(told)) for one in seen.split(","))


def _was_accepted(guest: Visit, key: str) -> bool:
    """Whether the CRM may have this form already: then what looks like a duplicate may be its own record."""
    entry = guest.services.journal.find(key)
    return entry is not None and entry.state is not State.REFUSED
