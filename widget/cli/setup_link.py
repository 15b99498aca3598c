"""What an integrator does on the command line: the link to the set-up pages."""

from __future__ import annotations

import argparse
from typing import Any

from widget.domain.permissions import Role
from widget.domain.settings import Settings
from widget.setup.office import admins_of

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
    print(link(settings, admins_of(settings).invite(Role(options.role))))
    return 0


def link(settings: Settings, code: str) -> str:
    """The address that lets somebody in with a code of invitation, once and within a day."""
    base = settings.public_url.rstrip("/") or f"http://localhost:{settings.port}"
    return f"{base}/setup/first?code={code}"
