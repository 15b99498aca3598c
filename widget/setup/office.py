"""What the set-up pages work with, and who is at the desk: the request's administrator or support person."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, g

from widget.settings import Settings
from widget.store.accounts import Accounts
from widget.store.admins import Admin, Admins
from widget.store.attendants import Attendants
from widget.store.integrations import Integrations
from widget.store.limits import Limits
from widget.store.pairings import Pairings

EXTENSION = "vinculo.setup"


@dataclass(frozen=True)
class Office:
    """As long-lived as the process."""

    settings: Settings
    admins: Admins
    limits: Limits
    integrations: Integrations
    accounts: Accounts
    attendants: Attendants
    pairings: Pairings
    clock: Callable[[], float] = time.time


def office() -> Office:
    """That of the running application."""
    found: Office = current_app.extensions[EXTENSION]
    return found


def me() -> Admin | None:
    """Who is signed in, if anybody."""
    found: Admin | None = g.get("admin")
    return found
