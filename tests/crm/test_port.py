"""Tests of the contract of a CRM: what every kind keeps, however it speaks.

A new kind is added in tests/crm/stands.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crm import stands
from tests.crm.bench import ORIGIN
from tests.crm.stands import IDA, KINDS, Stand
from tests.crm.tiny.server import Cards
from widget.crm.port import CRM, NewContact, NewNote
from widget.crm.signature import reference_of
from widget.domain import errors
from widget.domain.model import Contact, Freshness, Kind, Ref, State, Written
from widget.emulator.crm.server import Emulator

NOW, KEY = Freshness.NOW, "key-of-the-form-1"
NEW = NewContact("Otto Nunes", phone="(47) 99123-0099", email="otto@example.com", owner_id="1")
NOTE = NewNote("Quer 500 Mega", "1")
# What the journal may say of a record: our words, of which docs/architecture.md tells.
FIELDS = {
    *("name", "document", "mobile", "whatsapp", "home_phone", "work_phone", "email", "owner"),
    *("branch", "channel", "city", "remarks", "legal_form", "created", "client", "lead", "title"),
    *("status", "funnel", "stage", "plan", "monthly", "loss_reason", "at_clients_address"),
    *("started", "won_at", "lost_at", "qualification", "text", "written_at", "negotiation"),
    "form_key",
}


@pytest.fixture
def cards() -> Iterator[Cards]:
    made = Cards()
    made.start()
    yield made
    made.stop()


@pytest.fixture(params=KINDS)
def stand(request: pytest.FixtureRequest, crm: Emulator, cards: Cards, tmp_path: Path) -> Stand:
    server = stands.ixc(crm) if request.param == "ixc" else stands.tiny(cards)
    return Stand(KINDS[request.param], server, tmp_path / "data")


def ida(stand: Stand) -> Contact:
    found = stand.crm.people.one(stand.server.ida, NOW).value
    assert found is not None
    return found


def noted(stand: Stand, freshness: Freshness = NOW) -> list[tuple[str, str, str]]:
    notes = stand.crm.notes.of(ida(stand), (), [], freshness).value
    return [(note.text, note.author, note.reference) for note in notes]


def add(stand: Stand, note: NewNote = NOTE) -> Written:
    origin = replace(ORIGIN, action="note.add", contact=str(stand.server.ida))
    return stand.crm.notes.add(ida(stand), "", note, KEY, origin)


def update(stand: Stand, changes: dict[str, str], **shown: str) -> Written:
    fields = stand.crm.people.fields(stand.server.ida)
    before = {name: fields.get(name, "") for name in changes}
    return stand.crm.people.update(stand.server.ida, changes, {**before, **shown}, KEY, ORIGIN)


# -- questions
# --------------------------------------------------------------------------------------------------

CRITERIA: dict[str, Callable[[CRM], tuple[Contact, ...]]] = {
    "phone": lambda crm: crm.people.by_phone("0077", NOW).value,
    "document": lambda crm: crm.people.by_document([IDA["document"]], NOW).value,
    "e-mail": lambda crm: crm.people.by_email(IDA["email"], NOW).value,
    "name": lambda crm: crm.people.by_name(["Ida", "Wessel"], NOW).value,
}


@pytest.mark.parametrize("ask", CRITERIA.values(), ids=CRITERIA)
def test_a_contact_is_found_by_each_criterion(
    stand: Stand, ask: Callable[[CRM], tuple[Contact, ...]]
) -> None:
    found = {one.ref: one for one in ask(stand.crm)}

    one = found[stand.server.ida]
    assert (one.name, one.document, one.phones, one.emails) == (
        IDA["name"],
        IDA["document"],
        (IDA["mobile"],),
        (IDA["email"],),
    )


def test_a_number_that_nobody_has_is_nobody(stand: Stand) -> None:
    nobody = Ref(Ref.LEAD, "99999")

    assert stand.crm.people.one(nobody, NOW).value is None
    with pytest.raises(errors.NotFound):
        stand.crm.people.fields(nobody)


def test_fields_places_and_labels_are_in_our_words(stand: Stand) -> None:
    fields = stand.crm.people.fields(stand.server.ida)
    places = stand.crm.people.places(stand.server.ida)

    assert {name: fields[name] for name in IDA} == IDA
    assert {*IDA, "remarks"} <= places.keys()
    assert stand.crm.people.main_phone(stand.server.ida) == "mobile"
    assert {"contact.create", "contact.update", "note.add"} <= stand.crm.labels.keys()


# -- deeds
# --------------------------------------------------------------------------------------------------


def test_a_note_arrives_once_and_bears_its_author(stand: Stand) -> None:
    written = add(stand)

    assert written.state is State.DONE
    assert noted(stand) == [(NOTE.text, "Ana Souza", reference_of(KEY))]
    assert add(stand).id == written.id
    assert stand.holding(NOTE.text) == 1


def test_what_is_saved_while_the_crm_is_away_arrives_when_it_is_back(stand: Stand) -> None:
    person = ida(stand)
    stand.server.stop()
    written = stand.crm.notes.add(person, "", NOTE, KEY, ORIGIN)
    assert written.state is State.KEPT

    stand.server.start()
    stand.settles()

    assert stand.holding(NOTE.text) == 1


def test_what_arrived_without_an_answer_is_not_sent_again(stand: Stand) -> None:
    stand.server.lose_an_answer()

    add(stand)
    stand.settles()

    assert stand.holding(NOTE.text) == 1


def test_a_new_contact_whose_answer_is_lost_is_made_once(stand: Stand) -> None:
    stand.server.lose_an_answer()

    stand.crm.people.create(NEW, KEY, ORIGIN)
    stand.settles()

    made = [row for row in stand.server.rows() if row["name"] == NEW.name]
    assert [(row["mobile"], row["email"]) for row in made] == [(NEW.phone, NEW.email)]
    entry = stand.journal.find(KEY)
    assert entry is not None
    assert entry.state is State.DONE


def test_the_same_form_with_other_words_is_no_second_contact(stand: Stand) -> None:
    stand.crm.people.create(NEW, KEY, ORIGIN)

    with pytest.raises(errors.AlreadySaved):
        stand.crm.people.create(replace(NEW, name="Otto N."), KEY, ORIGIN)

    assert stand.holding("Otto") == 1


def test_a_note_for_a_contact_without_a_number_waits_for_it(stand: Stand) -> None:
    new = Ref(Ref.NEW, KEY)
    stand.server.stop()
    origin = replace(ORIGIN, contact=str(new))
    stand.crm.people.create(NEW, KEY, replace(origin, action="contact.create"))
    person = Contact(new, Kind.LEAD, NEW.name)
    stand.crm.notes.add(person, "", NOTE, "key-of-the-form-2", replace(origin, action="note.add"))
    stand.server.start()

    stand.settles()

    [made] = [row for row in stand.server.rows() if row["name"] == NEW.name]
    assert made["remarks"].count(NOTE.text) == 1


def test_an_update_sets_what_was_changed_and_nothing_else(stand: Stand) -> None:
    stand.server.change("remarks", "Antiga")

    update(stand, {"name": "Ida W.", "phone": "(47) 99123-0011"}, phone=IDA["mobile"])

    fields = stand.crm.people.fields(stand.server.ida)
    assert [fields[name] for name in ("name", "mobile", "email", "document", "remarks")] == [
        "Ida W.",
        "(47) 99123-0011",
        IDA["email"],
        IDA["document"],
        "Antiga",
    ]


def test_a_change_by_somebody_else_is_a_conflict_by_our_field(stand: Stand) -> None:
    stand.server.change("name", "Ida Outra")

    with pytest.raises(errors.Conflict) as raised:
        update(stand, {"name": "Ida W."}, name=IDA["name"])

    assert raised.value.theirs == {"name": "Ida Outra"}
    assert stand.holding("Ida W.") == 0


def test_a_refusal_keeps_the_crms_words(stand: Stand) -> None:
    words = stand.server.refuse()

    with pytest.raises(errors.Rejected) as raised:
        stand.crm.people.create(NEW, KEY, ORIGIN)

    assert raised.value.messages == (words,)


def test_what_the_crm_forgets_of_a_change_is_named_by_our_field(stand: Stand) -> None:
    stand.server.forget("email")

    update(stand, {"name": "Ida W.", "email": "nova@example.com"})
    stand.checking.turn()

    entry = stand.journal.find(KEY)
    assert entry is not None
    assert entry.dropped == ("email",)


# -- the journal
# --------------------------------------------------------------------------------------------------


def test_the_journal_keeps_our_words_only(stand: Stand) -> None:
    stand.crm.people.create(NEW, KEY, ORIGIN)
    add_key = "key-of-the-form-2"
    stand.crm.notes.add(ida(stand), "", NOTE, add_key, ORIGIN)

    works = stand.works()
    assert [work["subject"] for work in works] == ["lead", "lead"]
    for work in works:
        for part in ("record", "append", "expected", "before"):
            assert FIELDS.issuperset(work.get(part, {})), part


def test_a_write_comes_back_from_the_journal_as_it_went_in(stand: Stand) -> None:
    stand.server.stop()
    stand.crm.people.create(NEW, KEY, ORIGIN)

    entry = stand.journal.find(KEY)
    assert entry is not None
    dialect = stand.settling.dialect
    asked = dialect.asked(entry.work, entry.key, entry.origin)
    again = dialect.told(asked)
    assert {n: v for n, v in again.items() if n in {"record", "verb", "id", "subject"}} == {
        n: v for n, v in entry.work.items() if n in {"record", "verb", "id", "subject"}
    }
    assert asked.markers
