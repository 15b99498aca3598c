"""The contact: its card, and an update with conflicts shown field by field."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from widget.actions import contacts
from widget.actions.action import Subject
from widget.brazil import meaning
from widget.brazil.masks import KINDS
from widget.desk import reveals
from widget.desk.visits import Visit, visit
from widget.domain import errors
from widget.domain.model import NOTHING, Freshness, Ref, Written
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.panel import card, forms, progress
from widget.panel.tab import Place, Tab

tab = Tab(
    "contact",
    __name__,
    label=mark("Negociações"),
    order=1,
    opens="deals",
    places=[Place("contact-edit", mark("Atualizar contato"), "edit")],
)


EDITABLE = tuple(contacts.update.schema().fields)


@tab.get("")
@needs(Permission.SEE)
def show() -> ResponseReturnValue:
    """The first screen again; ``fresh=now`` asks the CRM whatever is known."""
    fresh = Freshness.NOW if request.args.get("fresh") == "now" else Freshness.RECENT
    return card.show(visit(), fresh)


@tab.get("/card")
@needs(Permission.SEE)
def again() -> ResponseReturnValue:
    """The card read anew, in place; the whole screen when it is another contact by now."""
    fragment = card.card_only(visit(), Freshness.RECENT)
    return fragment or (
        card.show(visit(), Freshness.RECENT),
        {
            "HX-Retarget": "#view",
            "HX-Reswap": "innerHTML",
        },
    )


@tab.get("/deals")
@needs(Permission.SEE)
def deals() -> ResponseReturnValue:
    """The contact's negotiations."""
    fresh = Freshness.ANY if progress.is_moving(visit()) else Freshness.RECENT
    found = card.deals(visit(), visit().contact(fresh).value, fresh)
    return render_template(
        "deals.html", deals=found.value, age=found, shown=reveals.shown(visit(), visit().ref())
    )


@tab.post("/reveal/<what>")
@needs(Permission.REVEAL)
def reveal(what: str) -> ResponseReturnValue:
    """The card with this kind of data in clear, or with all.

    ``act`` names what the data was wanted for.
    """
    guest = visit()
    contact = guest.contact(Freshness.ANY).value
    kinds = reveals.kinds_of(contact)
    wanted = kinds if what == "all" else kinds & {what}
    if not wanted:
        raise errors.NotFound("nothing of that kind is masked")
    reveals.reveal(guest, contact.ref, wanted)
    return _card_again(guest, wanted, request.args.get("act", ""))


@tab.post("/hide")
@needs(Permission.SEE)
def hide() -> ResponseReturnValue:
    """The card with all of it masked again."""
    guest = visit()
    reveals.hide(guest, guest.ref())
    return _card_again(guest)


def _card_again(guest: Visit, just: Collection[str] = (), act: str = "") -> ResponseReturnValue:
    """The card, in place; what else shows such data looks anew."""
    answer = make_response(card.after_reveal(guest, just, act) or card.show(guest, Freshness.ANY))
    answer.headers["HX-Trigger-After-Settle"] = "unveiled"
    return answer


@tab.get("/edit")
@needs(Permission.EDIT)
def edit() -> ResponseReturnValue:
    """The contact as it is in the CRM right now.

    What identifies it counts as revealed, and is sealed as such.

    Who may not see that edits the rest.
    """
    guest = visit()
    ref = guest.ref()
    found = guest.editable(ref.source, ref.id, lambda: guest.crm.people.fields(ref))
    shown = _editable(found, guest.crm.people.main_phone(ref))
    defaults = {
        **shown,
        "name": meaning.line(shown["name"]),
        **{f"before_{name}": value for name, value in shown.items()},
    }
    form = forms.draw(guest, "contact-edit", defaults)
    conflicts = _conflicts(guest, ref, form.alert) if form.alert else {}
    _reveal(guest, ref, form.values, conflicts)
    return _draw_edit(form, conflicts)


