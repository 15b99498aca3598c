"""Sign-in, sign-out, the first link, and one's own password."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.desk.services import services
from widget.domain.texts import gettext, mark
from widget.domain.traffic import Why
from widget.setup import guard
from widget.setup.navigation import said
from widget.setup.office import me, office
from widget.setup.sheet import Sheet
from widget.store.records.admins import ROLES, SHORTEST_PASSWORD

entrance = Blueprint("entrance", __name__)
MINUTES = 60.0
LONGEST_NAME = 80
WRONG = mark("Nome ou senha errados.")


@entrance.get("")
def show() -> ResponseReturnValue:
    """The first page that the person may open."""
    page = next((place.page for place in guard.places()), "")
    return redirect(url_for(f"{page}.show" if page else "entrance.account"), 303)


@entrance.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form for name and password."""
    if me():
        return redirect(url_for("entrance.show"), 303)
    return _sign_in(Sheet({"to": request.args.get("to", "")}))


@entrance.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Signs in; limited for each address, and for each name from one address."""
    name, to = request.form.get("name", "").strip()[:LONGEST_NAME], request.form.get("to", "")
    sheet = Sheet(
        {
            "name": name,
            "to": to,
        }
    )
    wait = _limited(name)
    if wait:
        sheet.problems["name"] = gettext(
            "Tentativas demais. Espere %(seconds)s s.", seconds=int(wait) + 1
        )
        return _sign_in(sheet), 429, {"Retry-After": str(int(wait) + 1)}
    session = office().admins.sign_in(name, request.form.get("password", ""))
    if not session:
        sheet.problems["password"] = gettext(WRONG)
        services().shared.arrivals.note("setup", Why.SIGN_IN)
        return _sign_in(sheet), 422
    office().limits.forget("sign-in", _who(name))
    return guard.welcome(_go(to), session)


@entrance.post("/sign-out")
def leave() -> ResponseReturnValue:
    """Ends this session."""
    office().admins.sign_out(guard.session())
    return guard.goodbye(make_response(redirect(url_for("entrance.sign_in", said="out"), 303)))


@entrance.get("/first")
def first() -> ResponseReturnValue:
    """What a one-time link leads to: a name and a password for whoever holds it."""
    return _first(Sheet({"code": request.args.get("code", "")}))


@entrance.post("/first")
def begin() -> ResponseReturnValue:
    """Makes the person, and signs in."""
    code, name = request.form.get("code", ""), request.form.get("name", "").strip()[:LONGEST_NAME]
    sheet = Sheet(
        {
            "code": code,
            "name": name,
        },
        _weak(name),
    )
    if not name:
        sheet.problems["name"] = gettext(mark("Diga um nome."))
    if office().limits.take("first", request.remote_addr or "", 20, 10 * MINUTES):
        return _first(sheet), 429
    if sheet.problems:
        return _first(sheet), 422
    session = office().admins.enter(code, name, request.form.get("password", ""))
    if not session:
        sheet.problems["name"] = gettext(
            mark("Este nome já é de alguém com outro acesso, ou o link não vale mais.")
        )
        return _first(sheet), 422
    return guard.welcome(_go(""), session)


@entrance.get("/account")
def account() -> ResponseReturnValue:
    """The form for another password."""
    return render_template(
        "setup/account.html", form=Sheet(), said=said(), shortest=SHORTEST_PASSWORD
    )


@entrance.post("/account")
def change() -> ResponseReturnValue:
    """Another password; every other browser of the person is signed out."""
    admin = me()
    name = admin.name if admin else ""
    sheet = Sheet({}, _weak(name))
    wait = office().limits.take("change", name, 10, 10 * MINUTES)
    if wait or not office().admins.knows(name, request.form.get("current", "")):
        sheet.problems["current"] = gettext(mark("A senha atual está errada."))
    if sheet.problems:
        return render_template("setup/account.html", form=sheet, shortest=SHORTEST_PASSWORD), 422
    session = office().admins.change(name, request.form.get("password", ""))
    return guard.welcome(
        make_response(redirect(url_for("entrance.account", said="changed"), 303)), session
    )


def _sign_in(sheet: Sheet) -> str:
    is_new = not office().admins.has_administrator()
    return render_template("setup/sign_in.html", form=sheet, said=said(), is_new=is_new)


def _first(sheet: Sheet) -> str:
    role = office().admins.invited(sheet.values["code"])
    return render_template(
        "setup/first.html", form=sheet, role=ROLES[role] if role else "", shortest=SHORTEST_PASSWORD
    )


def _limited(name: str) -> float:
    limits, address = office().limits, request.remote_addr or ""
    return limits.take("sign-in-from", address, 30, 10 * MINUTES) or limits.take(
        "sign-in", _who(name), 5, 5 * MINUTES
    )


def _who(name: str) -> str:
    return f"{request.remote_addr} {name.casefold()}"


def _weak(name: str) -> dict[str, str]:
    """What is wrong with a new password."""
    password = request.form.get("password", "")
    if len(password) < SHORTEST_PASSWORD:
        return {
            "password": gettext("Use pelo menos %(count)s caracteres.", count=SHORTEST_PASSWORD)
        }
    if name and name.casefold() in password.casefold():
        return {"password": gettext(mark("A senha não pode conter o nome."))}
    if password != request.form.get("again", ""):
        return {"again": gettext(mark("As duas senhas são diferentes."))}
    return {}


def _go(to: str) -> Response:
    """Back to the page that was asked for, if it is one of ours."""
    parts = urlsplit(to)
    is_ours = (
        not parts.netloc and not parts.scheme and to.startswith(f"{guard.ROOT}/") and "\\" not in to
    )
    return make_response(redirect(to if is_ours else url_for("entrance.show"), 303))
