"""One question to a web address, link by link, so that the diagnosis names the broken one."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

import certifi
from cryptography import x509

from widget.crm import bodies
from widget.crm.addresses import with_scheme

MAX_BYTES = 2 * 1024 * 1024
CONNECT = 3.05
# What OpenSSL calls the ways in which a certificate fails. Reference: X509_V_ERR_* of
# openssl/x509_vfy.h.
CERTIFICATE = {
    9: "tls-not-yet",
    10: "tls-expired",
    18: "tls-self-signed",
    19: "tls-unknown-authority",
    20: "tls-unknown-authority",
    21: "tls-unknown-authority",
    62: "tls-wrong-name",
    64: "tls-wrong-name",
}
NO_TLS = {
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
    "UNKNOWN_PROTOCOL",
}
OLD_TLS = {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"}


class Broken(Exception):
    """A link that does not hold; ``slug`` names what it is in the catalogue of the diagnosis."""

    def __init__(self, slug: str, evidence: str = "", **values: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.evidence = evidence
        self.values = values


@dataclass(frozen=True)
class Place:
    """Where the webservice should be."""

    scheme: str
    host: str
    port: int

    @property
    def is_tls(self) -> bool:
        """Whether it wants TLS."""
        return self.scheme == "https"

    @property
    def url(self) -> str:
        """The webservice's address."""
        usual = {
            "https": 443,
            "http": 80,
        }[self.scheme]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (
            f"{self.scheme}://{host}{'' if self.port == usual else f':{self.port}'}/webservice/v1"
        )


