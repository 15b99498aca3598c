"""The catalogue names every action there is, and each keeps what all of them promise."""

import pkgutil
from importlib import import_module

import pytest
from flask import Flask

import widget.actions
from tests.actions.asking import caller, do
from tests.product import MARINA, Visitor, asked, services_of
from widget.actions.action import Action
from widget.actions.catalogue import ACTIONS, label
from widget.desk.callers import Caller
from widget.desk.visits import Visit
from widget.domain import errors
from widget.domain.model import State
from widget.domain.permissions import Right
from widget.emulator.crm.server import Emulator

TO_THE_CRM = [name for name in ACTIONS if name not in {"contact.linked", "contact.unlinked"}]


def visit(app: Flask) -> Visit:
    """Ana beside Marina."""
    Visitor(app.test_client()).open(MARINA)
    conversation = services_of(app).shared.conversations.find("chatwoot:1:101", "1")
    assert conversation is not None
    return Visit.of(services_of(app), conversation, Right())


def lines(who: Caller) -> int:
    """How many lines journal and ledger have."""
    database = who.services.journal.database
    return sum(len(database.rows(f"SELECT 1 FROM {table}")) for table in ("journal", "ledger"))


def test_every_action_stands_in_the_catalogue() -> None:
    found = [
        value
        for module in pkgutil.iter_modules(widget.actions.__path__)
        for value in vars(import_module(f"widget.actions.{module.name}")).values()
        if isinstance(value, Action)
    ]

    assert {action.name for action in found} == set(ACTIONS)


def test_every_action_is_called_by_a_name_on_screens_and_in_the_history() -> None:
    assert [action.name for action in ACTIONS.values() if not action.label] == []
    assert [action.name for action in ACTIONS.values() if not action.past] == []


def test_what_undoes_an_action_is_an_action() -> None:
    undone = {action.undone_by for action in ACTIONS.values()} - {""}

    assert undone <= set(ACTIONS)
    assert undone


def test_an_action_that_is_no_more_is_called_by_its_name() -> None:
    assert label("board.drop") == "board.drop"
    assert label("note.add") == "Anotação"


@pytest.mark.parametrize("name", ACTIONS)
def test_no_action_is_done_without_its_permission(app: Flask, crm: Emulator, name: str) -> None:
    visit(app)
    who = caller(app, without=ACTIONS[name].permission)
    do_reads = len(crm.calls)
    before = lines(who)

    with pytest.raises(errors.Forbidden):
        do(who, ACTIONS[name])

    assert lines(who) == before
    assert [call for call in crm.calls[do_reads:] if call["kind"] != "list"] == []


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_leaves_its_line(app: Flask, name: str) -> None:
    who = visit(app)
    before = lines(who)

    do(who, ACTIONS[name])

    assert lines(who) > before
    sealed = who.services.ledger.of(who.services.journal.names(who.ref()))
    assert name in {line.action for line in sealed} or name == "contact.create"


@pytest.mark.parametrize("name", TO_THE_CRM)
def test_a_caller_outside_any_conversation_can_do_it(app: Flask, crm: Emulator, name: str) -> None:
    written = do(caller(app), ACTIONS[name])

    assert (written.state, bool(written.id)) == (State.DONE, True)
    assert [call for call in crm.calls if call["kind"] in {"insert", "update"}]


@pytest.mark.parametrize("name", TO_THE_CRM)
def test_asked_again_with_its_key_an_action_has_one_effect(
    app: Flask, crm: Emulator, name: str
) -> None:
    who = caller(app)
    first = do(who, ACTIONS[name])
    sent = len(asked(crm, kind="insert")) + len(asked(crm, kind="update"))

    again = do(who, ACTIONS[name])

    assert (again.id, again.state) == (first.id, State.DONE)
    assert len(asked(crm, kind="insert")) + len(asked(crm, kind="update")) == sent


@pytest.mark.parametrize("name", ["contact.linked", "contact.unlinked"])
def test_outside_any_conversation_there_is_no_person_to_link(app: Flask, name: str) -> None:
    with pytest.raises(errors.NotFound):
        do(caller(app), ACTIONS[name])
