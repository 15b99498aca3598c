"""The demo: an emulator as the CRM, and a chat console of ours around the panel.

The emulator is in a process of its own.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Blueprint

from widget.domain.settings import Settings
from widget.emulator.consoles.console import console
from widget.emulator.crm.server import TOKEN

SERVER = Path(__file__).parents[2] / "server.py"
STOP_SECONDS = 20


@dataclass(frozen=True)
class Demo:
    """``crm`` is the emulator's address; when ``is_empty``, nobody has connected it yet."""

    crm: str
    is_empty: bool = False

    def around(self, settings: Settings) -> Settings:
        """The options under which the demo is served.

        Its CRM is connected and its console allowed, or neither.
        """
        if self.is_empty:
            return settings
        parents = (f"http://localhost:{settings.port}", f"http://127.0.0.1:{settings.port}")
        allowed = replace(settings, parents=(*settings.parents, *parents))
        return allowed.over(self.crm, TOKEN)

    def page(self, start_key: Callable[[str], str]) -> Blueprint:
        """The chat console, and what it takes to play with its CRM.

        ``start_key`` gives what signs for an account: the demo's console is always told of a
        change.
        """
        return console(panel_origin=_other_site, start_key=start_key, crm_control=self.crm)

    def told(self, address: str) -> str:
        """What one needs to know of it."""
        where = f"The demo: {address}/demo   its CRM: {self.crm}"
        if not self.is_empty:
            return where
        return (
            f"{where}\nNothing is connected by itself. In the set-up: the CRM's address "
            f"{self.crm}, its token {TOKEN};"
            f" console Chatwoot, account 1, embedded by {address}"
        )


@contextmanager
def demo(settings: Settings, *, is_empty: bool = False) -> Iterator[Demo]:
    """Runs the emulator for as long as the block lasts; it answers when the block begins."""
    data = Path(settings.data)
    data.mkdir(parents=True, exist_ok=True)
    port = _same_port(data / "demo-crm.port") if is_empty else free_port("127.0.0.1")
    arguments = ["emulator", "--port", str(port), "--data", str(data / "demo-crm.db")]
    with subprocess.Popen(
        [sys.executable, str(SERVER), *arguments], stdout=subprocess.PIPE
    ) as emulator:
        try:
            # The emulator speaks when it is ready: there is no demo without a CRM.
            emulator.stdout.readline()  # type: ignore[union-attr]
            yield Demo(f"http://127.0.0.1:{port}", is_empty)
        finally:
            emulator.terminate()
            emulator.wait(STOP_SECONDS)


def free_port(host: str, wanted: int = 0) -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, wanted))
        return int(probe.getsockname()[1])


def _same_port(kept: Path) -> int:
    """The port of the last time, if it is free.

    An integration that was made then still finds its CRM.
    """
    wanted = 0
    with suppress(OSError, ValueError):
        wanted = free_port("127.0.0.1", int(kept.read_text()))
    port = wanted or free_port("127.0.0.1")
    kept.write_text(str(port))
    return port


def _other_site(host: str) -> str:
    """The same server under its other local name: for the browser that is another site."""
    name, _, port = host.partition(":")
    other = "127.0.0.1" if name == "localhost" else "localhost"
    return f"http://{other}:{port}"
