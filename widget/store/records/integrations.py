"""The configured CRMs, side by side; their tokens are stored locked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from widget.domain.integrations import MAIN, OF_THE_SERVER, Integration
from widget.store.engine.port import Lock, Row, Store
from widget.store.engine.vault import Vault

# That of the environment, also while it names none, and what stands where there is none.
RESERVED = {MAIN, "nothing"}


class Integrations:
    """Integrations by id, in the order in which they were made.

    First the one of the environment, if there is one.
    """

    def __init__(
        self,
        database: Store,
        vault: Vault,
        given: Integration | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._vault = vault
        self._given = given
        self._clock = clock

    def all(self) -> list[Integration]:
        """All of them."""
        rows = self._database.rows("SELECT id, body, token FROM integrations ORDER BY made_at, id")
        stored = [
            self._stored(row) for row in rows if self._given is None or row["id"] != self._given.id
        ]
        return [self._given, *stored] if self._given else stored

    def find(self, integration: str) -> Integration | None:
        """The integration of this id."""
        return next((stored for stored in self.all() if stored.id == integration), None)

    def version(self) -> tuple[object, ...]:
        """The same as long as nothing of any integration has changed."""
        rows = self._database.rows("SELECT id, changed_at FROM integrations ORDER BY id")
        return tuple((row["id"], row["changed_at"]) for row in rows)

    def free_id(self, name: str) -> str:
        """Returns a short word for the name that no other integration has or had.

        What another one kept under the same word would turn up in the new one.
        """
        word = "".join(c for c in name.casefold() if c.isascii() and c.isalnum())[:16] or "crm"
        known = (
            RESERVED
            | {stored.id for stored in self.all()}
            | {
                str(row["integration"])
                for row in self._database.rows("SELECT DISTINCT integration FROM journal")
            }
        )
        return next(
            found
            for n in range(1, 10_000)
            if (found := word if n == 1 else f"{word}{n}") not in known
        )

    def add(self, integration: Integration) -> None:
        """A new one; its id must be free."""
        locked = self._vault.lock(integration.token)
        with self._database.transaction(Lock.RECORDS):
            last = self._database.row("SELECT max(made_at) AS at FROM integrations")
            # Their order is that of their times, also where the clock stands still.
            now = max(self._clock(), ((last["at"] if last else None) or 0.0) + 0.001)
            self._database.run(
                "INSERT INTO integrations (id, body, token, made_at, changed_at)"
                " VALUES (?, ?, ?, ?, ?)",
                integration.id,
                _body(integration),
                locked,
                now,
                now,
            )

    def change(self, integration: Integration) -> None:
        """From now on it is like this; servers take it up with their next request."""
        now = self._clock()
        self._database.run(
            "UPDATE integrations SET body = ?, token = ?, changed_at = "
            "CASE WHEN ? > changed_at THEN ? ELSE changed_at + 0.001 END WHERE id = ?",
            _body(integration),
            self._vault.lock(integration.token),
            now,
            now,
            integration.id,
        )

    def hanging(self, integration: str) -> dict[str, int]:
        """How much is kept for it, by table."""
        counts = {}
        for table in ("links", "accounts", "owners", "qualifications"):
            sql = f"SELECT count(*) AS n FROM {table} WHERE integration = ?"  # noqa: S608
            row = self._database.row(sql, integration)
            counts[table] = int(row["n"]) if row else 0
        return counts

    def delete(self, integration: str) -> None:
        """Deletes the integration with every row, of whatever table, that bears its name.

        Journal and ledger stay.
        """
        with self._database.transaction(Lock.RECORDS):
            for table in self._database.tables_with("integration"):
                if table not in LASTING:
                    sql = f"DELETE FROM {table} WHERE integration = ?"  # noqa: S608
                    self._database.run(sql, integration)
            self._database.run("DELETE FROM integrations WHERE id = ?", integration)

    def _stored(self, row: Row) -> Integration:
        values = json.loads(row["body"])
        values["departments"] = tuple(values["departments"])
        return Integration(id=row["id"], token=self._vault.open(row["token"]), **values)


def _body(integration: Integration) -> str:
    values = {name: value for name, value in vars(integration).items() if name not in APART}
    return json.dumps(values, ensure_ascii=False)


# What is told of an integration after it is gone: the writes that were accepted for it.
LASTING = frozenset({"journal"})
# What the row of an integration does not keep among its values: two columns, and what the server
# itself says.
APART = OF_THE_SERVER | {"id", "token"}
