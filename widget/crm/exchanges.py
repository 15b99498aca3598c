"""Notes the shape of each exchange with the CRM, never its content, for support."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from widget.domain import errors, logs
from widget.domain.traffic import Call

Note = Callable[[Call], None]


def nothing(_: Call) -> None:
    """Stands for a record that is not kept."""


def silent() -> str:
    """Returns the shape of an answer that did not come."""
    return "nothing"


@dataclass
class Exchange:
    """One question and what is known of its answer so far."""

    integration: str
    resource: str
    verb: str
    columns: str = ""
    status: int = 0
    tell: Callable[[], str] = silent

    def came(self, status: int, tell: Callable[[], str]) -> None:
        """Notes that an answer came; ``tell`` returns its shape, and nothing of what is in it."""
        self.status, self.tell = status, tell

    @property
    def shape(self) -> str:
        """What came back, without what stands in it."""
        return self.tell()


@contextmanager
def noting(note: Note, exchange: Exchange, clock: Callable[[], float]) -> Iterator[Exchange]:
    """Times the exchange inside and notes how it ended."""
    started, code = time.monotonic(), ""
    try:
        yield exchange
    except errors.CRMError as error:
        code = error.code
        raise
    finally:
        ms = round((time.monotonic() - started) * 1000)
        of = exchange
        note(
            Call(
                round(clock(), 2),
                of.integration,
                of.resource,
                of.verb,
                of.columns,
                of.status,
                ms,
                of.shape,
                code,
                logs.number(),
            )
        )
