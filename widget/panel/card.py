"""The first screen: who it is, how sure we are, what is open.

Or several, or nobody, or the CRM is down.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import render_template

from widget.desk import reveals
from widget.desk.recognition import Recognised, recognise
from widget.desk.visits import Visit
from widget.domain import errors
from widget.domain.model import (
    Choice,
    Contact,
    Fetched,
    Freshness,
    Match,
    Negotiation,
    Ref,
    Stage,
    State,
    Written,
    label,
)
from widget.domain.texts import spoken
from widget.panel import forms, progress, tab
from widget.web.fragments import Drawn


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
    state: State = State.DONE


def show(
    visit: Visit, freshness: Freshness, notice: str = "", *, linked: bool = False, trouble: str = ""
) -> str:
    """The first screen as a fragment.

    ``notice`` is announced; a contact just ``linked`` offers its update first.
    """
    if freshness is Freshness.NOW or notice or linked or trouble:
        return _screen(visit, freshness, notice, linked=linked, trouble=trouble).html
    return _again("screen", visit, freshness, lambda: _screen(visit, freshness)).html


def _screen(
    visit: Visit, freshness: Freshness, notice: str = "", *, linked: bool = False, trouble: str = ""
) -> Drawn:
    try:
        found = recognise(visit, freshness, just_saved=bool(notice))
        found = replace(found, trouble=trouble or found.trouble)
        with contextlib.suppress(errors.CRMError):
            visit.owner_id()  # known from now on, so that forms open even when the CRM is down
        if found.match:
            return _known(visit, found, freshness, notice, linked=linked)
    except errors.CRMError as error:
        if (
            freshness is Freshness.NOW
        ):  # what is known stays on the screen, with its age and why it is no younger
            return _screen(visit, Freshness.ANY, notice, linked=linked, trouble=error.code)
        return Drawn(
            render_template(
                "down.html",
                person=visit.conversation.person,
                error=error,
                notice=notice,
                **unfinished(visit),
            )
        )
    template = "several.html" if found.matches else "nobody.html"
    return Drawn(
        render_template(
            template,
            found=found,
            person=found.person,
            notice=notice,
            **unfinished(visit),
            rows=rows(visit, found.matches, freshness),
        )
    )


def saved(visit: Visit, written: Written, done: str) -> str:
    """Returns the first screen after a write was accepted.

    Of one under way it shows what is known: a CRM that has not answered once is not waited for a
    second time.
    """
    is_done = written.state is State.DONE
    freshness = Freshness.RECENT if is_done else Freshness.ANY
    return show(visit, freshness, forms.notice(written, done))


def deals(visit: Visit, contact: Contact, freshness: Freshness) -> Fetched[tuple[Deal, ...]]:
    """The contact's negotiations, ready to be shown; first those that the CRM does not have yet."""
    answer = visit.negotiations(contact, freshness)
    waiting = [replace(deal(visit, n), state=state) for n, state in visit.unsent(contact.ref)]
    listed = [deal(visit, n) for n in answer.value]
    return Fetched((*waiting, *listed), answer.at, answer.stale, answer.trouble)


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
        qualification=_stars(
            negotiation.qualification or visit.services.qualifications.of(negotiation.id)
        ),
    )


def rows(visit: Visit, matches: Iterable[Match], freshness: Freshness) -> list[dict[str, object]]:
    """Matches in a list, each with what tells it from the others.

    Of KNOWN what can be told without asking the CRM.
    """
    listed = list(matches)
    contacts = [match.contact for match in listed]
    cities: dict[str, str] = {}
    counts: dict[Ref, int] = {}
    with contextlib.suppress(errors.CRMError):
        cities = visit.crm.lookups.city_names((contact.city_id for contact in contacts), freshness)
        counts = visit.crm.negotiations.count_open(contacts, freshness)
    met = visit.services.ledger.latest(str(contact.ref) for contact in contacts)
    return [
        {
            "match": match,
            "contact": match.contact,
            "ref": str(match.contact.ref),
            "city": cities.get(match.contact.city_id, ""),
            "open": counts.get(match.contact.ref, 0),
            "met_at": _last_met(visit, match.contact, met),
        }
        for match in listed
    ]


def _last_met(visit: Visit, contact: Contact, met: dict[str, float]) -> str:
    """When somebody was last in touch: as the CRM says, or as our own actions tell.

    An ISO date or date-time.
    """
    ours = met.get(str(contact.ref))
    zone = visit.services.shared.now().tzinfo
    done = datetime.fromtimestamp(ours, zone).strftime("%Y-%m-%d %H:%M:%S") if ours else ""
    return max(done, contact.met_at)


