"""One request as the CRM understands it: what it is, of which resource, with which fields."""

import json
from dataclasses import dataclass
from typing import Any

from flask import request

from widget.emulator.crm.resources import ACTIONS

_FORMS = {"multipart/form-data", "application/x-www-form-urlencoded"}
_KINDS = {
    "POST": "insert",
    "PUT": "update",
    "DELETE": "delete",
}


@dataclass(frozen=True)
class Asked:
    """`kind` is list, insert, update, delete or action.

    Or lost (no such route), wrong (not so), broken (no JSON).
    """

    kind: str
    resource: str
    record: str
    fields: dict[str, str]

    @property
    def write(self) -> bool:
        return self.kind in {"insert", "update", "delete", "action"}


def read_request(resource: str, record: str, *, query_string: bool = False) -> Asked:
    """Reads the request at hand.

    The `ixcsoft` header makes a listing of GET and POST, and a body may come in any form.

    `query_string`: what stands in the address of a GET is asked too, below what its body asks.
    """
    fields = _fields()
    if query_string and request.method == "GET" and fields is not None:
        fields = {
            **request.args.to_dict(),
            **fields,
        }
    return Asked(
        _kind(resource, record) if fields is not None else "broken", resource, record, fields or {}
    )


def _kind(resource: str, record: str) -> str:
    listed = request.headers.get("ixcsoft", "").strip().lower() == "listar"
    if request.method in {"GET", "POST"} and listed and not record:
        return "wrong" if resource in ACTIONS else "list"
    if request.method in {"GET", "HEAD"}:
        return "lost"
    if resource in ACTIONS:
        return "action" if request.method == "PUT" and record else "wrong"
    return _KINDS[request.method] if bool(record) == (request.method != "POST") else "wrong"


def _fields() -> dict[str, str] | None:
    """The body's fields as strings; nothing when it should be JSON and is not."""
    if request.mimetype in _FORMS:
        return request.form.to_dict()
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError:
        return None
    return (
        {str(name): _text(value) for name, value in body.items()}
        if isinstance(body, dict)
        else None
    )


def _text(value: Any) -> str:
    """As PHP makes a string of it."""
    if value is None or value is False:
        return ""
    if isinstance(value, list | dict):
        return "Array"
    return "1" if value is True else str(value)
