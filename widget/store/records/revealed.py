"""What an attendant may see in clear: revealed in one conversation, of one contact, for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from widget.domain.model import Conversation, Ref
from widget.store.engine.port import Lock, Store


class Revealed:
    """Kinds of data by conversation, attendant and contact; each is hidden again after its time."""

    def __init__(
        self,
        database: Store,
        integration: str,
        seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._integration = integration
        self._seconds = seconds
        self._clock = clock

    def of(self, conversation: Conversation, ref: Ref) -> dict[str, float]:
        """What is in clear now, and until when (epoch seconds).

        A clock that was set back makes nothing last longer.
        """
        now = self._clock()
        rows = self._database.rows(
            "SELECT kind, at FROM reveals WHERE integration = ? AND conversation = ? AND "
            "attendant = ? AND contact = ?",
            self._integration,
            conversation.key,
            conversation.attendant.id,
            str(ref),
        )
        return {
            row["kind"]: row["at"] + self._seconds
            for row in rows
            if 0 <= now - row["at"] < self._seconds
        }

    def keep(self, conversation: Conversation, ref: Ref, kinds: Iterable[str]) -> None:
        """From now on these are in clear, until their time is over."""
        with self._database.transaction(Lock.RECORDS):
            self._database.run("DELETE FROM reveals WHERE at < ?", self._clock() - self._seconds)
            self._database.run_each(
                "INSERT INTO reveals (integration, conversation, attendant, contact, kind, at)"
                " VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (integration, conversation, attendant, contact, kind)"
                " DO UPDATE SET at = excluded.at",
                [
                    (
                        self._integration,
                        conversation.key,
                        conversation.attendant.id,
                        str(ref),
                        kind,
                        self._clock(),
                    )
                    for kind in kinds
                ],
            )

    def hide(self, conversation: Conversation, ref: Ref) -> None:
        """Nothing of the contact is in clear any more."""
        self._database.run(
            "DELETE FROM reveals WHERE integration = ? AND conversation = ? AND attendant = ? AND "
            "contact = ?",
            self._integration,
            conversation.key,
            conversation.attendant.id,
            str(ref),
        )
