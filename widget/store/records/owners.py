"""Which employee of the CRM an attendant is, chosen once where the e-mail does not tell."""

from __future__ import annotations

import time
from collections.abc import Callable

from widget.store.engine.port import Store


class Owners:
    """Employee numbers by attendant."""

    def __init__(
        self, database: Store, integration: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._integration = integration
        self._clock = clock

    def find(self, attendant: str) -> str:
        """The employee chosen for the attendant, "" for none."""
        row = self._database.row(
            "SELECT owner FROM owners WHERE integration = ? AND attendant = ?",
            self._integration,
            attendant,
        )
        return str(row["owner"]) if row else ""

    def choose(self, attendant: str, owner: str) -> None:
        """Remembers the choice."""
        self._database.run(
            "INSERT INTO owners (integration, attendant, owner, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (integration, attendant) DO UPDATE SET owner = excluded.owner, at = "
            "excluded.at",
            self._integration,
            attendant,
            owner,
            self._clock(),
        )
