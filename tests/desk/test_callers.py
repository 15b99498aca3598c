"""A caller needs no conversation: it reads, is refused and remembered like any attendant."""

import pytest
from flask import Flask

from tests.actions.asking import KEY, MARINA, caller, deal, do
from widget.actions import contacts, negotiations
from widget.domain import errors
from widget.domain.model import Freshness, Ref
from widget.domain.permissions import Permission


def test_a_contact_is_read_by_its_number(app: Flask) -> None:
    found = caller(app).contact_of(MARINA, Freshness.RECENT)

    assert found.value.name == "Marina Teles Andrade"


def test_a_contact_that_the_crm_has_not_is_not_found(app: Flask) -> None:
    with pytest.raises(errors.NotFound):
        caller(app).contact_of(Ref(Ref.LEAD, "99999"), Freshness.RECENT)


@pytest.mark.parametrize("number", ["0x1", "", "1 OR 1", "٣"])
def test_a_negotiation_has_a_number(app: Flask, number: str) -> None:
    who = caller(app)
    contact = who.contact_of(MARINA, Freshness.RECENT).value

    with pytest.raises(errors.NotFound):
        who.negotiation(contact, number)


def test_who_may_not_see_negotiations_of_others_meets_them_nowhere(app: Flask) -> None:
    number = deal(caller(app)).id
    who = caller(app, without=Permission.OTHERS)
    who.remember_owner("99")
    contact = who.contact_of(MARINA, Freshness.RECENT).value

    assert number not in {each.id for each in who.negotiations(contact, Freshness.RECENT).value}
    with pytest.raises(errors.Forbidden):
        who.negotiation(contact, number)


def test_what_was_accepted_is_known_by_its_key(app: Flask) -> None:
    who = caller(app)
    assert not who.has_accepted(KEY)

    do(who, contacts.update)

    assert who.has_accepted(KEY)
    assert not who.has_accepted("")


def test_a_negotiation_that_is_on_its_way_is_not_unsent_once_it_is_done(app: Flask) -> None:
    who = caller(app)
    do(who, negotiations.create)

    assert who.unsent(MARINA) == []
