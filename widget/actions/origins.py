"""Where a write comes from, with what brings its form back should the CRM refuse it later."""

from __future__ import annotations

from dataclasses import replace

from widget.actions.action import Asked
from widget.desk.callers import Caller
from widget.domain.model import Contact, Origin


def origin(
    caller: Caller,
    asked: Asked,
    action: str,
    summary: str,
    *,
    contact: Contact | None = None,
    negotiation: str = "",
) -> Origin:
    """Returns the origin of a write that was asked for in this way."""
    found = caller.origin(action, summary, contact=contact, negotiation=negotiation)
    return replace(found, form=asked.form, typed=asked.typed)
