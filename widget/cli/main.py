"""server.py's commands: serve, examine, try out, look after what is stored.

They also tell or erase all about one person.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from widget.app import create_app
from widget.cli import integrations, people_index, privacy, setup_link
from widget.cli.commands import parser
from widget.cli.demo import Demo, demo, free_port
from widget.cli.doctor import doctor
from widget.cli.storage import back_up, export_head, may_start, restore, verify, writes
from widget.cli.support import pack, replayed
from widget.desk.running import Running
from widget.desk.shared import Keys
from widget.domain import logs
from widget.domain.integrations import MAIN
from widget.domain.permissions import Role
from widget.domain.settings import Settings, SettingsError, load, option_table
from widget.emulator.crm.server import TOKEN, serve
from widget.registry import CONSOLES, CRMS
from widget.setup.office import EXTENSION, Office
from widget.sync.crew import crew
from widget.sync.keeping import keeping

ROOT = Path(__file__).parents[2]
log = logging.getLogger("vinculo")
STOP_SECONDS = 20


def main() -> None:
    """Reads the command line and does what it says."""
    options = parser().parse_args()
    _without_settings(options)
    sys.exit(_COMMANDS[options.command](_settings(), options))


def _without_settings(options: argparse.Namespace) -> None:
    """Does what can be done whatever the settings say."""
    if options.command == "emulator":
        serve(options.port, options.token, options.data, options.seed, options.people)
    elif options.command == "options":
        print(option_table())
    elif options.command == "doctor":
        settings, mistakes = _settings_at_all()
        sys.exit(doctor(settings, mistakes=mistakes, as_json=options.json))
    elif options.command == "bundle":
        settings, mistakes = _settings_at_all()
        sys.exit(pack(settings, options.file, mistakes=mistakes, force=options.force))
    elif options.command == "replay":
        _replay(options)
    else:
        return
    sys.exit()


def _replay(options: argparse.Namespace) -> None:
    switches = replayed(options.bundle)
    if switches is None:
        sys.exit(1)
    print(json.dumps(switches), flush=True)
    if not options.show:
        serve(options.port, TOKEN, ":memory:", seed=7, switches=switches)


def _settings() -> Settings:
    try:
        return load(os.environ, ROOT / ".env")
    except SettingsError as error:
        print("The settings cannot be used:", error, sep="\n", file=sys.stderr)
        sys.exit(2)


def _settings_at_all() -> tuple[Settings, str]:
    """The settings, or, where they cannot be used, those of nobody and the mistakes."""
    try:
        return load(os.environ, ROOT / ".env"), ""
    except SettingsError as error:
        return Settings(data=os.environ.get("VINCULO_DATA") or Settings.data), str(error)


def _index(settings: Settings, options: argparse.Namespace) -> int:
    name = options.integration
    if options.status:
        return people_index.status(settings, name)
    if options.erase:
        return people_index.erase(settings, name)
    if options.forget:
        return people_index.forget(settings, options.forget, name)
    if settings.is_demo and name == MAIN:
        print("No CRM is set: the demo fills its index by itself while it runs.", file=sys.stderr)
        return 1
    if not may_start(settings):
        return 1
    services = Running(settings, _keys(settings), CRMS, time.time).named(name)
    if services is None:
        print(
            f"There is no integration {name!r}; server.py integration list names them.",
            file=sys.stderr,
        )
    return people_index.fill(services, rebuild=options.rebuild) if services else 1


def _integration(settings: Settings, options: argparse.Namespace) -> int:
    if not may_start(settings):
        return 1
    return integrations.run(
        Running(settings, _keys(settings), CRMS, time.time), options, os.environ
    )


def _run(settings: Settings, options: argparse.Namespace) -> int:
    if options.empty and not settings.is_demo:
        print("--empty is for the demo; the settings name a CRM (VINCULO_CRM_URL)", file=sys.stderr)
        return 2
    if not may_start(settings, anew=options.new):
        return 1
    logs.start(settings.log_level)
    settings = replace(settings, port=settings.port or free_port(settings.host))
    if not settings.is_demo:
        _Server(settings, demo=None).run()
        return 0
    with demo(settings, is_empty=options.empty) as found:
        _Server(found.around(settings), demo=found).run()
    return 0


class _Log(Logger):  # type: ignore[misc]
    """What gunicorn itself has to say, in our form."""

    def setup(self, cfg: Any) -> None:
        """Its own handlers, with our lines."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.Lines())


