"""Tests of the visit of one attendant to one conversation.

They say which contact may be written to, and who owns what is made.
"""

import pytest
from flask import Flask

from tests.product import ANA, HENRIQUE, MARINA, OTAVIO, RUI, TEO, Visitor, behind, services_of
from widget.desk.visits import Visit
from widget.domain import errors
from widget.domain.model import Freshness, Ref
from widget.domain.permissions import Right
from widget.emulator.crm.server import Emulator

LEAD = Ref(Ref.LEAD, "1")


def visit(app: Flask, contact: dict[str, object], attendant: dict[str, str] = ANA) -> Visit:
    """The attendant's visit to the conversation with this contact, opened a moment ago."""
    Visitor(app.test_client(), attendant).open(contact)
    conversation = services_of(app).shared.conversations.find(
        f"chatwoot:1:{contact['id']}", attendant["sub"]
    )
    assert conversation is not None
    return Visit.of(services_of(app), conversation, Right())


def test_the_contact_on_the_screen_may_be_written_to(app: Flask) -> None:
    guest = visit(app, MARINA)

    assert guest.ref() == guest.same("lead-1") == guest.unchanged("lead-1") == LEAD
    assert guest.contact().value.name == "Marina Teles Andrade"


@pytest.mark.parametrize("drawn_for", ["", "client-5", "lead-11", "nonsense"])
def test_a_form_for_anybody_else_is_stale(app: Flask, drawn_for: str) -> None:
    guest = visit(app, MARINA)

    for check in (guest.same, guest.unchanged):
        with pytest.raises(errors.Stale):
            check(drawn_for)


def test_where_nobody_is_shown_nobody_can_be_written_to(app: Flask) -> None:
    guest = visit(app, OTAVIO)

    assert guest.unchanged("") is None
    with pytest.raises(errors.Stale):
        guest.same("")
    with pytest.raises(errors.NotFound):
        guest.ref()
    with pytest.raises(errors.NotFound):
        guest.contact()


def test_a_named_contact_is_read_whatever_the_panel_shows_by_now(app: Flask) -> None:
    guest = visit(app, MARINA)
    guest.services.shared.conversations.show(guest.conversation, Ref(Ref.CLIENT, "5"))

    assert guest.contact_of(LEAD, Freshness.RECENT).value.name == "Marina Teles Andrade"


def test_what_one_attendant_sees_does_not_move_what_another_sees(app: Flask) -> None:
    ana, rui = visit(app, MARINA), visit(app, MARINA, RUI)
    ana.services.shared.conversations.show(ana.conversation, None)

    assert rui.ref() == LEAD


@pytest.mark.parametrize(("attendant", "owner"), [(ANA, "1"), (RUI, "2"), (TEO, "")])
def test_the_owner_is_the_employee_behind_the_attendants_email(
    app: Flask, attendant: dict[str, str], owner: str
) -> None:
    assert visit(app, HENRIQUE, attendant).owner_id() == owner


def test_an_owner_once_chosen_goes_before_the_email(app: Flask) -> None:
    guest = visit(app, HENRIQUE, TEO)
    guest.remember_owner("3")

    assert guest.owner_id() == "3"
    assert visit(app, MARINA, TEO).owner_id() == "3"
    assert visit(app, MARINA).owner_id() == "1"


def test_a_user_who_was_switched_off_owns_nothing(app: Flask, crm: Emulator) -> None:
    behind(crm, "usuarios", "21", status="I")

    assert visit(app, HENRIQUE).owner_id() == ""


def test_a_write_tells_where_it_comes_from_and_what_it_was_typed_against(
    app: Flask, crm: Emulator
) -> None:
    guest = visit(app, MARINA)
    guest.link(LEAD)
    origin = guest.origin("note.add", "Oi", contact=guest.contact().value, negotiation="1")

    assert (origin.conversation, origin.contact, origin.negotiation) == (
        "chatwoot:1:101",
        "lead-1",
        "1",
    )
    assert (origin.attendant.name, origin.attendant.proven) == ("Ana Souza", True)
    assert origin.link.startswith("lead-1 Ana Souza ")
    assert origin.version == crm.rows("contato", id="1")[0]["ultima_atualizacao"]


def test_a_contact_that_is_gone_from_the_crm_is_not_found(app: Flask, crm: Emulator) -> None:
    guest = visit(app, MARINA)
    behind(crm, "contato", "1", id="9999")

    with pytest.raises(errors.NotFound):
        guest.contact(Freshness.NOW)
