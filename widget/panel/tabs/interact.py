"""Interact with a negotiation: qualification, funnel, stage, status."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from widget.actions import negotiations
from widget.actions.action import Subject
from widget.actions.negotiations import COMPARED
from widget.desk.visits import visit
from widget.domain import errors
from widget.domain.model import Freshness, Negotiation, Status, Written
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.panel import card, forms, progress
from widget.panel.tab import Place, Tab

tab = Tab(
    "interact",
    __name__,
    places=[Place("interact", mark("Interagir"), "form", about="number")],
)


@tab.get("/<number>")
@needs(Permission.NEGOTIATE)
def form(number: str) -> ResponseReturnValue:
    """The negotiation as it is in the CRM right now."""
    guest = visit()
    contact = guest.contact(Freshness.ANY).value
    negotiation = guest.editable_negotiation(contact, number)
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
    conflicts = _conflicts(drawn, drawn.alert) if drawn.alert else {}
    return _draw(drawn, negotiation, conflicts)


@tab.post("/<number>")
@needs(negotiations.update.permission, saves=True)
def save(number: str) -> ResponseReturnValue:
    """Moves the negotiation."""
    guest = visit()
    form = forms.posted(f"interact-{number}")
    # As it was read last: to draw a form again the CRM must not be needed.
    negotiation = guest.negotiation(guest.contact(Freshness.ANY).value, number)

    def send(values: dict[str, str]) -> Written:
        subject = Subject(guest.same(form.contact), number)
        return negotiations.update(guest, subject, form.asked(values, form.before(COMPARED)))

    def done(written: Written) -> ResponseReturnValue:
        return card.saved(guest, written, gettext("Negociação atualizada no CRM."))

    def ask_back(question: errors.Stale) -> str:
        return _draw(form, negotiation, _conflicts(form, question))

    return forms.submit(
        guest,
        form,
        negotiations.update.schema,
        send=send,
        done=done,
        draw_again=lambda drawn: _draw(drawn, negotiation),
        labels=guest.crm.labels["negotiation.update"],
        ask_back=ask_back,
    )


def _conflicts(form: forms.Form, conflict: errors.VinculoError) -> dict[str, str]:
    """What changed in the CRM since the form was drawn (field → theirs).

    The form takes over what was not touched in it, so that saving again undoes nobody's work
    unseen.
    """
    if not isinstance(conflict, errors.Conflict):
        return {}
    changed = {name: conflict.theirs[name] for name in COMPARED if name in conflict.theirs}
    for name, theirs in changed.items():
        if form.values.get(name, "") == form.values.get(f"before_{name}", ""):
            form.values[name] = theirs
        form.values[f"before_{name}"] = theirs
    return changed


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
