"""Interact with a negotiation: qualification, funnel, stage, status."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from widget import card, errors, fields, forms
from widget.crm.protocol import Freshness, Row
from widget.model import Contact, Negotiation, Ref, Status
from widget.services import Visit, visit
from widget.texts import gettext, mark

tab = Blueprint("interact", __name__)

LABELS = {
    "funil": "funnel", "estagio": "stage", "etapa": "stage", "substatus": "loss_reason", "motivo": "loss_reason",
    "status": "status",
}  # fmt: skip
COMPARED = ("funnel", "stage", "status")
LONGEST_REMARK = 2_000


class Interaction(Schema):
    """What "Interagir" asks."""

    qualification = fields.one_of("0", "1", "2", "3", "4", "5")
    funnel = fields.number(required=True)
    stage = fields.number(required=True)
    status = fields.one_of(*Status, required=True)
    loss_reason = fields.number()
    loss_remark = fields.prose(longest=LONGEST_REMARK)


@tab.get("/<number>")
def form(number: str) -> ResponseReturnValue:
    """The negotiation as it is in the CRM right now."""
    guest = visit()
    negotiation = guest.crm.negotiations.understand(_record(guest, number))
    shown = _shown(negotiation)
    defaults = {
        **shown, **{f"before_{name}": shown[name] for name in COMPARED}, "loss_remark": "",
        "qualification": negotiation.qualification or guest.services.qualifications.of(negotiation.id),
        "loss_reason": negotiation.loss_reason_id,
    }  # fmt: skip
    return _draw(forms.draw(guest, f"interact-{negotiation.id}", defaults), negotiation)


@tab.post("/<number>")
def save(number: str) -> ResponseReturnValue:
    """Moves the negotiation; won and lost go through the CRM's own actions, after the rest is written."""
    guest = visit()
    form = forms.posted(f"interact-{number}")
    negotiation = _known(guest, number)

    def act(values: dict[str, str]) -> ResponseReturnValue:
        ref = guest.same(form.contact)
        _check(guest, values)
        record = _record(guest, number)
        conflicts = _conflicts(form, _shown(guest.crm.negotiations.understand(record)))
        if conflicts:
            return _draw(form, negotiation, conflicts), errors.Stale.status
        _write(guest, ref, record, values, form.key)
        return card.show(guest, Freshness.RECENT, gettext("Negociação atualizada no CRM."))

    def draw_again(drawn: forms.Form) -> str:
        return _draw(drawn, negotiation)

    return forms.submit(guest, form, Interaction(), act=act, draw_again=draw_again, labels=LABELS)


def _write(guest: Visit, ref: Ref, record: Row, values: dict[str, str], key: str) -> None:
    now, status = guest.crm.negotiations.understand(record), Status(values["status"])
    changes = _changes(now, values)
    qualification = values["qualification"]
    if guest.crm.qualification_field and qualification not in {"", now.qualification}:
        changes |= {guest.crm.qualification_field: qualification}
    origin = guest.origin("negotiation.update", now.title, ref=ref, negotiation=now.id)
    if changes:
        guest.crm.negotiations.update(record, changes, key, origin)
    if status is not Status.OPEN and status is not now.status:
        guest.crm.negotiations.close({**record, **changes}, status, f"{key}.close", origin)
    if qualification and not guest.crm.qualification_field:
        guest.services.qualifications.give(now.id, qualification, guest.attendant.name)


def _changes(now: Negotiation, values: dict[str, str]) -> dict[str, str]:
    """What differs from the CRM; of a save that is repeated, what its first half did not write already."""
    changes = {name: values[name] for name in ("funnel", "stage") if values[name] != _shown(now)[name]}
    remark = values["loss_remark"]
    if values["status"] == Status.LOST:
        if values["loss_reason"] != now.loss_reason_id:
            changes["loss_reason"] = values["loss_reason"]
        if remark and not now.remarks.endswith(remark):
            changes["remarks"] = f"{now.remarks}\n\n{remark}".strip()
    if values["status"] == Status.OPEN and now.status is not Status.OPEN:
        changes["status"] = Status.OPEN.value
    return changes


def _known(guest: Visit, number: str) -> Negotiation:
    """The negotiation as it was read last: to draw a form again the CRM must not be needed."""
    listed = guest.crm.negotiations.of(guest.contact(Freshness.ANY).value, Freshness.ANY).value
    found = next((negotiation for negotiation in listed if negotiation.id == number), None)
    return found or guest.crm.negotiations.understand(_record(guest, number))


def _record(guest: Visit, number: str) -> Row:
    """The negotiation, if it is the shown contact's; raises NotFound."""
    if not (number.isascii() and number.isdigit()):
        raise errors.NotFound(f"negotiation {number[:40]!r}")
    record = guest.crm.negotiations.record(number)
    if not _belongs(guest.crm.negotiations.understand(record), guest.contact(Freshness.ANY).value):
        raise errors.NotFound(f"negotiation {number} of another contact")
    return record


def _belongs(negotiation: Negotiation, contact: Contact) -> bool:
    if contact.ref.source == Ref.CLIENT:
        return negotiation.client_id == contact.ref.id
    of_its_client = bool(contact.client_id) and negotiation.client_id == contact.client_id
    return negotiation.lead_id == contact.ref.id or of_its_client


def _check(guest: Visit, values: dict[str, str]) -> None:
    forms.check_stage(guest, values)
    if values["status"] == Status.LOST and not values["loss_reason"]:
        raise errors.Invalid({"loss_reason": mark("Diga por que foi perdida.")})


def _conflicts(form: forms.Form, now: dict[str, str]) -> dict[str, str]:
    """What changed in the CRM since the form was drawn (field → theirs).

    The form takes over what was not touched in it, so that saving again undoes nobody's work unseen.
    """
    changed = {}
    for name in COMPARED:
        before, mine, theirs = form.values.get(f"before_{name}", ""), form.values.get(name, ""), now[name]
        if theirs in {before, mine}:
            continue
        changed[name] = form.values[f"before_{name}"] = theirs
        if mine == before:
            form.values[name] = theirs
    return changed


def _shown(negotiation: Negotiation) -> dict[str, str]:
    return {"funnel": negotiation.funnel_id, "stage": negotiation.stage_id, "status": negotiation.status.value}


def _draw(form: forms.Form, negotiation: Negotiation, conflicts: dict[str, str] | None = None) -> str:
    lookups = visit().crm.lookups
    names = {"funnel": lookups.funnels(), "stage": lookups.stages(), "status": []}
    return render_template(
        "tabs/interact.html", form=form, negotiation=negotiation, deal=card.deal(visit(), negotiation),
        funnels=names["funnel"], stages=lookups.stages(form.values.get("funnel", "")), reasons=lookups.loss_reasons(),
        contact=visit().contact(Freshness.ANY).value, conflicts=conflicts or {}, all_stages=names["stage"],
        statuses=list(Status), kept_here=not visit().crm.qualification_field,
        age=lookups.age("crm_funil", "crm_negociacoes_estagios", "crm_substatus"),
    )  # fmt: skip
