"""What was saved and is on its way, as lines: where a form goes on, what decides a form's line, what looks the same."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.crm.bench import ORIGIN, reason
from tests.product import MARINA, Visitor, services_of
from widget import errors, progress
from widget.crm.settling import item
from widget.model import State
from widget.services import Visit
from widget.store.entries import Entry

KEY, OTHER = "key-of-the-form-1", "key-of-the-form-2"


@pytest.fixture
def guest(app: Flask) -> Iterator[Visit]:
    """Ana beside Marina."""
    Visitor(app.test_client()).open(MARINA)
    conversation = services_of(app).conversations.find("chatwoot:1:101", "1")
    assert conversation is not None
    with app.test_request_context():
        yield Visit(services_of(app), conversation)


def accept(guest: Visit, *keys: str, action: str = "note.add", form: str = "note-contact") -> None:
    """A form of Marina's with a write for each key."""
    origin = replace(guest.origin(action, contact=guest.contact().value), form=form)
    guest.services.journal.accept([item(replace(reason(key=key), origin=origin)) for key in keys])


def refuse(guest: Visit, key: str) -> None:
    journal = guest.services.journal
    entry = journal.claim(key)
    assert entry is not None
    journal.refused(entry, errors.Rejected(("Não!",)))
    journal.release(entry)


@pytest.mark.parametrize(
    ("form", "entry", "url", "target"),
    [
        ("contact-new", "", "/tab/contact/new", "#view"),
        ("contact-edit", KEY, f"/tab/contact/edit?entry={KEY}", "#view"),
        ("negotiation-new", KEY, f"/tab/negotiation/new?entry={KEY}", "#view"),
        ("interact-7", "", "/tab/interact/7", "#view"),
        ("note-contact", KEY, f"/tab/notes?entry={KEY}", "#tab"),
        ("note-7", "", "/tab/notes?negotiation=7", "#tab"),
        (f"note-new-{KEY}", "", f"/tab/notes?negotiation=new-{KEY}", "#tab"),
    ],
)
def test_every_form_goes_on_where_it_is_drawn(guest: Visit, form: str, entry: str, url: str, target: str) -> None:
    way = progress.way_to(form, entry)

    assert way is not None
    assert (way.url, way.target) == (url, target)


@pytest.mark.parametrize("form", ["", "nonsense", "nonsense-7"])
def test_a_form_that_nobody_knows_goes_nowhere(guest: Visit, form: str) -> None:
    assert progress.way_to(form) is None


def test_a_form_of_several_writes_is_one_line(guest: Visit) -> None:
    accept(guest, KEY, f"{KEY}.close")

    assert [(line.entry.root, line.action) for line in progress.of(guest)] == [(KEY, "Anotação")]


def test_what_came_back_decides_the_line_of_its_form(guest: Visit) -> None:
    accept(guest, KEY, f"{KEY}.close")
    refuse(guest, KEY)

    (line,) = progress.of(guest)

    assert (line.entry.state, str(line.error)) == (State.REFUSED, "Não!")
    assert line.way == progress.way_to("note-contact", KEY)


def test_what_waits_for_another_form_says_for_what(guest: Visit) -> None:
    accept(guest, KEY, action="contact.update", form="contact-edit")
    accept(guest, OTHER)

    assert [line.waits_for for line in progress.of(guest)] == ["", "Atualização do contato"]


@pytest.mark.parametrize(("attempts", "is_stuck"), [(0, False), (7, False), (8, True)])
def test_after_many_tries_a_person_should_look(attempts: int, is_stuck: bool) -> None:
    entry = Entry(KEY, ORIGIN, {}, {}, attempts=attempts)

    assert progress.Progress(entry, "Anotação").is_stuck is is_stuck


def test_what_the_crm_did_not_keep_is_told_by_the_forms_words_each_once(guest: Visit) -> None:
    entry = replace(accepted(guest), dropped=("fone_celular", "fone_whatsapp", "email", "own_column"))

    assert progress.Progress(entry, "").dropped == ["Telefone", "E-mail", "own_column"]


def accepted(guest: Visit) -> Entry:
    accept(guest, KEY)
    entry = guest.services.journal.find(KEY)
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("change", "is_other"),
    [({}, False), ({"attempts": 2}, False), ({"state": State.UNKNOWN}, True), ({"attempts": 8}, True),
     ({"why": "VNC-201"}, True), ({"dropped": ("email",)}, True), ({"twins": ("1", "2")}, True)],
)  # fmt: skip
def test_lines_have_another_face_only_when_they_look_otherwise(
    guest: Visit, change: dict[str, object], is_other: bool
) -> None:
    entry = accepted(guest)
    before, after = (progress.Progress(e, "Anotação") for e in (entry, replace(entry, **change)))  # type: ignore[arg-type]

    assert (progress.face([before]) != progress.face([after])) is is_other


def test_what_the_screen_is_told_names_what_is_still_moving(guest: Visit) -> None:
    accept(guest, KEY)
    told = progress.told(guest)

    assert (told["moving"], told["just_done"]) == (KEY, [])
    assert [line.entry.key for line in told["lines"]] == [KEY]
