"""What every console must do, whatever it is: the contract, run for each one that is installed.

A console of the tests, which signs a form, passes it too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.consoles.examples import EVERY, EXAMPLES, Example
from tests.product import START_KEY, Screen, product, services_of
from widget import registry
from widget.consoles.port import Console, Opening, Option, Start, believed, chosen
from widget.domain import errors
from widget.domain.model import Attendant, Conversation, Person, Proof
from widget.emulator.crm.server import Emulator
from widget.store.records.accounts import Account

ALL = pytest.mark.parametrize("console", EVERY.values(), ids=list(EVERY))
OTHER_KEY = "another-key-that-is-long-enough-too"
ANA = Attendant("1", "Ana Souza", "ana.souza@serranet.example", proven=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=20,
)
# A console's script may not be larger than this, in bytes as it is written.
SCRIPT_BUDGET = 4000


def opened(console: Console, values: Mapping[str, str], key: str = START_KEY) -> Start:
    return console.start(Opening(values, lambda _: key, time.time()))


def told(console: Console, start: Start, context: Mapping[str, Any]) -> Conversation:
    """What the panel takes from the console."""
    return believed(start, console.conversation(start, context))


# -- the console by itself


@ALL
def test_a_console_bears_its_name_everywhere(console: Console) -> None:
    assert type(console).__module__.rpartition(".")[2] == console.name
    assert console.script.stem == console.name
    assert console.name.isidentifier()
    assert console.label
    assert console.account_hint


@ALL
def test_a_console_has_an_example(console: Console) -> None:
    assert console.name in EXAMPLES
    assert EXAMPLES[console.name].method in console.methods


@ALL
def test_a_script_keeps_to_its_budget(console: Console) -> None:
    assert console.script.stat().st_size <= SCRIPT_BUDGET


@ALL
def test_a_true_opening_proves_the_account_and_what_it_says(console: Console) -> None:
    start = opened(console, EXAMPLES[console.name].values(START_KEY))

    assert (start.console, start.account) == (console.name, "1")
    assert Proof.ATTENDANT in start.proven
    assert start.attendant == ANA


@ALL
def test_what_is_proven_is_kept_whatever_the_context_claims(console: Console) -> None:
    example = EXAMPLES[console.name]
    start = opened(console, example.values(START_KEY))

    lied = told(console, start, example.lies)

    assert (lied.host, lied.account, lied.attendant) == (console.name, "1", ANA)
    assert lied.proven == start.proven
    if Proof.PERSON in start.proven:
        assert lied.person == start.person
    if Proof.CONVERSATION in start.proven:
        assert lied.id == start.conversation


@ALL
def test_what_nothing_proves_is_a_claim_also_where_the_console_says_otherwise(
    console: Console,
) -> None:
    found = told(console, Start(console.name, "1"), EXAMPLES[console.name].lies)

    assert found.proven == ()
    assert not found.attendant.proven


@ALL
@given(
    nonsense=st.dictionaries(
        st.sampled_from(["conversation", "contact", "currentAgent", "x"]), JSON
    )
)
def test_whatever_is_told_a_console_understands_or_says_that_it_does_not(
    console: Console, nonsense: dict[str, Any]
) -> None:
    try:
        found = told(console, Start(console.name, "1", ANA), nonsense)
    except errors.VinculoError:
        return

    person = found.person
    json.dumps([found.id, person.name, *person.phones, *person.emails]).encode("utf-8")


@ALL
@given(replaced=JSON, place=st.integers(0, 30))
def test_one_wrong_value_in_a_true_context_does_no_harm(
    console: Console, replaced: object, place: int
) -> None:
    context = json.loads(json.dumps(EXAMPLES[console.name].context))
    spots = [(inner, key) for inner in _mappings(context) for key in inner]
    if spots:
        inner, key = spots[place % len(spots)]
        inner[key] = replaced
    try:
        found = told(console, Start(console.name, "1", ANA), context)
    except errors.VinculoError:
        return

    person = found.person
    values = [found.id, found.channel, person.id, person.name, *person.phones, *person.emails]
    assert all(isinstance(value, str) and len(value) <= 200 for value in values)


def _mappings(value: Any) -> list[dict[str, Any]]:
    inner = [m for v in value.values() if isinstance(v, dict) for m in _mappings(v)]
    return [value, *inner]


# -- through the product's addresses


@pytest.fixture
def served(crm: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The product with every console, that of the tests too."""
    for name, console in EVERY.items():
        monkeypatch.setitem(registry.CONSOLES, name, console)
    return product(crm, tmp_path / "data")


def asked(client: FlaskClient, console: Console, values: Mapping[str, str]) -> TestResponse:
    """The page, opened as the console opens it: from another site, in a frame."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}
    address = f"/panel/{console.name}"
    if EXAMPLES[console.name].method == "GET":
        return client.get(address, query_string=values, headers=headers)
    headers["Origin"] = "https://console.example"
    return client.post(address, data=values, headers=headers)


def entered(client: FlaskClient, console: Console, page: TestResponse) -> Screen:
    """What the page's script gets for what the console tells it."""
    body = Screen(page).html.body
    assert body
    start = body.attributes["data-start"]
    context = json.dumps(EXAMPLES[console.name].context)
    sent = {"start": start, "context": context}
    return Screen(client.post(f"/panel/{console.name}/context", data=sent))


