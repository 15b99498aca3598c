"""A new negotiation: the plan presets funnel, stage and value; the stages follow the funnel."""

from __future__ import annotations

from contextlib import suppress

from flask import render_template, request
from flask.typing import ResponseReturnValue

from widget.actions import negotiations
from widget.actions.action import Subject
from widget.desk.visits import visit
from widget.domain import errors
from widget.domain.model import Choice, Freshness, Written
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext, mark
from widget.panel import card, forms
from widget.panel.tab import Place, Tab
from widget.web import fields

tab = Tab(
    "negotiation",
    __name__,
    places=[Place("negotiation-new", mark("Adicionar negociação"), "new")],
)


@tab.get("/new")
@needs(Permission.NEGOTIATE)
def new() -> ResponseReturnValue:
    """The form, with the contact's city and the attendant as owner."""
    guest = visit()
    contact = guest.contact(Freshness.ANY).value
    funnels = guest.crm.lookups.funnels()
    funnel = funnels[0].id if funnels else ""
    stages = guest.crm.lookups.stages(funnel)
    city = None
    with suppress(errors.CRMError):  # one field that is empty is no reason to open no form
        city = guest.crm.lookups.city(contact.city_id)
    defaults = {
        "title": "",
        "plan": "",
        "funnel": funnel,
        "stage": stages[0].id if stages else "",
        "owner": guest.owner_id(),
        "city": city.id if city else "",
        "city_name": _full_name(city) if city else "",
    }
    return _draw(forms.draw(guest, "negotiation-new", defaults))


@tab.get("/path")
@needs(Permission.NEGOTIATE)
def path() -> ResponseReturnValue:
    """Funnel and stage as a plan or a funnel that was just chosen presets them."""
    lookups = visit().crm.lookups
    plan = next((p for p in lookups.plans() if p.id == request.args.get("plan")), None)
    by_plan = request.headers.get("HX-Trigger-Name") == "plan" and plan is not None
    funnel = (
        plan.funnel_id if plan and by_plan and plan.funnel_id else request.args.get("funnel", "")
    )
    stages = lookups.stages(funnel) if funnel else []
    wished = plan.stage_id if plan and by_plan else request.args.get("stage", "")
    stage = wished if wished in {s.id for s in stages} else (stages[0].id if stages else "")
    return render_template(
        "path.html",
        funnels=lookups.funnels(),
        stages=stages,
        values={
            "funnel": funnel,
            "stage": stage,
        },
        problems={},
        plan=plan,
        url="negotiation.path",
    )


@tab.get("/cities")
@needs(Permission.NEGOTIATE)
def cities() -> ResponseReturnValue:
    """The cities whose name holds what was typed, as options of a list box."""
    typed = fields.clean(request.args.get("city_name", ""))
    found = visit().crm.lookups.cities(typed) if len(typed) > 1 else []
    return render_template("cities.html", cities=found, typed=typed)


@tab.post("/new")
@needs(negotiations.create.permission, saves=True)
def create() -> ResponseReturnValue:
    """Opens the negotiation in the CRM."""
    guest = visit()
    form = forms.posted("negotiation-new")

    def send(values: dict[str, str]) -> Written:
        subject = Subject(guest.same(form.contact))
        forms.check_city(form, values)
        return negotiations.create(guest, subject, form.asked(values))

    def done(written: Written) -> ResponseReturnValue:
        return card.saved(
            guest, written, gettext("Negociação salva no CRM, nº %(number)s.", number=written.id)
        )

    return forms.submit(
        guest,
        form,
        negotiations.create.schema,
        send=send,
        done=done,
        draw_again=_draw,
        labels=guest.crm.labels["negotiation.create"],
    )


def _full_name(city: Choice) -> str:
    return f"{city.name} {city.detail}".strip()


def _draw(form: forms.Form) -> str:
    lookups = visit().crm.lookups
    return render_template(
        "tabs/negotiation.html",
        form=form,
        plans=lookups.plans(),
        funnels=lookups.funnels(),
        stages=lookups.stages(form.values.get("funnel", "")),
        owners=lookups.owners(),
        mine=visit().owner_id(),
        contact=visit().contact(Freshness.ANY).value,
        funnels_released=lookups.is_released("funnels"),
        age=lookups.age("funnels", "stages", "plans"),
    )
