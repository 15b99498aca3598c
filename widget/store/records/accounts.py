"""The accounts of consoles: the integration of each and the origins that may embed it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from widget.store.engine.database import Database, Row


@dataclass(frozen=True)
class Account:
    """One account of a console.

    ``parents`` are origins such as ``https://chat.example``; none: nobody may embed.
    """

    host: str
    account: str
    integration: str
    parents: tuple[str, ...] = ()


class Accounts:
    """Accounts by console and number."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def find(self, host: str, account: str) -> Account | None:
        """Returns the account, or None while it is not set up."""
        row = self._database.row(
            "SELECT * FROM accounts WHERE host = ? AND account = ?", host, account
        )
        return _account(row) if row else None

    def all(self) -> list[Account]:
        """All accounts, by console and number."""
        return [
            _account(row)
            for row in self._database.rows("SELECT * FROM accounts ORDER BY host, account")
        ]

    def put(self, account: Account) -> None:
        """Sets the account up, or changes it."""
        self._database.run(
            "INSERT INTO accounts (host, account, integration, parents, at) VALUES (?, ?, ?, ?, "
            "?) ON CONFLICT (host,"
            " account) DO UPDATE SET integration = excluded.integration, parents = "
            "excluded.parents, at = excluded.at",
            account.host,
            account.account,
            account.integration,
            " ".join(account.parents),
            self._clock(),
        )

    def remove(self, host: str, account: str) -> None:
        """Forgets the account.

        Its panel opens no more, unless there is one integration for everybody.
        """
        self._database.run("DELETE FROM accounts WHERE host = ? AND account = ?", host, account)


def _account(row: Row) -> Account:
    return Account(row["host"], row["account"], row["integration"], tuple(row["parents"].split()))
