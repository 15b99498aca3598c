"""One bounded call to a CRM over HTTP: the only module that knows ``requests``."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
)

from widget.crm import bodies, connection
from widget.domain import errors
from widget.domain.integrations import Integration

MAX_BYTES = 16 * 1024 * 1024
# A CRM may ask for any pause; after so many seconds it is asked again all the same.
LONGEST_PAUSE = 60.0
LONGEST_NUMBER = 19
# A certificate is judged before anything is sent. Any other TLS error may come after that: then
# nobody knows.
NEVER_SENT = (
    ConnectTimeoutError,
    NewConnectionError,
    NameResolutionError,
    ssl.SSLCertVerificationError,
)


@dataclass(frozen=True)
class Reply:
    """What came back: the status, the headers and the body as text."""

    status: int
    headers: Mapping[str, str]
    text: str


class HTTP:
    """Calls one CRM. Never retries, never follows redirects, keeps no cookies."""

    def __init__(self, integration: Integration, headers: Mapping[str, str]) -> None:
        """Sends ``headers`` with every call."""
        self._session = _session(integration, headers)

    def call(
        self,
        method: str,
        url: str,
        body: str,
        wait: float,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The reply, within ``wait`` seconds.

        Raises TooSlow, Unreachable or Misconfigured when surely nothing was sent, else
        OutcomeUnknown.
        """
        if wait <= 0:
            raise errors.TooSlow("no time is left")
        deadline = time.monotonic() + wait
        try:
            with (
                connection.cut_after(wait),
                self._session.request(
                    method,
                    url,
                    data=body,
                    headers=dict(headers or {}),
                    timeout=(min(3.05, wait), wait),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                text = _text(response, deadline)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _translated(error) from error
        return Reply(response.status_code, response.headers, text)


def pause(text: str, now: float) -> float:
    """The seconds of a Retry-After, which may be a moment too; 0 for what says nothing.

    Reference: RFC 9110, 10.2.3.
    """
    if text.isascii() and text.isdigit():
        return min(float(text[:LONGEST_NUMBER]), LONGEST_PAUSE)
    try:
        return min(max(0.0, parsedate_to_datetime(text).timestamp() - now), LONGEST_PAUSE)
    except ValueError:
        return 0.0


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


def _session(integration: Integration, headers: Mapping[str, str]) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = integration.ca_file or True
    # The CRM's session cookie would make it answer one request after the other.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers = {
        **headers,
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
