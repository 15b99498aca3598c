"""Each fault as a client meets it: another answer, or the CRM's own spoilt on its way.

The other answer stands in place of the CRM's.
"""

from collections.abc import Callable, Mapping

from flask import Response

from widget.emulator.crm import answers, looks, wire
from widget.emulator.crm.switches import Switches

_REPLACED: Mapping[str, Callable[[], Response]] = {
    "html200": lambda: answers.box(200),
    "empty200": lambda: Response("", content_type="text/html; charset=ISO-8859-1"),
    "braces200": lambda: answers.data({}),
    "400": lambda: answers.gateway(400),
    "401": lambda: answers.gateway(401),
    "403": lambda: answers.gateway(403),
    "404": lambda: answers.gateway(404),
    "429": lambda: answers.gateway(429),
    "500": lambda: answers.box(500),
    "502": lambda: answers.gateway(502),
    "503": lambda: answers.gateway(503),
    "504": lambda: answers.box(504),
    "redirect": answers.redirect,
    "error": lambda: answers.error("Não foi possível gravar agora!<br />"),
}


def spoil(answer: Response, fault: str, switches: Switches) -> tuple[Response, wire.Send | None]:
    """The answer under this fault, and how it travels when not in the usual way."""
    if fault in _REPLACED:
        return looks.shown(_replaced(fault, switches), switches), None
    answer = looks.shown(answer, switches)
    if fault == "truncated":
        whole = answer.get_data()
        answer.set_data(whole[: len(whole) * 2 // 3])
        return answer, None
    return answer, _sends(switches).get(fault)


def _replaced(fault: str, switches: Switches) -> Response:
    answer = _REPLACED[fault]()
    if fault == "429":
        answer.headers["Retry-After"] = str(switches.retry_after_seconds)
    return answer


def _sends(switches: Switches) -> Mapping[str, wire.Send]:
    return {
        "reset": wire.reset,
        "reset_after_commit": wire.reset,
        "cut_body": wire.cut_body,
        "half_headers": wire.half_headers,
        "hang": wire.hang,
        "huge": wire.huge(switches.huge_bytes),
        "drip": wire.drip(switches.drip_seconds),
        "drip_headers": wire.drip(switches.drip_seconds, headers=True),
    }
