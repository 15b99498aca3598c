"""Notes who comes to the panel's door and what becomes of them.

The diagnosis can thus say what was refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from flask import request

from widget.consoles.port import Start
from widget.desk.services import services
from widget.domain import errors
from widget.domain.traffic import Why


@contextmanager
def watched(console: str) -> Iterator[None]:
    """Notes why a start was refused inside."""
    try:
        yield
    except errors.Unauthorised as error:
        services().shared.arrivals.note(console, Why(error.why), issued=error.issued)
        raise


@contextmanager
def entering(start: Start) -> Iterator[None]:
    """Notes that somebody came in, or that the console told nothing that could be used."""
    try:
        yield
    except errors.NotFound:
        services().shared.arrivals.note(start.console, Why.CONTEXT, start.account)
        raise
    services().shared.arrivals.note(start.console, Why.IN, start.account)


def look_at_frame(start: Start, allowed: tuple[str, ...]) -> None:
    """Notes from where the page is embedded, if that is not allowed.

    The browser does not show the page then, and says nothing.

    Reference: Fetch Metadata (Sec-Fetch-Dest); the embedding page's origin is the Referer's.
    """
    parts = urlsplit(request.headers.get("Referer", ""))
    origin = f"{parts.scheme}://{parts.netloc}"
    if (
        request.headers.get("Sec-Fetch-Dest") in {"iframe", "frame"}
        and parts.netloc
        and origin not in allowed
    ):
        services().shared.arrivals.note(start.console, Why.ORIGIN, start.account, origin[:200])


def refuse_code(start: Start, typed: str) -> None:
    """Notes that a pairing code was wrong; which one it was is nobody's business."""
    if typed:
        services().shared.arrivals.note(start.console, Why.PAIRING, start.account)
