"""Negotiations are opened and moved, against what was shown."""

import pytest
from flask import Flask

from tests.actions.asking import KEY, MARINA, VALUES, caller, deal, do
from tests.product import asked
from widget.actions import negotiations
from widget.actions.action import Asked, Subject
from widget.domain import errors
from widget.domain.model import Ref
from widget.domain.permissions import Permission
from widget.emulator.crm.server import Emulator


def test_a_stage_of_another_funnel_is_refused(app: Flask, crm: Emulator) -> None:
    with pytest.raises(errors.Invalid) as raised:
        do(caller(app), negotiations.create, stage="9999")

    assert set(raised.value.fields) == {"stage"}
    assert asked(crm, kind="insert") == []


def test_a_move_writes_the_stage(app: Flask) -> None:
    who = caller(app)

    do(who, negotiations.update)

    assert deal(who).stage_id == VALUES["negotiation.update"]["stage"]


def test_a_negotiation_that_stands_elsewhere_by_now_is_a_conflict(
    app: Flask, crm: Emulator
) -> None:
    who = caller(app)
    shown = {"funnel": "1", "stage": "77", "status": "N"}
    asked_for = Asked(VALUES["negotiation.update"], KEY, shown)

    with pytest.raises(errors.Conflict):
        negotiations.update(who, Subject(MARINA, deal(who).id), asked_for)

    assert asked(crm, kind="update") == []


@pytest.mark.parametrize("status", ["V", "D"])
def test_closing_needs_its_own_permission(app: Flask, crm: Emulator, status: str) -> None:
    who = caller(app, without=Permission.CLOSE)

    with pytest.raises(errors.Forbidden):
        do(who, negotiations.update, status=status, loss_reason="1")

    assert asked(crm, kind="update") == []


def test_a_loss_needs_its_reason(app: Flask) -> None:
    with pytest.raises(errors.Invalid) as raised:
        do(caller(app), negotiations.update, status="D", loss_reason="")

    assert set(raised.value.fields) == {"loss_reason"}


def test_a_negotiation_of_another_contact_is_not_found(app: Flask, crm: Emulator) -> None:
    who = caller(app)
    number = deal(who).id
    asked_for = Asked(VALUES["negotiation.update"], KEY)

    with pytest.raises(errors.NotFound):
        negotiations.update(who, Subject(Ref(Ref.CLIENT, "5"), number), asked_for)

    assert asked(crm, kind="update") == []
