"""Notes who comes to the panel's door and what becomes of them.

The diagnosis can thus say what was refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import jwt
from flask import request

from widget.desk.services import services
from widget.domain import errors
from widget.store.records.arrivals import Why
from widget.web.tokens import AUDIENCE, Start

# As much as the reading of a start allows.
LEEWAY = 30
UNTIMED = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


@contextmanager
def watched(host: str, token: str) -> Iterator[None]:
    """Notes why a start was refused inside."""
    try:
        yield
    except errors.Unauthorised:
        why, issued = judged(token, services().shared.keys.start, services().shared.clock())
        services().shared.arrivals.note(host, why, issued=issued)
        raise


@contextmanager
def entering(start: Start) -> Iterator[None]:
    """Notes that somebody came in, or that the console told nothing that could be used."""
    try:
        yield
    except errors.NotFound:
        services().shared.arrivals.note(start.host, Why.CONTEXT, start.account)
        raise
    services().shared.arrivals.note(start.host, Why.IN, start.account)


def look_at_frame(start: Start, allowed: tuple[str, ...]) -> None:
    """Notes from where the page is embedded, if that is not allowed.

    The browser does not show the page then, and says nothing.

    Reference: Fetch Metadata (Sec-Fetch-Dest); the embedding page's origin is the Referer's.
    """
    parts = urlsplit(request.headers.get("Referer", ""))
    origin = f"{parts.scheme}://{parts.netloc}"
    if (
        request.headers.get("Sec-Fetch-Dest") in {"iframe", "frame"}
        and parts.netloc
        and origin not in allowed
    ):
        services().shared.arrivals.note(start.host, Why.ORIGIN, start.account, origin[:200])


def refuse_code(start: Start, typed: str) -> None:
    """Notes that a pairing code was wrong; which one it was is nobody's business."""
    if typed:
        services().shared.arrivals.note(start.host, Why.PAIRING, start.account)


def judged(token: str, key: str, now: float) -> tuple[Why, float]:
    """Why a start is refused, and when the console says it signed it.

    Both hold as far as the start's signature proves them.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=AUDIENCE,
            options=UNTIMED,  # type: ignore[arg-type]
        )
    except jwt.InvalidSignatureError:
        return Why.SIGNATURE, 0.0
    except jwt.PyJWTError:
        return Why.START, 0.0
    issued, expires = _number(claims.get("iat")), _number(claims.get("exp"))
    if max(issued, _number(claims.get("nbf"))) > now + LEEWAY:
        return Why.AHEAD, issued
    return (Why.EXPIRED, issued or expires) if 0 < expires < now - LEEWAY else (Why.START, 0.0)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
