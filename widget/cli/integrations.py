"""server.py integration ...: connections to CRMs for those who script.

Tokens come from files, never as arguments.
"""

from __future__ import annotations

import argparse
import difflib
import getpass
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from widget.desk.running import Running
from widget.diagnosis.diagnosis import check_integration
from widget.diagnosis.findings import broken
from widget.domain.integrations import Integration
from widget.domain.texts import speak
from widget.registry import CONSOLES, CRMS
from widget.setup import integration_form, layout, removal

NUMBERS = {
    "wait": "seconds that one call may take",
    "calls": "calls under way at once",
    "settle-seconds": "seconds until a write without an answer is looked for",
}
TICKS = {
    "index": "mirror people",
    "active": "ask the CRM and write to it",
    "private": "allow addresses of inner networks",
}


class Refused(Exception):
    """It cannot be done; ``str()`` says why."""


def describe(commands: Any) -> None:
    """Adds the command to the parser's."""
    parser = commands.add_parser(
        "integration", help="connect CRMs: list, add, edit, delete, test, export, import"
    )
    does = parser.add_subparsers(dest="does", required=True)
    does.add_parser("list", help="all of them; no token is shown").add_argument(
        "--json", action="store_true"
    )
    add = does.add_parser("add", help="connect one more; it is tested first")
    add.add_argument("name")
    edit = does.add_parser(
        "edit", help="change one; a new token is tested first and used at once by running servers"
    )
    edit.add_argument("id")
    edit.add_argument("--name")
    for changing in (add, edit):
        _fields(changing)
    delete = does.add_parser("delete", help="delete one for good; its name is asked for")
    delete.add_argument("id")
    delete.add_argument("--name", required=True, help="its name, to be sure")
    delete.add_argument(
        "--kept", type=Path, metavar="FILE", help="where to write down what is still on its way"
    )
    does.add_parser(
        "test", help="walk the way to one; exit status 1 when something is broken"
    ).add_argument("id")
    told = does.add_parser(
        "export", help="print the whole set-up without secrets, for version control"
    )
    told.add_argument("file", type=Path, nargs="?")
    given = does.add_parser("import", help="set up what a file describes; nothing is deleted")
    given.add_argument("file", type=Path)
    given.add_argument(
        "--check",
        action="store_true",
        help="only show what would change; exit status 1 if anything",
    )


