"""How each console opens the panel, for the tests that every console must pass."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.utils import base64url_encode

from tests.consoles.plain import Plain
from tests.product import ANA
from widget.consoles.port import Console
from widget.registry import CONSOLES


@dataclass(frozen=True)
class Example:
    """``values`` makes what opens the panel from the claims, the key and the algorithm.

    ``context`` is what the console's script could pass on; ``lies`` claims somebody else.
    """

    method: str
    values: Callable[..., dict[str, str]]
    context: Mapping[str, Any]
    lies: Mapping[str, Any]


def signed(console: str, key: str, *, algorithm: str = "HS256", **claims: Any) -> str:
    """A token with these claims; None leaves one out."""
    now = int(time.time())
    body = {
        "aud": "vinculo",
        "host": console,
        "account": "1",
        "iat": now,
        "exp": now + 600,
        **ANA,
        **claims,
    }
    told = {name: value for name, value in body.items() if value is not None}
    if key == "":
        return _by_hand(told)
    return jwt.encode(told, "" if algorithm == "none" else key, algorithm=algorithm)


def _by_hand(claims: Mapping[str, Any]) -> str:
    """Signed with an empty key, which the library refuses to do."""
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    text = ".".join(base64url_encode(json.dumps(part).encode()).decode() for part in parts)
    signature = hmac.digest(b"", text.encode(), "sha256")
    return f"{text}.{base64url_encode(signature).decode()}"


def _address(key: str, **claims: Any) -> dict[str, str]:
    return {"start": signed("chatwoot", key, **{"host": "chatwoot", **claims})}


def _form(key: str, **claims: Any) -> dict[str, str]:
    told = {"conversation": "7", "person": "101", "phone": "+554988124417", **claims}
    return {"account": "1", "token": signed("plain", key, **told)}


EXAMPLES = {
    "chatwoot": Example(
        "GET",
        _address,
        {
            "conversation": {"id": 7, "meta": {"channel": "Channel::Whatsapp"}},
            "contact": {"id": 101, "name": "Marina", "phone_number": "+554988124417"},
            "currentAgent": {"id": 1, "name": "Ana Souza", "email": "ana.souza@serranet.example"},
        },
        {
            "conversation": {"id": 9},
            "contact": {"id": 102, "phone_number": "+5549999032288"},
            "currentAgent": {"id": 2, "name": "Rui Matos", "email": "rui.matos@serranet.example"},
        },
    ),
    "plain": Example("POST", _form, {}, {"conversation": 9, "person": 102, "attendant": 2}),
}
EVERY: dict[str, Console] = {**CONSOLES, "plain": Plain()}
