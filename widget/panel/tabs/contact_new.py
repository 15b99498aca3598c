"""A new contact: filled from the conversation, created once its duplicates were looked for."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from widget.actions import contacts
from widget.actions.action import Subject
from widget.brazil import cells, documents, phones
from widget.brazil.masks import KINDS
from widget.desk import duplicates, reveals
from widget.desk.duplicates import OPEN, Alike
from widget.desk.visits import Visit, visit
from widget.domain import errors
from widget.domain.model import Freshness, Ref, Written
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.panel import card, forms
from widget.panel.tab import Place, Tab

tab = Tab(
    "contact_new",
    __name__,
    places=[Place("contact-new", mark("Adicionar contato"), "form")],
)


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
def alike() -> ResponseReturnValue:
    """Returns the contacts that the one being typed may already be.

    Nothing when the screen shows these already: drawn again, a row would slip away under the
    pointer that is about to open it.
    """
    guest, typed = visit(), request.form.to_dict()
    try:
        found = duplicates.find(guest, typed, asking=not guest.crm.index.is_ready)
        rows = _rows(guest, found)
    except errors.CRMError:
        return ""
    if rows and ",".join(row["seen"] for row in rows) == typed.get("sure"):
        return "", 204
    return render_template("duplicates.html", rows=rows, is_open=found.is_open, open=OPEN)


@tab.post("")
@needs(contacts.create.permission, saves=True)
def create() -> ResponseReturnValue:
    """Creates the contact and links it.

    It does not where the contact may exist and the attendant has not said otherwise.
    """
    guest = visit()
    sent = forms.posted("contact-new")

    def send(values: dict[str, str]) -> Written:
        forms.check_city(sent, values)
        if not guest.has_accepted(sent.key):
            guest.unchanged(sent.contact)
        asked = {**values, "sure": sent.values.get("sure", "")}
        return contacts.create(guest, Subject(), sent.asked(asked))

    def done(written: Written) -> ResponseReturnValue:
        return card.saved(
            guest, written, gettext("Contato salvo no CRM, nº %(number)s.", number=written.id)
        )

    def ask_back(question: errors.Stale) -> str:
        return _draw(sent, getattr(question, "found", None))

    return forms.submit(
        guest,
        sent,
        contacts.create.schema,
        send=send,
        done=done,
        draw_again=_draw,
        labels=guest.crm.labels["contact.create"],
        ask_back=ask_back,
    )


def _seal_what_others_typed(guest: Visit, form: forms.Form) -> None:
    """Seals what others typed in a form that came back.

    The form may be a colleague's, and what is in it was never told to this attendant.
    """
    entry = guest.services.journal.find(form.key)
    if entry and entry.origin.attendant.id != guest.attendant.id:
        reveals.reveal(
            guest, Ref(Ref.NEW, form.key), [kind for kind in KINDS if form.values.get(kind)]
        )


def _draw(form: forms.Form, found: Alike | None = None) -> str:
    guest = visit()
    lookups = guest.crm.lookups
    return render_template(
        "tabs/contact_new.html",
        form=form,
        rows=_rows(guest, found) if found else [],
        is_open=found is not None and found.is_open,
        open=OPEN,
        asked=found is not None,
        owners=lookups.owners(),
        branches=lookups.branches(),
        channels=lookups.channels(),
        mine=guest.owner_id(),
    )


def _rows(guest: Visit, found: Alike) -> list[dict[str, Any]]:
    """Returns the matches as they are listed, each with how the form remembers it."""
    freshness = Freshness.RECENT if found.is_asked else Freshness.KNOWN
    rows = card.rows(guest, found.matches, freshness)
    return [
        {**row, "seen": duplicates.name_of(match)}
        for row, match in zip(rows, found.matches, strict=True)
    ]
