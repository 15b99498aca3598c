"""Tests of what serves a request: the services of the integration that it is about.

No seat is kept when the request is over.
"""

from __future__ import annotations

import pytest
from flask import Flask, g

from tests.product import HENRIQUE, Visitor, services_of
from widget.crm import patience
from widget.desk.services import enter, leave, served, services
from widget.domain import errors
from widget.domain.integrations import Integration
from widget.emulator.crm.server import Emulator


def test_a_request_is_served_by_what_it_entered(app: Flask) -> None:
    with app.test_request_context():
        entered = enter(served().of("chatwoot", "1"))

        assert services() is entered
        assert entered.id == "main"


def test_before_it_is_known_which_one_it_is_about_any_will_do(app: Flask) -> None:
    with app.test_request_context():
        assert services() is services_of(app)


def test_the_seats_of_a_request_that_goes_elsewhere_or_ends_are_free_again(app: Flask) -> None:
    seats = patience.Seats(1)
    with app.test_request_context():
        found = enter(services_of(app))
        g.patience.sit(seats)
        assert not seats.take()

        enter(found)
        assert seats.take()
        seats.leave()

        g.patience.sit(seats)
        leave()
        assert seats.take()
        assert "services" not in g


def test_a_crm_that_is_not_heard_of_is_away(app: Flask, crm: Emulator, ana: Visitor) -> None:
    found = services_of(app)
    before = found.is_away()
    crm.control(fault="reset")
    for number in range(8):
        ana.open({**HENRIQUE, "id": 500 + number, "phone_number": f"+554999177{number:04}"})

    assert (before, found.is_away()) == (False, True)


def test_an_account_that_nothing_is_connected_to_is_not_served(app: Flask) -> None:
    app.extensions["vinculo"].integrations.add(
        Integration("second", "Segunda", "https://second.invalid")
    )
    with app.app_context(), pytest.raises(errors.NotConnected):
        served().of("chatwoot", "unknown")
