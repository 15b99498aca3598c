"""The contact: its card, and an update with conflicts shown field by field."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from widget import card, errors, fields, forms, progress
from widget.crm.ixc import shapes
from widget.crm.protocol import Freshness, Row
from widget.model import Ref
from widget.services import Visit, visit
from widget.texts import gettext

tab = Blueprint("contact", __name__)


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
    fragment = card.card_only(visit(), Freshness.RECENT)
    return fragment or (card.show(visit(), Freshness.RECENT), {"HX-Retarget": "#view", "HX-Reswap": "innerHTML"})


@tab.get("/deals")
def deals() -> ResponseReturnValue:
    """The contact's negotiations."""
    fresh = Freshness.ANY if progress.is_moving(visit()) else Freshness.RECENT
    found = card.deals(visit(), visit().contact(fresh).value, fresh)
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


@tab.get("/edit")
def edit() -> ResponseReturnValue:
    """The contact as it is in the CRM right now."""
    guest = visit()
    ref = guest.ref()
    record = guest.crm.people.record(ref)
    shown = _editable(ref, {**record, **guest.services.journal.ahead(shapes.FORMS[ref.source], ref.id)})
    defaults = {**shown, **{f"before_{name}": value for name, value in shown.items()}}
    form = forms.draw(guest, "contact-edit", defaults)
    conflicts = _conflicts(guest, ref, form.alert) if isinstance(form.alert, errors.Conflict) else {}
    return _draw_edit(form, conflicts)


@tab.post("/edit")
def update() -> ResponseReturnValue:
    """Writes what was changed here, and nothing that was changed there; both at once is asked field by field."""
    guest = visit()
    form = forms.posted("contact-edit")

    def act(values: dict[str, str]) -> ResponseReturnValue:
        contact = guest.contact(Freshness.ANY, guest.same(form.contact)).value
        changes = _changes(form, values)
        if not changes:
            # Not from the cache: the form may just have shown something newer.
            return card.show(guest, Freshness.NOW, gettext("Nada mudou."))
        before = {name: form.values.get(f"before_{name}", "") for name in changes}
        origin = forms.origin(guest, form, "contact.update", ", ".join(sorted(changes)), contact)
        try:
            written = guest.crm.people.update(contact.ref, changes, before, form.key, origin)
        except errors.Conflict as conflict:
            return _draw_edit(form, _conflicts(guest, contact.ref, conflict)), conflict.status
        return card.saved(guest, written, gettext("Contato atualizado no CRM."))

    untouched = frozenset(n for n in EDITABLE if _typed(form, n) == form.values.get(f"before_{n}", ""))
    return forms.submit(
        guest, form, Changes(), act=act, draw_again=_draw_edit, labels=shapes.CONTACT_LABELS, untouched=untouched
    )


def _draw_edit(form: forms.Form, conflicts: dict[str, str] | None = None) -> str:
    lookups = visit().crm.lookups
    return render_template(
        "tabs/contact_edit.html", form=form, conflicts=conflicts or {}, owners=lookups.owners(),
        branches=lookups.branches(),
    )  # fmt: skip


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


def _changes(form: forms.Form, values: dict[str, str]) -> dict[str, str]:
    """What was touched in the form, but for what the attendant leaves as the CRM has it."""
    for name in EDITABLE:
        if form.values.get(f"choice_{name}") == "theirs":
            form.values[name] = form.values.get(f"before_{name}", "")
    return {name: values[name] for name in EDITABLE if _typed(form, name) != form.values.get(f"before_{name}", "")}


def _conflicts(guest: Visit, ref: Ref, conflict: errors.Conflict) -> dict[str, str]:
    """Where mine and theirs differ from before and from each other (field → theirs).

    The form that asks takes theirs for "before": a choice holds only for what was there to choose.
    """
    fields_of = {column: name for name, column in guest.crm.people.columns(ref).items()}
    return {fields_of[column]: value for column, value in conflict.theirs.items() if column in fields_of}


def _typed(form: forms.Form, name: str) -> str:
    """What stands in the field; one that the form lacks has not been touched."""
    return form.values.get(name, form.values.get(f"before_{name}", ""))
