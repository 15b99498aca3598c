"""The diagnosis: every check in the order of the chain, and what is asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from widget.setup import check_crm, check_link
from widget.setup.findings import Finding
from widget.setup.scene import Check, Scene, walk

# From here to the CRM: each link needs the one before.
CHAIN: Mapping[str, Check] = {
    "address": check_link.address, "name": check_link.name, "connection": check_link.connection,
    "tls": check_link.tls, "http": check_link.http, "path": check_link.path, "token": check_crm.token,
    "accepted": check_crm.accepted, "crm-clock": check_crm.clock, "resources": check_crm.resources,
    "fields": check_crm.fields, "times": check_crm.times, "attendants": check_crm.attendants,
}  # fmt: skip


def check_integration(  # noqa: PLR0913 -- keywords, each a field of an integration
    url: str, token: str, wait: float = 8.0, *, ca: str = "", private: bool = True,
    emails: Mapping[str, str] | None = None, clock: Callable[[], float] = time.time,
) -> list[Finding]:  # fmt: skip
    """Walks from here to the CRM, saved or not, and stops at the first broken link; never writes, never raises.

    ``ca`` is a PEM text or a file; ``private`` allows addresses of inner networks; ``emails`` names the attendants that
    the CRM should know, by what may be shown of them. Ends within ten seconds.
    """
    return list(walk(Scene(url, token, wait, ca, private, emails or {}, clock), CHAIN))
