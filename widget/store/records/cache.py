"""What was read from the CRM, with its time, for each integration."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from widget.domain.errors import StorageFailed
from widget.store.engine.port import Store
from widget.store.engine.sensitive import without_secrets


@dataclass(frozen=True)
class Kept:
    """An answer and when it was read (epoch seconds).

    ``outdated``: a write of ours has changed it since.
    """

    rows: tuple[Mapping[str, str], ...]
    total: int
    at: float
    outdated: bool


class Cache:
    """Answers by query; an outdated one still serves when the CRM is down.

    Best effort: what the disk cannot take makes no read and no write fail.
    """

    def __init__(self, database: Store, integration: str) -> None:
        self._database = database
        self._integration = integration
        self._overdue: set[str] = set()

    def get(self, query: str) -> Kept | None:
        """Returns what is kept for the query, of whatever age."""
        if self._overdue:
            self.outdate(())
        try:
            row = self._database.row(
                "SELECT body, resource, fetched_at, outdated FROM cache WHERE integration = ? AND "
                "query = ?",
                self._integration,
                query,
            )
        except StorageFailed:
            return None
        if row is None:
            return None
        body = json.loads(row["body"])
        outdated = bool(row["outdated"]) or row["resource"] in self._overdue
        return Kept(tuple(body["rows"]), body["total"], row["fetched_at"], outdated)

    def record(self, resource: str, number: str) -> Kept | None:
        """Returns the newest row of a record that came with any answer, of whatever age.

        It counts as outdated.
        """
        try:
            answers = self._database.rows(
                "SELECT body, fetched_at FROM cache WHERE integration = ? AND resource = ?"
                " AND body LIKE ? ESCAPE '!' ORDER BY fetched_at DESC",
                self._integration,
                resource,
                f"%{_quoted(json.dumps({'id': number}, ensure_ascii=False)[1:-1])}%",
            )
        except StorageFailed:
            return None
        for answer in answers:
            for record in json.loads(answer["body"])["rows"]:
                if record.get("id") == number:
                    return Kept((record,), 1, answer["fetched_at"], outdated=True)
        return None

    def put(
        self, query: str, resource: str, rows: Iterable[Mapping[str, str]], *, total: int, at: float
    ) -> None:
        """Keeps an answer, without its secrets, in place of the one before."""
        clean = [without_secrets(row) for row in rows]
        with suppress(StorageFailed):
            self._database.jot(
                "INSERT INTO cache (integration, query, resource, body, fetched_at, outdated) "
                "VALUES (?, ?, ?, ?, ?, 0)"
                " ON CONFLICT (integration, query) DO UPDATE SET resource = excluded.resource, "
                "body = excluded.body,"
                " fetched_at = excluded.fetched_at, outdated = 0",
                self._integration,
                query,
                resource,
                json.dumps(
                    {
                        "rows": clean,
                        "total": total,
                    },
                    ensure_ascii=False,
                ),
                at,
            )

    def outdate(self, resources: Iterable[str]) -> None:
        """Marks what was read of these resources as no longer fresh.

        What could not be marked is remembered so.
        """
        self._overdue |= set(resources)
        with suppress(StorageFailed):
            for resource in sorted(self._overdue):
                self._database.run(
                    "UPDATE cache SET outdated = 1 WHERE integration = ? AND resource = ?",
                    self._integration,
                    resource,
                )
                self._overdue.discard(resource)


def _quoted(text: str) -> str:
    """The text as LIKE finds it: none of its characters stands for others."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
