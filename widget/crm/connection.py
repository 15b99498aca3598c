"""The limits of a connection: one deadline for a whole call, no inner networks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from widget.crm.networks import is_private


class _Here(threading.local):
    """The sockets on which this thread waits for an answer, in a list that its timer knows too."""

    held: list[socket.socket] | None = None


_here = _Here()


@contextmanager
def cut_after(seconds: float) -> Iterator[None]:
    """Cuts the connection of the call inside when it lasts longer.

    A socket's own timeout begins anew with each byte, so an answer that drips would last for ever,
    headers too.
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
            socket.socket.shutdown(
                connection, socket.SHUT_RDWR
            )  # not the TLS socket's own, which would unwrap it


def _ask_for(host: str, port: int, answer: list[list[str] | OSError]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answer.append(list(dict.fromkeys(str(address[0]) for *_, address in found)))
    except (OSError, UnicodeError) as error:
        answer.append(error if isinstance(error, OSError) else socket.gaierror(str(error)))


class InnerAddress(NewConnectionError):
    """The name leads to an inner address, which is not allowed."""


class _Connection(HTTPConnection):
    """Looks a name up once and connects to what was answered then.

    A second answer might lead elsewhere.
    """

    may_be_inner = True
    _addresses: Sequence[str] = ()

    def connect(self) -> None:
        self._addresses = self._look_up()
        if not self.may_be_inner and any(map(is_private, self._addresses)):
            raise InnerAddress(self, "an address of an inner network")
        super().connect()

    def _look_up(self) -> list[str]:
        """Looks the name up in a thread, with a time limit.

        ``getaddrinfo`` knows no limit, and a name service may hang for long.
        """
        answer: list[list[str] | OSError] = []
        asking = threading.Thread(
            target=_ask_for, args=(self._dns_host, self.port, answer), name="name", daemon=True
        )
        asking.start()
        asking.join(self.timeout if isinstance(self.timeout, float) else None)
        found = answer[0] if answer else socket.gaierror("no answer in time")
        if isinstance(found, OSError):
            raise NameResolutionError(self.host, self, socket.gaierror(str(found))) from found
        return found

    def _new_conn(self) -> socket.socket:
        """To the first address that takes a connection.

        The certificate is still held against the name.
        """
        name, last = self._dns_host, NewConnectionError(self, "no address")
        for address in self._addresses:
            self._dns_host = address
            try:
                return super()._new_conn()
            except (NewConnectionError, ConnectTimeoutError) as error:
                last = error  # type: ignore[assignment]
            finally:
                self._dns_host = name
        raise last

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        if _here.held is not None and self.sock is not None:
            _here.held.append(self.sock)
        return super().getresponse()


class _SafeConnection(_Connection, HTTPSConnection):
    pass


class _OutwardConnection(_Connection):
    may_be_inner = False


class _SafeOutwardConnection(_OutwardConnection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


class _OutwardPool(HTTPConnectionPool):
    ConnectionCls = _OutwardConnection


class _SafeOutwardPool(HTTPSConnectionPool):
    ConnectionCls = _SafeOutwardConnection


Pools = Mapping[str, type[HTTPConnectionPool]]
POOLS: Pools = {
    "http": _Pool,
    "https": _SafePool,
}
# The same to addresses of the internet only.
OUTWARD: Pools = {
    "http": _OutwardPool,
    "https": _SafeOutwardPool,
}
