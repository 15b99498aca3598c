"""What is examined: the data folder, the options, and every integration of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from widget.crm.port import Kind
from widget.domain.settings import Settings
from widget.store.records.arrivals import Arrivals
from widget.store.records.calls import Calls
from widget.store.records.integrations import USUAL_KIND, Stored


@dataclass(frozen=True)
class Target:
    """One integration as it is configured."""

    id: str
    url: str
    token: str = field(repr=False)
    wait: float = 8.0
    ca: str = ""
    private: bool = True
    active: bool = True
    index: bool = True
    is_stored: bool = False
    kind: str = USUAL_KIND


@dataclass(frozen=True)
class House:
    """``crms`` are the kinds of CRM; ``mistakes`` tells why the options could not be read.

    ``me`` is the name of our own process among the others.
    """

    crms: Mapping[str, Kind]
    settings: Settings
    targets: tuple[Target, ...]
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


def house_of(
    crms: Mapping[str, Kind],
    settings: Settings,
    *,
    stored: tuple[Target, ...] = (),
    mistakes: str = "",
    me: str = "",
    clock: Callable[[], float] = time.time,
) -> House:
    """What the options name, and what was set up beside it."""
    main = Target(
        "main",
        settings.crm_url,
        settings.crm_token,
        settings.crm_wait,
        settings.crm_ca_file,
        active=settings.crm_active,
        index=settings.index,
    )
    given = (main,) if settings.crm_url else ()
    return House(
        crms,
        settings,
        (*given, *(t for t in stored if t.id not in {g.id for g in given})),
        mistakes,
        me,
        clock,
    )


def targets_of(stored: Iterable[Stored]) -> tuple[Target, ...]:
    """Integrations that were set up on the pages, as they are examined."""
    return tuple(
        Target(
            s.id,
            s.url,
            s.token,
            s.wait,
            s.ca,
            s.private,
            s.active,
            s.index,
            is_stored=not s.from_settings,
            kind=s.kind,
        )
        for s in stored
    )
