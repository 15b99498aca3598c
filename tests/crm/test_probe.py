"""One question, link by link."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.emulator.certificate import write_certificate
from widget.crm.probe import Broken, Line, place_of
from widget.emulator.crm.server import Emulator


@pytest.mark.parametrize(
    ("pasted", "url"),
    [
        ("ixc.example", "https://ixc.example/webservice/v1"),
        (" https://ixc.example/adm.php ", "https://ixc.example/webservice/v1"),
        ("https://ixc.example/webservicev1", "https://ixc.example/webservice/v1"),
        ("http://10.0.0.5:8080/webservice/v1", "http://10.0.0.5:8080/webservice/v1"),
        ("https://[::1]:8443/", "https://[::1]:8443/webservice/v1"),
    ],
)
def test_whatever_was_pasted_becomes_the_webservices_address(pasted: str, url: str) -> None:
    assert place_of(pasted).url == url


@pytest.mark.parametrize(
    ("pasted", "slug"),
    [
        ("", "address-empty"),
        ("ftp://x.example", "address-wrong"),
        ("https://", "address-wrong"),
        ("https://x.example:port", "address-wrong"),
        ("https://a b.example", "address-wrong"),
    ],
)
def test_what_is_no_address_is_refused(pasted: str, slug: str) -> None:
    with pytest.raises(Broken) as caught:
        place_of(pasted)

    assert caught.value.slug == slug


@contextmanager
def answering(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port where each caller meets this."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    speak(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def slug_of(url: str, wait: float = 1.0, ca: str = "") -> str:
    with pytest.raises(Broken) as caught:
        Line(place_of(url), wait, ca).ask("/contato", "{}", {})
    return caught.value.slug


def hears(connection: socket.socket) -> None:
    connection.recv(4096)


def speaks_otherwise(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    connection.recv(4096)


def test_a_port_where_nobody_listens_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert slug_of(f"http://127.0.0.1:{port}") == "connection-refused"


def test_a_name_that_nobody_knows() -> None:
    assert slug_of("https://crm.invalid") == "name-unresolved"


@pytest.mark.parametrize(
    ("scheme", "speak", "slug"),
    [
        ("http", hears, "http-reset"),
        ("http", speaks_otherwise, "http-absent"),
        ("https", speaks_otherwise, "tls-absent"),
        ("https", hears, "tls-reset"),
    ],
)
def test_who_answers_otherwise_is_told_apart(
    scheme: str, speak: Callable[[socket.socket], None], slug: str
) -> None:
    with answering(speak) as port:
        assert slug_of(f"{scheme}://127.0.0.1:{port}") == slug


def test_a_certificate_of_its_own_is_good_once_it_is_given_as_the_authority(
    first_day: Path, tmp_path: Path
) -> None:
    pem = write_certificate(tmp_path / "own.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with Emulator(str(first_day), tls=context) as crm:
        assert slug_of(crm.url) == "tls-self-signed"
        assert slug_of(crm.url, ca=str(tmp_path / "none.pem")) == "tls-authority-unreadable"
        given = pem.read_text()
        answer = Line(place_of(crm.url), 2.0, given[given.index("-----BEGIN CERTIFICATE") :]).ask(
            "/contato", "{}", {}
        )
        shown = Line(place_of(crm.url), 2.0).certificate()

    assert answer.status == 401
    assert shown is not None
    assert shown.issuer == "CRM emulator"


def test_an_answer_larger_than_any_record_is_not_read_to_its_end(crm: Emulator) -> None:
    crm.control(fault="huge")

    answer = Line(place_of(crm.url), 5.0).ask("/contato", "{}", {"ixcsoft": "listar"})

    assert len(answer.text) <= 2 * 1024 * 1024
