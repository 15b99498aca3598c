"""The accounts of consoles: the integration of each and the origins that may embed it."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from widget.store.engine.port import Row, Store
from widget.store.engine.vault import Vault


@dataclass(frozen=True)
class Account:
    """One account of a console.

    ``parents`` are origins such as ``https://chat.example``; none: nobody may embed. ``options``
    are those of the console. ``key`` is what the console signs with: None for the key of the
    server, "" for a stored key that cannot be unlocked any more.
    """

    host: str
    account: str
    integration: str
    parents: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    key: str | None = field(default=None, repr=False)


class Accounts:
    """Accounts by console and number."""

    def __init__(
        self, database: Store, vault: Vault, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    def find(self, host: str, account: str) -> Account | None:
        """Returns the account, or None while it is not set up."""
        row = self._database.row(
            "SELECT * FROM accounts WHERE host = ? AND account = ?", host, account
        )
        return self._account(row) if row else None

    def all(self) -> list[Account]:
        """All accounts, by console and number."""
        return [
            self._account(row)
            for row in self._database.rows("SELECT * FROM accounts ORDER BY host, account")
        ]

    def put(self, account: Account) -> None:
        """Sets the account up, or changes it; its key stays as it is."""
        self._database.run(
            "INSERT INTO accounts (host, account, integration, parents, options, at)"
            " VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (host, account) DO UPDATE SET integration = excluded.integration,"
            " parents = excluded.parents, options = excluded.options, at = excluded.at",
            account.host,
            account.account,
            account.integration,
            " ".join(account.parents),
            json.dumps(dict(account.options), ensure_ascii=False, sort_keys=True),
            self._clock(),
        )

    def renew_key(self, host: str, account: str) -> None:
        """Gives the account a new key of its own; what was signed with another one ends."""
        self._database.run(
            "UPDATE accounts SET key = ?, at = ? WHERE host = ? AND account = ?",
            self._vault.lock(secrets.token_urlsafe(32)),
            self._clock(),
            host,
            account,
        )

    def remove(self, host: str, account: str) -> None:
        """Forgets the account.

        Its panel opens no more, unless there is one integration for everybody.
        """
        self._database.run("DELETE FROM accounts WHERE host = ? AND account = ?", host, account)

    def _account(self, row: Row) -> Account:
        return Account(
            row["host"],
            row["account"],
            row["integration"],
            tuple(row["parents"].split()),
            json.loads(row["options"]),
            self._vault.open(row["key"]) if row["key"] else None,
        )
