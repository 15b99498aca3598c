"""An integration that goes: what was still on its way written down, everything of it deleted."""

from __future__ import annotations

import json

from widget.desk.building import forget_index
from widget.desk.running import Running

MOST = 100_000


def written_down(running: Running, integration: str) -> str:
    """What is still on its way to the CRM, as JSON: after the deletion it is nowhere else."""
    served = running.named(integration)
    writes = [
        {
            "key": entry.key,
            "at": entry.kept_at,
            "state": entry.state,
            "conversation": entry.origin.conversation,
            "contact": entry.origin.contact,
            "negotiation": entry.origin.negotiation,
            "action": entry.origin.action,
            "attendant": entry.origin.attendant.name,
            "typed": dict(entry.words),
            "work": dict(entry.work),
        }
        for entry in (served.journal.open(MOST) if served else [])
    ]
    return (
        json.dumps(
            {
                "integration": integration,
                "writes": writes,
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


def remove(running: Running, integration: str) -> None:
    """Deletes it with all that hangs on it, also the people who were mirrored.

    Journal and ledger stay.
    """
    running.remove(integration)  # who mirrors it stops before what was mirrored is erased
    forget_index(running.settings, integration, running.clock)
