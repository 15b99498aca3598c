"""The page in the frame: open it, learn from the console who is there, keep what is typed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from widget.consoles.port import Console, Opening, Start, believed, chosen
from widget.consoles.seals import Seals
from widget.desk.services import enter, served, services
from widget.desk.visits import Visit, admit, visit
from widget.domain import errors
from widget.domain.model import Attendant, Freshness
from widget.domain.permissions import Permission, needs
from widget.domain.texts import choose, speak
from widget.panel import admission, card, forms
from widget.web import browsers
from widget.web.tokens import Pass

panel = Blueprint("panel", __name__)
# More than the console's script ever passes on; other requests are held to less.
LARGEST_CONTEXT = 4 * 1024 * 1024
LONGEST_NUMBER = 100
# Codes that may be typed from one address, and ten times as many for one account, within so many
# seconds.
TRIES, TRIES_SECONDS = 10, 600.0
# As long as browsers keep a cookie at most.
PAIRED_SECONDS = 400 * 24 * 3600


@panel.before_request
def _make_room() -> None:
    """A context may be large, with all that a house keeps of its contacts."""
    if request.path.startswith("/panel/"):
        request.max_content_length = request.max_form_memory_size = LARGEST_CONTEXT


# The one address that a page of another site may post to: a console opens the panel with a form.
OPENING = "panel.page"


@panel.route("/panel/<host>", methods=["GET", "POST"])
def page(host: str) -> ResponseReturnValue:
    """The page itself: nothing personal in it, painted at once.

    An address or form that proves nothing gets nothing more.
    """
    console = _console(host)
    start = _opened(console)
    parents = served().parents(console.name, start.account)
    options = chosen(console, served().options(console.name, start.account))
    admission.look_at_frame(start, parents)
    page = render_template(
        "panel.html",
        console=console,
        start=start.token or _sealed(start),
        account=start.account,
        parents=parents,
        data=console.page_data(start, options),
        is_proven=start.attendant is not None,
    )
    return page, {"Content-Security-Policy": policy(parents, console.script_sources)}


def is_for_consoles() -> bool:
    """Whether this request opens the panel as its console does, with a form of another site."""
    known: Mapping[str, Console] = current_app.extensions["consoles"]
    console = known.get((request.view_args or {}).get("host", ""))
    return request.endpoint == OPENING and console is not None and "POST" in console.methods


@panel.post("/panel/<host>/context")
def context(host: str) -> ResponseReturnValue:
    """Takes what the console tells.

    Answers who it is, and a panel token in the header ``X-Panel-Token``.
    """
    console = _console(host)
    try:
        guest = _admit(console)
    except errors.NotPaired as error:
        return _ask_for_code(console), error.status
    return card.show(guest, Freshness.ANY)


@panel.post("/panel/<host>/pair")
def pair(host: str) -> ResponseReturnValue:
    """Takes the code that an administrator gave out.

    The header ``X-Pairing`` is what the browser keeps for it.
    """
    console, typed = _console(host), request.form.get("code", "")
    start = _again(console)
    for whose, most in (
        (request.remote_addr or "", TRIES),
        (f"{start.console}:{start.account}", 10 * TRIES),
    ):
        if services().shared.limits.take("pair", whose, most, TRIES_SECONDS):
            raise errors.TooMany("codes")
    browser = browsers.name(request.headers.get("User-Agent", ""))
    secret = services().shared.pairings.redeem(console.name, start.account, typed, browser)
    if not secret:
        admission.refuse_code(start, typed)
        return _ask_for_code(console, typed), errors.Invalid.status
    response = make_response(card.show(_admit(console, secret), Freshness.ANY))
    response.headers["X-Pairing"] = secret
    response.set_cookie(
        _cookie(start),
        secret,
        max_age=PAIRED_SECONDS,
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )
    return response


@panel.post("/panel/<host>/token")
def token(host: str) -> ResponseReturnValue:
    """The same proof once more for a token that ran out; what is on the screen stays."""
    _admit(_console(host))
    return ""


@panel.post("/tab/draft/<form>")
@needs(Permission.SEE)
def draft(form: str) -> ResponseReturnValue:
    """Keeps what is being typed."""
    forms.keep_draft(visit(), form[:64], request.form.to_dict())
    return "", 204


@panel.delete("/tab/draft/<form>")
@needs(Permission.SEE)
def discard(form: str) -> ResponseReturnValue:
    """Forgets what was typed; who cancels goes back to the first screen."""
    visit().services.shared.drafts.drop(visit().conversation, form[:64])
    return card.show(visit(), Freshness.RECENT) if request.args.get("then") == "card" else ("", 204)


def policy(parents: Iterable[str], script_sources: Iterable[str] = ()) -> str:
    """What a page of ours may load, and who may embed it: these origins, or nobody."""
    scripts = " ".join(("'self'", *script_sources))
    embedders = " ".join(parents) or "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self';"
        f" form-action 'self'; base-uri 'none'; frame-ancestors {embedders}"
    )


def renew(response: Response) -> Response:
    """Answers carry a fresh token now and then, so that a panel in use never runs out."""
    guest: Visit | None = g.get("visit")
    if guest is None or response.status_code == errors.Unauthorised.status:
        return response
    token: Pass | None = g.get("token")
    if token is None or services().shared.passes.is_worn(token):
        response.headers["X-Panel-Token"] = services().shared.passes.make(
            guest.conversation.key, guest.attendant.id, guest.pairing
        )
    return response


def _console(host: str) -> Console:
    known: Mapping[str, Console] = current_app.extensions["consoles"]
    if host not in known:
        raise errors.NotFound(f"no console named {host[:40]!r}")
    return known[host]


def _opened(console: Console) -> Start:
    """What the console proves as it opens the page."""
    values = request.form if request.method == "POST" else request.args
    with admission.watched(console.name):
        if request.method.replace("HEAD", "GET") not in console.methods:
            raise errors.Unauthorised(f"{console.name} does not open by {request.method}")
        return _spoken(console.start(_opening(console, values.to_dict())))


def _again(console: Console) -> Start:
    """What the page shows of that proof with every request: the console's token, or our seal."""
    shown = request.form.get("start", "")
    with admission.watched(console.name):
        if _seals().is_seal(shown):
            key = partial(served().key, console.name)
            return _spoken(_seals().open(shown, key, console.name))
        return _spoken(console.start(_opening(console, {"start": shown})))


