"""The way into everything below /setup: who is signed in, and with which role.

It also tells that a form was sent by our own page.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from widget.domain.errors import VinculoError
from widget.domain.permissions import Role
from widget.domain.texts import mark
from widget.setup.navigation import PLACES, Place
from widget.setup.office import EXTENSION, Office, me, office
from widget.web.origins import Sender, sender

COOKIE = "vinculo-setup"
ROOT = "/setup"
# Blueprints that support people may open too; nothing personal is on their pages.
FOR_SUPPORT = {"entrance", "diagnosis"}
# Views for whoever is not signed in.
OPEN = {"entrance.sign_in", "entrance.enter", "entrance.first", "entrance.begin"}
SAFE = {"GET", "HEAD", "OPTIONS"}


class NotForYourRole(VinculoError):
    """Somebody of the support opened a page for administrators."""

    status = 403
    code = "VNC-130"
    sentence = mark("Esta página é só para administradores.")
    advice = mark("Peça a um deles, ou veja o diagnóstico.")


class NotFromOurPage(VinculoError):
    """A form was not sent by a page of the set-up.

    Another site sent it, or a browser that hides its own site.
    """

    status = 403
    code = "VNC-131"
    sentence = mark("O pedido não veio desta página, e nada foi feito.")
    advice = mark("Abra a configuração de novo e repita.")


def protect(app: Flask, pages: Iterable[Blueprint], found: Office) -> None:
    """Serves the pages below /setup, to nobody but those who may.

    To be called before the app's own headers are set.
    """
    app.extensions[EXTENSION] = found
    for page in pages:
        app.register_blueprint(page, url_prefix=ROOT)
    app.before_request(_admit)
    app.after_request(_harden)
    app.jinja_env.globals.update(me=me, places=places)


def places() -> list[Place]:
    """The pages that the person may open."""
    return [place for place in PLACES if place.page in current_app.blueprints and _may(place.page)]


def is_below() -> bool:
    """Whether the request is about the set-up."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def absent() -> str:
    """The page for an address that leads nowhere, or a form that cannot be read."""
    return render_template("setup/absent.html")


def welcome(response: Response, session: str) -> Response:
    """From here on the browser is signed in."""
    is_secure = request.is_secure or office().settings.public_url.startswith("https:")
    response.set_cookie(
        COOKIE, session, path=ROOT, secure=is_secure, httponly=True, samesite="Strict"
    )
    return response


def goodbye(response: Response) -> Response:
    """The browser is signed in no more."""
    response.delete_cookie(COOKIE, path=ROOT, httponly=True, samesite="Strict")
    return response


def session() -> str:
    """What the browser keeps."""
    return request.cookies.get(COOKIE, "")


def _admit() -> ResponseReturnValue | None:
    if not is_below():
        return None
    if request.method not in SAFE and sender(office().settings.public_url) is not Sender.OURS:
        raise NotFromOurPage(request.headers.get("Sec-Fetch-Site") or "another origin")
    g.admin = office().admins.who(session()) if session() else None
    if request.endpoint in OPEN:
        return None
    if me() is None:
        return redirect(
            url_for("entrance.sign_in", to=request.path if request.method in SAFE else None), 303
        )
    if request.blueprint and not _may(request.blueprint):
        raise NotForYourRole(request.blueprint)
    return None


def _may(blueprint: str) -> bool:
    admin = me()
    return admin is not None and (admin.role is Role.ADMINISTRATOR or blueprint in FOR_SUPPORT)


def _harden(response: Response) -> Response:
    """Nobody embeds these pages.

    Forms tell where they were sent from, which ``no-referrer`` would hide.
    """
    if is_below():
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self';"
            " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
            # no script of these pages writes markup
            " require-trusted-types-for 'script'; trusted-types 'none'"
        )
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response
