"""The notes of a contact, as far as the caller may see them."""

from dataclasses import replace

from flask import Flask

from tests.actions.asking import KEY, MARINA, VALUES, caller, deal, do
from widget.actions import notes as actions
from widget.actions.action import Asked, Subject
from widget.desk import notes
from widget.domain.model import Attendant, Freshness, State
from widget.domain.permissions import Permission
from widget.emulator.crm.server import Emulator


def test_a_note_that_the_crm_has_is_listed_and_not_kept(app: Flask) -> None:
    who = caller(app)
    do(who, actions.add)
    contact = who.contact_of(MARINA, Freshness.NOW).value
    listed = notes.listed(who, contact, "", Freshness.NOW).value
    names = notes.by_name(listed)

    assert VALUES["note.add"]["text"] in {note.text for note in listed}
    assert notes.kept(who, MARINA, "", names.keys()) == []


def test_a_note_that_is_on_its_way_is_kept_with_how_far_it_is(app: Flask, crm: Emulator) -> None:
    who = caller(app)
    number = deal(who).id
    crm.stop()
    actions.add(who, Subject(MARINA), Asked(VALUES["note.add"], KEY))
    kept = notes.kept(who, MARINA, "", set())
    crm.start()

    assert [(note.text, note.state) for note in kept] == [(VALUES["note.add"]["text"], State.KEPT)]
    assert notes.kept(who, MARINA, f"{number}9", set()) == []


def test_a_note_about_a_hidden_negotiation_is_shown_to_its_author_alone(app: Flask) -> None:
    who = caller(app)
    do(who, actions.add, KEY)
    limited = caller(app, without=Permission.OTHERS)
    other = replace(limited, attendant=Attendant("2", "Rui Tavares"))

    assert len(notes.kept(who, MARINA, "", set())) == 1
    assert len(notes.kept(limited, MARINA, "", set())) == 1
    assert notes.kept(other, MARINA, "", set()) == []
