"""The page of the attendants: who works where, in which department.

It also tells the browsers where they are paired.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.domain.texts import gettext, mark
from widget.setup.navigation import said
from widget.setup.office import office
from widget.setup.sheet import Sheet
from widget.store.records.attendants import Colleague

attendants = Blueprint("attendants", __name__)
LONGEST = 120


@attendants.get("/attendants")
def show() -> ResponseReturnValue:
    """Everybody."""
    known = office().running.shared.attendants
    return render_template(
        "setup/attendants.html",
        people=known.all(),
        departments=_departments(),
        hosts=office().labels,
        said=said(),
    )


@attendants.get("/attendants/new")
def new() -> ResponseReturnValue:
    """The form for somebody whom the console does not prove."""
    accounts = office().running.accounts.all()
    place = f"{accounts[0].host} {accounts[0].account}" if len(accounts) == 1 else ""
    return _form(Sheet({"place": place}))


@attendants.post("/attendants/new")
def add() -> ResponseReturnValue:
    """Adds somebody, and shows the code with which they pair their browser."""
    sheet = Sheet(request.form.to_dict())
    host, _, account = sheet.values.get("place", "").partition(" ")
    name = " ".join(sheet.values.get("name", "").split())[:LONGEST]
    if host not in office().labels or not account.strip():
        sheet.problems["place"] = gettext(mark("Escolha o console."))
    if not name:
        sheet.problems["name"] = gettext(mark("Diga um nome."))
    if sheet.problems:
        return _form(sheet), 422
    email, department = (
        sheet.values.get("email", "").strip()[:LONGEST],
        sheet.values.get("department", ""),
    )
    one = Colleague(
        host, account.strip(), f"p{secrets.token_hex(5)}", name, email, _known(department)
    )
    office().running.shared.attendants.add(one)
    return _one(
        one, code=office().running.shared.pairings.invite(one.host, one.account, one.number)
    )


@attendants.get("/attendants/one")
def one() -> ResponseReturnValue:
    """One attendant."""
    return _one(_find())


@attendants.post("/attendants/one")
def change() -> ResponseReturnValue:
    """Changes the attendant as the button says.

    It gives another department or a new code, revokes a browser, or removes the attendant.
    """
    found, does = _find(), request.form.get("do", "")
    running = office().running
    where = (found.host, found.account, found.number)
    if does == "invite":
        return _one(found, code=running.shared.pairings.invite(*where))
    if does == "remove":
        running.shared.attendants.remove(*where)
        return redirect(url_for("attendants.show", said="gone"), 303)
    if does.startswith("revoke "):
        mine = {
            pairing.id
            for pairing in running.shared.pairings.of(found.host, found.account)
            if pairing.number == found.number
        }
        running.shared.pairings.revoke(
            does.partition(" ")[2] if does.partition(" ")[2] in mine else ""
        )
        return redirect(_address(found, "revoked"), 303)
    running.shared.attendants.add(
        replace(
            found,
            email=request.form.get("email", found.email).strip()[:LONGEST],
            department=_known(request.form.get("department", "")),
        )
    )
    return redirect(_address(found, "kept"), 303)


def _find() -> Colleague:
    values = request.values
    found = office().running.shared.attendants.find(
        values.get("host", ""), values.get("account", ""), values.get("number", "")
    )
    return found or abort(404)


def _address(one: Colleague, done: str) -> str:
    return url_for(
        "attendants.one", host=one.host, account=one.account, number=one.number, said=done
    )


def _departments() -> list[str]:
    return [name for name in office().running.shared.attendants.departments() if name]


def _known(department: str) -> str:
    return department if department in _departments() else ""


def _form(sheet: Sheet) -> str:
    places = [
        (
            f"{account.host} {account.account}",
            f"{office().labels.get(account.host, account.host)} {account.account}",
        )
        for account in office().running.accounts.all()
    ] or [(f"{host} 1", f"{label} 1") for host, label in office().labels.items()]
    return render_template(
        "setup/attendant_new.html", form=sheet, places_=places, departments=_departments()
    )


def _one(one: Colleague, code: str = "") -> str:
    pairings = [
        p
        for p in office().running.shared.pairings.of(one.host, one.account)
        if p.number == one.number
    ]
    return render_template(
        "setup/attendant.html",
        one=one,
        code=code,
        browsers=[p for p in pairings if not p.is_open],
        codes=[p for p in pairings if p.is_open],
        departments=_departments(),
        said=said(),
        host=office().labels.get(one.host),
        form=Sheet(
            {
                "department": one.department,
                "email": one.email,
            }
        ),
    )
