"""One row of a resource, asked for as the transport asks, and the shape of a token."""

from __future__ import annotations

import base64
import json
import re

from widget.crm.probe import Answer, Line
from widget.crm.wire import Filter

# Two resources are views of one table, and filters name the table. Reference: webservice facts 2.1.
TABLES = {"crm_canditados": "cliente"}
EVERYTHING = Filter("id", ">=", "1")


def ask(line: Line, resource: str, token: str = "", condition: Filter = EVERYTHING) -> Answer:
    """The newest row that meets the condition.

    Reference: POST with ``ixcsoft: listar``, webservice facts 1.3 and 2.
    """
    table = TABLES.get(resource, resource)
    body = {
        "qtype": f"{table}.{condition.column}",
        "query": condition.value,
        "oper": condition.operator,
        "page": "1",
        "rp": "1",
        "sortname": f"{table}.id",
        "sortorder": "desc",
    }
    headers = {
        "ixcsoft": "listar",
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Vinculo",
        "Connection": "close",
    }
    if token:
        headers["Authorization"] = "Basic " + base64.b64encode(token.encode()).decode()
    return line.ask(f"/{resource}", json.dumps(body), headers)


def shape_of_token(token: str) -> str:
    """What the token looks like, by its name in the diagnosis's catalogue."""
    if not token.strip():
        return "token-empty"
    if re.search(r"\s", token):
        return "token-blanks"
    if re.fullmatch(r"\d+:[0-9A-Fa-f]{64}", token):
        return "token-ok"
    return "token-encoded" if _decodes(token) else "token-shape"


def _decodes(token: str) -> bool:
    bare = re.sub(r"(?i)^basic", "", token)
    try:
        return (
            re.fullmatch(
                rb"\d+:\S+", base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
            )
            is not None
        )
    except ValueError:
        return False
