"""Linking says who the person of a conversation is, and is sealed."""

from flask import Flask

from tests.product import MARINA, Visitor, services_of
from widget.actions import links
from widget.actions.action import Asked, Subject
from widget.desk.visits import Visit
from widget.domain.model import Ref
from widget.domain.permissions import Right

LUCIA = Ref(Ref.CLIENT, "5")


def test_a_link_holds_until_it_is_taken_back(app: Flask) -> None:
    Visitor(app.test_client()).open(MARINA)
    conversation = services_of(app).shared.conversations.find("chatwoot:1:101", "1")
    assert conversation is not None
    guest = Visit.of(services_of(app), conversation, Right())

    links.link(guest, Subject(LUCIA), Asked({}, ""))
    linked = guest.services.links.of(conversation.person_key)
    links.unlink(guest, Subject(LUCIA), Asked({}, ""))

    assert linked is not None
    assert linked.ref == LUCIA
    assert guest.services.links.of(conversation.person_key) is None
    assert LUCIA in guest.services.links.denied(conversation.person_key)
    assert [line.action for line in guest.services.ledger.of([str(LUCIA)])] == [
        "contact.unlinked",
        "contact.linked",
    ]
