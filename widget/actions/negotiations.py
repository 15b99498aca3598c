"""Open a negotiation, and move it: funnel, stage, qualification, won or lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from marshmallow import Schema

from widget.actions.action import Asked, Subject, action
from widget.actions.origins import origin
from widget.crm.port import Interaction, NewNegotiation
from widget.desk import capacity
from widget.desk.callers import Caller
from widget.domain import errors
from widget.domain.model import Freshness, Negotiation, Status, Written
from widget.domain.permissions import Permission
from widget.domain.texts import mark
from widget.web import fields

# What a move is held against: where it stood when it was shown.
COMPARED = ("funnel", "stage", "status")
LONGEST_TITLE = 200
LONGEST_REMARK = 2_000


class NewDeal(Schema):
    """What "Adicionar negociação" asks."""

    title = fields.text(required=True, longest=LONGEST_TITLE)
    plan = fields.number()
    funnel = fields.number(required=True)
    stage = fields.number(required=True)
    owner = fields.number(required=True)
    city = fields.number()


class Move(Schema):
    """What "Interagir" asks."""

    qualification = fields.one_of("0", "1", "2", "3", "4", "5")
    funnel = fields.number(required=True)
    stage = fields.number(required=True)
    status = fields.one_of(*Status, required=True)
    loss_reason = fields.number()
    loss_remark = fields.prose(longest=LONGEST_REMARK)


@action(
    "negotiation.create",
    permission=Permission.NEGOTIATE,
    schema=NewDeal,
    label=mark("Nova negociação"),
    past=mark("Negociação criada pelo painel"),
    undone_by="",
)
def create(caller: Caller, subject: Subject, asked: Asked) -> Written:
    """Opens a negotiation of the contact; a plan brings its monthly value along."""
    values = asked.values
    contact = caller.contact_of(subject.ref, Freshness.ANY).value
    _check_stage(caller, values)
    title = capacity.Text(caller.crm.negotiations.places()["title"], values["title"])
    capacity.check(caller.services, asked.key, {"title": title})
    plans = caller.crm.lookups.plans()
    plan = next((each for each in plans if each.id == values["plan"]), None)
    new = NewNegotiation(
        values["title"],
        values["funnel"],
        values["stage"],
        values["owner"],
        plan_id=values["plan"],
        city_id=values["city"],
        monthly=plan.monthly if plan else "",
    )
    whence = origin(
        caller,
        asked,
        create.name,
        values["title"],
        contact=contact,
        negotiation=f"new-{asked.key}",
    )
    also = caller.remembering(values["owner"])
    return caller.crm.negotiations.create(contact, new, asked.key, whence, also=also)


@action(
    "negotiation.update",
    permission=Permission.NEGOTIATE,
    schema=Move,
    label=mark("Negociação"),
    past=mark("Negociação alterada pelo painel"),
    undone_by="negotiation.update",
)
def update(caller: Caller, subject: Subject, asked: Asked) -> Written:
    """Moves the negotiation.

    Won and lost go through the CRM's own deeds, after the rest is written. Raises Conflict where it
    stands elsewhere by now than it was shown.
    """
    values, number = asked.values, subject.negotiation
    contact = caller.contact_of(subject.ref, Freshness.ANY).value
    negotiation = caller.negotiation(contact, number)
    _check_stage(caller, values)
    _check_loss(values)
    step = _step(caller, asked)
    if step.close or step.changes.get("status") == Status.OPEN.value:
        caller.need(Permission.CLOSE)
    if step.remark:
        _check_remark(caller, asked, negotiation)
    whence = origin(
        caller,
        asked,
        update.name,
        negotiation.title,
        contact=contact,
        negotiation=negotiation.id,
    )
    stars = "" if caller.crm.keeps_qualification else values["qualification"]
    also = caller.qualifying(number, stars)
    try:
        return caller.crm.negotiations.interact(number, step, asked.key, whence, also=also)
    except errors.Conflict as conflict:
        if not set(conflict.theirs) & set(COMPARED):
            raise errors.NotFound(f"negotiation {number} of another contact") from conflict
        raise


def _step(caller: Caller, asked: Asked) -> Interaction:
    """Returns what there is to write.

    It holds against what was shown, or what it sets: a save may be repeated.
    """
    values = asked.values
    before = {name: asked.before.get(name, "") for name in COMPARED}
    status = Status(values["status"])
    is_moved = before["status"] != status
    changes = {name: values[name] for name in ("funnel", "stage")}
    if status is Status.OPEN and is_moved:
        changes["status"] = Status.OPEN.value
    if status is Status.LOST:
        changes["loss_reason"] = values["loss_reason"]
    if caller.crm.keeps_qualification and values["qualification"]:
        changes["qualification"] = values["qualification"]
    return Interaction(
        changes,
        expected={name: (before[name], values[name]) for name in COMPARED},
        remark=values["loss_remark"] if status is Status.LOST else "",
        close=status if status is not Status.OPEN and is_moved else None,
    )


def _check_stage(caller: Caller, values: Mapping[str, str]) -> None:
    """A stage belongs to its funnel; raises Invalid. The CRM itself does not look."""
    stages = caller.crm.lookups.stages(values["funnel"])
    if values["stage"] not in {stage.id for stage in stages}:
        raise errors.Invalid({"stage": mark("Esta etapa é de outro funil.")})


def _check_loss(values: Mapping[str, str]) -> None:
    if values["status"] == Status.LOST and not values["loss_reason"]:
        raise errors.Invalid({"loss_reason": mark("Diga por que foi perdida.")})


def _check_remark(caller: Caller, asked: Asked, negotiation: Negotiation) -> None:
    """The remark of a loss fits behind what stands in the remarks; raises Invalid."""
    around = f"{negotiation.remarks}\n\n" if negotiation.remarks else ""
    place = replace(caller.crm.negotiations.places()["remarks"], around=around)
    remark = capacity.Text(place, asked.values["loss_remark"])
    capacity.check(caller.services, asked.key, {"loss_remark": remark})
