"""Under which address the CRM sees this server, as far as this server can know."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import dataclass

from widget.crm.networks import is_private
from widget.crm.probe import Broken, Line, place_of

SECONDS = 1.0


@dataclass(frozen=True)
class Seen:
    """Our own address on the way to the CRM.

    ``is_inner``: on the internet's side of a router it is another one.
    """

    address: str
    is_inner: bool


def seen_from(url: str) -> Seen | None:
    """The address from which this server would call this CRM, None where that is not known.

    Nothing is sent there.
    """
    try:
        place = place_of(url)
        there = Line(place, SECONDS).resolve()[0]
    except Broken:
        return None
    family = socket.AF_INET6 if ":" in there else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as way:
        try:
            way.connect((there, place.port))
        except OSError:
            return None
        here = str(way.getsockname()[0])
    return Seen(here, is_inner=is_private(here) and not is_private(there))
