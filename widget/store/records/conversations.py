"""Who is in each conversation, as its console told it last, and which contact its panel shows."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Hashable
from dataclasses import asdict
from typing import Any

from widget.domain.errors import StorageFailed
from widget.domain.model import Attendant, Conversation, Person, Proof, Ref
from widget.store.engine.port import Lock, Row, Store

# So many conversations may be remembered by the process alone while the disk takes nothing.
MOST_UNKEPT = MOST_FOUND = 1000
# When a conversation was seen is told to the hour: opening it again soon changes nothing, and costs
# no write.
SEEN_WITHIN = 3600


class Conversations:
    """Conversations by key; a panel token carries only the key.

    While the disk takes nothing the process remembers by itself, so that reading goes on; nobody's
    writes end up with another contact for that: what is remembered counts only as long as the disk
    says what it said then.
    """

    def __init__(self, database: Store, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._unkept: dict[str, tuple[Row | None, Row]] = {}
        self._found: dict[tuple[str, str], tuple[Hashable, Conversation | None]] = {}

    def remember(self, conversation: Conversation) -> None:
        """Keeps what the console says now.

        Who else is in it does not matter: the key is per attendant.
        """
        body = json.dumps(asdict(conversation), ensure_ascii=False)
        key = self._key(conversation.key, conversation.attendant.id)
        self._change(key, self._row(key), body=body)

    def find(self, key: str, attendant_id: str) -> Conversation | None:
        """The conversation as this attendant's console told it.

        Asked for by every request, so it is remembered.
        """
        try:
            version = self._database.version()
        except StorageFailed:
            return self._find(self._key(key, attendant_id))
        before, found = self._found.get((key, attendant_id), (None, None))
        if before != version:
            found = self._find(self._key(key, attendant_id))
            if len(self._found) >= MOST_FOUND:
                self._found.clear()
            self._found[key, attendant_id] = version, found
        return found

    def _find(self, key: str) -> Conversation | None:
        row = self._row(key)
        return _conversation(json.loads(row["body"])) if row else None

    def show(self, conversation: Conversation, ref: Ref | None) -> None:
        """Notes which contact the panel of this conversation shows.

        Writes are accepted for no other.
        """
        key = self._key(conversation.key, conversation.attendant.id)
        if row := self._row(key):
            self._change(key, row, contact=str(ref) if ref else None)

    def shown(self, conversation: Conversation) -> Ref | None:
        """The contact that the panel of this conversation shows."""
        row = self._row(self._key(conversation.key, conversation.attendant.id))
        return Ref.parse(row["contact"]) if row and row["contact"] else None

    def _change(self, key: str, known: Row | None, **values: str | None) -> None:
        if known and key not in self._unkept and self._holds(known, values):
            return
        try:
            with self._database.transaction(Lock.RECORDS):
                row = {
                    "contact": None,
                    **(self._row(key) or {}),
                    **values,
                }
                self._database.run(
                    "INSERT INTO conversations (key, body, contact, seen_at) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (key)"
                    " DO UPDATE SET body = excluded.body, contact = excluded.contact, seen_at = "
                    "excluded.seen_at",
                    key,
                    row["body"],
                    row["contact"],
                    self._clock(),
                )
            self._unkept.pop(key, None)
        except StorageFailed:
            if len(self._unkept) >= MOST_UNKEPT:
                raise
            self._unkept[key] = (
                self._on_disk(key),
                {
                    "contact": None,
                    **(self._row(key) or {}),
                    **values,
                },
            )
            self._found.clear()

    def _holds(self, row: Row, values: dict[str, str | None]) -> bool:
        """Whether the row says this already, and that not long ago."""
        return {
            **row,
            **values,
        } == row and 0 <= self._clock() - row["seen_at"] < SEEN_WITHIN

    def _row(self, key: str) -> Row | None:
        before, now = self._unkept.get(key, (None, None))
        row = self._on_disk(key)
        return now if now and row == before else row

    def _on_disk(self, key: str) -> Row | None:
        return self._database.row(
            "SELECT body, contact, seen_at FROM conversations WHERE key = ?", key
        )

    @staticmethod
    def _key(conversation: str, attendant_id: str) -> str:
        return f"{conversation}@{attendant_id}"


def _conversation(body: dict[str, Any]) -> Conversation:
    kept = body.pop("person")
    person = {name: _frozen(value) for name, value in kept.items()}
    return Conversation(
        person=Person(**person),
        attendant=Attendant(**body.pop("attendant")),
        proven=tuple(Proof(name) for name in body.pop("proven", ())),
        **body,
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
