"""Whether a request was sent by one of our pages.

The browser says so, and no other page can make it say so.
"""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit

from flask import request


class Sender(StrEnum):
    """Who sent a request: a page of ours, one of another site, or what is no browser."""

    OURS = "ours"
    FOREIGN = "foreign"
    UNTOLD = "untold"


def sender(public_url: str = "") -> Sender:
    """Who sent this request, to a server that is also seen under ``public_url``.

    Browsers tell ``Sec-Fetch-Site`` to https and localhost only; all tell ``Origin`` with what
    changes something. Reference: Fetch Metadata; ASVS 5.0, 3.5.1 to 3.5.3.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return Sender.OURS if site == "same-origin" else Sender.FOREIGN
    if origin is None:
        return Sender.UNTOLD
    known = {request.host, urlsplit(public_url).netloc} - {""}
    return Sender.OURS if urlsplit(origin).netloc in known else Sender.FOREIGN
