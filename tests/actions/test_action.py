"""What every action has and asks first."""

import pytest
from flask import Flask
from marshmallow import Schema

from tests.actions.asking import KEY, caller
from widget.actions.action import Action, Asked, Subject, action
from widget.desk.callers import Caller
from widget.domain import errors
from widget.domain.model import NOTHING, Written
from widget.domain.permissions import Permission

DONE: list[str] = []


@action(
    "test.ring",
    permission=Permission.CLOSE,
    schema=Schema,
    label="Campainha",
    past="Campainha tocada",
    undone_by="",
)
def ring(_: Caller, subject: Subject, asked: Asked) -> Written:
    """Notes that it was called."""
    DONE.append(f"{subject.negotiation} {asked.key}")
    return NOTHING


def test_a_function_becomes_an_action_with_all_that_faces_need() -> None:
    assert isinstance(ring, Action)
    assert (ring.name, ring.permission, ring.label) == (
        "test.ring",
        Permission.CLOSE,
        "Campainha",
    )


def test_the_permission_is_asked_for_before_anything_is_done(app: Flask) -> None:
    DONE.clear()
    asked = Asked({}, KEY)
    with pytest.raises(errors.Forbidden):
        ring(caller(app, without=Permission.CLOSE), Subject(negotiation="1"), asked)

    assert DONE == []
    assert ring(caller(app), Subject(negotiation="1"), asked) == NOTHING
    assert [f"1 {KEY}"] == DONE
