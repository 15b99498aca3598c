"""The product as tests use it.

It has a CRM of its own, an application of its own, and an attendant who clicks.
"""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jwt
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from widget.app import create_app
from widget.crm.ixc.transport import Webservice
from widget.desk.running import Running
from widget.desk.services import Services
from widget.desk.shared import Keys
from widget.domain.integrations import Integration
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.store.engine import migrations
from widget.store.engine.database import Database, sqlite3
from widget.store.engine.presence import Steady
from widget.sync.mirror import Mirror
from widget.sync.worker import Worker

START_KEY = "start-key-of-the-tests-is-long-enough"
SECRET = "secret-of-the-tests-is-long-enough-too"

ANA = {"sub": "1", "name": "Ana Souza", "email": "ana.souza@serranet.example"}
RUI = {"sub": "2", "name": "Rui Matos", "email": "rui.matos@serranet.example"}
TEO = {"sub": "3", "name": "Téo Lima", "email": "teo.lima@serranet.example"}

# Whom the console knows in each case of the cast: phone, e-mail, custom attributes.
MARINA = {"id": 101, "name": "Marina", "phone_number": "+554988124417"}
RAFAEL = {"id": 102, "name": "Rafael Prado", "phone_number": "+5549999032288"}
BEATRIZ = {"id": 103, "name": "Beatriz Lemos", "email": "Beatriz.Lemos@Example.com "}
OTAVIO = {"id": 104, "name": "Otávio Brandt", "phone_number": "+5547991230045"}
MOURA = {"id": 105, "name": "Família Moura", "phone_number": "+5549984551020"}
PADARIA = {"id": 106, "name": "+554933221188", "phone_number": "+554933221188"}
SERRA_AZUL = {
    "id": 107,
    "name": "Serra Azul",
    "phone_number": "+5549991112020",
    "custom_attributes": {"cnpj": "12abc34501de35"},
}
HENRIQUE = {"id": 108, "name": "Henrique 🚀", "phone_number": "+5549991776031"}
LUCIA = {"id": 109, "name": "Lúcia", "phone_number": "+5549991450077"}
NOBODY: dict[str, Any] = {}
JONAS = {"id": 111, "name": "Jonas Siqueira", "phone_number": "+5549988310022"}
EMMA = {"id": 112, "name": "Emma Clarke", "phone_number": "+14155552671"}


class Compiled(BytecodeCache):
    """Templates are compiled once for all applications of a test run."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Compiled()


OF_INTEGRATION = {declared.name for declared in fields(Integration)}


def settings_for(crm: Emulator, folder: object, **options: Any) -> Settings:
    """The settings of a product over a CRM; an option is one of the process or of its integration.

    The usual wait is long: a busy machine may take seconds for what the emulator answers at once.
    """
    ours = {name: value for name, value in options.items() if name in OF_INTEGRATION}
    others = {name: value for name, value in options.items() if name not in OF_INTEGRATION}
    settings = Settings(**{"data": str(folder), "parents": ("http://localhost",), **others})
    return settings.over(crm.url, crm.token, **ours)


def integration(url: str, token: str, **options: Any) -> Integration:
    """An integration with the CRM at that address, which may be one of an inner network."""
    return Integration("main", url=url, token=token, **{"private": True, **options})


@cache
def _first_day() -> dict[str, bytes]:
    """The product's own files as they are before anybody came, by their names."""
    files = {"vinculo.db": migrations.vinculo, "people.db": migrations.people}
    with TemporaryDirectory() as folder:
        for name, steps in files.items():
            Database(Path(folder) / name, steps).close()
        return {name: (Path(folder) / name).read_bytes() for name in files}


def begin(folder: Path, *, has_index: bool) -> None:
    """Puts the product's own files in a new folder, so that no test waits for their migrations."""
    if folder.exists() and any(folder.iterdir()):
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _first_day().items():
        if has_index or name != "people.db":
            (folder / name).write_bytes(content)


def product(crm: Emulator, folder: object, **options: Any) -> Flask:
    """The application over a CRM; ``clock`` may be given for tests of age."""
    clock = options.pop("clock", time.time)
    settings = settings_for(crm, folder, **options)
    begin(Path(str(folder)), has_index=settings.main.index)
    app = create_app(settings, Keys(SECRET, START_KEY), clock)
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


def start_token(attendant: dict[str, str], key: str = START_KEY, **claims: Any) -> str:
    """What a console signs."""
    now = int(time.time())
    body = {
        "aud": "vinculo",
        "host": "chatwoot",
        "account": "1",
        "iat": now,
        "exp": now + 600,
        **attendant,
        **claims,
    }
    return jwt.encode({k: v for k, v in body.items() if v is not None}, key, algorithm="HS256")


def context(
    contact: dict[str, Any], conversation: int | None = None, channel: str = "Channel::Whatsapp"
) -> str:
    """What the console's script passes on."""
    number = conversation if conversation is not None else contact.get("id", 999)
    return json.dumps(
        {
            "conversation": {"id": number, "meta": {"channel": channel, "sender": contact}},
            "contact": contact,
            "currentAgent": {"id": 1, "name": "x", "email": "x@y.example"},
        }
    )


