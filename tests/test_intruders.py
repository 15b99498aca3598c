"""Tests of a person who is not proven, not allowed, or comes from elsewhere.

No attempt reads anything, and none writes anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tests.product import ANA, MARINA, SECRET, START_KEY, Visitor, context, start_token
from widget.consoles.claims import make_start
from widget.desk.running import Running
from widget.domain.integrations import Integration
from widget.domain.permissions import ALL, Permission
from widget.emulator.crm.server import Emulator
from widget.store.records.accounts import Account
from widget.store.records.attendants import Colleague

OTHER_KEY = "another-key-that-is-long-enough-too"
# What of the person a screen could tell.
TELLING = ("Marina", "Teles", "Andrade", "Sondagem", "Fibra 500")
PATHS = (
    "/tab/contact",
    "/tab/contact/card",
    "/tab/contact/deals",
    "/tab/contact/edit",
    "/tab/notes",
    "/tab/history",
    "/tab/link/search?q=Marina&ask=1",
    "/tab/link/lead-1",
    "/tab/interact/1",
    "/tab/negotiation/new",
)
FORMS: dict[str, dict[str, str]] = {
    "/tab/notes": {"text": "Intruso"},
    "/tab/contact/edit": {"name": "Intruso"},
    "/tab/contact/new": {"name": "Intruso", "phone": "49991112222"},
    "/tab/link/lead-1": {},
    "/tab/link/remove": {},
    "/tab/negotiation/new": {"title": "Intruso"},
    "/tab/interact/1": {"status": "V"},
    "/tab/contact/reveal/phone": {},
    "/tab/draft/note-contact": {"text": "Intruso"},
}


@dataclass
class House:
    """The product, in which Ana has a conversation open.

    ``token`` is hers, ``form`` the key of a form of hers.
    """

    app: Flask
    crm: Emulator
    ana: Visitor

    @property
    def running(self) -> Running:
        found: Running = self.app.extensions["vinculo"]
        return found

    def kept(self) -> list[dict[str, Any]]:
        """All that could have been written here."""
        database = self.running.shared.database
        return [
            row
            for table in (
                "journal",
                "links",
                "drafts",
                "owners",
                "qualifications",
                "conversations",
                "pairings",
            )
            for row in database.rows(f"SELECT * FROM {table}")
        ]


Headers = dict[str, str]
Attempt = Callable[[House], Headers | str]


def _serialized(key: str, value: object, salt: str = "panel") -> Headers:
    return {"X-Panel-Token": URLSafeTimedSerializer(key, salt=salt).dumps(value)}


def _moved(house: House) -> Headers:
    """Ana's account uses another CRM from now on."""
    house.running.integrations.add(
        Integration("second", "Outra", house.crm.url, house.crm.token, index=False, private=True)
    )
    house.running.accounts.put(Account("chatwoot", "1", "second"))
    return {"X-Panel-Token": house.ana.token}


def _without(*actions: Permission) -> Attempt:
    def attempt(house: House) -> Headers:
        house.running.shared.attendants.allow("Suporte", ALL - set(actions))
        house.running.shared.attendants.move("chatwoot", "1", ANA["sub"], "Suporte")
        return {"X-Panel-Token": house.ana.token}

    return attempt


def _revoked(house: House) -> str:
    """What a browser keeps whose pairing an administrator has taken back."""
    house.running.shared.attendants.add(Colleague("chatwoot", "1", "p-1", "Rui Matos"))
    pairings = house.running.shared.pairings
    secret = pairings.redeem("chatwoot", "1", pairings.invite("chatwoot", "1", "p-1"), "Firefox")
    pairings.revoke(pairings.of("chatwoot", "1")[0].id)
    return secret


def _taken_back(house: House) -> Headers:
    """The panel was open in Rui's browser when an administrator took its pairing back.

    Another of his is still good.
    """
    running, client = house.running, house.app.test_client()
    running.shared.attendants.add(Colleague("chatwoot", "1", "p-1", "Rui Matos"))
    secrets = [
        running.shared.pairings.redeem(
            "chatwoot", "1", running.shared.pairings.invite("chatwoot", "1", "p-1"), browser
        )
        for browser in ("Firefox", "Chrome")
    ]
    body = {
        "start": make_start(START_KEY, "chatwoot", "1"),
        "context": context(MARINA),
        "pairing": secrets[0],
    }
    token = client.post("/panel/chatwoot/context", data=body).headers["X-Panel-Token"]
    client.get("/tab/contact", headers={"X-Panel-Token": token})
    running.shared.pairings.revoke(
        next(p.id for p in running.shared.pairings.of("chatwoot", "1") if p.browser == "Firefox")
    )
    return {"X-Panel-Token": token}


