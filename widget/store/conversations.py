"""Who is in each conversation, as its console told it last, and which contact its panel shows."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict

from widget.model import Attendant, Conversation, Person, Ref
from widget.store.database import Database


class Conversations:
    """Conversations by key; a panel token carries only the key."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def remember(self, conversation: Conversation) -> None:
        """Keeps what the console says now; who else is in it does not matter: the key is per attendant."""
        self._database.run(
            "INSERT INTO conversations (key, body, seen_at) VALUES (?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET body = excluded.body, seen_at = excluded.seen_at",
            self._key(conversation.key, conversation.attendant.id),
            json.dumps(asdict(conversation), ensure_ascii=False),
            self._clock(),
        )

    def find(self, key: str, attendant_id: str) -> Conversation | None:
        """The conversation as this attendant's console told it."""
        row = self._database.row("SELECT body FROM conversations WHERE key = ?", self._key(key, attendant_id))
        return _conversation(json.loads(row["body"])) if row else None

    def show(self, conversation: Conversation, ref: Ref | None) -> None:
        """Notes which contact the panel of this conversation shows; writes are accepted for no other."""
        self._database.run(
            "UPDATE conversations SET contact = ? WHERE key = ?",
            str(ref) if ref else None, self._key(conversation.key, conversation.attendant.id),
        )  # fmt: skip

    def shown(self, conversation: Conversation) -> Ref | None:
        """The contact that the panel of this conversation shows."""
        row = self._database.row(
            "SELECT contact FROM conversations WHERE key = ?", self._key(conversation.key, conversation.attendant.id)
        )
        return Ref.parse(row["contact"]) if row and row["contact"] else None

    @staticmethod
    def _key(conversation: str, attendant_id: str) -> str:
        return f"{conversation}@{attendant_id}"


def _conversation(body: dict[str, object]) -> Conversation:
    person = {k: tuple(v) if isinstance(v, list) else v for k, v in dict(body.pop("person")).items()}  # type: ignore[call-overload]
    attendant = Attendant(**body.pop("attendant"))  # type: ignore[arg-type]
    return Conversation(person=Person(**person), attendant=attendant, **body)  # type: ignore[arg-type]
