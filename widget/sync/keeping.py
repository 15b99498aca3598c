"""Purges what was kept for long enough: at the start and every day, in one process."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path

from widget.desk.services import Services
from widget.domain import errors
from widget.privacy.retention import DAY, Limits, Retention
from widget.store.engine.port import Processes

TASK = "keeping"
STANDBY, AFTER_TROUBLE = 60.0, 600.0
log = logging.getLogger("vinculo.keeping")


def keeping(services: Services) -> Keeping:
    """Returns the task that purges the file of these services, by their settings."""
    days = {name: getattr(services.shared.settings, f"keep_{name}_days") for name in vars(Limits())}
    retention = Retention(
        services.journal.database,
        services.ledger,
        Path(services.shared.settings.data),
        Limits(**days),
        services.shared.clock,
    )
    return Keeping(retention, services.journal.presence)


@dataclass
class Keeping:
    """The daily purge.

    Every server process starts one: one of them purges, the others stand by.
    """

    retention: Retention
    presence: Processes
    _is_ours: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begins in its own thread, until ``stop``."""
        threading.Thread(target=self._work, name=TASK, daemon=True).start()

    def stop(self) -> None:
        """Ends after what is in hand."""
        self._stop.set()

    def turn(self) -> float:
        """Purges if this process has the task, and returns the seconds until the next turn."""
        self._is_ours = self._is_ours or self.presence.take(TASK)
        if not self._is_ours:
            return STANDBY
        try:
            gone = self.retention.purge()
        except errors.StorageFailed as error:  # the disk: it may come back
            log.warning("the purge waits: %s", error.code)
            return AFTER_TROUBLE
        counts = {kind: number for kind, number in gone.items() if number}
        log.info("purged", extra={"fields": counts})
        return DAY

    def _work(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            try:
                wait = self.turn()
            except Exception:  # it holds the task: were it to end here, nobody would purge
                log.exception("the purge met a mistake of ours")
                wait = AFTER_TROUBLE
