"""The qualification of a negotiation (0 to 5), for a CRM that has no column for it."""

from __future__ import annotations

import time
from collections.abc import Callable

from widget.store.engine.port import Store


class Qualifications:
    """Values by negotiation, seen by all attendants."""

    def __init__(
        self, database: Store, integration: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._integration = integration
        self._clock = clock

    def of(self, negotiation: str) -> str:
        """The value as text, "" when nobody has given one."""
        row = self._database.row(
            "SELECT value FROM qualifications WHERE integration = ? AND negotiation = ?",
            self._integration,
            negotiation,
        )
        return str(row["value"]) if row else ""

    def give(self, negotiation: str, value: str, attendant: str) -> None:
        """Keeps the value, and which attendant gave it."""
        self._database.run(
            "INSERT INTO qualifications (integration, negotiation, value, attendant, at) VALUES "
            "(?, ?, ?, ?, ?)"
            " ON CONFLICT (integration, negotiation)"
            " DO UPDATE SET value = excluded.value, attendant = excluded.attendant, at = "
            "excluded.at",
            self._integration,
            negotiation,
            value,
            attendant,
            self._clock(),
        )