def card_only(visit: Visit, freshness: Freshness) -> str:
    """The card of the contact that the panel shows, "" when it is another one by now.

    Raises CRMError.
    """
    return _again("card", visit, freshness, lambda: _card(visit, freshness)).html


def after_reveal(visit: Visit, kinds: Collection[str], act: str = "") -> str:
    """The card as it is known, after a reveal.

    It says what was ``just`` revealed, and uses it for what it was revealed for.
    """
    return _card(visit, Freshness.ANY, just=kinds, act=act).html


def _card(
    visit: Visit, freshness: Freshness, *, just: Collection[str] = (), act: str = ""
) -> Drawn:
    before, found = visit.ref(), recognise(visit, freshness)
    if found.match is None or found.match.contact.ref != before:
        return Drawn("")
    html = render_template(
        "card.html",
        age=found,
        **_facts(visit, found, freshness)
        | {
            "just": just,
            "act": act,
        },
    )
    return Drawn(html, _until(visit, found))


def _again(what: str, visit: Visit, freshness: Freshness, draw: Callable[[], Drawn]) -> Drawn:
    """What was just drawn of this conversation, if it still holds.

    It was drawn for this attendant in this language.
    """
    return visit.services.fragments.of(
        (what, freshness, visit.conversation, visit.right, spoken()), draw
    )


def _until(visit: Visit, age: Recognised | Fetched[None]) -> float:
    """Until when what is shown as fresh is fresh; what is not is about to be read anew."""
    return (
        0.0 if age.stale or age.trouble else age.at + visit.services.shared.settings.fresh_seconds
    )


def _known(
    visit: Visit, found: Recognised, freshness: Freshness, notice: str, *, linked: bool
) -> Drawn:
    assert found.match is not None  # noqa: S101 -- the caller looked
    # A card that is read anew in a moment does not wait for an appointment that nobody has read
    # yet.
    is_read_anew = found.stale and not found.trouble and freshness is Freshness.ANY
    soon = Freshness.KNOWN if is_read_anew else freshness
    visit.crm.agenda.ahead(found.match.contact, soon)
    listed = _deals_or_why_not(visit, found.match.contact, freshness)
    facts = _facts(visit, found, soon)
    oldest = min(filter(None, (found.at, listed.at)), default=0.0)
    age = Fetched(None, oldest, found.stale or listed.stale, found.trouble or listed.trouble)
    html = render_template(
        "tabs/contact.html",
        deals=listed.value,
        is_unread=not listed.at,
        age=age,
        notice=notice,
        linked=linked,
        tabs=tab.navigation(visit),
        **unfinished(visit),
        **facts,
    )
    return Drawn(html, _until(visit, age))


def _deals_or_why_not(
    visit: Visit, contact: Contact, freshness: Freshness
) -> Fetched[tuple[Deal, ...]]:
    """Who it is can be shown though the negotiations cannot be read.

    Somebody who asks for them anew is told so.
    """
    try:
        return deals(visit, contact, freshness)
    except errors.CRMError as error:
        if freshness is Freshness.NOW:
            raise
        return Fetched((), 0.0, stale=True, trouble=error.code)


def _known_names(read: Callable[[], list[Choice]]) -> list[Choice]:
    """A lookup table for labels; without it the number itself is shown."""
    try:
        return read()
    except errors.CRMError:
        return []


def _facts(visit: Visit, found: Recognised, freshness: Freshness) -> dict[str, Any]:
    assert found.match is not None  # noqa: S101 -- the callers looked
    contact, lookups = found.match.contact, visit.crm.lookups
    shown, hideable = reveals.shown(visit, contact.ref), reveals.kinds_of(contact)
    return {
        "shown": shown,
        "hideable": hideable,
        "hidden": hideable - shown.keys(),
        "hides_in": max(1, round(min(shown.values()) - visit.services.shared.clock()))
        if shown
        else 0,
        "may_reveal": reveals.may(visit),
        "just": (),
        "act": "",
        "found": found,
        "contact": contact,
        "reasons": found.match.reasons,
        "owner": label(_known_names(lookups.owners), contact.owner_id),
        "branch": label(_known_names(lookups.branches), contact.branch_id),
        "channel": label(_known_names(lookups.channels), contact.channel_id),
        "follow_up": visit.crm.agenda.next(contact, freshness),
    }


def unfinished(visit: Visit) -> dict[str, Any]:
    """What waits unsaved in the conversation, and what is saved and on its way."""
    names = visit.services.shared.drafts.names(visit.conversation)
    return {
        "drafts": [way for form in names if (way := tab.way_to(form))],
        **progress.told(visit),
    }


def _position(stages: list[Stage], stage_id: str) -> int:
    return next((i for i, stage in enumerate(stages, 1) if stage.id == stage_id), 0)


def _stars(value: str) -> int:
    return min(5, int(value)) if value.isdecimal() else 0
