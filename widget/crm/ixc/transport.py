"""Carries queries and writes to IXC's webservice. Reference: webservice facts 1 to 4."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from widget.crm import bodies, patience
from widget.crm.addresses import with_scheme
from widget.crm.exchanges import Exchange, Note, nothing, noting
from widget.crm.http import HTTP, LONGEST_NUMBER, pause
from widget.crm.ixc import answers
from widget.crm.wire import Filter, Query, Rows, Write
from widget.domain import errors
from widget.domain.integrations import Integration
from widget.domain.model import Fetched, Written

# Two resources are views of one table, and filters name the table. Reference: facts of the
# webservice, 2.1.
TABLES = {"crm_canditados": "cliente"}
# How each verb goes out. Reference: webservice facts 1.3 and 1.5.
METHODS: dict[str, tuple[str, dict[str, str]]] = {
    "list": ("POST", {"ixcsoft": "listar"}),
    "insert": ("POST", {}),
    "update": ("PUT", {}),
}
# Reference: webservice facts 2.2.
OPERATORS = {
    "contains": "L",
    "in": "IN",
    "not in": "NI",
}


class Webservice:
    """The innermost transport: one call for each query and each write."""

    def __init__(
        self, integration: Integration, clock: Callable[[], float] = time.time, note: Note = nothing
    ) -> None:
        """Tells ``note`` of every exchange."""
        self._name = integration.id
        self._note = note
        self._base = webservice(integration.url)
        self._wait = integration.wait
        self._clock = clock
        token = base64.b64encode(integration.token.encode()).decode()
        self._http = HTTP(
            integration,
            {
                "Authorization": f"Basic {token}",
                "Content-Type": "application/json",
            },
        )

    def read(self, query: Query) -> Fetched[Rows]:
        """Lists a resource. Reference: webservice facts 1.3 and 2."""
        columns = ",".join(filter_.column for filter_ in query.filters)
        with noting(
            self._note, Exchange(self._name, query.resource, "list", columns), self._clock
        ) as exchange:
            try:
                answer = self._call(
                    exchange, query.resource, _listing(query), patience.left(self._wait)
                )
            except errors.OutcomeUnknown as error:
                raise errors.Unreachable(str(error)) from error
            rows = _rows(answer)
            total = _count(answer.get("total"), len(rows))
            if total and not rows and query.page == 1:
                failure = errors.Incomplete(f"{total} rows announced, none there")
                failure.announced = total
                raise failure
        return Fetched(Rows(rows, total), self._clock())

    def write(self, write: Write) -> Written:
        """Inserts (POST) or replaces (PUT) a record. Reference: webservice facts 3.1 and 3.2."""
        path = f"{write.resource}/{write.id}" if write.id else write.resource
        verb = "update" if write.id else "insert"
        with noting(
            self._note, Exchange(self._name, write.resource, verb), self._clock
        ) as exchange:
            try:
                answer = self._call(exchange, path, dict(write.record), self._wait)
            except errors.Unexpected as error:
                raise errors.OutcomeUnknown(str(error)) from error
            number = write.id or _string(answer.get("id"))
            if answer.get("type") != "success" or not _is_number(number):
                raise errors.OutcomeUnknown("no success and no number in the answer")
        return Written(number)

    def _call(self, exchange: Exchange, path: str, body: object, wait: float) -> dict[str, Any]:
        method, headers = METHODS[exchange.verb]
        url = f"{self._base}/{path}"
        reply = self._http.call(method, url, json.dumps(body), wait, headers)
        exchange.came(reply.status, lambda: answers.told(reply.status, reply.text))
        try:
            answer = understand(reply.status, reply.text)
        except errors.CRMError as error:
            error.answered = True
            if isinstance(error, errors.Busy):
                error.after = pause(reply.headers.get("Retry-After", ""), self._clock())
            raise
        exchange.came(reply.status, lambda: answers.shape(answer))
        return answer


def webservice(url: str) -> str:
    """The webservice's address for whatever was pasted: a bare host, a panel address."""
    parts = urlsplit(with_scheme(url))
    return f"{parts.scheme}://{parts.netloc}/webservice/v1"


