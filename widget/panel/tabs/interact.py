"""Interact with a negotiation: qualification, funnel, stage, status."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from widget.crm.port import Interaction
from widget.crm.wire import Freshness
from widget.desk import capacity
from widget.desk.visits import Visit, visit
from widget.domain import errors
from widget.domain.model import Contact, Negotiation, Ref, Status
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.panel import card, forms, progress
from widget.web import fields

tab = Blueprint("interact", __name__)

COMPARED = ("funnel", "stage", "status")
LONGEST_REMARK = 2_000


class Asked(Schema):
    """What "Interagir" asks."""

    qualification = fields.one_of("0", "1", "2", "3", "4", "5")
    funnel = fields.number(required=True)
    stage = fields.number(required=True)
    status = fields.one_of(*Status, required=True)
    loss_reason = fields.number()
    loss_remark = fields.prose(longest=LONGEST_REMARK)


@tab.get("/<number>")
@needs(Permission.NEGOTIATE)
def form(number: str) -> ResponseReturnValue:
    """The negotiation as it is in the CRM right now."""
    guest = visit()
    read: list[Negotiation] = []

    def fields() -> dict[str, str]:
        read.append(_record(guest, number))
        return _fields(read[-1])

    shown = guest.editable("negotiation", number, fields)
    negotiation = replace(
        read[-1],
        funnel_id=shown["funnel"],
        stage_id=shown["stage"],
        status=Status(shown["status"]),
        loss_reason_id=shown["loss_reason"],
        qualification=shown["qualification"],
    )
    shown = _shown(negotiation)
    defaults = {
        **shown,
        **{f"before_{name}": shown[name] for name in COMPARED},
        "loss_remark": "",
        "qualification": negotiation.qualification
        or guest.services.qualifications.of(negotiation.id),
        "loss_reason": negotiation.loss_reason_id,
    }
    drawn = forms.draw(guest, f"interact-{negotiation.id}", defaults)
    conflicts = _conflicts(drawn, drawn.alert) if isinstance(drawn.alert, errors.Conflict) else {}
    return _draw(drawn, negotiation, conflicts)


@tab.post("/<number>")
@needs(Permission.NEGOTIATE, saves=True)
def save(number: str) -> ResponseReturnValue:
    """Moves the negotiation.

    Won and lost go through the CRM's own actions, after the rest is written.
    """
    guest = visit()
    form = forms.posted(f"interact-{number}")
    negotiation = _known(guest, number)

    def act(values: dict[str, str]) -> ResponseReturnValue:
        contact = guest.contact(Freshness.ANY, guest.same(form.contact)).value
        _check(guest, values)
        origin = forms.origin(
            guest, form, "negotiation.update", negotiation.title, contact, negotiation.id
        )
        step = _step(guest, form, values)
        if step.close or Status.OPEN.value == step.changes.get("status"):
            guest.need(Permission.CLOSE)
        if step.remark:
            around = f"{negotiation.remarks}\n\n" if negotiation.remarks else ""
            place = replace(guest.crm.negotiations.places()["remarks"], around=around)
            text = capacity.Text(place, step.remark)
            capacity.check(guest.services, form.key, {"loss_remark": text})
        stars = "" if guest.crm.keeps_qualification else values["qualification"]
        also = guest.qualifying(number, stars)
        try:
            written = guest.crm.negotiations.interact(number, step, form.key, origin, also=also)
        except errors.Conflict as conflict:
            if not set(conflict.theirs) & set(COMPARED):
                raise errors.NotFound(f"negotiation {number} of another contact") from conflict
            return _draw(form, negotiation, _conflicts(form, conflict)), conflict.status
        return card.saved(guest, written, gettext("Negociação atualizada no CRM."))

    def draw_again(drawn: forms.Form) -> str:
        return _draw(drawn, negotiation)

    return forms.submit(
        guest,
        form,
        Asked(),
        act=act,
        draw_again=draw_again,
        labels=guest.crm.labels["negotiation.update"],
    )


def _step(guest: Visit, form: forms.Form, values: dict[str, str]) -> Interaction:
    """What the form asks for.

    It holds against what the form showed, or what it sets: a save may be repeated.
    """
    status, before = (
        Status(values["status"]),
        {name: form.values.get(f"before_{name}", "") for name in COMPARED},
    )
    changes = {name: values[name] for name in ("funnel", "stage")}
    if status is Status.OPEN and before["status"] != Status.OPEN:
        changes["status"] = Status.OPEN.value
    if status is Status.LOST:
        changes["loss_reason"] = values["loss_reason"]
    if guest.crm.keeps_qualification and values["qualification"]:
        changes["qualification"] = values["qualification"]
    return Interaction(
        changes,
        expected={name: (before[name], values[name]) for name in COMPARED},
        remark=values["loss_remark"] if status is Status.LOST else "",
        close=status if status is not Status.OPEN and before["status"] != status else None,
    )


def _known(guest: Visit, number: str) -> Negotiation:
    """The negotiation as it was read last: to draw a form again the CRM must not be needed."""
    listed = guest.negotiations(guest.contact(Freshness.ANY).value, Freshness.ANY).value
    found = next((negotiation for negotiation in listed if negotiation.id == number), None)
    return found or _record(guest, number)


def _record(guest: Visit, number: str) -> Negotiation:
    """The negotiation, if it is the shown contact's; raises NotFound."""
    if not (number.isascii() and number.isdigit()):
        raise errors.NotFound(f"negotiation {number[:40]!r}")
    negotiation = guest.crm.negotiations.one(number, Freshness.NOW)
    if not _belongs(negotiation, guest.contact(Freshness.ANY).value):
        raise errors.NotFound(f"negotiation {number} of another contact")
    if not guest.sees(negotiation):
        guest.need(Permission.OTHERS)
    return negotiation


