"""Tests of one deadline for a whole call, however slowly its bytes trickle in.

No call finds a way into inner networks.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3

from tests.crm.bench import http, reason, together
from tests.product import integration
from widget.crm import connection
from widget.crm.ixc.transport import Webservice
from widget.domain import errors
from widget.emulator.crm.server import Emulator


@pytest.fixture
def pool() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(retries=False) as manager:
        manager.pool_classes_by_scheme = dict(connection.POOLS)
        yield manager


def ask(pool: urllib3.PoolManager, crm: Emulator) -> int:
    return pool.request("POST", f"{crm.url}/webservice/v1/crm_funil", body=b"{}", timeout=5).status


def test_a_call_that_lasts_too_long_is_cut(pool: urllib3.PoolManager, crm: Emulator) -> None:
    crm.control(fault="hang")
    began = time.monotonic()

    with pytest.raises(urllib3.exceptions.ProtocolError), connection.cut_after(0.2):
        ask(pool, crm)

    assert 0.15 < time.monotonic() - began < 4.5


def test_a_call_in_time_leaves_its_connection_whole(
    pool: urllib3.PoolManager, crm: Emulator
) -> None:
    with connection.cut_after(0.2):
        ask(pool, crm)

    assert not [
        timer
        for timer in threading.enumerate()
        if isinstance(timer, threading.Timer) and not timer.finished.is_set()
    ]
    assert ask(pool, crm) == 401
    assert pool.connection_from_url(crm.url).num_connections == 1


def test_the_deadline_of_one_thread_does_not_cut_another_ones_call(
    pool: urllib3.PoolManager, crm: Emulator
) -> None:
    crm.control(fault="hang", fault_times=1)
    seen: list[str] = []

    def hurried() -> None:
        with pytest.raises(urllib3.exceptions.ProtocolError), connection.cut_after(0.1):
            ask(pool, crm)
        seen.append("cut")

    def patient() -> None:
        with connection.cut_after(5):
            seen.append(str(ask(pool, crm)))

    first = threading.Thread(target=hurried)
    first.start()
    deadline = time.monotonic() + 5
    while not crm.calls and time.monotonic() < deadline:
        time.sleep(0.01)
    crm.control(delay_seconds=0.3)
    together([threading.Thread(target=patient)])
    first.join(5)

    assert sorted(seen) == ["401", "cut"]


def test_a_call_without_a_deadline_is_left_alone(pool: urllib3.PoolManager, crm: Emulator) -> None:
    assert ask(pool, crm) == 401


def test_a_name_service_that_hangs_is_waited_for_no_longer_than_a_connection(
    pool: urllib3.PoolManager, crm: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer, asked, know = threading.Event(), [], socket.getaddrinfo

    def slow(host: str, *args: Any, **options: Any) -> Any:
        asked.append((host, args[0]))
        may_answer.wait(10)
        return know(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()
    with pytest.raises(urllib3.exceptions.NameResolutionError):
        pool.request(
            "POST",
            f"{crm.url}/webservice/v1/crm_funil",
            timeout=urllib3.Timeout(connect=0.2, read=5),
        )

    assert 0.15 < time.monotonic() - began < 4.5
    may_answer.set()
    assert ask(pool, crm) == 401
    assert (
        len([port for _, port in asked if port == urlsplit(crm.url).port]) == 3
    )  # others go on in this process


def test_surely_nothing_was_sent_to_a_name_that_nobody_tells(
    crm: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer, know = threading.Event(), socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *args, **options: may_answer.wait(10) and know(*args, **options),
    )

    with pytest.raises(errors.Unreachable):
        http(crm, wait=0.2).write(reason())

    may_answer.set()


def told(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name service that tells these addresses, one answer after the other.

    What is a number already stays itself.
    """
    asked: list[str] = []
    know = socket.getaddrinfo

    def tell(host: str, port: int, *args: Any, **options: Any) -> Any:
        if not host.endswith(".example"):
            return know(host, port, *args, **options)
        asked.append(host)
        kind = socket.SOCK_STREAM
        return [
            (socket.AF_INET, kind, 6, "", (address, port)) for address in answers[len(asked) - 1]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", tell)
    return asked


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"]])
def test_an_inner_address_that_nobody_allowed_is_not_connected_to(
    crm: Emulator, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    asked = told(monkeypatch, addresses)
    url = crm.url.replace("127.0.0.1", "crm.example")
    transport = Webservice(integration(url, crm.token, wait=2.0, private=False))

    with pytest.raises(errors.Misconfigured, match="inner network"):
        transport.write(reason())

    assert asked == ["crm.example"]
    assert crm.calls == []


def test_a_name_is_asked_for_once_so_that_no_second_answer_leads_elsewhere(
    crm: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = told(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    transport = Webservice(
        integration(crm.url.replace("127.0.0.1", "crm.example"), crm.token, wait=2.0)
    )

    transport.write(reason())

    assert asked == ["crm.example"]
    assert len(crm.calls) == 1


def test_the_next_address_of_a_name_is_tried_when_one_refuses(
    crm: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    transport = Webservice(
        integration(crm.url.replace("127.0.0.1", "crm.example"), crm.token, wait=2.0)
    )

    transport.write(reason())

    assert len(crm.calls) == 1
