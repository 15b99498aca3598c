"""The page of the departments: what each may do."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.domain.permissions import ALL, LABELS, Permission
from widget.domain.texts import gettext, mark
from widget.setup.navigation import said
from widget.setup.office import office
from widget.setup.sheet import Sheet

departments = Blueprint("departments", __name__)
LONGEST = 60


@departments.get("/departments")
def show() -> ResponseReturnValue:
    """All of them, with what each may do."""
    return _page(Sheet())


@departments.post("/departments")
def save() -> ResponseReturnValue:
    """What was ticked for each; a new one, or one dissolved, where the button says so."""
    known = office().running.shared.attendants
    if gone := request.form.get("dissolve", ""):
        known.dissolve(gone)
        return redirect(url_for("departments.show", said="dissolved"), 303)
    if request.form.get("do") == "add":
        name = " ".join(request.form.get("name", "").split())[:LONGEST]
        if not name or name.casefold() in {other.casefold() for other in known.departments()}:
            sheet = Sheet(
                {"name": name},
                {"name": gettext(mark("Diga um nome que nenhum outro departamento tem."))},
            )
            return _page(sheet), 422
        known.allow(name, ALL)
        return redirect(url_for("departments.show", said="made"), 303)
    ticked = set(request.form.getlist("may"))
    for number, name in enumerate(request.form.getlist("department")):
        if name in known.departments():
            known.allow(name, [each for each in Permission if f"{number} {each}" in ticked])
    return redirect(url_for("departments.show", said="kept"), 303)


def _page(sheet: Sheet) -> str:
    known = office().running.shared.attendants
    people = [colleague.department for colleague in known.all()]
    return render_template(
        "setup/departments.html",
        departments=known.departments(),
        labels=LABELS,
        people=people.count,
        form=sheet,
        said=said(),
    )
