"""The page of the consoles: which CRM each account uses, and who may embed the panel.

It also tells where to register the panel.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.domain.texts import gettext, mark
from widget.setup.navigation import said
from widget.setup.office import office
from widget.setup.sheet import Sheet
from widget.store.records.accounts import Account
from widget.web.tokens import make_start

consoles = Blueprint("consoles", __name__)
LONGEST = 40
FORBIDDEN = set("*;,'\"<>\\")


@consoles.get("/consoles")
def show() -> ResponseReturnValue:
    """All accounts, and the form for another one or for the one that the address names."""
    found = office().running.accounts.find(
        request.args.get("host", ""), request.args.get("account", "")
    )
    values = (
        {
            "host": found.host,
            "account": found.account,
            "integration": found.integration,
            "parents": "\n".join(found.parents),
        }
        if found
        else {"account": "1"}
    )
    return _page(Sheet(values))


@consoles.post("/consoles")
def save() -> ResponseReturnValue:
    """Sets an account up, or removes it where the button says so."""
    sheet, running = Sheet(request.form.to_dict()), office().running
    host, account = sheet.values.get("host", ""), sheet.values.get("account", "").strip()[:LONGEST]
    if sheet.values.get("do") == "remove":
        running.accounts.remove(host, account)
        return redirect(url_for("consoles.show", said="gone"), 303)
    parents = [(text, origin(text)) for text in sheet.values.get("parents", "").split()]
    wrong = [text for text, found in parents if not found]
    if host not in office().hosts:
        sheet.problems["host"] = gettext(mark("Escolha o console."))
    if not account:
        sheet.problems["account"] = gettext(mark("Diga o número da conta no console."))
    if running.integrations.find(sheet.values.get("integration", "")) is None:
        sheet.problems["integration"] = gettext(mark("Escolha a integração."))
    if wrong or not parents:
        sheet.problems["parents"] = gettext(
            mark("O endereço com que se abre o console, por exemplo https://chat.provedor.example.")
        )
    if sheet.problems:
        return _page(sheet), 422
    origins = tuple(dict.fromkeys(found for _, found in parents))
    running.accounts.put(Account(host, account, sheet.values["integration"], origins))
    return redirect(url_for("consoles.show", said="kept"), 303)


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
    running = office().running
    accounts = running.accounts.all()
    return render_template(
        "setup/consoles.html",
        accounts=accounts,
        form=sheet,
        hosts=office().hosts,
        said=said(),
        integrations=[(stored.id, stored.name) for stored in running.integrations.all()],
        names={stored.id: stored.name for stored in running.integrations.all()},
        parents=office().settings.parents,
        addresses={(account.host, account.account): _address(account) for account in accounts},
    )


def _address(account: Account) -> str:
    """Where the console finds the panel.

    It names the account and proves it, so it is for administrators only.
    """
    base = office().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    start = make_start(office().running.any().shared.keys.start, account.host, account.account)
    return f"{base}/panel/{account.host}?start={start}"
