"""The stage of a fault.

It has a CRM of its own, a data folder of its own, the product over both, and an attendant.
"""

from __future__ import annotations

import json
import shutil
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from widget.app import create_app
from widget.desk.running import Running
from widget.desk.services import Services
from widget.desk.shared import Keys
from widget.diagnosis.installation import Installation, installation_of
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS
from widget.sync.worker import TASK

ROOT = Path(__file__).parents[2]
START_KEY = "start-key-of-the-faults-is-long-enough"
SECRET = "secret-of-the-faults-is-long-enough-too"
HERE = "http://localhost"
ANA = {
    "sub": "1",
    "name": "Ana Souza",
    "email": "ana.souza@serranet.example",
}
NOBODY = {
    "sub": "9",
    "name": "Nova Atendente",
    "email": "nova@serranet.example",
}
RAFAEL = {
    "id": 102,
    "name": "Rafael Prado",
    "phone_number": "+5549999032288",
}
WAIT = 3


@dataclass(frozen=True)
class Fault:
    """One fault: what the diagnosis should find, and how it happens.

    The finding is given by its name in the catalogue, "" for nothing.
    """

    name: str
    expected: str
    befall: Callable[[Stage], AbstractContextManager[Installation]]


@dataclass(frozen=True)
class Stage:
    """Where one fault plays. ``first_day`` is the CRM's data as made from the seed."""

    folder: Path
    first_day: Path

    @property
    def data(self) -> Path:
        """The product's data folder."""
        return self.folder / "data"

    @contextmanager
    def crm(self, tls: ssl.SSLContext | None = None, **switches: Any) -> Iterator[Emulator]:
        """A CRM of its own, with these switches set."""
        file = self.folder / "crm.db"
        shutil.copy(self.first_day, file)
        with Emulator(str(file), tls=tls) as crm:
            crm.control(**switches)
            yield crm

    def settings(self, url: str, token: str, **options: Any) -> Settings:
        """The options of a healthy installation; those given are of its integration."""
        healthy = Settings(data=str(self.data), parents=(HERE,))
        return healthy.over(url, token, **{"wait": WAIT, "index": False, **options})

    @contextmanager
    def lived_in(self, url: str, token: str, **options: Any) -> Iterator[Home]:
        """The product serves, and what its worker takes is taken."""
        with self.served(self.settings(url, token, **options)) as home:
            home.services.journal.presence.take(TASK)  # at once: a worker would take it in a moment
            yield home

    @contextmanager
    def served(self, settings: Settings) -> Iterator[Home]:
        """The product serves, without a worker."""
        app = create_app(settings, Keys(SECRET, START_KEY))
        try:
            yield Home(app, settings)
        finally:
            app.extensions["vinculo"].shared.presence.leave()


@dataclass
class Home:
    """The product and an attendant in front of it."""

    app: Flask
    settings: Settings
    token: str = ""
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    @property
    def services(self) -> Services:
        """The services inside the product."""
        found: Running = self.app.extensions["vinculo"]
        return found.any()

    @property
    def installation(self) -> Installation:
        """What the diagnosis examines, as ``server.py doctor`` beside the server does."""
        return installation_of(CRMS, self.settings)

    def page(self, **headers: str) -> None:
        """The console loads the page."""
        self.client.get("/panel/chatwoot", query_string={"start": start()}, headers=headers)

    def open(self, token: str = "") -> None:
        """The console tells who is there."""
        context = {
            "conversation": {
                "id": 1,
                "meta": {"sender": RAFAEL},
            },
            "contact": RAFAEL,
        }
        answer = self.client.post(
            "/panel/chatwoot/context",
            data={
                "start": token or start(),
                "context": json.dumps(context),
            },
        )
        self.token = answer.headers.get("X-Panel-Token", "")

    def save_note(self) -> None:
        """The attendant writes something down and saves it."""
        headers = {
            "HX-Request": "true",
            "X-Panel-Token": self.token,
        }
        page = LexborHTMLParser(self.client.get("/tab/notes", headers=headers).text)
        form = {
            str(node.attributes.get("name")): node.attributes.get("value") or node.text()
            for node in page.css("form input[name], form textarea[name]")
        }
        self.client.post(
            "/tab/notes",
            data={
                **form,
                "text": "Volta amanhã.",
            },
            headers=headers,
        )


def start(attendant: dict[str, str] = ANA, key: str = START_KEY, at: float = 0.0) -> str:
    """What a console signs, at this time."""
    now = int(at or time.time())
    body = {
        "aud": "vinculo",
        "host": "chatwoot",
        "account": "1",
        "iat": now,
        "exp": now + 300,
        **attendant,
    }
    return jwt.encode(body, key, algorithm="HS256")
