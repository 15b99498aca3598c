"""What the set-up pages work with, and who is at the desk.

It is the request's administrator or support person.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app, g

from widget.consoles.port import Console
from widget.desk.running import Running
from widget.domain.settings import Settings
from widget.store.engine.database import Database
from widget.store.records.admins import Admin, Admins
from widget.store.records.integrations import Integrations
from widget.store.records.limits import Limits

EXTENSION = "vinculo.setup"


@dataclass(frozen=True)
class Office:
    """As long-lived as the process. ``consoles`` are those that there are, by name."""

    running: Running
    admins: Admins
    consoles: Mapping[str, Console] = field(default_factory=dict)

    @classmethod
    def of(cls, running: Running, consoles: Mapping[str, Console]) -> Office:
        """The office of all that a process serves."""
        return cls(running, Admins(running.shared.database, running.clock), consoles)

    @property
    def labels(self) -> Mapping[str, str]:
        """The consoles by name, as people call them."""
        return {name: console.label for name, console in self.consoles.items()}

    @property
    def integrations(self) -> Integrations:
        """The configured CRMs."""
        return self.running.integrations

    @property
    def limits(self) -> Limits:
        """How often something may be tried, counted across our processes."""
        return self.running.shared.limits

    @property
    def settings(self) -> Settings:
        """The options of the server."""
        return self.running.settings

    @property
    def clock(self) -> Callable[[], float]:
        """Epoch seconds."""
        return self.running.clock


def admins_of(settings: Settings) -> Admins:
    """Who may sign in, for commands that serve nothing."""
    return Admins(Database(Path(settings.data) / "vinculo.db"), time.time)


def office() -> Office:
    """That of the running application."""
    found: Office = current_app.extensions[EXTENSION]
    return found


def me() -> Admin | None:
    """Who is signed in, if anybody."""
    found: Admin | None = g.get("admin")
    return found
