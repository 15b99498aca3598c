"""One bounded call: what is sent, what comes back, and what of it surely never left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.product import integration
from widget.crm.http import HTTP, Reply, pause
from widget.domain import errors


class Echo(BaseHTTPRequestHandler):
    """Says what it was asked; of /slow it says one letter after the other."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        text = f"{self.path} {self.headers['X-One']} {self.headers['X-Two']} {body}".encode()
        self.send_response(307 if self.path == "/away" else 200)
        self.send_header("Location", "/")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        for letter in text.decode():
            self.wfile.write(letter.encode())
            self.wfile.flush()
            if self.path == "/slow":
                time.sleep(0.2)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def http(address: str, *, private: bool = True) -> HTTP:
    return HTTP(integration(address, "t", wait=2.0, private=private), {"X-One": "1"})


def told(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.text


def test_what_is_sent_arrives_with_the_headers_of_the_crm_and_of_the_call(address: str) -> None:
    reply = http(address).call("PUT", f"{address}/x", "ação", 2.0, {"X-Two": "2"})

    assert told(reply) == (200, "/x 1 2 ação")


def test_a_redirect_is_an_answer_and_nothing_to_follow(address: str) -> None:
    assert http(address).call("PUT", f"{address}/away", "", 2.0).status == 307


def test_an_answer_that_drips_ends_with_the_wait(address: str) -> None:
    started = time.monotonic()

    with pytest.raises(errors.OutcomeUnknown):
        http(address).call("PUT", f"{address}/slow", "x" * 100, 0.5)

    assert time.monotonic() - started < 2.0


def test_without_time_nothing_is_sent(address: str) -> None:
    with pytest.raises(errors.TooSlow):
        http(address).call("PUT", address, "", 0.0)


def test_an_inner_address_that_nobody_allowed_is_not_called(address: str) -> None:
    with pytest.raises(errors.Misconfigured):
        http(address, private=False).call("PUT", address, "", 2.0)


@pytest.mark.parametrize(("text", "seconds"), [("7", 7.0), ("600", 60.0), ("", 0.0), ("soon", 0.0)])
def test_a_pause_is_bounded_and_nonsense_is_none(text: str, seconds: float) -> None:
    assert pause(text, 0.0) == seconds
