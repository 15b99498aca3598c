"""create_app: builds the services, registers tabs and consoles, headers, error pages."""

from __future__ import annotations

import json
import logging
import time
import zlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Accept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header
from werkzeug.middleware.proxy_fix import ProxyFix

from widget.desk.running import Running
from widget.desk.services import Services, enter, leave, served, services
from widget.desk.shared import Keys
from widget.desk.visits import admit, visit
from widget.diagnosis.metrics import metrics
from widget.domain import errors, logs, texts
from widget.domain.permissions import Permission, needed
from widget.domain.settings import Settings
from widget.panel import forms
from widget.panel import page as panel
from widget.registry import CONSOLES, CRMS, PAGES, TABS
from widget.setup import guard
from widget.setup.office import Office
from widget.web import filters, requests
from widget.web.assets import Assets
from widget.web.indents import Unindented
from widget.web.origins import Sender, sender

ROOT = Path(__file__).parent.parent
SAFE = {"GET", "HEAD", "OPTIONS"}
LARGEST_BODY = 256 * 1024
COMPRESSED = {"text/html", "application/json"}
SMALLEST_PACKED = 500
GZIP = 31  # zlib's number for the largest window within gzip's envelope
log = logging.getLogger("vinculo")


def create_app(settings: Settings, keys: Keys, clock: Callable[[], float] = time.time) -> Flask:
    """The whole product as a WSGI application; nothing happens before this is called."""
    app = Flask("widget", root_path=str(ROOT), template_folder="templates", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.extensions["vinculo"] = Running(settings, keys, CRMS, clock)
    app.extensions["consoles"] = CONSOLES
    requests.follow(app)
    _templates(app, Assets({name: console.script for name, console in CONSOLES.items()}))
    app.register_blueprint(panel.panel)
    for tab in TABS:
        app.register_blueprint(tab, url_prefix=f"/tab/{tab.name.replace('_', '/')}")
    app.before_request(_enter)
    app.after_request(_finish(settings))
    guard.protect(app, PAGES, Office.of(app.extensions["vinculo"], CONSOLES))
    app.teardown_request(_leave)
    app.register_error_handler(errors.VinculoError, _explain)
    app.register_error_handler(Exception, _unexpected)
    app.add_url_rule("/healthz", view_func=_health)
    app.add_url_rule("/metrics", view_func=metrics)
    if settings.proxies:  # only they tell whose address is counted, and whether the way is safe
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=settings.proxies,
            x_proto=settings.proxies,
        )
    app.add_url_rule("/manifest.json", view_func=_manifest)
    return app


def manifest() -> dict[str, object]:
    """What describes the widget, and is the only home of its version."""
    content: dict[str, object] = json.loads((ROOT / "manifest.json").read_text())
    return content


def _templates(app: Flask, assets: Assets) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.add_extension(Unindented)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        texts.gettext,
        texts.ngettext,
        newstyle=False,
    )
    app.jinja_env.filters.update(filters.all_filters(_now))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=texts.gettext,
        ngettext=texts.ngettext,
        asset=assets.url,
        heading=lambda: services().integration.name,
        spoken=texts.spoken,
        may=lambda name: visit().may(Permission(name)),
        silent_since=_silent_since,
    )
    app.register_blueprint(assets.blueprint())


def _enter() -> None:
    """Everything below /tab needs a panel token, and the conversation that the token names."""
    found = served().any()
    headers = request.headers
    texts.speak(
        texts.choose(
            headers.get("X-Panel-Locale"),
            headers.get("Accept-Language"),
            found.shared.settings.locale,
        )
    )
    if guard.is_below():  # where more is asked for
        enter(found)
        return
    is_foreign = sender(found.shared.settings.public_url) is Sender.FOREIGN
    if request.method not in SAFE and is_foreign and not panel.is_for_consoles():
        raise errors.Foreign(headers.get("Sec-Fetch-Site") or "another origin")
    if request.path.startswith("/tab/"):
        _admit(found)
    else:
        enter(found)


