"""The page of those who may open the set-up: invited by a link, removed again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.domain.permissions import Role
from widget.setup.navigation import said
from widget.setup.office import me, office
from widget.store.records.admins import ROLES

people = Blueprint("people", __name__)


@people.get("/people")
def show() -> ResponseReturnValue:
    """Everybody who may sign in."""
    return _page()


@people.post("/people")
def change() -> ResponseReturnValue:
    """A link for somebody new, shown once, or somebody removed: as the button says."""
    if name := request.form.get("remove", ""):
        admin = me()
        is_me = admin is not None and admin.name.casefold() == name.casefold()
        done = not is_me and office().admins.remove(name)
        return redirect(url_for("people.show", said="gone" if done else "stays"), 303)
    role = Role.SUPPORT if request.form.get("role") == Role.SUPPORT else Role.ADMINISTRATOR
    base = office().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    return _page(base + url_for("entrance.first", code=office().admins.invite(role)), role)


def _page(link: str = "", role: Role = Role.SUPPORT) -> str:
    return render_template(
        "setup/people.html",
        people=office().admins.all(),
        roles=ROLES,
        link=link,
        role=ROLES[role],
        said=said(),
    )
