"""The whole set-up as a text for version control, without secrets and people; and the way back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from widget.consoles.port import Console
from widget.crm import pasted
from widget.crm.pasted import NotUnderstood
from widget.desk.running import Running
from widget.domain.integrations import MAIN, OF_THE_SERVER, Integration
from widget.domain.permissions import ALL, Permission
from widget.domain.texts import gettext, mark
from widget.setup import integration_form
from widget.store.engine.port import Lock
from widget.store.records.accounts import Account
from widget.store.records.attendants import EVERYBODY
from widget.store.records.integrations import RESERVED

FORMAT = 1
USUAL = Integration("", "")
# What a text may say of an integration: never its token, nor what only the server itself says.
TOLD = vars(USUAL).keys() - {"token"} - OF_THE_SERVER
PARTS = {"format", "integrations", "consoles", "departments"}


class Unfit(ValueError):
    """The text is no set-up, or not one of this server; ``str()`` has one line for each mistake."""


@dataclass(frozen=True)
class Layout:
    """What a text describes. Integrations come without their tokens."""

    integrations: tuple[Integration, ...] = ()
    consoles: tuple[Account, ...] = ()
    departments: Mapping[str, frozenset[Permission]] = field(default_factory=dict)


def of(running: Running) -> Layout:
    """As it is. What the environment says is no part of it."""
    stored = [one for one in running.integrations.all() if not one.from_settings]
    departments = {
        name: actions
        for name, actions in running.shared.attendants.departments().items()
        if (name, actions) != (EVERYBODY, ALL)
    }
    return Layout(tuple(stored), tuple(running.accounts.all()), departments)


def told(layout: Layout) -> str:
    """The text: the same set-up is always the same text, whatever was made first."""
    content = {
        "format": FORMAT,
        "integrations": [_told(one) for one in sorted(layout.integrations, key=lambda one: one.id)],
        "consoles": [
            {
                "host": one.host,
                "account": one.account,
                "integration": one.integration,
                "parents": list(one.parents),
                "options": dict(one.options),
            }
            for one in sorted(layout.consoles, key=lambda one: (one.host, one.account))
        ],
        "departments": [
            {
                "name": name,
                "actions": sorted(action.value for action in actions),
            }
            for name, actions in sorted(layout.departments.items())
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read(text: str, consoles: Mapping[str, Console], kinds: Collection[str]) -> Layout:
    """What the text describes; raises Unfit with all mistakes.

    ``consoles`` and ``kinds`` of CRM are those that there are.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        raise Unfit(gettext(mark("não é JSON: %(why)s"), why=error)) from error
    if (
        not isinstance(content, dict)
        or content.get("format") != FORMAT
        or not set(content) <= PARTS
    ):
        raise Unfit(
            gettext(
                mark("não é uma configuração do formato %(format)s: um mapa com %(parts)s"),
                format=FORMAT,
                parts=", ".join(sorted(PARTS)),
            )
        )
    mistakes: list[str] = []
    found = Layout(
        tuple(_each(content, "integrations", lambda one: _integration(one, kinds), mistakes)),
        tuple(_each(content, "consoles", lambda one: _account(one, consoles), mistakes)),
        dict(_each(content, "departments", _department, mistakes)),
    )
    names = [one.id for one in found.integrations]
    mistakes += [
        gettext(mark("integrations: %(name)s está duas vezes"), name=name)
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    if mistakes:
        raise Unfit("\n".join(mistakes))
    return found


def merged(now: Layout, wanted: Layout) -> Layout:
    """What there will be.

    It is what is wanted, with the tokens as they are, and beside it what the wanted layout does not
    name.
    """
    known = {one.id: one for one in now.integrations}
    integrations = known | {
        one.id: replace(one, token=_token(known.get(one.id), one)) for one in wanted.integrations
    }
    consoles = {(one.host, one.account): one for one in (*now.consoles, *wanted.consoles)}
    absent = [one for one in consoles.values() if one.integration not in {*integrations, MAIN}]
    if absent:
        raise Unfit(
            "\n".join(
                gettext(
                    mark("console %(host)s %(account)s: não há integração %(name)s"),
                    host=one.host,
                    account=one.account,
                    name=one.integration,
                )
                for one in absent
            )
        )
    return Layout(
        tuple(integrations.values()),
        tuple(consoles.values()),
        {
            **now.departments,
            **wanted.departments,
        },
    )


def apply(running: Running, layout: Layout) -> None:
    """From now on it is so, all or nothing; nothing is deleted."""
    known = {one.id: one for one in of(running).integrations}
    with running.shared.database.transaction(Lock.RECORDS):
        for stored in layout.integrations:
            if stored.id not in known:
                running.integrations.add(stored)
            elif stored != known[stored.id]:
                running.integrations.change(stored)
        for account in layout.consoles:
            running.accounts.put(account)
        for name, actions in layout.departments.items():
            running.shared.attendants.allow(name, actions)


def _token(before: Integration | None, after: Integration) -> str:
    """The one that is there, unless it would be sent to another server than before."""
    return before.token if before and integration_form.is_same_server(before, after) else ""


def _told(stored: Integration) -> dict[str, Any]:
    return {
        **{name: value for name, value in vars(stored).items() if name in TOLD},
        "departments": sorted(stored.departments),
    }


def _each(content: Mapping[str, Any], part: str, reader: Any, mistakes: list[str]) -> list[Any]:
    """Everything of one part that can be read; the rest is a mistake."""
    found = []
    for number, one in enumerate(content.get(part, []), 1):
        try:
            found.append(reader(one))
        except (NotUnderstood, ValueError, TypeError, KeyError, AttributeError) as error:
            mistakes.append(
                gettext(
                    mark("%(part)s, número %(number)s: %(why)s"),
                    part=part,
                    number=number,
                    why=_why(error),
                )
            )
    return found


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return gettext(mark("falta %(name)s"), name=error.args[0])
    if isinstance(error, Unfit | NotUnderstood):
        return gettext(str(error))
    return gettext(mark("não é do tipo certo"))


def _integration(one: Mapping[str, Any], kinds: Collection[str]) -> Integration:
    """Held against the same rules as the form of the pages."""
    if "token" in one:
        raise Unfit(gettext(mark("um token não pertence a este arquivo")))
    if unknown := set(one) - TOLD:
        raise Unfit(gettext(mark("não se conhece %(names)s"), names=", ".join(sorted(unknown))))
    if missing := {"id", "name"} - set(one):
        raise KeyError(min(missing))
    stored = Integration(
        **{
            **one,
            "departments": tuple(one.get("departments", ())),
        }
    )
    wrong = [
        name for name, value in vars(USUAL).items() if type(vars(stored)[name]) is not type(value)
    ]
    if wrong:
        raise Unfit(gettext(mark("não é do tipo certo: %(names)s"), names=", ".join(wrong)))
    if (
        not stored.id.isascii()
        or not stored.id.isalnum()
        or stored.id in RESERVED
        or stored.kind not in kinds
    ):
        raise Unfit(
            gettext(mark("id %(id)s, kind %(kind)s: não servem"), id=stored.id, kind=stored.kind)
        )
    form = {
        **integration_form.typed(stored),
        "token": "1:any",
    }
    read_, problems = integration_form.read(form, stored, stored.departments)
    if problems:
        raise Unfit(
            f"{stored.id}: " + "; ".join(f"{name}: {why}" for name, why in problems.items())
        )
    return replace(read_, token="")


def _account(one: Mapping[str, Any], consoles: Mapping[str, Console]) -> Account:
    if one["host"] not in consoles:
        raise Unfit(gettext(mark("não há console %(name)s"), name=one["host"]))
    options = {str(name): str(value) for name, value in one.get("options", {}).items()}
    known = {option.name for option in consoles[one["host"]].options}
    if unknown := options.keys() - known:
        raise Unfit(gettext(mark("não se conhece %(names)s"), names=", ".join(sorted(unknown))))
    return Account(
        one["host"],
        str(one["account"]),
        str(one["integration"]),
        tuple(map(pasted.origin, one.get("parents", ()))),
        options,
    )


def _department(one: Mapping[str, Any]) -> tuple[str, frozenset[Permission]]:
    if unknown := set(one["actions"]) - set(Permission):
        raise Unfit(
            gettext(mark("não há ação %(names)s"), names=", ".join(sorted(map(str, unknown))))
        )
    return str(one["name"]), frozenset(map(Permission, one["actions"]))
