"""Ports that answer otherwise than a CRM does."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)
SIGN_IN = """<!doctype html><title>Proxy da empresa: autenticação</title>\
<form method=post action=/login>
<input name=usuario><input name=senha type=password><button>Entrar</button></form>"""
BAKERY = "<!doctype html><title>Padaria Trigo Bom</title><h1>Pão quente às 6h</h1>"


def free() -> int:
    """A port where nobody listens."""
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def deaf() -> Iterator[int]:
    """A port whose queue is full.

    A client gets no answer at all, as from a host that is switched off.
    """
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen(0)
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)  # noqa: FBT003 -- the library's way
            with suppress(BlockingIOError):
                caller.connect(server.getsockname())
        yield int(server.getsockname()[1])
        for caller in callers:
            caller.close()


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port where every caller meets this."""
    with socket.create_server((HOST, 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        speak(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


def resets(connection: socket.socket) -> None:
    """Hears the first words and resets."""
    connection.recv(4096)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def is_ssh(connection: socket.socket) -> None:
    """Speaks first, and of something else."""
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    connection.recv(4096)


def is_silent(connection: socket.socket) -> None:
    """Takes the call and says nothing until the caller hangs up."""
    while connection.recv(4096):
        pass


def wants_tls(connection: socket.socket) -> None:
    """What nginx says on its TLS port to whoever speaks plainly."""
    connection.recv(65536)
    page = (
        b"<html><head><title>400 The plain HTTP request was sent to HTTPS "
        b"port</title></head></html>"
    )
    connection.sendall(
        b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Length: %d\r\n\r\n" % len(page)
        + page
    )


def sends_away(connection: socket.socket) -> None:
    """Another host is where one should look."""
    connection.recv(65536)
    connection.sendall(
        b"HTTP/1.1 302 Found\r\nLocation: https://www.provedor.example/\r\nContent-Length: "
        b"0\r\n\r\n"
    )


@contextmanager
def site(page: str) -> Iterator[int]:
    """A web site that has the same page for everybody."""

    class Page(_Quiet):
        def do_POST(self) -> None:
            self.answer(200, page.encode(), "text/html; charset=utf-8")

    with _serving(Page) as port:
        yield port


@contextmanager
def meddling(upstream: int) -> Iterator[int]:
    """A proxy that puts another scheme before what we sign in with."""

    class Proxy(_Quiet):
        def do_POST(self) -> None:
            headers = {
                name: value for name, value in self.headers.items() if name.lower() != "host"
            }
            if "Authorization" in headers:
                headers["Authorization"] = "Bearer " + headers["Authorization"].partition(" ")[2]
            connection = HTTPConnection(HOST, upstream, timeout=10)
            connection.request(
                "POST", self.path, self.rfile.read(int(self.headers["Content-Length"])), headers
            )
            answer = connection.getresponse()
            self.answer(
                answer.status, answer.read(), answer.headers.get("Content-Type", "text/html")
            )
            connection.close()

    with _serving(Proxy) as port:
        yield port


class _Quiet(BaseHTTPRequestHandler):
    def answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_port
        server.shutdown()
