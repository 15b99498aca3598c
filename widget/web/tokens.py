"""Who is asking, and what proves it: start tokens of consoles, our own panel tokens."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jwt
from itsdangerous import BadData, URLSafeTimedSerializer

from widget.domain import errors

AUDIENCE = "vinculo"
MOST_KNOWN = 2000


@dataclass(frozen=True)
class Start:
    """What a console signed: its account and the attendant.

    The attendant is empty when one token serves everybody.
    """

    host: str
    account: str
    attendant_id: str = ""
    attendant_name: str = ""
    attendant_email: str = ""
    locale: str = ""


@dataclass(frozen=True)
class Pass:
    """What a panel token holds: only ids, and when it was made (epoch seconds).

    ``pairing`` is that of the browser, or "" where the console proves the attendant.
    """

    conversation: str
    attendant_id: str
    pairing: str = ""
    made_at: float = field(default=0.0, compare=False)


def read_start(token: str, key: str, host: str) -> Start:
    """Reads the signed start of this console; raises Unauthorised.

    It is a JWT signed with HS256 and the shared start key. Its claims are ``aud`` "vinculo",
    ``host`` and ``account``. When the console knows its attendant they also are ``sub``, ``name``,
    ``email`` and ``exp``. ``locale`` is optional.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=AUDIENCE,
            leeway=30,
            options={"require": ["aud"]},
        )
    except jwt.PyJWTError as error:
        raise errors.Unauthorised(f"start token: {type(error).__name__}") from error
    text = {
        name: str(claims.get(name) or "")
        for name in ("host", "account", "sub", "name", "email", "locale")
    }
    if text["host"] != host or not text["account"]:
        raise errors.Unauthorised("start token of another console")
    if text["sub"] and "exp" not in claims:
        raise errors.Unauthorised("a personal start token must expire")
    return Start(host, text["account"], text["sub"], text["name"], text["email"], text["locale"])


def make_start(key: str, host: str, account: str) -> str:
    """Makes a start token for a console that cannot sign.

    It stands in the registered address and serves every attendant.
    """
    return jwt.encode(
        {
            "aud": AUDIENCE,
            "host": host,
            "account": account,
        },
        key,
        algorithm="HS256",
    )


class Passes:
    """Makes and reads panel tokens."""

    def __init__(self, secret: str, minutes: int) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="panel")
        self._seconds = minutes * 60
        # A panel sends the same token many times; its signature need not be checked each time.
        self._known = lru_cache(MOST_KNOWN)(self._opened)

    def make(self, conversation: str, attendant_id: str, pairing: str = "") -> str:
        """Returns a token for one attendant in one conversation."""
        parts = [conversation, attendant_id]
        if pairing:
            parts.append(pairing)
        return str(self._serializer.dumps(parts))

    def read(self, token: str) -> Pass:
        """What the token says; raises Unauthorised when it is forged or out of date."""
        try:
            found = self._known(token)
        except (BadData, ValueError, TypeError) as error:
            raise errors.Unauthorised(f"panel token: {type(error).__name__}") from error
        if not 0 <= self._age(found) <= self._seconds:
            raise errors.Unauthorised("panel token: out of date")
        return found

    def is_worn(self, found: Pass) -> bool:
        """Whether it is time for a fresh one, so that a panel in use never runs out."""
        return self._age(found) > self._seconds / 20

    def _age(self, found: Pass) -> float:
        return int(time.time()) - found.made_at

    def _opened(self, token: str) -> Pass:
        found, made_at = self._serializer.loads(token, return_timestamp=True)
        conversation, attendant_id, pairing = found if len(found) == 3 else (*found, "")
        return Pass(str(conversation), str(attendant_id), str(pairing), made_at.timestamp())
