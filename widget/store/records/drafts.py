"""What is being typed, until it is saved: per conversation, form and attendant."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

from widget.domain.model import Conversation
from widget.store.engine.port import Store


class Drafts:
    """Drafts survive reload, tab change, sign-out and conversation switch."""

    def __init__(self, database: Store, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def keep(self, conversation: Conversation, form: str, values: Mapping[str, object]) -> None:
        """Keeps the form as it stands now."""
        self._database.run(
            "INSERT INTO drafts (conversation, form, attendant, body, at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (conversation, form, attendant) DO UPDATE SET body = excluded.body, at "
            "= excluded.at",
            conversation.key,
            form,
            conversation.attendant.id,
            json.dumps(values, ensure_ascii=False),
            self._clock(),
        )

    def find(self, conversation: Conversation, form: str) -> dict[str, str]:
        """The form as it was left; empty when nothing was typed."""
        row = self._database.row(
            "SELECT body FROM drafts WHERE conversation = ? AND form = ? AND attendant = ?",
            conversation.key,
            form,
            conversation.attendant.id,
        )
        return dict(json.loads(row["body"])) if row else {}

    def names(self, conversation: Conversation) -> list[str]:
        """The forms that wait unsaved in the conversation, the last touched first."""
        rows = self._database.rows(
            "SELECT form FROM drafts WHERE conversation = ? AND attendant = ? ORDER BY at DESC",
            conversation.key,
            conversation.attendant.id,
        )
        return [str(row["form"]) for row in rows]

    def drop(self, conversation: Conversation, form: str) -> None:
        """Forgets the form: it was saved or discarded."""
        self._database.run(
            "DELETE FROM drafts WHERE conversation = ? AND form = ? AND attendant = ?",
            conversation.key,
            form,
            conversation.attendant.id,
        )
