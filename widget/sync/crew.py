"""The threads of an integration: the worker of its writes, and the mirror of its people."""

from __future__ import annotations

import threading
from collections.abc import Callable

from widget.desk.services import Services
from widget.domain.integrations import MAIN
from widget.sync import mirror as people
from widget.sync import worker as writes
from widget.sync.mirror import Mirror
from widget.sync.worker import Worker


def crew(services: Services) -> Callable[[], None]:
    """Starts the threads of the integration and returns a function that stops them.

    They finish what is in hand before they end.
    """
    threading.Thread(target=services.crm.lookups.prepare, daemon=True).start()
    members = [member for member in (worker(services), mirror(services)) if member]
    for member in members:
        member.start()

    def dismiss() -> None:
        for member in members:
            member.stop()

    return dismiss


def worker(services: Services) -> Worker | None:
    """Returns the worker of these services, or None while their CRM is switched off."""
    if not services.integration.active:
        return None
    return Worker(
        services.settling,
        services.journal,
        services.checking,
        is_away=services.is_away,
        task=_task(writes.TASK, services),
    )


def mirror(services: Services) -> Mirror | None:
    """Returns the mirror of these services, or None when it or the CRM is switched off."""
    source = services.guarded
    index = services.people
    fills = services.fills
    if source is None or index is None or fills is None:
        return None
    return Mirror(
        source,
        services.kind.mirroring,
        index,
        fills,
        services.journal.presence,
        calls=services.shared.settings.index_calls,
        days=services.shared.settings.index_days,
        today=services.shared.now,
        clock=services.shared.clock,
        is_quiet=lambda: source.trouble is None,
        task=_task(people.TASK, services),
    )


def _task(name: str, services: Services) -> str:
    return name if services.id == MAIN else f"{name}-{services.id}"