@dataclass(frozen=True)
class Certificate:
    """What a server shows of itself."""

    issuer: str
    names: tuple[str, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Answer:
    """What came back.

    ``local`` is our own address on the way; ``is_cut``: less came than was announced.
    """

    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float
    local: str = ""
    is_cut: bool = False


@dataclass
class Line:
    """The way to one place.

    Every step raises Broken, and none lasts longer than ``wait`` seconds.
    """

    place: Place
    wait: float
    ca: str = ""
    addresses: list[str] = field(default_factory=list)

    def resolve(self) -> list[str]:
        """The addresses behind the name.

        ``getaddrinfo`` knows no limit, so it is asked in a thread.
        """
        found: list[list[str] | OSError] = []
        asking = threading.Thread(target=lambda: found.append(_look_up(self.place)), daemon=True)
        asking.start()
        asking.join(min(self.wait, CONNECT))
        answer = found[0] if found else TimeoutError("no answer in time")
        if isinstance(answer, OSError):
            is_absent = getattr(answer, "errno", None) in {
                socket.EAI_NONAME,
                getattr(socket, "EAI_NODATA", -5),
            }
            slug = "name-unresolved" if is_absent else "name-service-silent"
            raise Broken(slug, _named(answer), host=self.place.host)
        self.addresses = answer
        return answer

    def connect(self) -> socket.socket:
        """A connection to the first address that takes one."""
        last: OSError = OSError("no address")
        until = time.monotonic() + min(self.wait, CONNECT)
        for address in self.addresses or self.resolve():
            try:
                return socket.create_connection(
                    (address, self.place.port), max(0.2, until - time.monotonic())
                )
            except OSError as error:
                last = error
        slug = (
            "connection-refused"
            if isinstance(last, ConnectionRefusedError)
            else "connection-silent"
        )
        address, port = self.addresses[-1], self.place.port
        raise Broken(
            slug, _named(last), address=address, port=port, seconds=round(min(self.wait, CONNECT))
        )

    def secure(self, plain: socket.socket) -> ssl.SSLSocket:
        """TLS over a connection, the server's certificate judged."""
        context = self._context()
        plain.settimeout(min(self.wait, CONNECT))
        try:
            return context.wrap_socket(plain, server_hostname=self.place.host)
        except ssl.SSLCertVerificationError as error:
            raise self._certificate_fault(error) from error
        except TimeoutError as error:
            raise Broken("tls-silent", _named(error), port=self.place.port) from error
        except OSError as error:
            raise Broken(_tls_fault(error), _named(error), port=self.place.port) from error

    def ask(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Posts to the webservice over a connection of its own."""
        started = time.monotonic()
        plain = self.connect()
        try:
            carrier = self.secure(plain) if self.place.is_tls else plain
        except Broken:
            plain.close()
            raise
        return self._exchange(carrier, path, body, headers, started)

    def certificate(self) -> Certificate | None:
        """What the server shows, whether or not it proves anything.

        None when it shows nothing readable.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with (
                self.connect() as plain,
                context.wrap_socket(plain, server_hostname=self.place.host) as secured,
            ):
                return _read(secured.getpeercert(binary_form=True) or b"")
        except (OSError, ValueError, Broken):
            return None

    def _context(self) -> ssl.SSLContext:
        """Returns a context with the authorities that the transport trusts.

        These are those of ``requests``, or the one that was given.
        """
        try:
            if "BEGIN CERTIFICATE" in self.ca:
                return ssl.create_default_context(cadata=self.ca)
            return ssl.create_default_context(cafile=self.ca or certifi.where())
        except (OSError, ValueError) as error:
            raise Broken("tls-authority-unreadable", _named(error)) from error

    def _certificate_fault(self, error: ssl.SSLCertVerificationError) -> Broken:
        shown = self.certificate()
        values = {
            "host": self.place.host,
            "issuer": "?",
            "names": "?",
            "until": "?",
            "since": "?",
        }
        if shown:
            values |= {
                "issuer": shown.issuer,
                "names": ", ".join(shown.names[:5]) or "?",
                "until": day(shown.until),
                "since": day(shown.since),
            }
        return Broken(
            CERTIFICATE.get(error.verify_code, "tls-unknown-authority"),
            error.verify_message,
            **values,
        )

    def _exchange(
        self,
        carrier: socket.socket,
        path: str,
        body: str,
        headers: Mapping[str, str],
        started: float,
    ) -> Answer:
        left = max(0.2, self.wait - (time.monotonic() - started))
        carrier.settimeout(left)
        connection = http.client.HTTPConnection(self.place.host, self.place.port)
        connection.sock = carrier
        local = carrier.getsockname()[0]
        try:
            with _cut_after(left, carrier):
                connection.request("POST", f"/webservice/v1{path}", body, dict(headers))
                response = connection.getresponse()
                text, is_cut = _body(response)
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            raise self._http_fault(error, time.monotonic() - started) from error
        finally:
            connection.close()
        seconds = time.monotonic() - started
        if seconds >= self.wait * 0.98:  # cut by us: what came may be half of the headers, too
            raise self._too_slow(f"HTTP {response.status}, {len(text)} characters so far")
        return Answer(response.status, dict(response.headers.items()), text, seconds, local, is_cut)

    def _http_fault(self, error: Exception, seconds: float) -> Broken:
        if isinstance(error, TimeoutError) or seconds >= self.wait * 0.98:
            return self._too_slow(_named(error))
        if isinstance(
            error, (http.client.BadStatusLine, http.client.LineTooLong)
        ) and not isinstance(error, http.client.RemoteDisconnected):
            return Broken("http-absent", _named(error)[:120], port=self.place.port)
        return Broken("http-reset", _named(error), port=self.place.port)

    def _too_slow(self, evidence: str) -> Broken:
        return Broken("too-slow", evidence, seconds=round(self.wait, 1))


def place_of(url: str) -> Place:
    """Reads what was pasted as the transport does: scheme, host and port.

    Raises Broken.
    """
    text = url.strip()
    if not text:
        raise Broken("address-empty")
    try:
        parts = urlsplit(with_scheme(text))
        port = (
            parts.port
            or {
                "https": 443,
                "http": 80,
            }[parts.scheme]
        )
    except (ValueError, KeyError) as error:
        raise Broken("address-wrong", _named(error), url=text[:200]) from error
    host = parts.hostname or ""
    if not re.fullmatch(r"[\w.-]+|[0-9a-f:.%]+", host) or host in {"http", "https"}:
        raise Broken("address-wrong", "no host", url=text[:200])
    return Place(parts.scheme, host, port)


def day(moment: datetime) -> str:
    """A date as people read it here."""
    return f"{moment:%d/%m/%Y}"


def _look_up(place: Place) -> list[str] | OSError:
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return (
            error if isinstance(error, OSError) else socket.gaierror(socket.EAI_NONAME, str(error))
        )
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def _tls_fault(error: OSError) -> str:
    reason = str(getattr(error, "reason", "") or "")
    if reason in NO_TLS:
        return "tls-absent"
    return "tls-old" if reason in OLD_TLS else "tls-reset"


def _read(der: bytes) -> Certificate:
    found = x509.load_der_x509_certificate(der)
    try:
        alternative = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = (
            *alternative.get_values_for_type(x509.DNSName),
            *(str(ip) for ip in alternative.get_values_for_type(x509.IPAddress)),
        )
    except x509.ExtensionNotFound:
        names = ()
    issuer = found.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME) or list(found.issuer)
    called = str(issuer[0].value) if issuer else "?"
    return Certificate(called, names, found.not_valid_before_utc, found.not_valid_after_utc)


def _body(response: http.client.HTTPResponse) -> tuple[str, bool]:
    """The body as far as it came, and whether it ended too early."""
    parts: list[bytes] = []
    is_cut, left = False, MAX_BYTES
    try:
        while left > 0 and (part := response.read1(min(left, 65536))):
            parts.append(part)
            left -= len(part)
    except (OSError, http.client.HTTPException):
        is_cut = True
    size = sum(map(len, parts))
    announced = response.headers.get("Content-Length", "")
    is_cut = is_cut or (announced.isdigit() and size < int(announced) and left > 0)
    return bodies.decoded(b"".join(parts)), is_cut


@contextlib.contextmanager
def _cut_after(seconds: float, carrier: socket.socket) -> Iterator[None]:
    """Limits the whole exchange; a socket's own limit begins again with each byte."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(carrier, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _named(error: BaseException) -> str:
    """Returns the error in its own words."""
    return f"{type(error).__name__}: {error}"[:200]
