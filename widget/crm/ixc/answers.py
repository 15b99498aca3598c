"""What an answer is: the CRM's, somebody else's, or half of one.

And its shape, which tells nothing of its content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from widget.crm import bodies
from widget.crm.probe import Answer, Place

GATEWAYS = {
    500: "crm-error-page",
    502: "gateway",
    503: "gateway",
    504: "gateway",
}
STATUSES = {
    400: "scheme-refused",
    401: "token-refused",
    403: "token-old",
    404: "path-absent",
    407: "sign-in-page",
    429: "busy",
    511: "sign-in-page",
}
# What the webservice's own envelopes hold; other names may be somebody's.
ENVELOPE = ("page", "total", "registros", "type", "message", "id", "atualiza_campos")
RED_BOX = re.compile(r"background:\s*#FF0000|Contate o suporte IXC", re.IGNORECASE)
IXC_LOGIN = re.compile(r"Efetue o login|<title>[^<]*IXC", re.IGNORECASE)
SIGN_IN = re.compile(
    r"type=[\"']?password|<title>[^<]*(?:sign[ -]?in|log[ -]?in|autentica|captive|portal|proxy)",
    re.IGNORECASE,
)
# Answers that only the webservice gives, or something in front of it that asks who we are.
OF_THE_WEBSERVICE = {
    "listing",
    "token-refused",
    "token-old",
    "scheme-refused",
    "address-refused",
    "resource-closed",
    "read-denied",
    "refused",
}


def judged(answer: Answer, place: Place) -> tuple[str, dict[str, object]]:
    """The answer's name in the catalogue.

    "listing", and "refused" for a business rule, are not there: all is well.
    """
    values: dict[str, object] = {
        "status": answer.status,
        "size": len(answer.text),
        "port": place.port,
    }
    if 300 <= answer.status < 400:
        return _elsewhere(answer, place, values)
    if answer.status == 400 and re.search(
        r"plain HTTP request was sent to HTTPS", answer.text, re.IGNORECASE
    ):
        return "tls-wanted", values
    if answer.status in STATUSES:
        return STATUSES[answer.status], values
    if answer.status in GATEWAYS:
        return _page(answer.text, GATEWAYS[answer.status]), values
    return _content(answer), values


def named(status: int, text: str) -> str:
    """Returns in one word what came, for readers who see only the answer."""
    return judged(Answer(status, {}, text, 0.0), Place("https", "", 0))[0]


def told(status: int, text: str) -> str:
    """Returns the shape of an answer that is not understood: what it is, and how long."""
    return f"{named(status, text)} ({len(text)} characters)"


def _elsewhere(
    answer: Answer, place: Place, values: dict[str, object]
) -> tuple[str, dict[str, object]]:
    location = answer.headers.get("Location", "")
    target = urlsplit(location)
    if target.hostname == place.host and target.scheme == "https" and not place.is_tls:
        return "tls-wanted", values
    if not target.hostname or target.hostname == place.host:
        return "path-panel", values
    return "elsewhere", {
        **values,
        "location": f"{target.scheme}://{target.hostname}",
    }


def _content(answer: Answer) -> str:
    text = answer.text.strip()
    if not text and not answer.is_cut:
        return "body-empty"
    try:
        content = bodies.content(text)
    except bodies.NotOne:
        if bodies.is_spoiled(text) and not answer.is_cut:
            return "body-spoiled"
        if answer.is_cut or text[:1] in {"{", "["}:
            return "body-cut"
        return _page(text, "other-site")
    return _object(content) if isinstance(content, dict) else "other-site"


def _object(content: Mapping[str, Any]) -> str:
    if content.get("type") == "error":
        return refusal(str(content.get("message") or ""))
    if "total" in content or "registros" in content or content.get("type") == "success":
        return "listing"
    return "other-site" if content else "body-empty"


def refusal(message: str) -> str:
    """What the CRM's own words of refusal mean. Reference: webservice facts 4."""
    if re.search(r"Recurso \S+ n[ãa]o est[áa] dispon", message):
        return "resource-closed"
    if re.search(r"IP n[ãa]o est[áa] liberado", message):
        return "address-refused"
    return "read-denied" if "permiss" in message.casefold() else "refused"


def _page(text: str, usual: str) -> str:
    if RED_BOX.search(text):
        return "crm-error-page" if usual != "gateway" else "gateway"
    if IXC_LOGIN.search(text):
        return "path-panel"
    return "sign-in-page" if SIGN_IN.search(text) else usual


def shape(answer: Mapping[str, Any]) -> str:
    """Returns the shape of an answer.

    It tells the names of the envelope and how many records of how many columns came, and nothing of
    their content.
    """
    parts = [_part(name, answer[name]) for name in ENVELOPE if name in answer]
    others = len(set(answer) - set(ENVELOPE))
    return "{" + ", ".join([*parts, *([f"+{others}"] if others else [])]) + "}"


def _part(name: str, value: object) -> str:
    if name == "type":
        return f"type={value}" if value in ("success", "error") else name
    if not isinstance(value, list):
        return name
    columns = len(value[0]) if value and isinstance(value[0], dict) else 0
    return f"{name}[{len(value)}×{columns}]" if columns else f"{name}[{len(value)}]"
