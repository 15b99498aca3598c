"""Where a write comes from brings its form back."""

from flask import Flask

from tests.actions.asking import KEY, caller
from widget.actions.action import Asked
from widget.actions.origins import origin


def test_the_form_and_what_was_typed_stand_in_the_origin(app: Flask) -> None:
    typed = {"text": "Olá", "owner": "1"}
    asked = Asked({"text": "Olá"}, KEY, form="note-contact", typed=typed)

    found = origin(caller(app), asked, "note.add", "Olá", negotiation="7")

    assert (found.action, found.form, dict(found.typed)) == ("note.add", "note-contact", typed)
    assert (found.conversation, found.negotiation, found.attendant.id) == ("", "7", "1")
