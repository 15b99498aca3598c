"""The first screen: who it is, how sure we are, what is open; or several, or nobody, or the CRM is down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template

from widget import errors
from widget.crm.ixc.lookups import label
from widget.crm.protocol import Freshness
from widget.model import Contact, Fetched, Match, Negotiation, Ref, Stage
from widget.recognition import Recognised, recognise
from widget.services import Visit


@dataclass(frozen=True)
class Deal:
    """A negotiation with the names behind its numbers, and how far it is."""

    negotiation: Negotiation
    funnel: str
    stage: str
    steps: int
    step: int
    owner: str
    plan: str
    qualification: int


def show(visit: Visit, freshness: Freshness, notice: str = "") -> str:
    """The first screen as a fragment. ``notice`` is announced and shown on top."""
    try:
        found = recognise(visit, freshness)
        if found.match:
            return _known(visit, found, freshness, notice)
    except errors.CRMError as error:
        return render_template("down.html", person=visit.conversation.person, error=error, notice=notice)
    template = "several.html" if found.matches else "nobody.html"
    return render_template(template, found=found, person=found.person, notice=notice,
                           rows=[row(visit, m, freshness) for m in found.matches])  # fmt: skip


def deals(visit: Visit, contact: Contact, freshness: Freshness) -> Fetched[tuple[Deal, ...]]:
    """The contact's negotiations, ready to be shown."""
    answer = visit.crm.negotiations.of(contact, freshness)
    return Fetched(tuple(deal(visit, n) for n in answer.value), answer.at, answer.stale, answer.trouble)


def deal(visit: Visit, negotiation: Negotiation) -> Deal:
    """One negotiation, ready to be shown."""
    lookups = visit.crm.lookups
    stages = lookups.stages(negotiation.funnel_id) if negotiation.funnel_id else []
    return Deal(
        negotiation,
        funnel=label(lookups.funnels(), negotiation.funnel_id),
        stage=label(stages, negotiation.stage_id),
        steps=len(stages),
        step=_position(stages, negotiation.stage_id),
        owner=label(lookups.owners(), negotiation.owner_id),
        plan=label(lookups.plans(), negotiation.plan_id),
        qualification=_stars(visit.services.qualifications.of(negotiation.id)),
    )


def row(visit: Visit, match: Match, freshness: Freshness) -> dict[str, object]:
    """A match in a list, with what tells it from the others."""
    city = visit.crm.lookups.city(match.contact.city_id)
    try:
        open_deals = [d for d in visit.crm.negotiations.of(match.contact, freshness).value if d.status == "N"]
    except errors.CRMError:
        open_deals = []
    return {"match": match, "contact": match.contact, "ref": str(match.contact.ref), "city": city.name if city else "", "open": len(open_deals)}


def card_only(visit: Visit, freshness: Freshness) -> tuple[str, Ref | None]:
    """The card alone, and whose it is; raises CRMError."""
    found = recognise(visit, freshness)
    if found.match is None:
        return "", None
    return render_template("card.html", age=found, **_facts(visit, found)), found.match.contact.ref


def _known(visit: Visit, found: Recognised, freshness: Freshness, notice: str) -> str:
    facts = _facts(visit, found)
    listed = deals(visit, facts["contact"], freshness)
    age = Fetched(None, min(found.at, listed.at), found.stale or listed.stale, found.trouble or listed.trouble)
    return render_template("tabs/contact.html", deals=listed.value, age=age, notice=notice, **facts)


def _facts(visit: Visit, found: Recognised) -> dict[str, Any]:
    assert found.match is not None  # noqa: S101 -- the callers looked
    contact, lookups = found.match.contact, visit.crm.lookups
    return {
        "found": found,
        "contact": contact,
        "reasons": found.match.reasons,
        "owner": label(lookups.owners(), contact.owner_id),
        "branch": label(lookups.branches(), contact.branch_id),
        "channel": label(lookups.channels(), contact.channel_id),
    }


def _position(stages: list[Stage], stage_id: str) -> int:
    return next((i for i, stage in enumerate(stages, 1) if stage.id == stage_id), 0)


def _stars(value: str) -> int:
    return min(5, int(value)) if value.isdecimal() else 0