# Attempts with a panel token of some kind, and what they send with every request.
TOKENS: dict[str, Attempt] = {
    "no token": lambda _: {},
    "nonsense": lambda _: {"X-Panel-Token": "a.b.c"},
    "another key": lambda _: _serialized(OTHER_KEY, ["chatwoot:1:101", "1"]),
    "another purpose": lambda _: _serialized(SECRET, ["chatwoot:1:101", "1"], salt="other"),
    "a start token": lambda _: {"X-Panel-Token": start_token(ANA)},
    "another conversation": lambda _: _serialized(SECRET, ["chatwoot:1:999", "1"]),
    "another attendant": lambda _: _serialized(SECRET, ["chatwoot:1:101", "2"]),
    "another integration's conversation": lambda _: _serialized(
        SECRET, ["second/chatwoot:1:101", "1"]
    ),
    "the integration that the account had before": _moved,
    "a pairing that was taken back while the panel was open": _taken_back,
    "a department that sees nothing": _without(*ALL),
    "another site": lambda house: {
        "X-Panel-Token": house.ana.token,
        "Sec-Fetch-Site": "cross-site",
    },
    "another origin": lambda house: {
        "X-Panel-Token": house.ana.token,
        "Origin": "https://evil.example",
    },
}
READS_TOO = {
    "another site",
    "another origin",
}  # a GET of another site cannot bear the token: it is no simple request

# Attempts to get in: what is sent as the start, and beside it.
STARTS: dict[str, Callable[[House], dict[str, str]]] = {
    "no start": lambda _: {},
    "another key": lambda _: {"start": start_token(ANA, OTHER_KEY)},
    "another console": lambda _: {"start": start_token(ANA, host="zendesk")},
    "another audience": lambda _: {"start": start_token(ANA, aud="somebody")},
    "expired": lambda _: {"start": start_token(ANA, exp=int(time.time()) - 3600)},
    "from tomorrow": lambda _: {"start": start_token(ANA, nbf=int(time.time()) + 86400)},
    "a context that claims an attendant": lambda _: {
        "start": make_start(START_KEY, "chatwoot", "1")
    },
    "a pairing that was made up": lambda _: {
        "start": make_start(START_KEY, "chatwoot", "1"),
        "pairing": "x" * 43,
    },
    "a pairing that was revoked": lambda h: {
        "start": make_start(START_KEY, "chatwoot", "1"),
        "pairing": _revoked(h),
    },
}


@pytest.fixture
def house(app: Flask, crm: Emulator, ana: Visitor) -> House:
    ana.open(MARINA)
    return House(app, crm, ana)


def _try(client: FlaskClient, headers: Headers, *, reads: bool) -> list[TestResponse]:
    """Everything that could be read or written, with these headers."""
    sent = {"HX-Request": "true", **headers}
    form = {"key": "k" * 24, "contact": "lead-1"}
    posts = [
        client.post(path, data={**form, **typed}, headers=sent) for path, typed in FORMS.items()
    ]
    return [*(client.get(path, headers=sent) for path in PATHS if reads), *posts]


@pytest.mark.parametrize("attempt", TOKENS)
def test_no_token_but_ones_own_reads_or_writes_anything(house: House, attempt: str) -> None:
    headers = TOKENS[attempt](house)
    assert isinstance(headers, dict)
    calls, kept = len(house.crm.calls), house.kept()
    answers = _try(house.app.test_client(), headers, reads=attempt not in READS_TOO)

    assert {answer.status_code for answer in answers} <= {401, 403}
    assert not any(word in answer.text for answer in answers for word in TELLING)
    assert house.crm.calls[calls:] == []
    assert house.kept() == kept


@pytest.mark.parametrize("attempt", STARTS)
def test_nobody_gets_in_without_proof(house: House, attempt: str) -> None:
    body = {**STARTS[attempt](house), "context": context(MARINA)}
    calls, kept = len(house.crm.calls), house.kept()
    answers = [
        house.app.test_client().post(f"/panel/chatwoot/{way}", data=body)
        for way in ("context", "token")
    ]

    assert {answer.status_code for answer in answers} <= {401, 403}
    assert not any("X-Panel-Token" in answer.headers for answer in answers)
    assert not any(word in answer.text for answer in answers for word in TELLING)
    assert house.crm.calls[calls:] == []
    assert house.kept() == kept


@pytest.mark.parametrize("action", sorted(ALL - {Permission.SEE, Permission.OTHERS}))
def test_what_a_department_may_not_do_is_written_nowhere(house: House, action: Permission) -> None:
    headers = _without(action, *(ALL - {Permission.SEE, Permission.OTHERS}))(house)
    assert isinstance(headers, dict)
    drafted = {path: typed for path, typed in FORMS.items() if "draft" not in path}
    calls, kept = len(house.crm.calls), house.kept()
    form = {"key": "k" * 24, "contact": "lead-1", "HX-Request": "true"}
    answers = [
        house.app.test_client().post(path, data={**form, **typed}, headers=headers)
        for path, typed in drafted.items()
    ]

    assert {answer.status_code for answer in answers} <= {403, 405}
    assert house.crm.calls[calls:] == []
    assert house.kept() == kept


def test_the_page_lets_nobody_embed_it_but_the_accounts_consoles(house: House) -> None:
    house.running.accounts.put(Account("chatwoot", "2", "main", ("https://chat.example",)))
    policies = {
        account: house.ana.page(account).headers["Content-Security-Policy"]
        for account in ("1", "2")
    }

    assert "frame-ancestors http://localhost" in policies["1"]
    assert policies["2"].endswith("frame-ancestors https://chat.example")