def _opening(console: Console, values: Mapping[str, str]) -> Opening:
    key = partial(served().key, console.name)
    return Opening(values, key, services().shared.clock())


def _sealed(start: Start) -> str:
    return _seals().seal(start, served().key(start.console, start.account))


def _seals() -> Seals:
    return Seals(services().shared.keys.secret)


def _spoken(start: Start) -> Start:
    """The start; from here on the request speaks its language."""
    usual = services().shared.settings.locale
    speak(choose(start.locale, request.headers.get("Accept-Language"), usual))
    return start


def _ask_for_code(console: Console, wrong: str = "") -> str:
    return render_template("pair.html", console=console, code=errors.NotPaired.code, wrong=wrong)


def _admit(console: Console, pairing: str = "") -> Visit:
    """The visit, once it is proven who is there.

    The console's signature proves it, or what this browser keeps.
    """
    start = _again(console)
    with admission.entering(start):
        found = enter(served().of(start.console, start.account))
        claimed = console.conversation(start, _context(request.form.get("context", "")))
    conversation = replace(believed(start, claimed), integration=found.id)
    proof = ""
    if not conversation.attendant.proven:
        proof, attendant = _paired(start, pairing or _kept_by_browser(start))
        conversation = replace(conversation, attendant=attendant)
    guest = admit(found, conversation, proof)
    known = found.shared.conversations.find(conversation.key, conversation.attendant.id)
    if known is None or known.person != conversation.person:
        guest.count("people")
    services().shared.attendants.meet(conversation)
    services().shared.conversations.remember(conversation)
    g.visit = guest
    return guest


def _kept_by_browser(start: Start) -> str:
    """What this browser keeps for the console.

    It is the browser's storage, or a cookie where a frame of another site has no storage. The
    cookie lives in the partition of the console's site. Reference: facts of the consoles, 4
    (cookies).
    """
    return request.form.get("pairing", "") or request.cookies.get(_cookie(start), "")


def _cookie(start: Start) -> str:
    place = hashlib.sha256(f"{start.console}:{start.account}".encode()).hexdigest()[:12]
    return f"__Host-vinculo-{place}"


def _paired(start: Start, secret: str) -> tuple[str, Attendant]:
    """The browser's pairing and whom it proves; raises NotPaired."""
    pairings, attendants = services().shared.pairings, services().shared.attendants
    pairing, number = "", ""
    if secret:
        pairing, number = pairings.find(start.console, start.account, secret)
    known = attendants.find(start.console, start.account, number) if number else None
    if known is None:
        raise errors.NotPaired("neither the console nor the browser proves who it is")
    return pairing, Attendant(known.number, known.name, known.email, proven=True)


def _context(text: str) -> dict[str, Any]:
    try:
        context = json.loads(text, parse_int=_number)
    except (ValueError, RecursionError) as error:
        raise errors.NotFound("the context is not JSON") from error
    return context if isinstance(context, dict) else {}


def _number(digits: str) -> int | None:
    """A whole number; nothing for one so long that Python refuses to read it."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else None
