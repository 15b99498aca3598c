"""The durable list of writes: every one is here before the CRM is called."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass

from widget.model import Attendant, Origin, State
from widget.store.cache import without_secrets
from widget.store.database import Database, Row


@dataclass(frozen=True)
class Entry:
    """One write and what became of it; its record without secrets. ``kept_at`` is epoch seconds."""

    key: str
    origin: Origin
    resource: str
    record: Mapping[str, str]
    state: State
    crm_id: str
    why: str
    kept_at: float


class Journal:
    """Entries by key. The key is unique: a second entry of one form cannot exist."""

    def __init__(self, database: Database, integration: str, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._integration = integration
        self._clock = clock

    def keep(self, key: str, origin: Origin, *, verb: str, resource: str, id: str, record: Mapping[str, str]) -> Entry:  # noqa: A002 -- the CRM's word
        """Puts the write on disk, or returns what the same key left there before."""
        self._database.run(
            "INSERT INTO journal (key, integration, conversation, contact, negotiation, attendant, action, summary,"
            " verb, resource, record, body, state, kept_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO NOTHING",
            key, self._integration, origin.conversation, origin.contact, origin.negotiation,
            json.dumps(astuple(origin.attendant), ensure_ascii=False),
            origin.action, origin.summary, verb, resource, id, _body(record),
            State.KEPT, self._clock(),
        )  # fmt: skip
        found = self.find(key)
        assert found is not None  # noqa: S101 -- the line above put it there
        return found

    def send(self, key: str, record: Mapping[str, str]) -> None:
        """From here on nobody knows whether the CRM has it, until ``settle``."""
        self._database.run(
            "UPDATE journal SET state = ?, body = ? WHERE key = ?",
            State.SENDING, _body(record), key,
        )  # fmt: skip

    def settle(self, key: str, state: State, *, crm_id: str = "", why: str = "") -> None:
        """Writes down how it ended."""
        self._database.run(
            "UPDATE journal SET state = ?, crm_id = ?, why = ?, settled_at = ? WHERE key = ?",
            state, crm_id, why, self._clock(), key,
        )  # fmt: skip

    def find(self, key: str) -> Entry | None:
        """The entry of a key."""
        row = self._database.row("SELECT * FROM journal WHERE key = ?", key)
        return _entry(row) if row else None

    def of_contact(self, contact: str, limit: int = 200) -> list[Entry]:
        """What this panel did for a contact, newest first."""
        rows = self._database.rows(
            "SELECT * FROM journal WHERE integration = ? AND contact = ? ORDER BY kept_at DESC LIMIT ?",
            self._integration, contact, limit,
        )  # fmt: skip
        return [_entry(row) for row in rows]


def _body(record: Mapping[str, str]) -> str:
    return json.dumps(without_secrets(record), ensure_ascii=False)


def _entry(row: Row) -> Entry:
    attendant = Attendant(*json.loads(row["attendant"]))
    origin = Origin(row["conversation"], attendant, row["contact"], row["action"], row["summary"], row["negotiation"])
    return Entry(
        row["key"], origin, row["resource"], json.loads(row["body"]), State(row["state"]),
        row["crm_id"], row["why"], row["kept_at"],
    )  # fmt: skip
