"""The guard that keeps tests on this machine."""

import socket

import pytest

from tests.conftest import NetworkRefused


def test_the_socket_guard_refuses_another_machine() -> None:
    with socket.socket() as client, pytest.raises(NetworkRefused, match="only localhost"):
        client.connect(("192.0.2.1", 80))


def test_the_socket_guard_refuses_to_ask_for_another_machines_name() -> None:
    with pytest.raises(NetworkRefused, match="only localhost"):
        socket.create_connection(("crm.example", 443))


def test_a_name_that_can_never_exist_is_not_found() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("crm.invalid", 443))


def test_the_socket_guard_lets_localhost_pass() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()
