"""What is measured: the product as the server builds it, and an emulator of a CRM.

The emulator is in a process of its own.
"""

from __future__ import annotations

import base64
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import requests
from flask import Flask

from widget.desk.running import Running
from widget.desk.services import Services
from widget.desk.shared import Keys
from widget.domain.model import Attendant, Ref
from widget.domain.settings import Settings
from widget.registry import CRMS
from widget.store.engine.sqlite import connect

ROOT = Path(__file__).parents[2]
START_KEY = "start-key-of-the-bench-is-long-enough"
SECRET = "secret-of-the-bench-is-long-enough-too"  # noqa: S105 -- opens only what runs here
ANA = Attendant("1", "Ana Souza", "ana.souza@serranet.example", proven=True)
# Whom the console tells of in the conversation that is opened.
LUCIA = Ref(Ref.CLIENT, "6")
PERSON = {
    "id": 109,
    "name": "Lúcia",
    "phone_number": "+5549991450077",
}
CONTEXT = {
    "conversation": {
        "id": 109,
        "meta": {"sender": PERSON},
    },
    "contact": PERSON,
}


@dataclass(frozen=True)
class Crm:
    """The emulator that runs."""

    url: str
    token: str

    def answers_after(self, milliseconds: int) -> None:
        """From now on every answer takes so long."""
        self.control(delay_seconds=milliseconds / 1000)

    def control(self, **switches: Any) -> None:
        """Turns the emulator's switches."""
        requests.post(f"{self.url}/control", json=switches, timeout=10).raise_for_status()

    def calls(self) -> list[dict[str, Any]]:
        """What has reached it, at most the last thousand."""
        found: list[dict[str, Any]] = requests.get(f"{self.url}/control/calls", timeout=10).json()
        return found

    def forget_calls(self) -> None:
        """From now on calls are counted anew."""
        requests.post(f"{self.url}/control/calls", timeout=10).raise_for_status()

    def settings(self, folder: Path) -> Settings:
        """The product's, over this CRM, with its data in the folder."""
        return Settings(data=str(folder)).over(self.url, self.token)


def product(crm: Crm, folder: Path, **options: Any) -> Services:
    """The product's services, with their own data in the folder; options of its integration."""
    settings = crm.settings(folder).over(crm.url, crm.token, **options)
    return Running(settings, Keys(SECRET, START_KEY), CRMS, time.time).any()


def session(token: str) -> requests.Session:
    """What a bare call of the CRM is made with.

    Connections are kept, and nothing is read from the environment.
    """
    bare = requests.Session()
    bare.trust_env = False
    secret = base64.b64encode(token.encode()).decode()
    bare.headers.update(
        {
            "Authorization": f"Basic {secret}",
            "Content-Type": "application/json",
        }
    )
    return bare


def start_token(attendant: Attendant = ANA) -> str:
    """What a console signs."""
    now = int(time.time())
    claims = {
        "aud": "vinculo",
        "host": "chatwoot",
        "account": "1",
        "iat": now,
        "exp": now + 3600,
        "sub": attendant.id,
        "name": attendant.name,
        "email": attendant.email,
    }
    return jwt.encode(claims, START_KEY, algorithm="HS256")


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def crm(folder: Path) -> Iterator[Crm]:
    """A CRM with the invented cast, until the block ends."""
    command = [
        sys.executable,
        str(ROOT / "server.py"),
        "emulator",
        "--data",
        str(folder / "crm.db"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            found = re.search(r"(http://\S+) \(token (\S+),", said)
            if not found:
                raise RuntimeError(f"the CRM does not start: {said!r}")
            yield Crm(found[1], found[2])
        finally:
            process.terminate()
            process.communicate()


def services_of(app: Flask) -> Services:
    """The services inside an application."""
    running: Running = app.extensions["vinculo"]
    return running.any()


def people(crm: Path) -> Iterator[dict[str, Any]]:
    """The people of whom the console tells.

    Each has a mobile that is that of one lead, or of one client, and of nobody else.
    """
    with closing(connect(crm)) as connection:
        rows = connection.execute(
            "WITH mobiles AS (SELECT fone_celular AS mobile, 'contato' AS source FROM contato "
            "UNION ALL"
            " SELECT fone_whatsapp, 'contato' FROM contato WHERE fone_whatsapp <> fone_celular "
            "UNION ALL"
            " SELECT telefone_celular, 'cliente' FROM cliente UNION ALL"
            " SELECT whatsapp, 'cliente' FROM cliente WHERE whatsapp <> telefone_celular)"
            " SELECT mobile FROM mobiles WHERE mobile <> '' GROUP BY mobile HAVING count(*) = 1"
            " ORDER BY substr(mobile, -5)"
        ).fetchall()
    for number, (mobile,) in enumerate(rows, 1000):
        yield {
            "id": number,
            "name": f"Pessoa {number}",
            "phone_number": mobile,
        }
