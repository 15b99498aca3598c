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
from widget.desk.building import Base, Keys, build
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.settings import MAIN, Settings
from widget.store.engine.vault import Vault
from widget.store.records.accounts import Account, Accounts
from widget.store.records.integrations import Integrations, Stored

# What stands for a CRM as long as none is connected: pages can be drawn, and nothing is asked.
NOTHING_YET = Stored("nothing", "", index=False, active=False)

LOOK_SECONDS = 2.0
MOST_ACCOUNTS = 1000

log = logging.getLogger("vinculo")
Crew = Callable[[Services], Callable[[], None]]


def nobody(_: Services) -> Callable[[], None]:
    """The crew of a process that only answers requests."""
    return lambda: None


@dataclass(frozen=True)
class _Served:
    stored: Stored
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
        self.base = Base.open(settings, keys, clock)
        self.vault = Vault(keys.vault or keys.secret)
        self.integrations = Integrations(self.base.database, self.vault, _given(settings), clock)
        self.accounts = Accounts(self.base.database, clock)
        self.attendants, self.pairings = self.base.attendants, self.base.pairings
        self._keys = keys
        self.clock = clock
        self._crew = crew
        self._lock = threading.Lock()
        self._seen: Hashable = None
        self._version: object = None
        self._accounts: dict[tuple[str, str], Account | None] = {}
        self._served: dict[str, _Served] = {}
        self._nothing = self._built(NOTHING_YET)
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
            seen = self.base.database.version()
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
        wanted = {stored.id: stored for stored in self.integrations.all() if self._knows(stored)}
        for name, served in self._served.items():
            if wanted.get(name) != served.stored:
                served.dismiss()
        return {
            name: known
            if (known := self._served.get(name)) and known.stored == stored
            else self._serve(stored)
            for name, stored in wanted.items()
        }

    def _knows(self, stored: Stored) -> bool:
        """Whether this version has the kind of CRM; an integration of another one is left out."""
        is_known = stored.kind in self.crms
        if not is_known:
            log.error("%s is not served: no kind of CRM is called %r", stored.id, stored.kind)
        return is_known

    def _serve(self, stored: Stored) -> _Served:
        services = self._built(stored)
        return _Served(stored, services, self._crew(services))

    def _built(self, stored: Stored) -> Services:
        kind = self.crms[stored.kind]
        return build(self._settings_of(stored), self._keys, self.clock, self.base, stored, kind)

    def _settings_of(self, stored: Stored) -> Settings:
        if stored.from_settings:
            return self.settings
        return replace(
            self.settings,
            crm_url=stored.url,
            crm_token=stored.token,
            crm_name=stored.name or self.settings.crm_name,
            crm_wait=stored.wait,
            crm_calls=stored.calls,
            settle_seconds=stored.settle_seconds,
            crm_active=stored.active,
            index=stored.index,
            qualification_field=stored.qualification_field,
            crm_ca_file=self._certificates(stored),
        )

    def _certificates(self, stored: Stored) -> str:
        """The authority's certificates as a file, which is what the library for TLS reads."""
        if not stored.ca:
            return ""
        path = Path(self.settings.data) / f"ca-{stored.id}.pem"
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(stored.ca)
        return str(path)


def _given(settings: Settings) -> Stored | None:
    """The integration that the environment names."""
    if not settings.crm_url:
        return None
    return Stored(
        MAIN,
        settings.crm_name,
        settings.crm_url,
        settings.crm_token,
        wait=settings.crm_wait,
        calls=settings.crm_calls,
        settle_seconds=settings.settle_seconds,
        qualification_field=settings.qualification_field,
        index=settings.index,
        active=settings.crm_active,
        private=True,
        from_settings=True,
    )