def _leave(_: BaseException | None) -> None:
    leave()


def _now() -> datetime:
    """The local time of screens."""
    return services().shared.now()


def _silent_since() -> float | None:
    """Since when (epoch seconds) nothing is heard of the CRM, if so."""
    guarded = services().guarded
    return guarded.trouble.since if guarded and guarded.trouble else None


def _admit(found: Services) -> None:
    token = found.shared.passes.read(request.headers.get("X-Panel-Token", ""))
    conversation = found.shared.conversations.find(token.conversation, token.attendant_id)
    if conversation is None:
        raise errors.Unauthorised("the conversation of the token is unknown")
    if token.pairing and not found.shared.pairings.is_live(token.pairing):
        raise errors.Unauthorised("the pairing of the token was taken back")
    g.token = token
    account = served().of(conversation.host, conversation.account)
    guest = admit(enter(account), conversation, token.pairing)
    if request.endpoint:
        guest.need(needed(current_app.view_functions[request.endpoint]))
    g.visit = guest


def _finish(settings: Settings) -> Callable[[Response], Response]:
    """What happens to every answer; one step, since Flask takes its time over each."""
    usual = {
        "Content-Security-Policy": panel.policy(settings.parents),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }

    def finish(response: Response) -> Response:
        given = {name for name, _ in response.headers}
        response.headers.extend((name, value) for name, value in usual.items() if name not in given)
        return panel.renew(_compress(response))

    return finish


def _compress(response: Response) -> Response:
    """Sends what is drawn for each answer as gzip.

    It takes half the time of brotli, for a tenth more bytes.
    """
    if response.mimetype in COMPRESSED and "Content-Encoding" not in response.headers:
        response.headers.add("Vary", "Accept-Encoding")
        body = response.get_data()
        if len(body) >= SMALLEST_PACKED and _takes_gzip(request.headers.get("Accept-Encoding", "")):
            response.set_data(services().fragments.packed(body, _pack))
            response.headers.add("Content-Encoding", "gzip")
    return response


def _pack(body: bytes) -> bytes:
    return zlib.compress(body, wbits=GZIP)


@lru_cache(100)
def _takes_gzip(header: str) -> bool:
    return parse_accept_header(header, Accept).quality("gzip") > 0


def _explain(error: errors.VinculoError) -> ResponseReturnValue:
    error, saved = forms.despite(error)
    requests.note(error.code)
    log.info(
        "refused",
        extra={
            "fields": {
                "code": error.code,
                "error": type(error).__name__,
                **logs.told(error),
            }
        },
    )
    if saved:
        return saved
    page = "setup/problem.html" if guard.is_below() else "problem_page.html"
    template = "problem.html" if "HX-Request" in request.headers else page
    return render_template(template, error=error), error.status


def _unexpected(error: Exception) -> ResponseReturnValue:
    """The outermost handler: the only place where anything may be caught."""
    if isinstance(error, HTTPException):
        if guard.is_below() and (error.code or 500) >= 400:
            return guard.absent(), error.code or 500
        if "HX-Request" not in request.headers:
            return make_response(error.get_response())
        known = {
            404: errors.NotFound,
            413: errors.TooLarge,
        }.get(error.code or 500, errors.VinculoError)
        return render_template("problem.html", error=known(error.name)), error.code or 500
    log.error("a mistake of ours", exc_info=error)
    return _explain(errors.VinculoError(type(error).__name__))


def _health() -> ResponseReturnValue:
    return jsonify(status="ok")


def _manifest() -> ResponseReturnValue:
    base = services().shared.settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    content = manifest()
    content["consoles"] = [
        {
            **console,
            "url": base + str(console["url"]),
        }
        for console in content["consoles"]  # type: ignore[attr-defined]
    ]
    answer = jsonify(content)
    answer.headers["Access-Control-Allow-Origin"] = "*"  # it holds nothing that is anybody's
    return answer
