"""Tests of the lines of what is on its way: where a form goes on, and when lines look the same."""

from dataclasses import replace

import pytest
from flask import Flask

from widget.crm.wire import Verb, Write, packed
from widget.domain.model import Attendant, Origin, State
from widget.panel import progress
from widget.store.journal.entries import Entry

ORIGIN = Origin(
    "chatwoot:1:7", Attendant("1", "Ana Souza", "ana@x.example", proven=True), "lead-1", "note.add"
)
WORK = packed(Write("contato", {"nome": "x"}, "k" * 16, ORIGIN, verb=Verb.INSERT))
ENTRY = Entry("k" * 16, ORIGIN, WORK, {})


@pytest.mark.parametrize(
    ("form", "url", "target"),
    [
        ("contact-new", "/tab/contact/new", "#view"),
        ("contact-edit", "/tab/contact/edit", "#view"),
        ("negotiation-new", "/tab/negotiation/new", "#view"),
        ("interact-12", "/tab/interact/12", "#view"),
        ("note-contact", "/tab/notes", "#tab"),
        ("note-12", "/tab/notes?negotiation=12", "#tab"),
        ("note-new-abc", "/tab/notes?negotiation=new-abc", "#tab"),
    ],
)
def test_a_form_goes_on_where_it_is_drawn(app: Flask, form: str, url: str, target: str) -> None:
    with app.test_request_context():
        way = progress.way_to(form)

    assert way
    assert (way.url, way.target) == (url, target)


def test_a_form_that_came_back_names_its_entry_and_an_unknown_one_leads_nowhere(app: Flask) -> None:
    with app.test_request_context():
        way = progress.way_to("note-12", "abc")
        assert progress.way_to("something-else") is None

    assert way
    assert way.url == "/tab/notes?negotiation=12&entry=abc"


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"sends": 3, "sent_at": 9.0, "owner": "x"}, True),
        ({"state": State.UNKNOWN}, False),
        ({"attempts": progress.MANY}, False),
        ({"dropped": ("email",)}, False),
        ({"twins": ("1", "2")}, False),
    ],
)
def test_lines_have_the_same_face_when_they_look_the_same(
    changed: dict[str, object], same: bool
) -> None:
    other = replace(ENTRY, **changed)  # type: ignore[arg-type]
    faces = {progress.face([progress.Progress(entry, "Anotação")]) for entry in (ENTRY, other)}

    assert (len(faces) == 1) is same
