"""How long each kind of data is kept, and the purge of what is older.

What is left of it names nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from widget.store.engine.port import Lock, Store
from widget.store.journal.entries import blank
from widget.store.ledger.ledger import Ledger

DAY = 24 * 3600.0
# What ``restore`` leaves beside the file.
COPIES = ("vinculo-before-restore-*.db*", "vinculo-damaged-*.db*")


@dataclass(frozen=True)
class Limits:
    """Days after which what was not touched since is purged; 0 keeps it for good.

    Of a finished or refused write only its number, state and record's number stay; of a line of the
    ledger its seals.
    """

    cache: int = 30
    drafts: int = 30
    conversations: int = 180
    writes: int = 90
    refusals: int = 90
    ledger: int = 1825
    copies: int = 30


@dataclass(frozen=True)
class Retention:
    """Purges one database file, whosever integration the data are."""

    database: Store
    ledger: Ledger
    folder: Path
    limits: Limits
    clock: Callable[[], float] = time.time

    def purge(self) -> dict[str, int]:
        """How many of each kind went. Their bytes are overwritten and in no log any more."""
        gone = {
            "cache": self._drop("cache", "fetched_at", self.limits.cache),
            "drafts": self._drop("drafts", "at", self.limits.drafts),
            "conversations": self._drop("conversations", "seen_at", self.limits.conversations),
            "writes": self._blank("done", self.limits.writes),
            "refusals": self._blank("refused", self.limits.refusals),
            "ledger": self.ledger.expire(self._before(self.limits.ledger))
            if self.limits.ledger
            else 0,
            "copies": self._remove_copies(),
        }
        if any(gone.values()):
            self.database.shed()
        return gone

    def _before(self, days: int) -> float:
        return self.clock() - days * DAY

    def _drop(self, table: str, column: str, days: int) -> int:
        if not days:
            return 0
        sql = f"DELETE FROM {table} WHERE {column} < ?"  # noqa: S608 -- names of ours
        return self.database.run(sql, self._before(days))

    def _blank(self, state: str, days: int) -> int:
        """One that is open is never touched: what was accepted still has to reach the CRM."""
        if not days:
            return 0
        known = f"{self.database.spelling.member('origin', 'attendant', 'id')} <> ''"
        with self.database.transaction(Lock.JOURNAL):
            old = f"state = ? AND settled_at < ? AND {known}"
            return len(blank(self.database, old, state, self._before(days)))

    def _remove_copies(self) -> int:
        before, removed = self._before(self.limits.copies), 0
        for pattern in COPIES if self.limits.copies else ():
            for path in self.folder.glob(pattern):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before:
                        path.unlink()
                        removed += 1
        return removed
