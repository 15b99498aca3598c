"""What passes through the panel: calls to the CRM, and arrivals at the door. Nobody's data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """What became of a request to open the panel."""

    IN = "in"
    SIGNATURE = "signature"
    AHEAD = "ahead"
    EXPIRED = "expired"
    START = "start"
    CONTEXT = "context"
    ORIGIN = "origin"
    PAIRING = "pairing"
    SIGN_IN = "sign-in"


@dataclass(frozen=True)
class Arrival:
    """One of them.

    ``issued`` is when the console says it signed (epoch seconds), 0 where nothing proves that.
    """

    at: float = 0.0
    host: str = ""
    why: str = ""
    account: str = ""
    origin: str = ""
    issued: float = 0.0


@dataclass(frozen=True)
class Call:
    """One exchange.

    ``columns`` it asked by, ``status`` 0 for none, ``code`` of the error that it became, "" for
    none.

    ``request`` is the number that the attendant's screen shows beside the code.
    """

    at: float = 0.0
    integration: str = ""
    resource: str = ""
    verb: str = ""
    columns: str = ""
    status: int = 0
    ms: int = 0
    shape: str = ""
    code: str = ""
    request: str = ""
