"""Addresses as people write them: what scheme is meant."""

from __future__ import annotations

import re

SCHEME = re.compile(r"(?:(https?)[:;]*[/\\]+)+", re.IGNORECASE)


def with_scheme(text: str) -> str:
    """The address with its scheme.

    ``https:/``, ``https;//``, ``http//`` and one that stands twice are understood.
    """
    begins = SCHEME.match(text)
    if begins:
        return f"{begins[1].lower()}://{text[begins.end() :]}"
    return text if "://" in text else f"https://{text}"
