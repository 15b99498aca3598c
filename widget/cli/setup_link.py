"""What an integrator does on the command line: the link to the set-up pages."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from widget.domain.settings import Settings
from widget.store.engine.database import Database
from widget.store.records.admins import Admins, Role

COMMANDS = {"setup-link"}


def describe(commands: Any) -> None:
    """Adds the commands to the parser's."""
    link = commands.add_parser(
        "setup-link", help="print a link that lets somebody into the set-up pages, once"
    )
    link.add_argument(
        "--role", choices=[role.value for role in Role], default=Role.ADMINISTRATOR.value
    )


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Does what the command says; the process's exit status."""
    admins = Admins(Database(Path(settings.data) / "vinculo.db"), time.time)
    print(link(settings, admins, Role(options.role)))
    return 0


def link(settings: Settings, admins: Admins, role: Role = Role.ADMINISTRATOR) -> str:
    """An address that lets somebody in, once and within a day."""
    base = settings.public_url.rstrip("/") or f"http://localhost:{settings.port}"
    return f"{base}/setup/first?code={admins.invite(role)}"
