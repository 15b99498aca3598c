"""Our own seal over what a console proved once: the page carries it as long as it is open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from widget.consoles.port import Start
from widget.domain import errors
from widget.domain.model import Attendant, Person
from widget.domain.traffic import Why

# A working day. After it the console opens the page anew.
LONGEST_SECONDS = 12 * 3600
MARK = "seal."


class Seals:
    """Seals starts and opens them.

    A seal ends when the account's key is changed: what the old key proved is proven no longer.
    """

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="start")

    def seal(self, start: Start, key: str) -> str:
        """Returns the start as a text that only we could have written."""
        body = {name: value for name, value in asdict(start).items() if name != "token"}
        return MARK + str(self._serializer.dumps([_fingerprint(key), body]))

    def is_seal(self, text: str) -> bool:
        """Whether the text looks like a seal of ours, rather than a console's own token."""
        return text.startswith(MARK)

    def open(self, text: str, key: Callable[[str], str], console: str) -> Start:
        """Returns the start that was sealed; raises Unauthorised.

        ``key`` gives what the console signs with in an account now.
        """
        try:
            content = text.removeprefix(MARK)
            fingerprint, body = self._serializer.loads(content, max_age=LONGEST_SECONDS)
            start = replace(_start(body), token=text)
        except (BadData, ValueError, TypeError, KeyError) as error:
            raise errors.Unauthorised(f"seal: {type(error).__name__}") from error
        if start.console != console:
            raise errors.Unauthorised("a seal for another console")
        if fingerprint != _fingerprint(key(start.account)):
            raise errors.Unauthorised("the account's key has changed", why=Why.SIGNATURE)
        return start


def _fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _start(body: dict[str, Any]) -> Start:
    attendant, person = body.pop("attendant"), body.pop("person")
    return Start(
        attendant=Attendant(**attendant) if attendant else None,
        person=_person(person) if person else None,
        **body,
    )


def _person(body: Mapping[str, Any]) -> Person:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in body.items()
    }
    return Person(**values)
