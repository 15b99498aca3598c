"""Purges what was kept long enough: at the start and every day, in one of the processes."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path

from widget.desk.services import Services
from widget.domain import errors
from widget.privacy.retention import DAY, Limits, Retention
from widget.store.engine.presence import Presence

TASK = "keeping"
STANDBY, AFTER_TROUBLE = 60.0, 600.0
log = logging.getLogger("vinculo.keeping")


def keeping(services: Services) -> Keeping:
    """What purges the file of these services, by their settings."""
    limits = Limits(
        **{name: getattr(services.settings, f"keep_{name}_days") for name in vars(Limits())}
    )
    database, presence = services.journal.database, services.journal.presence
    folder = Path(services.settings.data)
    return Keeping(Retention(database, services.ledger, folder, limits, services.clock), presence)


@dataclass
class Keeping:
    """Start one in every server process: one of them purges, the others stand by."""

    retention: Retention
    presence: Presence
    _is_ours: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begins in a thread of its own, until ``stop``."""
        threading.Thread(target=self._work, name=TASK, daemon=True).start()

    def stop(self) -> None:
        """Ends after what is in hand."""
        self._stop.set()

    def turn(self) -> float:
        """Purges if it is this process's task; the seconds until the next turn."""
        self._is_ours = self._is_ours or self.presence.take(TASK)
        if not self._is_ours:
            return STANDBY
        try:
            gone = self.retention.purge()
        except errors.StorageFailed as error:  # the disk: it may come back
            log.warning("the purge waits: %s", error.code)
            return AFTER_TROUBLE
        log.info(
            "purged", extra={"fields": {kind: number for kind, number in gone.items() if number}}
        )
        return DAY

    def _work(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            try:
                wait = self.turn()
            except Exception:  # it holds the task: were it to end here, nobody would purge
                log.exception("the purge met a mistake of ours")
                wait = AFTER_TROUBLE
