"""The diagnosis: every check in the order of the chain, and what is asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from widget.crm.port import Kind
from widget.diagnosis import check_console, check_crm, check_link, check_server, observed
from widget.diagnosis.examination import Check, Examination, guarded, walk
from widget.diagnosis.findings import Finding
from widget.diagnosis.installation import Installation
from widget.domain.errors import StorageFailed
from widget.domain.integrations import Integration

Parts = Future[list[Finding]]

# From here to the CRM: each link needs the one before.
CHAIN: Mapping[str, Check] = {
    "address": check_link.address,
    "name": check_link.name,
    "connection": check_link.connection,
    "tls": check_link.tls,
    "http": check_link.http,
    "path": check_link.path,
    "token": check_crm.token,
    "accepted": check_crm.accepted,
    "crm-clock": check_crm.clock,
    "resources": check_crm.resources,
    "fields": check_crm.fields,
    "times": check_crm.times,
    "attendants": check_crm.attendants,
}
# Of the installation: none needs another.
BEFORE: Mapping[str, Callable[[Installation], Iterable[Finding]]] = {
    "settings": check_server.settings,
    "storage": check_server.storage,
}
AFTER: Mapping[str, Callable[[Installation], Iterable[Finding]]] = {
    "origins": check_console.origins,
    "console": check_console.console,
    "open": check_server.on_the_way,
}
BESIDE: Mapping[str, Callable[..., Iterable[Finding]]] = {
    "writes": check_server.writable,
    "worker": check_server.worker,
    "index": check_server.index,
}


def check_integration(
    kind: Kind,
    integration: Integration,
    *,
    emails: Mapping[str, str] | None = None,
    clock: Callable[[], float] = time.time,
) -> list[Finding]:
    """Walks from here to the CRM, saved or not, and stops at the first broken link.

    Never writes, never raises. Ends within ten seconds. ``emails`` names the attendants that the
    CRM should know, by what may be shown of them.
    """
    examination = Examination(kind.examined, integration, emails or {}, clock)
    return list(walk(examination, CHAIN))


def examine(installation: Installation) -> list[Finding]:
    """Everything: our own side, the way to each CRM, the consoles.

    Writes nothing; ends within ten seconds.
    """
    integrations = installation.integrations
    with ThreadPoolExecutor(4 + len(integrations), "check") as hands:

        def begin(checks: Mapping[str, Callable[[Installation], Iterable[Finding]]]) -> list[Parts]:
            return [
                hands.submit(_of_installation, name, check, installation)
                for name, check in checks.items()
            ]

        before = begin(BEFORE)
        chains = [hands.submit(_of_integration, installation, one) for one in integrations]
        after = begin(AFTER)
        return [finding for part in (*before, *chains, *after) for finding in part.result()]


def _of_installation(
    name: str, check: Callable[[Installation], Iterable[Finding]], installation: Installation
) -> list[Finding]:
    def run() -> list[Finding]:
        try:
            return list(check(installation))
        except StorageFailed:  # the check of the storage says why
            return [Finding(name, "skipped")]

    return guarded(name, run)


def _of_integration(installation: Installation, integration: Integration) -> list[Finding]:
    chain = check_integration(
        installation.crms[integration.kind],
        integration,
        emails=_emails(installation, integration),
        clock=installation.clock,
    )
    beside = [
        finding
        for name, check in BESIDE.items()
        for finding in _of_installation(name, partial(check, integration=integration), installation)
    ]
    return [_unlocked(finding, integration).of(integration.id) for finding in (*chain, *beside)]


def _unlocked(finding: Finding, integration: Integration) -> Finding:
    """A token that was stored is there, so one that is empty could not be opened."""
    is_locked = finding.slug == "token-empty" and not integration.from_settings
    return replace(finding, slug="token-locked") if is_locked else finding


def _emails(installation: Installation, integration: Integration) -> dict[str, str]:
    if not installation.file.exists():
        return {}
    try:
        return observed.emails(installation.file, integration.id, check_crm.MOST_ATTENDANTS)
    except StorageFailed:
        return {}
