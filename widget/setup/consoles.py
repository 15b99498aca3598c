"""The page of the consoles: which CRM each account uses, and who may embed the panel.

It also tells where to register the panel.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.consoles.port import Console, Option
from widget.domain.errors import Unauthorised
from widget.domain.texts import gettext, mark
from widget.setup.navigation import said
from widget.setup.office import office
from widget.setup.sheet import Sheet
from widget.store.records.accounts import Account

consoles = Blueprint("consoles", __name__)
LONGEST = 40
LONGEST_OPTION = 200
FORBIDDEN = set("*;,'\"<>\\")


@consoles.get("/consoles")
def show() -> ResponseReturnValue:
    """All accounts, and the form for another one or for the one that the address names."""
    found = office().running.accounts.find(
        request.args.get("host", ""), request.args.get("account", "")
    )
    return _page(Sheet(_typed(found) if found else {"account": "1"}))


@consoles.post("/consoles")
def save() -> ResponseReturnValue:
    """Sets an account up; removes it or changes its key where the button says so."""
    sheet, accounts = Sheet(request.form.to_dict()), office().running.accounts
    host, account = sheet.values.get("host", ""), sheet.values.get("account", "").strip()[:LONGEST]
    does = sheet.values.get("do")
    if does == "remove":
        accounts.remove(host, account)
        return redirect(url_for("consoles.show", said="gone"), 303)
    if does == "renew":
        accounts.renew_key(host, account)
        return redirect(url_for("consoles.show", said="renewed"), 303)
    parents = _parents(sheet)
    _look_at(sheet, host, account)
    if sheet.problems:
        return _page(sheet), 422
    is_new = accounts.find(host, account) is None
    options = _options(sheet, office().consoles[host])
    accounts.put(Account(host, account, sheet.values["integration"], parents, options))
    if is_new:
        accounts.renew_key(host, account)
    return redirect(url_for("consoles.show", said="kept"), 303)


def _look_at(sheet: Sheet, host: str, account: str) -> None:
    """Says at its field what is wrong with it."""
    if host not in office().consoles:
        sheet.problems["host"] = gettext(mark("Escolha o console."))
    if not account:
        sheet.problems["account"] = gettext(mark("Diga o número da conta no console."))
    if office().running.integrations.find(sheet.values.get("integration", "")) is None:
        sheet.problems["integration"] = gettext(mark("Escolha a integração."))


def _parents(sheet: Sheet) -> tuple[str, ...]:
    """The origins of the console; what is none is said at the field."""
    pasted = sheet.values.get("parents", "").split()
    origins = [origin(text) for text in pasted]
    if not origins or not all(origins):
        sheet.problems["parents"] = gettext(
            mark("O endereço com que se abre o console, por exemplo https://chat.provedor.example.")
        )
    return tuple(dict.fromkeys(origins))


def _options(sheet: Sheet, console: Console) -> dict[str, str]:
    """The options of the console that were filled in."""
    typed = {
        option.name: sheet.values.get(_field(console, option), "").strip()[:LONGEST_OPTION]
        for option in console.options
    }
    return {name: value for name, value in typed.items() if value}


def _typed(account: Account) -> dict[str, str]:
    """The form's fields for an account; its key is never among them."""
    console = office().consoles.get(account.host)
    options = {
        _field(console, option): account.options.get(option.name, "")
        for option in (console.options if console else ())
    }
    return {
        "host": account.host,
        "account": account.account,
        "integration": account.integration,
        "parents": "\n".join(account.parents),
        **options,
    }


def _field(console: Console | None, option: Option) -> str:
    return f"{console.name if console else ''}-{option.name}"


def origin(text: str) -> str:
    """The origin of an address as it was pasted; "" for what is none."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    is_one = parts.scheme in {"http", "https"} and host and not set(parts.netloc) & FORBIDDEN
    return f"{parts.scheme}://{host}{port}" if is_one else ""


def _page(sheet: Sheet) -> str:
    running, consoles = office().running, office().consoles
    accounts = running.accounts.all()
    integrations = [(stored.id, stored.name) for stored in running.integrations.all()]
    return render_template(
        "setup/consoles.html",
        accounts=[_told(account) for account in accounts],
        form=sheet,
        consoles=consoles.values(),
        labels=office().labels,
        account_hint=" ".join(gettext(console.account_hint) for console in consoles.values()),
        field=_field,
        said=said(),
        integrations=integrations,
        names=dict(integrations),
        parents=office().settings.parents,
    )


@dataclass(frozen=True)
class Told:
    """An account as it is shown. ``address`` and ``key`` prove it: for administrators only.

    Both are "" where the account's key cannot be unlocked any more.
    """

    account: Account
    address: str
    key: str


def _told(account: Account) -> Told:
    console = office().consoles.get(account.host)
    try:
        key = office().running.key(account.host, account.account)
    except Unauthorised:
        return Told(account, "", "")
    base = office().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    panel = f"{base}/panel/{account.host}"
    address = console.address(panel, account.account, key) if console else ""
    return Told(account, address, key if account.key else "")
