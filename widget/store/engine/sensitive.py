"""Which columns of a record never lie on our disk: passwords, tokens, certificates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

# Listings hold password hashes, tokens and certificates; none of them is ever kept. Reference:
# webservice facts 2.3.
SECRET = re.compile(r"senha|token|certificado|hotsite_email|nfe_chave", re.IGNORECASE)


def without_secrets(record: Mapping[str, str]) -> dict[str, str]:
    """The record as it may lie on disk."""
    return {column: value for column, value in record.items() if not _is_secret(column)}


@lru_cache(1000)
def _is_secret(column: str) -> bool:
    return SECRET.search(column) is not None
