"""Notes the shape of each exchange with the CRM, never its content, for support."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from widget.crm.answers import named
from widget.domain import errors
from widget.store.records.calls import Call
from widget.web import logs

# What the webservice's own envelopes hold; other names may be somebody's.
ENVELOPE = ("page", "total", "registros", "type", "message", "id", "atualiza_campos")
Note = Callable[[Call], None]


def nothing(_: Call) -> None:
    """Stands for a record that is not kept."""


@dataclass
class Exchange:
    """One question and what is known of its answer so far."""

    integration: str
    resource: str
    verb: str
    columns: str = ""
    status: int = 0
    text: str = ""
    answer: Mapping[str, Any] | None = None

    def came(self, status: int, text: str) -> None:
        """Notes that an answer came, of whatever kind."""
        self.status, self.text = status, text

    @property
    def shape(self) -> str:
        """What came back, without what stands in it."""
        if self.answer is not None:
            return shape(self.answer)
        return (
            f"{named(self.status, self.text)} ({len(self.text)} characters)"
            if self.status
            else "nothing"
        )


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


def shape(answer: Mapping[str, Any]) -> str:
    """Returns the shape of an answer.

    It tells the names of the envelope and how many records of how many columns came, and nothing of
    their content.
    """
    parts = [_part(name, answer[name]) for name in ENVELOPE if name in answer]
    others = len(set(answer) - set(ENVELOPE))
    return "{" + ", ".join([*parts, *([f"+{others}"] if others else [])]) + "}"


def _part(name: str, value: object) -> str:
    if name == "type":
        return f"type={value}" if value in ("success", "error") else name
    if not isinstance(value, list):
        return name
    columns = len(value[0]) if value and isinstance(value[0], dict) else 0
    return f"{name}[{len(value)}×{columns}]" if columns else f"{name}[{len(value)}]"