def _belongs(negotiation: Negotiation, contact: Contact) -> bool:
    if contact.ref.source == Ref.CLIENT:
        return negotiation.client_id == contact.ref.id
    of_its_client = bool(contact.client_id) and negotiation.client_id == contact.client_id
    return negotiation.lead_id == contact.ref.id or of_its_client


def _check(guest: Visit, values: dict[str, str]) -> None:
    forms.check_stage(guest, values)
    if values["status"] == Status.LOST and not values["loss_reason"]:
        raise errors.Invalid({"loss_reason": mark("Diga por que foi perdida.")})


def _conflicts(form: forms.Form, conflict: errors.Conflict) -> dict[str, str]:
    """What changed in the CRM since the form was drawn (field → theirs).

    The form takes over what was not touched in it, so that saving again undoes nobody's work
    unseen.
    """
    changed = {name: conflict.theirs[name] for name in COMPARED if name in conflict.theirs}
    for name, theirs in changed.items():
        if form.values.get(name, "") == form.values.get(f"before_{name}", ""):
            form.values[name] = theirs
        form.values[f"before_{name}"] = theirs
    return changed


def _fields(negotiation: Negotiation) -> dict[str, str]:
    """What the form shows of it, or changes, by field."""
    return {
        **_shown(negotiation),
        "loss_reason": negotiation.loss_reason_id,
        "qualification": negotiation.qualification,
    }


def _shown(negotiation: Negotiation) -> dict[str, str]:
    return {
        "funnel": negotiation.funnel_id,
        "stage": negotiation.stage_id,
        "status": negotiation.status.value,
    }


def _draw(
    form: forms.Form, negotiation: Negotiation, conflicts: dict[str, str] | None = None
) -> str:
    lookups = visit().crm.lookups
    names = {
        "funnel": lookups.funnels(),
        "stage": lookups.stages(),
        "status": [],
    }
    return render_template(
        "tabs/interact.html",
        form=form,
        negotiation=negotiation,
        deal=card.deal(visit(), negotiation),
        funnels=names["funnel"],
        stages=lookups.stages(form.values.get("funnel", "")),
        reasons=lookups.loss_reasons(),
        contact=visit().contact(Freshness.ANY).value,
        conflicts=conflicts or {},
        all_stages=names["stage"],
        statuses=[s for s in Status if visit().may(Permission.CLOSE) or s is negotiation.status],
        kept_here=not visit().crm.keeps_qualification,
        age=lookups.age("funnels", "stages", "loss_reasons"),
        **progress.told(visit()),
    )
