"""Each protection of the core, taken out by replacing what protects: the proof must notice every one."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any

from widget import forms
from widget.crm.journaled import Journaled
from widget.crm.protocol import Write
from widget.crm.settling import Settling
from widget.model import State, Written
from widget.sync import worker

BEHIND_SECONDS = 3.0


def no_reading_back() -> None:
    """What is in doubt is taken for absent without a look."""
    _replace(Settling, "recognise", lambda *_given, **_more: [])


def no_settling() -> None:
    """What is absent now is sent again at once, though the CRM may still be at it."""
    _replace(Settling, "may_send_again", lambda _self, _entry, _write: True)
    worker.FIRST = 0.05  # nor is there a pause that would do its work by chance


def no_unique_key() -> None:
    """Each arrival of a form counts as a form of its own."""
    read = forms.posted

    def posted(name: str) -> forms.Form:
        form = read(name)
        form.key = secrets.token_urlsafe(16)
        return form

    _replace(forms, "posted", posted)


def no_durable_insert() -> None:
    """The attendant is told before it is on disk."""
    keep = Journaled.save

    def save(self: Journaled, *writes: Write) -> Written:
        threading.Timer(BEHIND_SECONDS, keep, (self, *writes)).start()
        return Written("", State.KEPT, "", writes[-1].key)

    _replace(Journaled, "save", save)


def _replace(owner: Any, name: str, other: Callable[..., Any]) -> None:
    if not hasattr(owner, name):
        raise AttributeError(f"{owner.__name__} has no {name} any more: this sabotage would spoil nothing")
    setattr(owner, name, other)


SABOTAGES: Mapping[str, Callable[[], None]] = {
    "reading back": no_reading_back,
    "settling": no_settling,
    "unique key": no_unique_key,
    "durable insert": no_durable_insert,
}
