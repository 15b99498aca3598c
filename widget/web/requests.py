"""The number of each request: in log lines, in a header, and beside an error code."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from widget.domain import logs

HEADER = "X-Request-Id"
log = logging.getLogger("vinculo.access")
# Asked for every few seconds by screens and by whoever watches the server.
QUIET = {
    "/healthz",
    "/tab/pending",
    "/tab/pending/back",
    "/static/<fingerprint>/<path:name>",
    "/metrics",
}


def follow(app: Flask) -> None:
    """Numbers requests, and writes a line for each.

    To be called before anything else hears of them.
    """
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_end)
    app.jinja_env.globals.update(request_number=logs.number)


def note(code: str) -> None:
    """The request ended with the error of this code."""
    g.trouble = code


def _begin() -> None:
    logs.begin()
    g.began = time.perf_counter()


def _finish(response: Response) -> Response:
    """The line names the route, never the address: what people are looked for by stands in it."""
    response.headers[HEADER] = logs.number()
    route = request.url_rule.rule if request.url_rule else ""
    is_quiet = route in QUIET and response.status_code < 400
    fields = {
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "ms": round(1000 * (time.perf_counter() - g.get("began", time.perf_counter())), 1),
    }
    if code := g.get("trouble", ""):
        fields["code"] = code
    log.log(logging.DEBUG if is_quiet else logging.INFO, "request", extra={"fields": fields})
    return response


def _end(_: BaseException | None) -> None:
    logs.end()
