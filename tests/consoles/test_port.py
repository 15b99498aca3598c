"""What every console must do, whatever it is: the contract, run for each one that is installed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.consoles.port import Host
from widget.domain import errors
from widget.domain.model import Conversation
from widget.registry import HOSTS
from widget.web.tokens import Start

EVERY = pytest.mark.parametrize("host", HOSTS.values(), ids=list(HOSTS))
ATTENDANT = {
    "attendant_id": "1",
    "attendant_name": "Ana Souza",
    "attendant_email": "ana.souza@serranet.example",
}
# A context that the console itself could send, for each console.
CONTEXTS: dict[str, dict[str, Any]] = {
    "chatwoot": {
        "conversation": {"id": 7, "meta": {"channel": "Channel::Whatsapp"}},
        "contact": {"id": 101, "name": "Marina", "phone_number": "+554988124417"},
        "currentAgent": {"id": 1, "name": "Ana Souza", "email": "ana.souza@serranet.example"},
    }
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=20,
)


def personal(host: Host) -> Start:
    return Start(host.name, "1", **ATTENDANT)


@EVERY
def test_a_console_bears_its_name_everywhere(host: Host) -> None:
    assert type(host).__module__ == f"widget.consoles.{host.name}"
    assert host.name.isidentifier()
    assert host.label


@EVERY
def test_a_console_has_an_example_here(host: Host) -> None:
    assert host.name in CONTEXTS


@EVERY
def test_a_conversation_belongs_to_the_console_and_the_signed_account(host: Host) -> None:
    found = host.conversation(Start(host.name, "42", **ATTENDANT), CONTEXTS[host.name])

    assert (found.host, found.account) == (host.name, "42")
    assert found.id
    assert found.person.phones == ("+554988124417",)


@EVERY
def test_a_signed_attendant_is_proven_and_a_claimed_one_is_not(host: Host) -> None:
    assert host.conversation(personal(host), CONTEXTS[host.name]).attendant.proven

    assert not host.conversation(Start(host.name, "1"), CONTEXTS[host.name]).attendant.proven


@EVERY
def test_without_a_conversation_the_console_says_so(host: Host) -> None:
    with pytest.raises(errors.NotFound):
        host.conversation(personal(host), {})


@EVERY
@given(
    nonsense=st.dictionaries(
        st.sampled_from(["conversation", "contact", "currentAgent", "x"]), JSON
    )
)
def test_whatever_is_told_a_console_understands_or_says_that_it_does_not(
    host: Host, nonsense: dict[str, Any]
) -> None:
    try:
        found = host.conversation(personal(host), nonsense)
    except errors.VinculoError:
        return

    assert isinstance(found, Conversation)
    json.dumps([found.id, found.person.name, *found.person.phones, *found.person.emails]).encode(
        "utf-8"
    )


@EVERY
@given(replaced=JSON, place=st.integers(0, 30))
def test_one_wrong_value_in_a_true_context_does_no_harm(
    host: Host, replaced: object, place: int
) -> None:
    told = json.loads(json.dumps(CONTEXTS[host.name]))
    spots = [(inner, key) for inner in _mappings(told) for key in inner]
    inner, key = spots[place % len(spots)]
    inner[key] = replaced

    try:
        found = host.conversation(personal(host), told)
    except errors.VinculoError:
        return

    values = [
        found.id,
        found.channel,
        found.person.id,
        found.person.name,
        *found.person.phones,
        *found.person.emails,
    ]
    assert all(isinstance(value, str) and len(value) <= 200 for value in values)


def _mappings(value: Any) -> list[dict[str, Any]]:
    inner = [m for v in value.values() if isinstance(v, dict) for m in _mappings(v)]
    return [value, *inner]
