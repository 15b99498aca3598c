"""The stage: servers, the CRM's emulator and their files.

Each process can be killed, stopped, begun anew.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
CRM_NAME = "crm.chaos.invalid"  # found by chaos.serve alone
START_KEY = "start-key-of-the-proof-by-chaos-is-long"
SECRET = "secret-of-the-proof-by-chaos-is-long-too"  # noqa: S105 -- opens only what runs here
TOKEN = "7:" + "c4a05" * 12 + "c4a0"
READY_SECONDS = 60
STOP_SECONDS = 20


@dataclass
class Process:
    """One program with its children, in a group of its own.

    ``alive`` says whether its address answers.
    """

    name: str
    command: list[str]
    environment: dict[str, str]
    alive_url: str
    log: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; whether it serves already is another question."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill -9, children too."""
        if self.running:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
        self.running = None

    def kill_children(self) -> None:
        """Kill -9 of what it started; it itself lives and has to notice."""
        if not self.running:
            return
        number = self.running.pid
        with suppress(OSError):
            children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
            for child in children:
                os.kill(int(child), signal.SIGKILL)

    def freeze(self) -> None:
        """Stops it where it is, as a machine does that swaps or is moved."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def end(self) -> None:
        """Ends it politely, and if that takes long not so."""
        self._signal(signal.SIGCONT)
        if self.running:
            self.running.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.running.wait(STOP_SECONDS)
        self.kill()

    def answers(self) -> bool:
        """Whether its address answers now."""
        try:
            return requests.get(self.alive_url, timeout=2).ok
        except requests.RequestException:
            return False

    def _signal(self, number: signal.Signals) -> None:
        if self.running:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, number)


@dataclass
class Stage:
    """Everything that runs, and where its files are."""

    folder: Path
    crm: Process
    servers: list[Process]
    urls: list[str]
    crm_url: str
    plan: dict[str, Any] = field(default_factory=dict)
    starts: int = 0

    @property
    def crm_file(self) -> Path:
        return self.folder / "crm.db"

    @property
    def store_file(self) -> Path:
        return self.folder / "data" / "vinculo.db"

    def start_crm(self) -> None:
        """The CRM with its plan of mishaps; each start draws others."""
        self.crm.start()
        wait_until(self.crm.answers, READY_SECONDS, "the CRM does not answer")
        self.starts += 1
        self.order(**self.plan)

    def order(self, **switches: Any) -> None:
        """Changes the CRM's switches; ``plan`` lasts over its next starts."""
        self.plan = {
            "plan": switches.get("plan", {}),
            **switches,
        }
        asked = {
            **self.plan,
            "plan_seed": self.plan.get("plan_seed", 0) + self.starts,
        }
        requests.post(f"{self.crm_url}/control", json=asked, timeout=30).raise_for_status()

    def start_servers(self) -> None:
        """The first one makes the tables, then the others come."""
        for server in self.servers:
            server.start()
            wait_until(
                server.answers, READY_SECONDS, f"{server.name} does not answer, see {server.log}"
            )

    def clock(self, seconds: float) -> None:
        """Sets the servers' clock wrong by this much."""
        _put(self.folder / "clock", str(seconds))

    def nameless(self, *, on: bool) -> None:
        """While on, the CRM's name is not found."""
        if on:
            (self.folder / "nameless").touch()
        else:
            (self.folder / "nameless").unlink(missing_ok=True)

    def heal(self) -> None:
        """Everything runs, and nothing fails any more."""
        self.clock(0)
        self.nameless(on=False)
        for process in (self.crm, *self.servers):
            process.thaw()
        self.plan = {"plan": {}}
        if self.crm.running is None:
            self.start_crm()
        self.order(plan={})
        for server in self.servers:
            if server.running is None:
                server.start()
            wait_until(
                server.answers, READY_SECONDS, f"{server.name} does not answer, see {server.log}"
            )


@contextmanager
def stage(
    folder: Path, *, processes: int, wait: int, settle: int, sabotage: str = ""
) -> Iterator[Stage]:
    """Servers and CRM in this folder, all ended on leaving."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    crm_port, *ports = _free_ports(processes + 1)
    crm_url = f"http://{HOST}:{crm_port}"
    crm = Process(
        "crm",
        _emulator(folder, crm_port),
        dict(os.environ),
        f"{crm_url}/control",
        folder / "crm.log",
    )
    servers = [
        _server(folder, port, crm_port, wait=wait, settle=settle, sabotage=sabotage)
        for port in ports
    ]
    made = Stage(folder, crm, servers, [f"http://{HOST}:{port}" for port in ports], crm_url)
    made.clock(0)
    try:
        made.start_crm()
        made.start_servers()
        yield made
    finally:
        for process in (*servers, crm):
            process.end()


def wait_until(holds: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Waits for it; TimeoutError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(0.05)


def _emulator(folder: Path, port: int) -> list[str]:
    given = ["--port", str(port), "--data", str(folder / "crm.db"), "--token", TOKEN, "--seed", "7"]
    return [sys.executable, str(ROOT / "server.py"), "emulator", *given]


def _server(
    folder: Path, port: int, crm_port: int, *, wait: int, settle: int, sabotage: str
) -> Process:
    command = [sys.executable, "-m", "proof.chaos.serve", "--clock", str(folder / "clock")]
    command += ["--nameless", str(folder / "nameless")] + (
        ["--sabotage", sabotage] if sabotage else []
    )
    options = {
        "HOST": HOST,
        "DATA": folder / "data",
        "CRM_URL": f"http://{CRM_NAME}:{crm_port}",
        "CRM_TOKEN": TOKEN,
        "CRM_WAIT": wait,
        "SETTLE_SECONDS": settle,
        "SECRET": SECRET,
        "START_KEY": START_KEY,
        "PARENTS": "http://localhost",
    }
    known = {name: text for name, text in os.environ.items() if not name.startswith("VINCULO_")}
    environment = (
        known
        | {f"VINCULO_{name}": str(value) for name, value in options.items()}
        | {"PORT": str(port)}
    )
    return Process(
        f"server-{port}",
        command,
        environment,
        f"http://{HOST}:{port}/healthz",
        folder / f"server-{port}.log",
    )


def _free_ports(number: int) -> list[int]:
    """Ports nobody has now; held together, so that they differ."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for held in sockets:
            held.bind((HOST, 0))
        return [int(held.getsockname()[1]) for held in sockets]
    finally:
        for held in sockets:
            held.close()


def _put(path: Path, text: str) -> None:
    """Never half a file: the servers read it at any moment."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    shutil.move(fresh, path)
