"""One deadline for a whole call, however slowly its bytes trickle in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import urllib3

from tests.crm.bench import together
from widget.crm import leash
from widget.emulator.server import Emulator


@pytest.fixture
def pool() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(retries=False) as manager:
        manager.pool_classes_by_scheme = dict(leash.POOLS)
        yield manager


def ask(pool: urllib3.PoolManager, crm: Emulator) -> int:
    return pool.request("POST", f"{crm.url}/webservice/v1/crm_funil", body=b"{}", timeout=5).status


def test_a_call_that_lasts_too_long_is_cut(pool: urllib3.PoolManager, crm: Emulator) -> None:
    crm.control(fault="hang")
    began = time.monotonic()

    with pytest.raises(urllib3.exceptions.ProtocolError), leash.cut_after(0.2):
        ask(pool, crm)

    assert 0.15 < time.monotonic() - began < 3


def test_a_call_in_time_leaves_its_connection_whole(pool: urllib3.PoolManager, crm: Emulator) -> None:
    with leash.cut_after(0.2):
        ask(pool, crm)

    assert not [
        timer for timer in threading.enumerate() if isinstance(timer, threading.Timer) and not timer.finished.is_set()
    ]
    assert ask(pool, crm) == 401
    assert pool.connection_from_url(crm.url).num_connections == 1


def test_the_deadline_of_one_thread_does_not_cut_another_ones_call(pool: urllib3.PoolManager, crm: Emulator) -> None:
    crm.control(fault="hang", fault_times=1)
    seen: list[str] = []

    def hurried() -> None:
        with pytest.raises(urllib3.exceptions.ProtocolError), leash.cut_after(0.1):
            ask(pool, crm)
        seen.append("cut")

    def patient() -> None:
        with leash.cut_after(5):
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
