"""Contacts are created once their duplicates were looked for, and updated field by field."""

import pytest
from flask import Flask

from tests.actions.asking import KEY, MARINA, VALUES, caller, do
from tests.product import asked, services_of
from widget.actions import contacts
from widget.actions.action import Asked, Subject
from widget.desk.duplicates import Alike
from widget.domain import errors
from widget.domain.model import NOTHING, Freshness, State
from widget.domain.permissions import Permission
from widget.emulator.crm.server import Emulator

NAMESAKE = {"name": "Marina Teles Andrade", "phone": "49 99145-0001"}


def test_a_contact_that_looks_like_another_is_not_created(app: Flask, crm: Emulator) -> None:
    with pytest.raises(errors.Duplicate) as raised:
        do(caller(app), contacts.create, **NAMESAKE)

    assert isinstance(raised.value.found, Alike)
    assert MARINA in {match.contact.ref for match in raised.value.found.matches}
    assert asked(crm, kind="insert") == []


def test_a_contact_that_is_said_to_be_another_is_created(app: Flask, crm: Emulator) -> None:
    with pytest.raises(errors.Duplicate) as raised:
        do(caller(app), contacts.create, **NAMESAKE)
    assert isinstance(raised.value.found, Alike)
    sure = ",".join(f"{match.contact.ref}+" for match in raised.value.found.matches)

    written = do(caller(app), contacts.create, **NAMESAKE, sure=sure)

    assert written.state is State.DONE
    assert len(asked(crm, kind="insert")) == 1


def test_a_contact_without_phone_and_email_is_refused(app: Flask) -> None:
    with pytest.raises(errors.Invalid) as raised:
        do(caller(app), contacts.create, phone="", email="")

    assert set(raised.value.fields) == {"phone"}


def test_outside_any_conversation_nothing_is_linked(app: Flask) -> None:
    do(caller(app), contacts.create)

    assert services_of(app).journal.database.rows("SELECT * FROM links") == []


def test_an_update_writes_only_what_is_named(app: Flask) -> None:
    who = caller(app)
    before = who.contact_of(MARINA, Freshness.NOW).value

    do(who, contacts.update, owner="2")

    after = who.contact_of(MARINA, Freshness.NOW).value
    assert after.owner_id == "2"
    assert (after.name, after.phones, after.emails) == (before.name, before.phones, before.emails)


def test_an_update_that_names_nothing_writes_nothing(app: Flask, crm: Emulator) -> None:
    asked_for = Asked({}, KEY)

    assert contacts.update(caller(app), Subject(MARINA), asked_for) == NOTHING
    assert asked(crm, kind="update") == []


def test_what_was_changed_by_another_hand_since_is_a_conflict(app: Flask, crm: Emulator) -> None:
    asked_for = Asked(VALUES["contact.update"], KEY, {"owner": "7"})

    with pytest.raises(errors.Conflict):
        contacts.update(caller(app), Subject(MARINA), asked_for)

    assert asked(crm, kind="update") == []


@pytest.mark.parametrize("kind", ["document", "phone", "email"])
def test_without_the_right_to_see_it_nobody_changes_what_identifies_a_contact(
    app: Flask, crm: Emulator, kind: str
) -> None:
    who = caller(app, without=Permission.REVEAL)

    with pytest.raises(errors.Forbidden):
        contacts.update(who, Subject(MARINA), Asked({kind: "x"}, KEY))

    assert asked(crm, kind="update") == []
