"""server.py's command line: which commands there are, what each takes, and what it is for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from widget.cli import integrations, setup_link
from widget.cli.people_index import person
from widget.domain.integrations import MAIN
from widget.emulator.crm.server import TOKEN
from widget.registry import CONSOLES


def parser() -> argparse.ArgumentParser:
    """What reads the command line; a command's name is in ``command``."""
    made = argparse.ArgumentParser(
        prog="server.py", description="Vínculo: the CRM panel inside the conversation."
    )
    commands = made.add_subparsers(dest="command", required=True)
    for part in (_serving, _diagnosis, _custody, _people, _trying):
        part(commands)
    return made


def _serving(commands: Any) -> None:
    run = commands.add_parser(
        "run", help="serve the panel; without a CRM in the settings, the demo"
    )
    run.add_argument(
        "--empty",
        action="store_true",
        help="the demo with its CRM not connected, to try the set-up",
    )
    run.add_argument(
        "--new",
        action="store_true",
        help="begin with nothing where the file of an earlier life is gone",
    )
    commands.add_parser("options", help="list the options as a table")
    setup_link.describe(commands)
    integrations.describe(commands)
    start = commands.add_parser(
        "start-url", help="print the panel's address for a console that cannot sign"
    )
    start.add_argument("host", choices=sorted(CONSOLES))
    start.add_argument("--account", default="1", help="the account's number in the console")


def _diagnosis(commands: Any) -> None:
    doctor = commands.add_parser(
        "doctor", help="name the broken link and the one thing to do; changes nothing"
    )
    doctor.add_argument("--json", action="store_true", help="for programs")
    bundle = commands.add_parser(
        "bundle", help="write one file for whoever helps: what happened, and nobody's data"
    )
    _file(bundle)
    replay = commands.add_parser("replay", help="serve a CRM that fails as a support bundle shows")
    replay.add_argument("bundle", type=Path)
    replay.add_argument("--port", type=int, default=0)
    replay.add_argument("--show", action="store_true", help="print its switches only")


def _custody(commands: Any) -> None:
    writes = commands.add_parser(
        "writes", help="list what is on its way to the CRM or needs a person; nothing personal"
    )
    writes.add_argument("--all", action="store_true", help="the finished ones too")
    verify = commands.add_parser(
        "verify", help="name the first line of the ledger that is not as it was sealed"
    )
    verify.add_argument(
        "--head",
        default="",
        metavar="TEXT",
        help="what export-head printed before: the end is there too",
    )
    commands.add_parser("export-head", help="print the ledger's head, to be kept elsewhere")
    _file(commands.add_parser("backup", help="copy what is stored, also while the server runs"))
    restore = commands.add_parser(
        "restore", help="bring a backup back, also while the server runs; nothing is sent twice"
    )
    restore.add_argument("file", type=Path)


def _people(commands: Any) -> None:
    export = commands.add_parser("export", help="print all that is kept of one person, as JSON")
    erase = commands.add_parser(
        "erase", help="erase all that is kept of one person; the CRM keeps its record"
    )
    for about in (export, erase):
        about.add_argument("who", type=person, metavar="lead:12")
        about.add_argument("--integration", default=MAIN)
    erase.add_argument(
        "--abandon", action="store_true", help="also what has not reached the CRM yet"
    )
    index = commands.add_parser("index", help="fill the people index now; it goes on where it was")
    index.add_argument(
        "--integration", default=MAIN, help="of which CRM; that of the options is main"
    )
    which = index.add_mutually_exclusive_group()
    which.add_argument(
        "--status", action="store_true", help="say how far it is, and change nothing"
    )
    which.add_argument("--rebuild", action="store_true", help="erase all and fill anew")
    which.add_argument("--erase", action="store_true", help="erase all that is mirrored")
    which.add_argument(
        "--forget", type=person, metavar="lead:12", help="erase one person, who then stays out"
    )


def _trying(commands: Any) -> None:
    emulator = commands.add_parser("emulator", help="serve a CRM to try things on")
    emulator.add_argument("--port", type=int, default=0)
    emulator.add_argument("--token", default=TOKEN, metavar="ID:HASH")
    emulator.add_argument("--data", default=":memory:", metavar="FILE")
    emulator.add_argument("--seed", type=int, default=7)
    emulator.add_argument(
        "--people", type=int, default=0, metavar="N", help="so many more, when the file is made"
    )


def _file(command: argparse.ArgumentParser) -> None:
    """The file that a command makes."""
    command.add_argument("file", type=Path)
    command.add_argument("--force", action="store_true", help="overwrite the file if there is one")
