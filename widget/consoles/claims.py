"""Start tokens: JSON Web Tokens that a console signs with a key it shares with us.

Reference: RFC 7519 for the claims ``aud``, ``sub``, ``iat``, ``nbf`` and ``exp``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from jwt.utils import base64url_decode

from widget.consoles.port import Start
from widget.domain import errors
from widget.domain.model import Attendant
from widget.domain.traffic import Why

AUDIENCE = "vinculo"
ALGORITHM = "HS256"
# Seconds by which the clocks of console and panel may differ.
LEEWAY = 30


def start_of(token: str, key: Callable[[str], str], console: str, now: float) -> Start:
    """Reads the start token of a console; raises Unauthorised.

    Its claims are ``aud`` "vinculo", ``host`` (the console) and ``account``. When the console knows
    its attendant they also are ``sub``, ``name``, ``email`` and ``exp``. ``locale`` is optional.
    """
    claims = verified(token, key(_account(token)), now)
    text = {
        name: str(claims.get(name) or "")
        for name in ("host", "account", "sub", "name", "email", "locale")
    }
    if text["host"] != console or not text["account"]:
        raise errors.Unauthorised("start token of another console")
    if text["sub"] and "exp" not in claims:
        raise errors.Unauthorised("a personal start token must expire")
    attendant = None
    if text["sub"]:
        attendant = Attendant(text["sub"], text["name"], text["email"], proven=True)
    return Start(console, text["account"], attendant, locale=text["locale"], token=token)


def make_start(key: str, console: str, account: str) -> str:
    """Makes a start token for a console that cannot sign.

    It stands in the registered address and serves every attendant.
    """
    claims = {"aud": AUDIENCE, "host": console, "account": account}
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def verified(token: str, key: str, now: float) -> Mapping[str, Any]:
    """The claims of a token signed with the key, in force now; raises Unauthorised."""
    if not key:
        raise errors.Unauthorised("no key that could prove a start token", why=Why.SIGNATURE)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            leeway=LEEWAY,
            options={"require": ["aud"]},
        )
    except jwt.PyJWTError as error:
        why, issued = _refusal(token, key, now)
        detail = f"start token: {type(error).__name__}"
        raise errors.Unauthorised(detail, why=why, issued=issued) from error
    return claims


def _account(token: str) -> str:
    """The account that a token names, before anything about it is proven.

    Every request asks, so only the claims are read; ``verified`` judges the whole token after it.
    """
    _, _, rest = token.partition(".")
    try:
        claims = json.loads(base64url_decode(rest.partition(".")[0]))
    except (ValueError, RecursionError):
        return ""
    return str(claims.get("account") or "") if isinstance(claims, dict) else ""


def _refusal(token: str, key: str, now: float) -> tuple[Why, float]:
    """Why a token is refused, and when the console says it signed it.

    Both hold as far as the token's signature proves them.
    """
    untimed = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options=untimed,  # type: ignore[arg-type]
        )
    except jwt.InvalidSignatureError:
        return Why.SIGNATURE, 0.0
    except jwt.PyJWTError:
        return Why.START, 0.0
    issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    if max(issued, _seconds(claims.get("nbf"))) > now + LEEWAY:
        return Why.AHEAD, issued
    if 0 < expires < now - LEEWAY:
        return Why.EXPIRED, issued or expires
    return Why.START, 0.0


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