def _fields(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", help="the CRM's address, however it is copied")
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument(
        "--token-file", metavar="FILE", help="a file that holds the token; - for standard input"
    )
    secret.add_argument(
        "--token-env", metavar="NAME", help="a variable of the environment that holds it"
    )
    for name, meaning in NUMBERS.items():
        parser.add_argument(f"--{name}", help=meaning)
    for name, meaning in TICKS.items():
        parser.add_argument(
            f"--{name}", action=argparse.BooleanOptionalAction, default=None, help=meaning
        )
    parser.add_argument(
        "--ca", type=Path, metavar="FILE", help="certificate authority of a CRM with one of its own"
    )
    parser.add_argument("--qualification-field", metavar="COLUMN")
    parser.add_argument(
        "--departments", help="those that may link contacts, with commas between; empty: all"
    )
    parser.add_argument(
        "--untested",
        action="store_true",
        help="save it even when the CRM cannot be reached with it",
    )


def run(running: Running, options: argparse.Namespace, variables: Mapping[str, str]) -> int:
    """Does what the command says; the exit status. ``variables`` are those of the environment."""
    speak(running.settings.locale)
    try:
        if options.does in {"add", "edit"}:
            return _change(running, options, variables)
        return _DOES[options.does](running, options)
    except (Refused, layout.Unfit, OSError) as why:
        print(why, file=sys.stderr)
        return 1


def _list(running: Running, options: argparse.Namespace) -> int:
    stored = running.integrations.all()
    if options.json:
        print(json.dumps([_shown(one) for one in stored], ensure_ascii=False, indent=2))
        return 0
    for one in stored:
        state = "" if one.active else "  off"
        print(
            f"{one.id}  {one.name}  {one.url}  token "
            f"{_last(one)}{state}{'  from the settings' * one.from_settings}"
        )
    if not stored:
        print("No CRM is connected.")
    return 0


def _shown(stored: Integration) -> dict[str, Any]:
    return {
        **{name: value for name, value in vars(stored).items() if name != "token"},
        "token_ends": _last(stored),
    }


def _last(stored: Integration) -> str:
    return f"...{stored.token[-4:]}" if stored.token else "missing"


def _change(running: Running, options: argparse.Namespace, variables: Mapping[str, str]) -> int:
    """Adds one, or changes one that is there."""
    is_new = options.does == "add"
    before = Integration("", "", active=True) if is_new else _found(running, options.id)
    form, departments = _form(options, before, variables)
    stored, problems = integration_form.read(form, before, departments)
    if problems:
        raise Refused("\n".join(f"{name}: {why}" for name, why in problems.items()))
    if stored.active and not options.untested and _test(stored):
        raise Refused("Nothing was saved; --untested saves it all the same.")
    if is_new:
        stored = replace(stored, id=running.integrations.free_id(stored.name))
        running.integrations.add(stored)
    else:
        running.integrations.change(stored)
    print(f"{stored.id}: saved; running servers use it at once")
    return 0


def _form(
    options: argparse.Namespace, before: Integration, variables: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """What the form of the pages would send."""
    form = integration_form.typed(before)
    given = {
        name.replace("-", "_"): getattr(options, name.replace("-", "_"))
        for name in ("name", "url", *NUMBERS, "qualification-field")
    }
    form |= {name: value for name, value in given.items() if value is not None}
    for name in TICKS:
        if getattr(options, name) is not None:
            form[name] = "1" if getattr(options, name) else ""
    if options.ca:
        form["ca"] = options.ca.read_text(errors="replace")
    form["token"] = _token(options, variables, is_needed=not before.token)
    departments = (
        before.departments if options.departments is None else options.departments.split(",")
    )
    return form, [name.strip() for name in departments if name.strip()]


def _token(options: argparse.Namespace, variables: Mapping[str, str], *, is_needed: bool) -> str:
    """The token, which is never an argument.

    Arguments are seen in the list of processes and stay in the shell's history.
    """
    if options.token_env:
        if options.token_env not in variables:
            raise Refused(f"there is no variable {options.token_env}")
        return variables[options.token_env]
    if options.token_file not in {None, "-"}:
        return Path(options.token_file).read_text()
    if options.token_file or (is_needed and not sys.stdin.isatty()):
        return sys.stdin.read()
    return getpass.getpass("Token: ") if is_needed else ""


def _found(running: Running, name: str) -> Integration:
    stored = running.integrations.find(name)
    if stored is None:
        raise Refused(f"there is no integration {name!r}; server.py integration list names them")
    if stored.from_settings:
        raise Refused(f"{name} comes from the server's options and is changed there")
    return stored


def _test(stored: Integration) -> bool:
    """Tells what the way to the CRM is like; whether it is broken."""
    findings = check_integration(CRMS[stored.kind], stored)
    for finding in findings:
        print(f"{finding.verdict.value:8} {finding.title}: {finding.seen}")
        if finding.remedy:
            print(
                f"         -> {finding.remedy} "
                f"({', '.join(filter(None, (finding.where, finding.by_whom)))})"
            )
    return bool(broken(findings))


def _probe(running: Running, options: argparse.Namespace) -> int:
    stored = running.integrations.find(options.id)
    return int(_test(stored or _found(running, options.id)))


def _delete(running: Running, options: argparse.Namespace) -> int:
    stored = _found(running, options.id)
    if options.name != stored.name:
        raise Refused(f"its name is {stored.name!r}; nothing was deleted")
    hanging = running.hanging(stored.id)
    if hanging["open"] and not options.kept:
        raise Refused(
            f"{hanging['open']} writes are on their way; wait, or name a file for them with --kept"
        )
    if options.kept:
        options.kept.write_text(removal.written_down(running, stored.id))
    removal.remove(running, stored.id)
    print(
        f"{stored.id}: deleted, with "
        f"{', '.join(f'{number} {what}' for what, number in hanging.items())}"
    )
    return 0


def _export(running: Running, options: argparse.Namespace) -> int:
    text = layout.told(layout.of(running))
    if options.file:
        options.file.write_text(text)
    else:
        print(text, end="")
    return 0


def _import(running: Running, options: argparse.Namespace) -> int:
    now = layout.of(running)
    wanted = layout.merged(now, layout.read(options.file.read_text(), CONSOLES, CRMS))
    before, after = layout.told(now), layout.told(wanted)
    print(
        "".join(
            difflib.unified_diff(
                before.splitlines(keepends=True), after.splitlines(keepends=True), "now", "then"
            )
        ),
        end="",
    )
    if options.check:
        return int(before != after)
    layout.apply(running, wanted)
    for one in wanted.integrations:
        if not one.token:
            print(
                f"{one.id} has no token yet: server.py integration edit {one.id} --token-file FILE"
            )
    return 0


_DOES = {
    "list": _list,
    "test": _probe,
    "delete": _delete,
    "export": _export,
    "import": _import,
}
