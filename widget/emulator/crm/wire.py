"""How an answer travels: whole, or broken in the ways of real networks.

A whole answer has a kept connection and one send.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any

from werkzeug.serving import WSGIRequestHandler
from werkzeug.test import run_wsgi_app

# key of the WSGI environment: a list to which the app adds how its answer shall travel
WAYS = "emulator.ways"
_RESET = struct.pack("ii", 1, 0)
_CHUNK = 65_536


@dataclass(frozen=True)
class Trip:
    """One answer on its way.

    It has the socket, the bytes, and the event that says the emulator is stopping.
    """

    connection: socket.socket
    head: bytes
    body: bytes
    stopping: threading.Event


Send = Callable[[Trip], None]


class Handler(WSGIRequestHandler):
    """Reads one request whole, lets the app answer, sends the answer whole.

    Then waits for the next request.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.server.hub.add(self.connection)  # type: ignore[attr-defined]

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.server.hub.discard(self.connection)  # type: ignore[attr-defined]

    def run_wsgi(self) -> None:
        environ = self._environ()
        ways: list[Send] = environ[WAYS]
        pieces, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        body = b"".join(pieces)
        self.close_connection = self.close_connection or bool(ways)
        head = _head(status, [*headers.items(), *self._closing()])
        sent = b"" if self.command == "HEAD" else body
        stopping = self.server.hub.stopping  # type: ignore[attr-defined]
        trip = Trip(self.connection, head, sent, stopping)
        (ways[0] if ways else whole)(trip)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 (the parent's name)
        """Quiet: what was asked is read at /control/calls."""

    def _environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = self.make_environ()
        chunked = environ.get("wsgi.input_terminated", False)
        body = environ["wsgi.input"].read() if chunked else self.rfile.read(self._length())
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ[WAYS] = []
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return environ

    def _length(self) -> int:
        text = self.headers.get("Content-Length", "0")
        return int(text) if text.isdecimal() else 0

    def _closing(self) -> Iterable[tuple[str, str]]:
        return [("Connection", "close")] if self.close_connection else []


class Hub:
    """The open connections of a running server.

    Stopping the server thus cuts them as a dying server does.
    """

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._quiet = threading.Condition()
        self._open: set[socket.socket] = set()

    def add(self, connection: socket.socket) -> None:
        with self._quiet:
            self._open.add(connection)

    def discard(self, connection: socket.socket) -> None:
        with self._quiet:
            self._open.discard(connection)
            self._quiet.notify_all()

    def cut(self, patience: float = 2.0) -> None:
        """Ends every connection and waits a little for the threads behind them."""
        self.stopping.set()
        with self._quiet:
            for connection in self._open:
                # The lambda is called at once.
                _silently(lambda: connection.shutdown(socket.SHUT_RDWR))  # noqa: B023
            self._quiet.wait_for(lambda: not self._open, patience)


def _head(status: str, headers: list[tuple[str, str]]) -> bytes:
    code, _, phrase = status.partition(" ")
    phrase = phrase or HTTPStatus(int(code)).phrase
    lines = [f"HTTP/1.1 {code} {phrase}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def whole(trip: Trip) -> None:
    """Sends everything in one send.

    Two would cost 44 ms each time (Nagle's algorithm meets delayed acknowledgement).
    """
    trip.connection.sendall(trip.head + trip.body)


def reset(trip: Trip) -> None:
    """A TCP reset instead of an answer."""
    trip.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    trip.connection.close()


def half_headers(trip: Trip) -> None:
    """The connection ends in the middle of the second header."""
    first, second, *_ = trip.head.split(b"\r\n")
    trip.connection.sendall(first + b"\r\n" + second[: len(second) // 2])


def cut_body(trip: Trip) -> None:
    """The connection ends before as many bytes came as the headers promised."""
    trip.connection.sendall(trip.head + trip.body[: len(trip.body) // 2])


def hang(trip: Trip) -> None:
    """No answer until the client gives up or the emulator stops."""
    trip.connection.settimeout(0.2)
    while not trip.stopping.is_set():
        try:
            if not trip.connection.recv(_CHUNK):
                return
        except TimeoutError:
            continue


def drip(seconds: float, *, headers: bool = False) -> Send:
    """One byte at a time; the headers too when asked."""

    def send(trip: Trip) -> None:
        slow = trip.head + trip.body if headers else trip.body
        trip.connection.sendall(b"" if headers else trip.head)
        for place in range(len(slow)):
            if trip.stopping.wait(seconds):
                return
            trip.connection.sendall(slow[place : place + 1])

    return send


def huge(size: int) -> Send:
    """A well-formed listing whose one record is `size` bytes long; made while it is sent."""
    start, end = b'{"page":"1","total":"1","registros":[{"id":"1","obs":"', b'"}]}'

    def send(trip: Trip) -> None:
        length = len(start) + size + len(end)
        kept = [
            line
            for line in trip.head.split(b"\r\n")
            if line and not line.lower().startswith(b"content-length")
        ]
        trip.connection.sendall(b"\r\n".join([*kept, b"Content-Length: %d" % length, b"", start]))
        for sent in range(0, size, _CHUNK):
            trip.connection.sendall(b"a" * min(_CHUNK, size - sent))
        trip.connection.sendall(end)

    return send


def _silently(end: Callable[[], None]) -> None:
    try:
        end()
    except OSError:  # the other side was faster
        return
