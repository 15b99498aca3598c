"""The diagnosis: every check in the order of the chain, and what is asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from widget.crm.port import Kind
from widget.diagnosis import check_console, check_crm, check_link, check_server, observed
from widget.diagnosis.findings import Finding
from widget.diagnosis.installation import House, Target
from widget.diagnosis.subject import Check, Scene, guarded, walk
from widget.domain.errors import StorageFailed

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
# Of the house: none needs another.
BEFORE: Mapping[str, Callable[[House], Iterable[Finding]]] = {
    "settings": check_server.settings,
    "storage": check_server.storage,
}
AFTER: Mapping[str, Callable[[House], Iterable[Finding]]] = {
    "origins": check_console.origins,
    "console": check_console.console,
    "open": check_server.on_the_way,
}
BESIDE: Mapping[str, Callable[[House, Target], Iterable[Finding]]] = {
    "writes": check_server.writable,
    "worker": check_server.worker,
    "index": check_server.index,
}


def check_integration(  # noqa: PLR0913 -- keywords, each a field of an integration
    kind: Kind,
    url: str,
    token: str,
    wait: float = 8.0,
    *,
    ca: str = "",
    private: bool = True,
    emails: Mapping[str, str] | None = None,
    clock: Callable[[], float] = time.time,
) -> list[Finding]:
    """Walks from here to the CRM, saved or not, and stops at the first broken link.

    Never writes, never raises.

    ``ca`` is a PEM text or a file; ``private`` allows addresses of inner networks; ``emails`` names
    the attendants that the CRM should know, by what may be shown of them. Ends within ten seconds.
    """
    return list(
        walk(Scene(kind.examined, url, token, wait, ca, private, emails or {}, clock), CHAIN)
    )


def examine(house: House) -> list[Finding]:
    """Everything: our own side, the way to each CRM, the consoles.

    Writes nothing; ends within ten seconds.
    """
    with ThreadPoolExecutor(4 + len(house.targets), "check") as hands:
        before = [hands.submit(_of_house, name, check, house) for name, check in BEFORE.items()]
        chains = [hands.submit(_of_target, house, target) for target in house.targets]
        after = [hands.submit(_of_house, name, check, house) for name, check in AFTER.items()]
        return [finding for part in (*before, *chains, *after) for finding in part.result()]


def _of_house(
    name: str, check: Callable[[House], Iterable[Finding]], house: House
) -> list[Finding]:
    def run() -> list[Finding]:
        try:
            return list(check(house))
        except StorageFailed:  # the check of the storage says why
            return [Finding(name, "skipped")]

    return guarded(name, run)


def _of_target(house: House, target: Target) -> list[Finding]:
    emails = _emails(house, target)
    chain = check_integration(
        house.crms[target.kind],
        target.url,
        target.token,
        target.wait,
        ca=target.ca,
        private=target.private,
        emails=emails,
        clock=house.clock,
    )
    beside = [
        finding
        for name, check in BESIDE.items()
        for finding in _of_house(
            name,
            lambda house, check=check: check(house, target),  # type: ignore[misc]
            house,
        )
    ]
    return [_unlocked(finding, target).of(target.id) for finding in (*chain, *beside)]


def _unlocked(finding: Finding, target: Target) -> Finding:
    """A token that was stored is there, so one that is empty could not be opened."""
    is_locked = finding.slug == "token-empty" and target.is_stored
    return replace(finding, slug="token-locked") if is_locked else finding


def _emails(house: House, target: Target) -> dict[str, str]:
    try:
        return (
            observed.emails(house.file, target.id, check_crm.MOST_ATTENDANTS)
            if house.file.exists()
            else {}
        )
    except StorageFailed:
        return {}
