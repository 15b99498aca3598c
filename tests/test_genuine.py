"""What the CRM shows held against what was sealed when it was written."""

from dataclasses import replace

import pytest
from flask import Flask

from tests.product import LUCIA, Visitor, services_of
from widget.crm.ixc.signature import reference_of
from widget.genuine import marked
from widget.model import Note
from widget.services import Visit

KEY = "key-of-the-form-1"
TRUE = Note("Quer 500 Mega.\nLigar à tarde.", "Ana Souza", "2026-11-20 14:07:00", reference=reference_of(KEY))


@pytest.fixture
def guest(app: Flask) -> Visit:
    """Ana beside Lúcia, for whom she wrote a note once."""
    Visitor(app.test_client()).open(LUCIA)
    conversation = services_of(app).conversations.find("chatwoot:1:109", "1")
    assert conversation is not None
    guest = Visit(services_of(app), conversation)
    origin = guest.origin("note.add", contact=guest.contact().value)
    guest.services.ledger.append("accepted", origin, key=KEY, facts={"text": TRUE.text})
    return guest


@pytest.mark.parametrize(
    ("note", "is_marked"),
    [
        (TRUE, False),
        (replace(TRUE, text="Quer 500 Mega.\r\nLigar à tarde. "), False),  # as a CRM keeps lines and blanks
        (replace(TRUE, text="Quer 700 Mega."), True),
        (replace(TRUE, author="Rui Matos"), True),
        (replace(TRUE, text="Outra.", reference=""), False),  # written by somebody in the CRM
        (replace(TRUE, text="Outra.", reference=reference_of("key-of-the-form-2")), False),  # of another panel
    ],
)
def test_a_note_that_bears_our_reference_and_says_something_else_is_marked(
    guest: Visit, note: Note, is_marked: bool
) -> None:
    (found,) = marked(guest, [note])

    assert found.original == (f"Ana Souza: {TRUE.text}" if is_marked else "")
    assert replace(found, original="") == note


def test_what_was_erased_at_a_persons_request_cannot_be_compared(guest: Visit) -> None:
    guest.services.ledger.erase(["client-6"], guest.origin("person.erase"))

    (found,) = marked(guest, [replace(TRUE, text="Quer 700 Mega.")])

    assert found.original == ""