@ALL
def test_the_console_opens_the_panel_and_the_attendant_is_there(
    served: Flask, console: Console
) -> None:
    client = served.test_client()
    page = asked(client, console, EXAMPLES[console.name].values(START_KEY))

    card = entered(client, console, page)

    assert (page.status_code, card.status) == (200, 200)
    assert "Marina Teles Andrade" in card.text
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors http://localhost" in policy
    assert f"script-src {' '.join(('self', *console.script_sources))}" in policy.replace("'", "")
    kept = services_of(served).shared.conversations.find(f"{console.name}:1:7", "1")
    assert kept
    assert kept.proven == opened(console, EXAMPLES[console.name].values(START_KEY)).proven


FORGERIES: dict[str, Callable[[Example], dict[str, str]]] = {
    "nothing": lambda _: {},
    "another key": lambda e: e.values(OTHER_KEY),
    "an empty key": lambda e: e.values(""),
    "another algorithm": lambda e: e.values(START_KEY * 2, algorithm="HS512"),
    "no algorithm": lambda e: e.values(START_KEY, algorithm="none"),
    "another console": lambda e: e.values(START_KEY, host="other"),
    "another account": lambda e: e.values(START_KEY, account="2"),
    "another audience": lambda e: e.values(START_KEY, aud="other"),
    "no audience": lambda e: e.values(START_KEY, aud=None),
    "expired": lambda e: e.values(START_KEY, exp=int(time.time()) - 3600),
    "no end": lambda e: e.values(START_KEY, exp=None),
    "from tomorrow": lambda e: e.values(START_KEY, nbf=int(time.time()) + 86400),
    "cut": lambda e: {name: value[:-3] for name, value in e.values(START_KEY).items()},
    "a seal of nobody": lambda e: dict.fromkeys(e.values(START_KEY), "seal.x.y"),
}


@ALL
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_opening_gets_nothing(served: Flask, console: Console, forgery: str) -> None:
    running = served.extensions["vinculo"]
    running.accounts.put(Account(console.name, "2", "main"))
    running.accounts.renew_key(console.name, "2")

    answer = asked(served.test_client(), console, FORGERIES[forgery](EXAMPLES[console.name]))

    assert answer.status_code == 401
    assert "data-start" not in answer.text


@ALL
def test_a_page_is_opened_by_the_consoles_own_method_only(served: Flask, console: Console) -> None:
    client, values = served.test_client(), EXAMPLES[console.name].values(START_KEY)
    wrong = {"GET", "POST"} - set(console.methods)
    for method in wrong:
        sent = {"query_string": values} if method == "GET" else {"data": values}
        address = f"/panel/{console.name}"
        answer = client.open(address, method=method, **sent)  # type: ignore[arg-type]

        assert answer.status_code in {401, 403}
        assert "data-start" not in answer.text


@ALL
def test_no_other_site_may_post_what_only_the_page_posts(served: Flask, console: Console) -> None:
    example, client = EXAMPLES[console.name], served.test_client()
    page = asked(client, console, example.values(START_KEY))
    body = Screen(page).html.body
    assert body
    sent = {"start": body.attributes["data-start"], "context": json.dumps(example.context)}
    for way in ("context", "token", "pair"):
        answer = client.post(
            f"/panel/{console.name}/{way}",
            data=sent,
            headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://console.example"},
        )

        assert answer.status_code == 403


@ALL
def test_an_account_with_a_key_of_its_own_takes_no_other(served: Flask, console: Console) -> None:
    running, client = served.extensions["vinculo"], served.test_client()
    example = EXAMPLES[console.name]
    running.accounts.put(Account(console.name, "1", "main", ("https://chat.example",)))
    page = asked(client, console, example.values(START_KEY))
    before = entered(client, console, page).status
    running.accounts.renew_key(console.name, "1")
    own = running.key(console.name, "1")

    assert before == 200
    assert entered(client, console, page).status == 401
    assert asked(client, console, example.values(START_KEY)).status_code == 401
    assert asked(client, console, example.values(own)).status_code == 200


@ALL
def test_a_key_that_cannot_be_unlocked_opens_nothing(
    crm: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: Flask, console: Console
) -> None:
    running = served.extensions["vinculo"]
    running.accounts.put(Account(console.name, "1", "main"))
    running.accounts.renew_key(console.name, "1")
    own = running.key(console.name, "1")
    running.vault._fernet = type(running.vault)("another key of the vault")._fernet
    running._accounts = {}
    running._seen = None

    for key in (own, START_KEY):
        answer = asked(served.test_client(), console, EXAMPLES[console.name].values(key))
        assert answer.status_code == 401


# -- what a console need not do itself


def test_what_a_start_does_not_prove_is_taken_from_the_context_as_a_claim() -> None:
    claimed = Conversation("x", "9", "7", Person("1", "Marina"), Attendant("2", "Rui", proven=True))

    found = believed(Start("plain", "1"), claimed)

    assert (found.host, found.account, found.id) == ("plain", "1", "7")
    assert found.person == Person("1", "Marina")
    assert found.attendant == Attendant("2", "Rui")


class Choosy:
    """A console with options."""

    options = (Option("message", "M", default="hello"), Option("theme", "T"))


def test_an_option_that_was_not_set_has_its_usual_value() -> None:
    choosy: Any = Choosy()

    assert chosen(choosy, {}) == {"message": "hello", "theme": ""}
    assert chosen(choosy, {"message": "", "theme": "dark", "other": "x"}) == {
        "message": "hello",
        "theme": "dark",
    }
