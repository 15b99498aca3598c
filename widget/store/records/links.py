"""Which person is which contact, made by hand, and which one surely not."""

from __future__ import annotations

import time
from collections.abc import Callable

from widget.domain.model import Link, Ref
from widget.store.engine.port import Lock, Store


class Links:
    """Links by person; shared by all attendants of an integration."""

    def __init__(
        self, database: Store, integration: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._integration = integration
        self._clock = clock

    def of(self, person: str) -> Link | None:
        """The link in force, if any."""
        return next((link for link in self._all(person) if not link.denied), None)

    def denied(self, person: str) -> dict[Ref, Link]:
        """Returns the contacts that an attendant said this person is not."""
        return {link.ref: link for link in self._all(person) if link.denied}

    def link(self, person: str, ref: Ref, attendant: str) -> None:
        """This person is that contact, and no other."""
        with self._database.transaction(Lock.RECORDS):
            self._database.run(
                "DELETE FROM links WHERE integration = ? AND person = ? AND denied = 0",
                self._integration,
                person,
            )
            self._put(person, ref, attendant, denied=False)

    def deny(self, person: str, ref: Ref, attendant: str) -> None:
        """This person is not that contact; remembered, so that it is not taken for it again."""
        with self._database.transaction(Lock.RECORDS):
            self._put(person, ref, attendant, denied=True)

    def _put(self, person: str, ref: Ref, attendant: str, *, denied: bool) -> None:
        self._database.run(
            "INSERT INTO links (integration, person, contact, attendant, at, denied) VALUES (?, "
            "?, ?, ?, ?, ?)"
            " ON CONFLICT (integration, person, contact)"
            " DO UPDATE SET attendant = excluded.attendant, at = excluded.at, denied = "
            "excluded.denied",
            self._integration,
            person,
            str(ref),
            attendant,
            self._clock(),
            int(denied),
        )

    def _all(self, person: str) -> list[Link]:
        rows = self._database.rows(
            "SELECT contact, attendant, at, denied FROM links WHERE integration = ? AND person = "
            "? ORDER BY at DESC",
            self._integration,
            person,
        )
        found = [(Ref.parse(row["contact"]), row) for row in rows]
        return [
            Link(ref, row["attendant"], row["at"], bool(row["denied"])) for ref, row in found if ref
        ]