class _Server(BaseApplication):  # type: ignore[misc]
    """The server: gunicorn, one process with many threads.

    A slow CRM thus leaves threads for everybody else.
    """

    def __init__(self, settings: Settings, *, demo: Demo | None) -> None:
        self._settings, self._demo = settings, demo
        self._keys = _keys(settings)
        super().__init__()

    def load_config(self) -> None:
        """Takes nothing from gunicorn's own command line or files."""
        settings = self._settings
        chosen = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": settings.threads,
            "graceful_timeout": STOP_SECONDS,
            "timeout": 60,
            "keepalive": 30,
            "loglevel": "warning",
            "post_worker_init": self._ready,
            "proc_name": "vinculo",
            "control_socket_disable": True,
            "logger_class": _Log,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made in the process that serves it."""
        app = create_app(self._settings, self._keys)
        running: Running = app.extensions["vinculo"]
        self._office: Office = app.extensions[EXTENSION]
        if not running.any().ledger.fits():
            log.warning(
                "The ledger was sealed with another key; bring back ledger_key.txt, or verify "
                "fails from here on"
            )
        running.staff(crew)
        keeping(running.any()).start()
        if self._demo:
            app.register_blueprint(self._demo.page(partial(running.key, "chatwoot")))
        return app

    def _ready(self, _worker: Any) -> None:
        address = f"http://localhost:{self._settings.port}"
        if self._demo:
            print(f"Ready. {self._demo.told(address)}", flush=True)
        else:
            print(f"Ready: {address}/setup", flush=True)
        admins = self._office.admins
        if not admins.has_administrator():
            code = admins.invite(Role.ADMINISTRATOR)
            link = setup_link.link(self._settings, code)
            print(f"Set it up, once and within a day: {link}", flush=True)


def _start_url(settings: Settings, options: argparse.Namespace) -> int:
    if not may_start(settings):
        return 1
    console, account = CONSOLES[options.host], options.account
    base = settings.public_url.rstrip("/") or f"http://localhost:{settings.port}"
    key = Running(settings, _keys(settings), CRMS, time.time).key(console.name, account)
    print(console.address(f"{base}/panel/{console.name}", account, key))
    return 0


def _keys(settings: Settings) -> Keys:
    return Keys(
        *(_key(settings, name) for name in ("secret", "start_key", "ledger_key", "vault_key"))
    )


def _key(settings: Settings, name: str) -> str:
    """The key as set, else as made at the first start, in a file that only its owner may read."""
    given = str(getattr(settings, name))
    if given:
        return given
    path = Path(settings.data) / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()


# What each command does; what it gives back is the exit status.
_COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], int | None]] = {
    "run": _run,
    "start-url": _start_url,
    "writes": lambda settings, options: writes(settings, everything=options.all),
    "verify": lambda settings, options: verify(
        settings, _key(settings, "ledger_key"), options.head
    ),
    "export-head": lambda settings, _: export_head(settings, _key(settings, "ledger_key")),
    "backup": lambda settings, options: back_up(settings, options.file, force=options.force),
    "restore": lambda settings, options: restore(settings, options.file),
    "index": _index,
    "integration": _integration,
    "export": lambda settings, options: privacy.export(
        settings, _key(settings, "ledger_key"), options.who, options.integration
    ),
    "erase": lambda settings, options: privacy.erase(
        settings,
        _key(settings, "ledger_key"),
        options.who,
        options.integration,
        abandon=options.abandon,
    ),
    **dict.fromkeys(
        setup_link.COMMANDS,
        lambda settings, options: setup_link.run(settings, options) if may_start(settings) else 1,
    ),
}
