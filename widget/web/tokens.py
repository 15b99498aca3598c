"""Panel tokens: what a panel that is open shows with every request."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache

from itsdangerous import BadData, URLSafeTimedSerializer

from widget.domain import errors

MOST_KNOWN = 2000


@dataclass(frozen=True)
class Pass:
    """What a panel token holds: only ids, and when it was made (epoch seconds).

    ``pairing`` is that of the browser, or "" where the console proves the attendant.
    """

    conversation: str
    attendant_id: str
    pairing: str = ""
    made_at: float = field(default=0.0, compare=False)


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
