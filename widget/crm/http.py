"""Carries queries and writes to an IXC webservice: the only user of ``requests``."""

from __future__ import annotations

import base64
import json
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import unescape
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
)

from widget.crm import bodies, connection, patience
from widget.crm.addresses import with_scheme
from widget.crm.exchanges import Exchange, Note, nothing, noting
from widget.crm.wire import Filter, Query, Rows, Write
from widget.domain import errors
from widget.domain.model import Fetched, Written

# Two resources are views of one table, and filters name the table. Reference: facts of the
# webservice, 2.1.
TABLES = {"crm_canditados": "cliente"}
MAX_BYTES = 16 * 1024 * 1024
LONGEST_NUMBER = 19
# How each verb goes out. Reference: webservice facts 1.3 and 1.5.
METHODS: dict[str, tuple[str, dict[str, str]]] = {
    "list": ("POST", {"ixcsoft": "listar"}),
    "insert": ("POST", {}),
    "update": ("PUT", {}),
}
# A CRM may ask for any pause; after so many seconds it is asked again all the same.
LONGEST_PAUSE = 60.0
# A certificate is judged before anything is sent. Any other TLS error may come after that: then
# nobody knows.
NEVER_SENT = (
    ConnectTimeoutError,
    NewConnectionError,
    NameResolutionError,
    ssl.SSLCertVerificationError,
)


@dataclass(frozen=True)
class Integration:
    """One configured CRM. ``wait`` is the longest time in seconds that one call may take.

    ``private``: its address may be one of an inner network.
    """

    id: str
    url: str
    token: str
    wait: float
    ca_file: str = ""
    qualification_field: str = ""
    private: bool = True


class HTTP:
    """The innermost transport. Never retries, never follows redirects, keeps no cookies."""

    def __init__(
        self, integration: Integration, clock: Callable[[], float] = time.time, note: Note = nothing
    ) -> None:
        """Tells ``note`` of every exchange."""
        self._name = integration.id
        self._note = note
        self._base = webservice(integration.url)
        self._wait = integration.wait
        self._clock = clock
        self._session = _session(integration)

    def read(self, query: Query) -> Fetched[Rows]:
        """Lists a resource.

        Reference: POST with ``ixcsoft: listar``, webservice facts 1.3 and 2.
        """
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
        if wait <= 0:
            raise errors.TooSlow("no time is left")
        deadline = time.monotonic() + wait
        method, headers = METHODS[exchange.verb]
        try:
            with (
                connection.cut_after(wait),
                self._session.request(
                    method,
                    f"{self._base}/{path}",
                    data=json.dumps(body),
                    headers=headers,
                    timeout=(min(3.05, wait), wait),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                text = _text(response, deadline)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _translated(error) from error
        exchange.came(response.status_code, text)
        try:
            answer = understand(response.status_code, text)
        except errors.CRMError as error:
            error.answered = True
            if isinstance(error, errors.Busy):
                error.after = _pause(response.headers.get("Retry-After", ""), self._clock())
            raise
        exchange.answer = answer
        return answer


def webservice(url: str) -> str:
    """Returns the address of the webservice for what was pasted.

    That may be a bare host, the address of a panel or ``/webservicev1``.
    """
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


def _pause(text: str, now: float) -> float:
    """The seconds of a Retry-After, which may be a moment too; 0 for what says nothing.

    Reference: RFC 9110, 10.2.3.
    """
    if text.isascii() and text.isdigit():
        return min(float(text[:LONGEST_NUMBER]), LONGEST_PAUSE)
    try:
        return min(max(0.0, parsedate_to_datetime(text).timestamp() - now), LONGEST_PAUSE)
    except ValueError:
        return 0.0


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


def _translated(error: Exception) -> errors.CRMError:
    """Translates what ``requests`` and ``urllib3`` raise, in one table.

    It tells whether anything may have been sent, or surely nothing was.
    """
    reason: BaseException | None = error
    while reason is not None:
        if isinstance(reason, connection.InnerAddress):
            return errors.Misconfigured("an address of an inner network, which nobody allowed")
        if isinstance(reason, NEVER_SENT):
            return errors.Unreachable(type(reason).__name__)
        inner = getattr(reason, "reason", None) or (reason.args[0] if reason.args else None)
        reason = inner if isinstance(inner, BaseException) else None
    if isinstance(
        error, ValueError
    ):  # requests: no such URL, or a token that cannot stand in a header
        return errors.Misconfigured(type(error).__name__)
    return errors.OutcomeUnknown(type(error).__name__)


def _text(response: requests.Response, deadline: float) -> str:
    """Reads the body within the deadline.

    ``requests`` itself has no total time limit: a body that drips would last for ever.
    """
    # What is read here may still break with errors of urllib3, which ``requests`` translates only
    # in its own readers.
    parts, size = [], 0
    while part := response.raw.read1(65536):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise requests.ConnectionError("body too large")
        if time.monotonic() > deadline:
            raise requests.ReadTimeout("deadline passed inside the body")
    return bodies.decoded(b"".join(parts))


def _session(integration: Integration) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = integration.ca_file or True
    # The CRM's session cookie would make it answer one request after the other.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers = {
        "Authorization": "Basic " + base64.b64encode(integration.token.encode()).decode(),
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Vinculo",
    }
    for scheme in ("http://", "https://"):
        session.mount(
            scheme, _Adapter(connection.POOLS if integration.private else connection.OUTWARD)
        )
    return session


class _Adapter(HTTPAdapter):
    """Its connections can be cut from outside, and go where they may."""

    def __init__(self, pools: connection.Pools) -> None:
        self._pools = pools
        super().__init__(pool_connections=4, pool_maxsize=64)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = dict(self._pools)


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
        "oper": head.operator,
        "page": str(query.page),
        "rp": str(query.size),
        "sortname": f"{table}.{query.sort}",
        "sortorder": "desc" if query.descending else "asc",
        "grid_param": json.dumps(
            [
                {
                    "TB": f"{table}.{f.column}",
                    "OP": f.operator,
                    "P": f.value,
                }
                for f in rest
            ]
        ),
    }


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
    """Returns the records as a list.

    PHP sends an array whose keys have a gap as an object, with numbers as its keys.
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
