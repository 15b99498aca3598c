"""Who is asking, and what proves it: start tokens from consoles, panel tokens of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt
from itsdangerous import BadData, URLSafeTimedSerializer

from widget import errors

AUDIENCE = "vinculo"


@dataclass(frozen=True)
class Start:
    """What a console signed: itself, and the attendant (empty when its one token serves everybody)."""

    host: str
    account: str
    attendant_id: str = ""
    attendant_name: str = ""
    attendant_email: str = ""
    locale: str = ""


@dataclass(frozen=True)
class Pass:
    """What a panel token holds: ids only. ``pairing`` is that of the browser, "" where the console proves who it is."""

    conversation: str
    attendant_id: str
    pairing: str = ""


def read_start(token: str, key: str, host: str) -> Start:
    """The signed start of this console; raises Unauthorised.

    A JWT signed with HS256 and the shared start key. Claims: ``aud`` "vinculo", ``host``, ``account``, and, when the
    console knows its attendant, ``sub``, ``name``, ``email``, ``exp``; ``locale`` if it likes.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=["HS256"], audience=AUDIENCE, leeway=30, options={"require": ["aud"]}
        )
    except jwt.PyJWTError as error:
        raise errors.Unauthorised(f"start token: {type(error).__name__}") from error
    text = {name: str(claims.get(name) or "") for name in ("host", "account", "sub", "name", "email", "locale")}
    if text["host"] != host or not text["account"]:
        raise errors.Unauthorised("start token of another console")
    if text["sub"] and "exp" not in claims:
        raise errors.Unauthorised("a personal start token must expire")
    return Start(host, text["account"], text["sub"], text["name"], text["email"], text["locale"])


def make_start(key: str, host: str, account: str) -> str:
    """A start token for a console that cannot sign: it stands in the registered address and serves every attendant."""
    return jwt.encode({"aud": AUDIENCE, "host": host, "account": account}, key, algorithm="HS256")


class Passes:
    """Makes and reads panel tokens."""

    def __init__(self, secret: str, minutes: int) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="panel")
        self._seconds = minutes * 60

    def make(self, conversation: str, attendant_id: str, pairing: str = "") -> str:
        """A token for one attendant in one conversation."""
        return str(self._serializer.dumps([conversation, attendant_id, *filter(None, [pairing])]))

    def read(self, token: str) -> Pass:
        """What the token says; raises Unauthorised when it is forged or out of date."""
        try:
            found = self._serializer.loads(token, max_age=self._seconds)
            conversation, attendant_id, pairing = found if len(found) == 3 else (*found, "")
        except (BadData, ValueError, TypeError) as error:
            raise errors.Unauthorised(f"panel token: {type(error).__name__}") from error
        return Pass(str(conversation), str(attendant_id), str(pairing))
