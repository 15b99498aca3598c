"""One deadline for a whole call: the connection is cut when it has passed, whatever still trickles in."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError


class _Here(threading.local):
    """The sockets on which this thread waits for an answer, in a list that its timer knows too."""

    held: list[socket.socket] | None = None


_here = _Here()


@contextmanager
def cut_after(seconds: float) -> Iterator[None]:
    """Cuts the connection of the call inside when it lasts longer.

    A socket's own timeout begins anew with each byte, so an answer that drips would last for ever, headers too.
    """
    held: list[socket.socket] = []
    timer = threading.Timer(seconds, _cut, (held,))
    timer.daemon = True
    _here.held = held
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _here.held = None


def _cut(held: list[socket.socket]) -> None:
    for connection in held:
        with suppress(OSError):  # it has ended by itself
            socket.socket.shutdown(connection, socket.SHUT_RDWR)  # not the TLS socket's own, which would unwrap it


def _ask_for(host: str, port: int) -> None:
    with suppress(OSError):  # who connects will be told the same
        socket.getaddrinfo(host, port)


class _Connection(HTTPConnection):
    def connect(self) -> None:
        self._look_up()
        super().connect()

    def _look_up(self) -> None:
        """Asks for the name first, with a limit: ``getaddrinfo`` knows none, and a name service may hang for long."""
        asking = threading.Thread(target=_ask_for, args=(self.host, self.port), name="name", daemon=True)
        asking.start()
        asking.join(self.timeout if isinstance(self.timeout, float) else None)
        if asking.is_alive():
            raise NameResolutionError(self.host, self, socket.gaierror("no answer in time"))

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        if _here.held is not None and self.sock is not None:
            _here.held.append(self.sock)
        return super().getresponse()


class _SafeConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


POOLS: Mapping[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _SafePool}
