"""The integrations that are served, side by side.

The services of each are made again when it changes.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from widget.crm.port import Kind
from widget.desk.building import build
from widget.desk.services import Services
from widget.desk.shared import Keys, Shared
from widget.domain import errors
from widget.domain.integrations import Integration
from widget.domain.settings import Settings
from widget.store.engine.port import Lock
from widget.store.engine.vault import Vault
from widget.store.journal.register import Register
from widget.store.records.accounts import Account, Accounts
from widget.store.records.integrations import Integrations

# What stands for a CRM as long as none is connected: pages can be drawn, and nothing is asked.
NOTHING_YET = Integration("nothing", "", index=False, active=False)

LOOK_SECONDS = 2.0
MOST_ACCOUNTS = 1000

log = logging.getLogger("vinculo")
Crew = Callable[[Services], Callable[[], None]]


def nobody(_: Services) -> Callable[[], None]:
    """The crew of a process that only answers requests."""
    return lambda: None


@dataclass(frozen=True)
class _Served:
    integration: Integration
    services: Services
    dismiss: Callable[[], None]


class Running:
    """All that this process serves.

    ``crew`` begins to work for new services, and gives what ends that work.
    """

    def __init__(
        self,
        settings: Settings,
        keys: Keys,
        crms: Mapping[str, Kind],
        clock: Callable[[], float],
        crew: Crew = nobody,
    ) -> None:
        """``crms`` are the kinds of CRM that there are, by their names."""
        self.settings = settings
        self.crms = crms
        self.clock = clock
        self.shared = Shared.open(settings, keys, clock)
        self.vault = Vault(keys.vault or keys.secret)
        given = settings.main if settings.main.url else None
        self.integrations = Integrations(self.shared.database, self.vault, given, clock)
        self.accounts = Accounts(self.shared.database, self.vault, clock)
        self._crew = crew
        self._lock = threading.Lock()
        self._seen: Hashable = None
        self._version: object = None
        self._accounts: dict[tuple[str, str], Account | None] = {}
        self._served: dict[str, _Served] = {}
        self._nothing = self._built(replace(NOTHING_YET, name=settings.main.name))
        self._now()  # what cannot be served is known when the server starts

    def staff(self, crew: Crew) -> None:
        """Starts somebody working for all that is served, and for what comes.

        The work goes on also while nobody asks for it.
        """
        with self._lock:
            self._crew = crew
            self._served = {
                name: replace(served, dismiss=crew(served.services))
                for name, served in self._served.items()
            }
        threading.Thread(target=self._keep_up, name="running", daemon=True).start()

    def _keep_up(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            with suppress(errors.StorageFailed):
                self._now()

    def all(self) -> list[Services]:
        """The services of every integration, in their order; none while none is connected."""
        return [served.services for served in self._now().values()]

    def any(self) -> Services:
        """What is the same for all of them can be asked here, also while no CRM is connected."""
        return next(iter(self.all()), self._nothing)

    def named(self, integration: str) -> Services | None:
        """The services of one integration."""
        served = self._now().get(integration)
        return served.services if served else None

    def of(self, host: str, account: str) -> Services:
        """Those of a console's account: as it was set up, else the only ones there are.

        Raises NotConnected.
        """
        served, known = self._now(), self._account(host, account)
        name = known.integration if known else next(iter(served), "") if len(served) == 1 else ""
        if name not in served:
            raise errors.NotConnected(f"{host} {account}: {len(served)} integrations")
        return served[name].services

    def parents(self, host: str, account: str) -> tuple[str, ...]:
        """The origins that may embed the panel of the account."""
        self._now()
        known = self._account(host, account)
        return known.parents if known and known.parents else self.settings.parents

    def key(self, host: str, account: str) -> str:
        """What the console signs with in the account; raises Unauthorised where it is lost."""
        self._now()
        known = self._account(host, account)
        if known is None or known.key is None:
            return self.shared.keys.start
        if not known.key:
            raise errors.Unauthorised(f"the key of {host} {account} cannot be unlocked")
        return known.key

    def options(self, host: str, account: str) -> Mapping[str, str]:
        """What was set for the account, and else for its console in the environment."""
        self._now()
        known = self._account(host, account)
        given = dict(known.options) if known else {}
        return {**self.settings.of_console(host), **{n: v for n, v in given.items() if v}}

    def hanging(self, integration: str) -> dict[str, int]:
        """How much hangs on an integration, by table; ``open`` are writes on their way."""
        is_open = Register(self.shared.database, integration).count_open()
        return {"open": is_open, **self.integrations.hanging(integration)}

    def remove(self, integration: str) -> None:
        """Deletes the integration; a write that was still on its way never arrives.

        Journal and ledger stay. Whoever worked for it has stopped when this returns.
        """
        with self.shared.database.transaction(Lock.JOURNAL, Lock.RECORDS):
            Register(self.shared.database, integration, self.clock).abandon(errors.NotFound.code)
            self.integrations.delete(integration)
        self._now()

    def _account(self, host: str, account: str) -> Account | None:
        """The account as it was set up; asked for by every request, so it is remembered."""
        known, key = self._accounts, (host, account)
        if key in known:
            return known[key]
        found = self.accounts.find(host, account)
        if len(known) < MOST_ACCOUNTS:
            known[key] = found
        return found

    def _now(self) -> dict[str, _Served]:
        """What is served, as the file says it.

        Every request asks, and the file is read only after a change of it.
        """
        try:
            seen = self.shared.database.version()
            if seen == self._seen:
                return self._served
            self._accounts = {}
            version = self.integrations.version()
        except errors.StorageFailed:
            if self._version is None:
                raise
            return self._served  # what was known stands until the disk is well
        if version != self._version:
            with self._lock:
                self._served, self._version = self._renewed(), version
        self._seen = seen
        return self._served

    def _renewed(self) -> dict[str, _Served]:
        wanted = {one.id: one for one in self.integrations.all() if self._knows(one)}
        for name, served in self._served.items():
            if wanted.get(name) != served.integration:
                served.dismiss()
        return {name: self._kept_or_built(one) for name, one in wanted.items()}

    def _kept_or_built(self, integration: Integration) -> _Served:
        """What serves the integration already, or services made for it as it is now."""
        known = self._served.get(integration.id)
        if known and known.integration == integration:
            return known
        services = self._built(integration)
        return _Served(integration, services, self._crew(services))

    def _knows(self, integration: Integration) -> bool:
        """Whether this version has the kind of CRM; an integration of another one is left out."""
        is_known = integration.kind in self.crms
        if not is_known:
            name, kind = integration.id, integration.kind
            log.error("%s is not served: no kind of CRM is called %r", name, kind)
        return is_known

    def _built(self, integration: Integration) -> Services:
        """The services of an integration as it is stored, or as the environment describes it."""
        reachable = replace(integration, ca_file=self._certificates(integration))
        return build(self.shared, reachable, self.crms[integration.kind])

    def _certificates(self, integration: Integration) -> str:
        """The authority's certificates as a file, which is what the library for TLS reads."""
        if not integration.ca:
            return integration.ca_file
        path = Path(self.settings.data) / f"ca-{integration.id}.pem"
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(integration.ca)
        return str(path)