@tab.post("/edit")
@needs(contacts.update.permission, saves=True)
def update() -> ResponseReturnValue:
    """Writes what was changed here, and nothing that was changed there.

    Both at once is asked field by field.
    """
    guest = visit()
    form = forms.posted("contact-edit")
    _without_hidden(guest, form.values)

    def send(values: dict[str, str]) -> Written:
        subject = Subject(guest.same(form.contact))
        changes = _changes(form, values)
        return contacts.update(guest, subject, form.asked(changes, form.before(changes)))

    def done(written: Written) -> ResponseReturnValue:
        if written == NOTHING:
            # Not from the cache: the form may just have shown something newer.
            return card.show(guest, Freshness.NOW, gettext("Nada mudou."))
        return card.saved(guest, written, gettext("Contato atualizado no CRM."))

    def ask_back(question: errors.Stale) -> str:
        theirs = _conflicts(guest, guest.ref(), question)
        _reveal(guest, guest.ref(), theirs)
        return _draw_edit(form, theirs)

    untouched = frozenset(name for name in EDITABLE if _is_untouched(form, name))
    return forms.submit(
        guest,
        form,
        contacts.update.schema,
        send=send,
        done=done,
        draw_again=_draw_edit,
        labels=guest.crm.labels["contact.update"],
        ask_back=ask_back,
        untouched=untouched,
    )


def _reveal(guest: Visit, ref: Ref, *drawn: dict[str, str]) -> None:
    """What identifies the contact among the values that are about to be drawn.

    From now on it is in clear, or it goes.
    """
    for values in drawn:
        _without_hidden(guest, values)
    found = {
        name.removeprefix("before_") for values in drawn for name, value in values.items() if value
    }
    if kinds := found & set(KINDS):
        reveals.reveal(guest, ref, kinds)


def _without_hidden(guest: Visit, values: dict[str, str]) -> None:
    """Who may not see such values changes none either: comparing would tell them."""
    if not reveals.may(guest):
        for kind in KINDS:
            for name in (kind, f"before_{kind}", f"choice_{kind}"):
                values.pop(name, None)


def _draw_edit(form: forms.Form, conflicts: dict[str, str] | None = None) -> str:
    lookups = visit().crm.lookups
    return render_template(
        "tabs/contact_edit.html",
        form=form,
        conflicts=conflicts or {},
        owners=lookups.owners(),
        branches=lookups.branches(),
        may_reveal=reveals.may(visit()),
    )


def _editable(fields: Mapping[str, str], phone: str) -> dict[str, str]:
    """What the form shows; ``phone`` names the field with the main phone."""
    found = {name: fields.get(phone if name == "phone" else name, "") for name in EDITABLE}
    return {name: value.strip() for name, value in found.items()}


def _changes(form: forms.Form, values: dict[str, str]) -> dict[str, str]:
    """What was touched in the form, but for what the attendant leaves as the CRM has it."""
    for name in EDITABLE:
        if form.values.get(f"choice_{name}") == "theirs":
            form.values[name] = form.values.get(f"before_{name}", "")
    return {name: values[name] for name in EDITABLE if not _is_untouched(form, name)}


def _conflicts(guest: Visit, ref: Ref, conflict: errors.VinculoError) -> dict[str, str]:
    """Where mine and theirs differ from before and from each other (field → theirs).

    The form that asks takes theirs for "before": a choice holds only for what was there to choose.
    """
    if not isinstance(conflict, errors.Conflict):
        return {}
    phone = guest.crm.people.main_phone(ref)
    theirs = {"phone" if name == phone else name: now for name, now in conflict.theirs.items()}
    return {name: now for name, now in theirs.items() if name in EDITABLE}


def _typed(form: forms.Form, name: str) -> str:
    """What stands in the field; one that the form lacks has not been touched."""
    return form.values.get(name, form.values.get(f"before_{name}", ""))


def _is_untouched(form: forms.Form, name: str) -> bool:
    """Whether the field holds what the CRM has, as it is stored or as it was shown."""
    before = form.values.get(f"before_{name}", "")
    return _typed(form, name) in {before, meaning.line(before) if name == "name" else before}
