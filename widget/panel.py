"""The page in the frame: open it, learn from the console who is there, keep what is typed."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from widget import card, errors, forms
from widget.access import Start, read_start
from widget.crm.protocol import Freshness
from widget.hosts.protocol import Host
from widget.registry import HOSTS
from widget.services import Visit, services, visit
from widget.texts import choose, speak

panel = Blueprint("panel", __name__)
LARGEST_CONTEXT = 64_000


@panel.get("/panel/<host>")
def page(host: str) -> ResponseReturnValue:
    """The page itself: nothing personal in it, painted at once. An unproven address gets nothing more."""
    console = _console(host)
    start = _start(console, request.args.get("start", ""))
    return render_template("panel.html", console=console, start=request.args["start"], locale=start.locale)


@panel.post("/panel/<host>/context")
def context(host: str) -> ResponseReturnValue:
    """Takes what the console tells; answers who it is, and a panel token in the header ``X-Panel-Token``."""
    guest = _admit(_console(host))
    return _with_token(guest, card.show(guest, Freshness.ANY))


@panel.post("/panel/<host>/token")
def token(host: str) -> ResponseReturnValue:
    """The same proof once more for a token that ran out; what is on the screen stays."""
    return _with_token(_admit(_console(host)), "")


@panel.post("/tab/draft/<form>")
def draft(form: str) -> ResponseReturnValue:
    """Keeps what is being typed."""
    forms.keep_draft(visit(), form[:64], request.form.to_dict())
    return "", 204


@panel.delete("/tab/draft/<form>")
def discard(form: str) -> ResponseReturnValue:
    """Forgets what was typed; who cancels goes back to the first screen."""
    visit().services.drafts.drop(visit().conversation, form[:64])
    return card.show(visit(), Freshness.RECENT) if request.args.get("then") == "card" else ("", 204)


def renew(response: Response) -> Response:
    """Each answer carries a fresh token, so that a panel in use never runs out."""
    guest: Visit | None = g.get("visit")
    return _token_header(response, guest) if guest and response.status_code != errors.Unauthorised.status else response


def _console(host: str) -> Host:
    if host not in HOSTS:
        raise errors.NotFound(f"no console named {host[:40]!r}")
    return HOSTS[host]


def _start(console: Host, token_text: str) -> Start:
    start = read_start(token_text, services().start_key, console.name)
    speak(choose(start.locale, request.headers.get("Accept-Language"), services().settings.locale))
    return start


def _admit(console: Host) -> Visit:
    start = _start(console, request.form.get("start", ""))
    conversation = console.conversation(start, _context(request.form.get("context", "")))
    services().conversations.remember(conversation)
    return Visit(services(), conversation)


def _context(text: str) -> dict[str, Any]:
    try:
        context = json.loads(text[:LARGEST_CONTEXT])
    except (ValueError, RecursionError) as error:
        raise errors.NotFound("the context is not JSON") from error
    return context if isinstance(context, dict) else {}


def _with_token(guest: Visit, body: str) -> Response:
    return _token_header(make_response(body), guest)


def _token_header(response: Response, guest: Visit) -> Response:
    response.headers["X-Panel-Token"] = services().passes.make(guest.conversation.key, guest.attendant.id)
    return response
