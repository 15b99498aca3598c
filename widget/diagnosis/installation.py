"""What is examined: the data folder, the options, and every integration of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from widget.crm.port import Kind
from widget.domain.integrations import Integration
from widget.domain.settings import Settings
from widget.store.records.arrivals import Arrivals
from widget.store.records.calls import Calls


@dataclass(frozen=True)
class Installation:
    """One installation of the product, as it is configured.

    ``crms`` are the kinds of CRM by name. ``mistakes`` tells why the options could not be read.
    ``me`` is the name of our own process among the others.
    """

    crms: Mapping[str, Kind]
    settings: Settings
    integrations: tuple[Integration, ...]
    mistakes: str = ""
    me: str = ""
    clock: Callable[[], float] = time.time

    @property
    def data(self) -> Path:
        """The data folder."""
        return Path(self.settings.data)

    @property
    def file(self) -> Path:
        """The database."""
        return self.data / "vinculo.db"

    @property
    def calls(self) -> Calls:
        """The last calls to the CRM."""
        return Calls(self.data)

    @property
    def arrivals(self) -> Arrivals:
        """The last arrivals at the panel's door."""
        return Arrivals(self.data, self.clock)


def installation_of(
    crms: Mapping[str, Kind],
    settings: Settings,
    *,
    stored: Iterable[Integration] = (),
    mistakes: str = "",
    me: str = "",
    clock: Callable[[], float] = time.time,
) -> Installation:
    """The installation that the options describe; ``stored`` was set up on the pages."""
    given = (settings.main,) if settings.main.url else ()
    names = {integration.id for integration in given}
    others = (integration for integration in stored if integration.id not in names)
    return Installation(crms, settings, (*given, *others), mistakes, me, clock)
