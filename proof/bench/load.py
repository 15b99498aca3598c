"""Loads a server from a process of its own.

A given number of clients keep their connections, and each asks again once it is answered.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proof.bench.paired import Timings

ROOT = Path(__file__).parents[2]
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
PATIENCE = 30
Requests = Mapping[str, bytes]


@dataclass(frozen=True)
class Served:
    """What one sort of request got: how many a second in each round, and how long each took."""

    rates: Sequence[float]
    times: Timings

    @property
    def rate(self) -> float:
        """Requests a second, the median of the rounds."""
        return sorted(self.rates)[len(self.rates) // 2]

    def over(self, bare: Served) -> float:
        """How many of these are served while one of the other is.

        Round against round, since neighbours disturb.
        """
        ratios = sorted(mine / theirs for mine, theirs in zip(self.rates, bare.rates, strict=True))
        return ratios[len(ratios) // 2]


def load(
    port: int, requests: Requests, *, clients: int, rounds: int, seconds: float
) -> dict[str, Served]:
    """Each request by its name, all in each round in changing order, for so many seconds each."""
    order = {
        "port": port,
        "clients": clients,
        "rounds": rounds,
        "seconds": seconds,
    }
    texts = {name: request.decode("latin-1") for name, request in requests.items()}
    asked = json.dumps(
        {
            "requests": texts,
            **order,
        }
    )
    command = [sys.executable, "-m", "proof.bench.load"]
    ran = subprocess.run(
        command, input=asked, capture_output=True, text=True, cwd=ROOT, check=False
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return {
        name: Served(got["rates"], Timings(got["times"]))
        for name, got in json.loads(ran.stdout).items()
    }


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request as a browser's connection would carry them."""
    told = {
        "Host": "localhost",
        **headers,
        **({"Content-Length": str(len(body))} if body else {}),
    }
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in told.items()),
        "",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1") + body


class _Client(asyncio.Protocol):
    """One connection; asks, and once the answer is whole, asks again."""

    def __init__(self) -> None:
        self.asking = b""
        self.times: list[float] = []
        self.problem = ""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.line: Any = transport

    def begin(self, asking: bytes, until: float) -> None:
        """Asks this until then."""
        self.asking, self.until, self.times = asking, until, []
        self.done = asyncio.get_running_loop().create_future()
        self._ask()

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, gap, body = self.got.partition(b"\r\n\r\n")
        length = LENGTH.search(head + b"\r\n")
        if not gap or (length and len(body) < int(length[1])):
            return
        self.times.append((time.perf_counter() - self.started) * 1000)
        if not length or not head.startswith(b"HTTP/1.1 200 "):
            self._end(self.got[:500].decode("latin-1"))
        elif time.perf_counter() < self.until:
            self._ask()
        else:
            self._end()

    def connection_lost(self, error: Exception | None) -> None:
        self._end(f"the connection was lost: {error}")

    def _ask(self) -> None:
        self.got, self.started = b"", time.perf_counter()
        self.line.write(self.asking)

    def _end(self, problem: str = "") -> None:
        self.problem = problem
        if not self.done.done():
            self.done.set_result(None)


async def _drive(order: dict[str, Any]) -> dict[str, dict[str, list[float]]]:
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(_Client, "127.0.0.1", order["port"])
        for _ in range(order["clients"])
    ]
    clients = [client for _, client in pairs]
    chance = random.Random(order["rounds"])
    names = list(order["requests"])
    found: dict[str, dict[str, list[float]]] = {
        name: {
            "rates": [],
            "times": [],
        }
        for name in names
    }
    for number in range(-1, order["rounds"]):  # the first one warms up
        chance.shuffle(names)
        for name in names:
            times, taken = await _round(
                clients, order["requests"][name].encode("latin-1"), order["seconds"]
            )
            if number >= 0:
                found[name]["rates"].append(len(times) / taken)
                found[name]["times"] += times
    for client in clients:
        client.line.close()
    return found


async def _round(
    clients: list[_Client], asking: bytes, seconds: float
) -> tuple[list[float], float]:
    started = time.perf_counter()
    for client in clients:
        client.begin(asking, started + seconds)
    await asyncio.wait_for(asyncio.gather(*(client.done for client in clients)), seconds + PATIENCE)
    problem = next((client.problem for client in clients if client.problem), "")
    if problem:
        raise RuntimeError(problem)
    return [taken for client in clients for taken in client.times], time.perf_counter() - started


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_drive(json.load(sys.stdin)))))
