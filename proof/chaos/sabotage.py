"""Each protection of the core, taken out by replacing what protects.

The proof must notice every one.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from widget.crm.ixc.transport import Webservice
from widget.crm.rings.checking import Checking
from widget.crm.rings.journaled import Journaled
from widget.crm.rings.proving import Proving
from widget.crm.rings.settling import Settling
from widget.crm.wire import Verb, Write
from widget.domain.model import State, Written
from widget.panel import forms
from widget.store.journal.entries import Entry
from widget.store.journal.journal import Journal
from widget.sync import worker

BEHIND_SECONDS = 3.0


def no_reading_back() -> None:
    """What is in doubt is taken for absent without a look."""
    _replace(Proving, "recognise", lambda *_given, **_more: [])


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

    def save(self: Journaled, *writes: Write, **also: Any) -> Written:
        threading.Timer(BEHIND_SECONDS, keep, (self, *writes), also).start()
        return Written("", State.KEPT, "", writes[-1].key)

    _replace(Journaled, "save", save)


def no_turns() -> None:
    """What is saved later need not wait for what was saved before."""
    _replace(Journal, "blocker", lambda _self, _entry: None)


def no_honest_refusal() -> None:
    """The CRM's no is believed without a look, and nobody looks afterwards."""
    # What protects is spoilt from outside.
    _replace(Settling, "_answered_no", Settling._say_no)  # noqa: SLF001
    _replace(Checking, "turn", lambda _self: 0)


def no_right_number() -> None:
    """A note goes to the client before the one it was written for."""
    send = Webservice.write

    def write(self: Webservice, given: Write) -> Written:
        client = given.record.get("id_cliente", "")
        if given.verb is Verb.INSERT and client.isdigit():
            given = replace(
                given,
                record={
                    **given.record,
                    "id_cliente": str(int(client) - 1),
                },
            )
        return send(self, given)

    _replace(Webservice, "write", write)


def no_sending() -> None:
    """What should be sent is only called done, and nobody looks afterwards."""

    def send(self: Settling, entry: Entry, *_writes: Write) -> None:
        self.journal.sending(entry)
        self.journal.done(entry, "1")

    _replace(Settling, "_send", send)
    _replace(Checking, "turn", lambda _self: 0)


def _replace(owner: Any, name: str, other: Callable[..., Any]) -> None:
    if not hasattr(owner, name):
        raise AttributeError(
            f"{owner.__name__} has no {name} any more: this sabotage would spoil nothing"
        )
    setattr(owner, name, other)


SABOTAGES: Mapping[str, Callable[[], None]] = {
    "reading back": no_reading_back,
    "settling": no_settling,
    "unique key": no_unique_key,
    "durable insert": no_durable_insert,
    "turns": no_turns,
    "honest refusal": no_honest_refusal,
    "right number": no_right_number,
    "sending": no_sending,
}
