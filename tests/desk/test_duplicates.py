"""Who a new contact may already be, and what the attendant was told of it."""

from dataclasses import replace

from flask import Flask

from tests.actions.asking import MARINA, caller
from tests.product import asked
from widget.desk.duplicates import OPEN, find, look, name_of
from widget.domain import errors
from widget.emulator.crm.server import Emulator

TYPED = {"name": "Marina Teles Andrade", "phone": "", "email": "", "document": ""}


def test_a_namesake_is_found(app: Flask) -> None:
    found = find(caller(app), TYPED, asking=True)

    assert MARINA in {match.contact.ref for match in found.matches}
    assert (found.is_asked, found.is_open, found.is_unchecked) == (True, False, False)


def test_while_one_types_the_crm_is_left_in_peace(app: Flask, crm: Emulator) -> None:
    who = caller(app)
    before = len(asked(crm, kind="list"))

    assert not find(who, TYPED, asking=False).is_asked
    assert len(asked(crm, kind="list")) == before


def test_a_crm_that_cannot_be_asked_is_asked_before_the_contact_is_sent(
    app: Flask, crm: Emulator
) -> None:
    who = caller(app)
    crm.stop()
    found = look(who, TYPED)
    crm.start()

    assert (found.is_unchecked, found.is_open) == (True, False)
    assert found.trouble == errors.Unreachable.code


def test_only_what_was_told_counts(app: Flask) -> None:
    found = find(caller(app), TYPED, asking=True)
    told = ",".join(name_of(match) for match in found.matches)
    cut = replace(found, trouble=errors.Incomplete.code)

    assert found.is_told(told)
    assert not found.is_told("")
    assert not cut.is_told(told)
    assert cut.is_told(f"{told},{OPEN}")


def test_what_was_told_as_a_question_covers_no_certainty(app: Flask) -> None:
    phone = "+55 49 99145-0077"
    asked_about = find(caller(app), {"name": "Lúcia"}, asking=True)
    sure = find(caller(app), {"name": "Lúcia", "phone": phone}, asking=True)
    told = ",".join(f"{match.contact.ref}?" for match in sure.matches)

    assert any(match.is_sure for match in sure.matches)
    assert not sure.is_told(told)
    assert asked_about.is_told(",".join(name_of(match) for match in asked_about.matches))
