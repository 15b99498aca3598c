"""Who works in the consoles, in which department, and what each department may do."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from widget.domain.errors import StorageFailed
from widget.domain.model import Conversation
from widget.domain.permissions import ALL, Permission, Right
from widget.store.engine.port import Lock, Row, Store

# When an attendant was seen is told to the hour, so that opening a conversation costs no write.
SEEN_WITHIN = 3600
MOST_FOUND = 1000
# What holds for whoever is in no department, and for departments that nobody has described.
EVERYBODY = ""


@dataclass(frozen=True)
class Colleague:
    """An attendant as administrators see one. ``seen_at`` is epoch seconds, 0 for never."""

    host: str
    account: str
    number: str
    name: str
    email: str = ""
    department: str = EVERYBODY
    seen_at: float = 0.0


class Attendants:
    """Attendants by console, account and number; departments by name."""

    def __init__(self, database: Store, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[tuple[str, str, str], tuple[Hashable, Right]] = {}

    def meet(self, conversation: Conversation) -> None:
        """Notes who works there, so that administrators can put them into a department.

        A full disk hinders nobody.
        """
        who, now = conversation.attendant, self._clock()
        row = self._row(conversation.host, conversation.account, who.id)
        is_same = row is not None and (row["name"], row["email"]) == (who.name, who.email)
        if row is not None and is_same and 0 <= now - row["seen_at"] < SEEN_WITHIN:
            return
        try:
            self._database.run(
                "INSERT INTO attendants (host, account, number, name, email, seen_at) VALUES (?, "
                "?, ?, ?, ?, ?)"
                " ON CONFLICT (host, account, number)"
                " DO UPDATE SET name = excluded.name, email = excluded.email, seen_at = "
                "excluded.seen_at",
                conversation.host,
                conversation.account,
                who.id,
                who.name,
                who.email,
                now,
            )
        except StorageFailed:
            return

    def find(self, host: str, account: str, number: str) -> Colleague | None:
        """The attendant, if known."""
        row = self._row(host, account, number)
        return Colleague(**row) if row else None

    def all(self) -> list[Colleague]:
        """Everybody, by name."""
        rows = self._database.rows(
            "SELECT * FROM attendants ORDER BY lower(name), host, account, number"
        )
        return [Colleague(**row) for row in rows]

    def add(self, colleague: Colleague) -> None:
        """Adds a colleague whom the console does not prove, or changes the words of a known one."""
        self._database.run(
            "INSERT INTO attendants (host, account, number, name, email, department, seen_at) "
            "VALUES"
            " (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (host, account, number) DO UPDATE SET name = "
            "excluded.name,"
            " email = excluded.email, department = excluded.department",
            colleague.host,
            colleague.account,
            colleague.number,
            colleague.name,
            colleague.email,
            colleague.department,
            colleague.seen_at,
        )

    def move(self, host: str, account: str, number: str, department: str) -> None:
        """From now on the attendant belongs to the department."""
        self._database.run(
            "UPDATE attendants SET department = ? WHERE host = ? AND account = ? AND number = ?",
            department,
            host,
            account,
            number,
        )

    def remove(self, host: str, account: str, number: str) -> None:
        """Forgets the attendant and the browsers where they were paired."""
        with self._database.transaction(Lock.RECORDS):
            for table in ("attendants", "pairings"):
                self._database.run(
                    f"DELETE FROM {table}"  # noqa: S608
                    " WHERE host = ? AND account = ? AND number = ?",
                    host,
                    account,
                    number,
                )

    def departments(self) -> dict[str, frozenset[Permission]]:
        """What each department may do; always with everybody's."""
        rows = self._database.rows("SELECT name, actions FROM departments ORDER BY lower(name)")
        return {
            EVERYBODY: ALL,
            **{row["name"]: _permissions(row["actions"]) for row in rows},
        }

    def allow(self, department: str, permissions: Iterable[Permission]) -> None:
        """From now on the department may do this, and no more."""
        self._database.run(
            "INSERT INTO departments (name, actions) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET actions = excluded.actions",
            department,
            " ".join(sorted(permissions)),
        )

    def dissolve(self, department: str) -> None:
        """Its attendants belong to no department from now on."""
        with self._database.transaction(Lock.RECORDS):
            self._database.run("DELETE FROM departments WHERE name = ?", department)
            self._database.run(
                "UPDATE attendants SET department = '' WHERE department = ?", department
            )

    def right(self, conversation: Conversation) -> Right:
        """What the conversation's attendant may do.

        Asked for by every request, so it is remembered.
        """
        key = (conversation.host, conversation.account, conversation.attendant.id)
        try:
            version = self._database.version()
        except StorageFailed:
            return self._right(*key)
        before, right = self._known.get(key, (None, None))
        if right is None or before != version:
            right = self._right(*key)
            if len(self._known) >= MOST_FOUND:
                self._known.clear()
            self._known[key] = version, right
        return right

    def _right(self, host: str, account: str, number: str) -> Right:
        row, departments = self._row(host, account, number), self.departments()
        department = row["department"] if row else EVERYBODY
        return Right(department, departments.get(department, departments[EVERYBODY]))

    def _row(self, host: str, account: str, number: str) -> Row | None:
        return self._database.row(
            "SELECT * FROM attendants WHERE host = ? AND account = ? AND number = ?",
            host,
            account,
            number,
        )


def _permissions(text: str) -> frozenset[Permission]:
    return frozenset(permission for permission in Permission if permission in text.split())