@dataclass
class Screen:
    """An answer as a person sees it."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def state(self) -> str:
        """How far what was saved is."""
        return self.response.headers.get("X-Write", "")

    @property
    def html(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.response.text)

    @property
    def text(self) -> str:
        return " ".join((self.html.text() or "").split())

    def form(self, selector: str = "form") -> dict[str, str]:
        """What the form would send if nobody touched it."""
        form = self.html.css_first(selector)
        assert form is not None, self.text
        values: dict[str, str] = {}
        for field_ in form.css("input, textarea, select"):
            name, kind = field_.attributes.get("name"), field_.attributes.get("type")
            if not name or (kind in {"radio", "checkbox"} and "checked" not in field_.attributes):
                continue
            if field_.tag == "select":
                chosen = field_.css_first("option[selected]") or field_.css_first("option")
                values[name] = (chosen.attributes.get("value") or "") if chosen else ""
            elif field_.tag == "textarea":
                values[name] = field_.text()
            else:
                values[name] = field_.attributes.get("value") or ""
        return values

    def wrong(self, name: str) -> str:
        """The sentence at a field."""
        node = self.html.css_first(f"#{name}-wrong")
        return node.text().strip() if node else ""


@dataclass
class Visitor:
    """An attendant with the panel open in one conversation."""

    client: FlaskClient
    attendant: dict[str, str] = field(default_factory=lambda: ANA)
    token: str = ""
    screen: Screen | None = None

    def open(
        self, contact: dict[str, Any], conversation: int | None = None, **claims: Any
    ) -> Screen:
        """Opens the conversation with this contact."""
        body = {
            "start": start_token(self.attendant, **claims),
            "context": context(contact, conversation),
        }
        return self._keep(
            self.client.post("/panel/chatwoot/context", data=body, headers={"HX-Request": "true"})
        )

    def page(self, account: str = "1") -> TestResponse:
        """The page in the frame, before the console has said anything."""
        return self.client.get(
            "/panel/chatwoot", query_string={"start": start_token(self.attendant, account=account)}
        )

    def get(self, path: str, **query: Any) -> Screen:
        return self._keep(
            self.client.get(path, query_string=query or None, headers=self._headers())
        )

    def post(self, path: str, data: dict[str, Any]) -> Screen:
        return self.send("POST", path, data)

    def send(self, method: str, path: str, data: dict[str, Any]) -> Screen:
        return self._keep(self.client.open(path, method=method, data=data, headers=self._headers()))

    def fill(self, path: str, post_to: str = "", **typed: str) -> Screen:
        """Opens the form at the path, types, and saves."""
        form = self.get(path).form(".form, .composer, form")
        return self.post(post_to or path, {**form, **typed})

    def link(self, ref: str) -> Screen:
        """Links the contact to the conversation, as its screen does."""
        address = f"/tab/link/{ref}"
        return self.post(address, self.get(address).form())

    def _headers(self) -> dict[str, str]:
        return {"HX-Request": "true", "X-Panel-Token": self.token}

    def _keep(self, response: TestResponse) -> Screen:
        self.token = response.headers.get("X-Panel-Token", self.token)
        self.screen = Screen(response)
        return self.screen


def services_of(app: Flask) -> Services:
    """The services inside an application."""
    running: Running = app.extensions["vinculo"]
    return running.any()


def settled(app: Flask) -> None:
    """The worker has worked until nothing is open; the time that it had to let pass has passed."""
    found, pushed = services_of(app), [0.0]
    now = found.journal.steady.now
    found.journal.steady = Steady(lambda: now() + pushed[0])
    worker = Worker(found.settling, found.journal, found.checking)
    for _ in range(40):
        if found.guarded:
            found.guarded._breaker._close()  # its probe needs real time
        worker.turn()
        if not found.journal.open():
            return
        pushed[0] += found.integration.settle_seconds / 4
    raise AssertionError(found.journal.open())


def mirrored(app: Flask) -> None:
    """The mirror has read everybody once; its pauses have passed."""
    found, steady = services_of(app), [0.0]
    assert found.people is not None
    assert found.fills is not None
    source = Webservice(found.integration, found.shared.clock)
    mirror = Mirror(
        source,
        found.kind.mirroring,
        found.people,
        found.fills,
        found.journal.presence,
        today=found.shared.now,
        clock=found.shared.clock,
        steady=lambda: steady[0],
    )
    while not found.fills.is_complete:
        steady[0] += mirror.turn()


def behind(crm: Emulator, table: str, number: str, /, **values: str) -> None:
    """Changes a record in the CRM behind the panel's back, as somebody in the CRM does.

    A new number makes one.
    """
    with closing(sqlite3.connect(crm.path)) as connection, connection:
        if not connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", [number]).fetchone():
            connection.execute(f"INSERT INTO {table} (id) VALUES (?)", [number])
        for column, value in values.items():
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", [value, number])


def asked(crm: Emulator, resource: str = "", kind: str = "") -> list[dict[str, Any]]:
    """Returns the calls that have reached the CRM, of one resource and one kind.

    A kind is "list", "insert", "update" and so on.
    """
    return [c for c in crm.calls if resource in ("", c["resource"]) and kind in ("", c["kind"])]


class Hour:
    """A clock that goes on by an hour when told so."""

    def __init__(self) -> None:
        self.now = time.time()

    def passes(self) -> None:
        self.now += 3600

    def app(self, crm: Emulator, folder: object, **options: Any) -> Flask:
        """The product by this clock."""
        return product(crm, folder, clock=lambda: self.now, **options)
