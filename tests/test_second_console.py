"""A console that signs a form: what it proves, and that the contract notices a careless one."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from flask import Flask

from tests.consoles.examples import EXAMPLES
from tests.consoles.plain import Plain
from tests.consoles.test_port import FORGERIES, asked, entered, opened, served, told
from tests.product import START_KEY, Visitor
from widget import registry
from widget.consoles.port import Opening
from widget.domain.model import Proof
from widget.emulator.crm.server import Emulator

__all__ = ["served"]
FORM = EXAMPLES["plain"]


class Careless(Plain):
    """Reads the form without looking at its signature."""

    def start(self, opening: Opening) -> Any:
        """Believes whatever stands in the form."""
        token = opening.values.get("token", "")
        claims = jwt.decode(token, options={"verify_signature": False})
        return super().start(
            Opening(
                {"account": "1", "token": FORM.values(START_KEY, sub=claims.get("sub"))["token"]},
                opening.key,
                opening.now,
            )
        )


def test_the_form_proves_person_conversation_and_attendant() -> None:
    start = opened(Plain(), FORM.values(START_KEY))

    assert start.proven == (Proof.PERSON, Proof.CONVERSATION, Proof.ATTENDANT)


def test_what_the_script_claims_beside_the_form_changes_nothing() -> None:
    start = opened(Plain(), FORM.values(START_KEY))

    found = told(Plain(), start, FORM.lies)

    assert (found.id, found.person.id, found.attendant.name) == ("7", "101", "Ana Souza")


def test_the_form_counts_once_and_the_page_carries_our_seal(served: Flask) -> None:
    client, console = served.test_client(), Plain()
    page = asked(client, console, FORM.values(START_KEY))
    token = FORM.values(START_KEY)["token"]

    again = client.post("/panel/plain/context", data={"start": token, "context": "{}"})

    assert token not in page.text
    assert 'data-conversation="7"' in page.text
    assert 'data-wait="3000"' in page.text
    assert (entered(client, console, page).status, again.status_code) == (200, 401)


def test_a_note_goes_the_whole_way(served: Flask, crm: Emulator) -> None:
    client, console = served.test_client(), Plain()
    card = entered(client, console, asked(client, console, FORM.values(START_KEY)))
    ana = Visitor(client, token=card.response.headers["X-Panel-Token"])

    typed = "Ligou de novo pelo outro console."
    saved = ana.fill("/tab/notes", text=typed)

    assert (saved.status, saved.state) == (200, "done")
    notes = [row for row in crm.rows("crm_prospeccao_anotacoes") if typed in str(row)]
    assert len(notes) == 1


@pytest.mark.parametrize("forgery", ["another key", "another account"])
def test_the_contract_notices_a_console_that_does_not_check(
    served: Flask, monkeypatch: pytest.MonkeyPatch, forgery: str
) -> None:
    monkeypatch.setitem(registry.CONSOLES, "plain", Careless())

    answer = asked(served.test_client(), Careless(), FORGERIES[forgery](FORM))

    assert answer.status_code == 200  # what test_a_forged_opening_gets_nothing would not take
