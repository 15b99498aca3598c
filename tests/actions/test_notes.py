"""A note belongs to its contact, and a correction to a note of the same contact."""

import pytest
from flask import Flask

from tests.actions.asking import KEY, MARINA, VALUES, caller, do
from tests.product import asked
from widget.actions import notes
from widget.actions.action import Asked, Subject
from widget.domain import errors
from widget.domain.model import Freshness, Ref
from widget.emulator.crm.server import Emulator


def test_a_note_of_a_pure_lead_goes_to_its_newest_open_negotiation(app: Flask) -> None:
    who = caller(app)
    contact = who.contact_of(MARINA, Freshness.NOW).value
    do(who, notes.add)

    deals = who.negotiations(contact, Freshness.NOW).value
    owners = who.crm.lookups.owners()
    found = who.crm.notes.of(contact, deals, owners, Freshness.NOW).value
    written = [note for note in found if note.text == VALUES["note.add"]["text"]]
    assert [note.negotiation_id for note in written] == [notes.home(who, contact)]


@pytest.mark.parametrize("number", ["99999", "new-kkkkkkkkkkkkkkkkkkkkkk"])
def test_a_note_for_a_negotiation_of_another_contact_is_not_kept(
    app: Flask, crm: Emulator, number: str
) -> None:
    with pytest.raises(errors.NotFound):
        notes.add(caller(app), Subject(MARINA, number), Asked(VALUES["note.add"], KEY))

    assert asked(crm, kind="insert") == []


def test_a_correction_names_a_note_of_the_same_contact(app: Flask, crm: Emulator) -> None:
    who = caller(app)
    do(who, notes.add)
    contact = who.contact_of(MARINA, Freshness.NOW).value
    listed = who.crm.notes.of(
        contact, who.negotiations(contact, Freshness.NOW).value, [], Freshness.NOW
    )
    name = next(note.reference for note in listed.value if note.reference)
    values = {**VALUES["note.add"], "corrects": name}

    with pytest.raises(errors.Invalid):
        notes.add(who, Subject(Ref(Ref.CLIENT, "5")), Asked(values, "c" * 22))
    assert notes.add(who, Subject(MARINA), Asked(values, "d" * 22)).id
    assert len(asked(crm, kind="insert")) == 2