def understand(status: int, text: str) -> dict[str, Any]:
    """The answer as an object, or the error that it means. Reference: webservice facts 4."""
    if 300 <= status < 400:
        raise errors.Unexpected(f"redirect {status}")
    if status in STATUSES:
        raise STATUSES[status](f"HTTP {status}")
    try:
        answer = bodies.content(text)
    except bodies.NotOne as error:
        raise errors.Unexpected(f"HTTP {status}, not JSON, {len(text)} characters") from error
    if status >= 400 or not isinstance(answer, dict):
        raise errors.Unexpected(f"HTTP {status}, {type(answer).__name__}")
    if answer.get("type") == "error":
        raise _refusal(_string(answer.get("message")))
    return answer


STATUSES: dict[int, type[errors.CRMError]] = {
    400: errors.Misconfigured,
    401: errors.CredentialsRefused,
    403: errors.CredentialsRefused,
    404: errors.Misconfigured,
    429: errors.Busy,
}


def _refusal(message: str) -> errors.CRMError:
    resource = re.search(r"Recurso (\S+) n[ãa]o est[áa] dispon", message)
    if resource:
        return errors.ResourceUnavailable(resource[1])
    if re.search(r"IP n[ãa]o est[áa] liberado", message):
        return errors.AddressRefused(message)
    lines = tuple(filter(None, (_plain(line) for line in re.split(r"<br\s*/?>|\n", message))))
    if "permiss" in message.casefold():
        return errors.PermissionDenied(" ".join(lines))
    return errors.Rejected(lines or ("?",))


def _plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", markup)).strip()


def _listing(query: Query) -> dict[str, str]:
    table = TABLES.get(query.resource, query.resource)
    everything = Filter("id", ">=", "1")
    # An empty value beside qtype means "no filter"; only inside grid_param does it mean the empty
    # string.
    head, *rest = (
        query.filters if query.filters and query.filters[0].value else (everything, *query.filters)
    )
    return {
        "qtype": f"{table}.{head.column}",
        "query": head.value,
        "oper": _operator(head),
        "page": str(query.page),
        "rp": str(query.size),
        "sortname": f"{table}.{query.sort}",
        "sortorder": "desc" if query.descending else "asc",
        "grid_param": json.dumps(
            [
                {
                    "TB": f"{table}.{f.column}",
                    "OP": _operator(f),
                    "P": f.value,
                }
                for f in rest
            ]
        ),
    }


def _operator(condition: Filter) -> str:
    return OPERATORS.get(condition.operator, condition.operator)


def _rows(answer: dict[str, Any]) -> tuple[dict[str, str], ...]:
    """The rows of a listing.

    That there are none must be said: an answer without rows and total proves nothing.
    """
    if answer.get("registros") is None and "total" not in answer:
        raise errors.Unexpected("neither registros nor total")
    records = _listed(answer.get("registros") or [])
    if not all(isinstance(record, dict) for record in records):
        raise errors.Unexpected("registros is not a list of records")
    rows = tuple({_string(k): _string(v) for k, v in record.items()} for record in records)
    if not all(_is_number(row.get("id", "")) for row in rows):
        raise errors.Unexpected("a record without its number")
    return rows


def _listed(records: object) -> list[Any]:
    """The records as a list.

    An array of PHP whose keys have a gap comes as an object, its keys being numbers.
    """
    if isinstance(records, dict) and all(key.isascii() and key.isdigit() for key in records):
        return list(records.values())
    if not isinstance(records, list):
        raise errors.Unexpected("registros is no list")
    return records


def _is_number(text: str) -> bool:
    """Whether it names a record: the CRM counts from 1."""
    return text.isascii() and text.isdigit() and text.strip("0") != ""


_string = bodies.text_of


def _count(total: object, rows: int) -> int:
    """How many match.

    Where the answer does not tell, one more than came: then nobody takes them for all.
    """
    text = _string(total)
    if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER:
        return max(int(text), rows)
    return rows + 1 if rows else 0
