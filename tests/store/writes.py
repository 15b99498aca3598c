"""Writes as the journal takes them, and what becomes of them step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.crm.bench import ORIGIN, Clock, reason
from widget.crm.rings.settling import item
from widget.domain import errors
from widget.domain.model import Ref, State
from widget.store.engine.database import Database
from widget.store.engine.presence import Presence, Steady
from widget.store.journal.entries import Entry, New
from widget.store.journal.journal import Journal
from widget.store.ledger.ledger import Ledger

A, B, C = "key-of-the-form-a", "key-of-the-form-b", "key-of-the-form-c"
LEAD = Ref(Ref.NEW, A)


def process(folder: Path, clock: Clock | None = None, integration: str = "main") -> Journal:
    """The journal as one server process has it; all processes of a folder share the file."""
    database, clock = Database(folder / "vinculo.db"), clock or Clock()
    ledger, presence = Ledger(database, "key-of-the-ledger", clock), Presence(folder / "run")
    return Journal(database, integration, ledger, presence, Steady(lambda: 1000.0), clock)


def new(
    key: str = A,
    contact: str = "lead-1",
    negotiation: str = "",
    action: str = "note.add",
    *,
    needs: tuple[str, ...] = (),
    record: Mapping[str, str] | None = None,
    words: str = "Quer 500 Mega 🚀",
    resource: str = "crm_substatus",
    conversation: str = "chatwoot:1:7",
) -> New:
    """A write as it is accepted."""
    origin = replace(
        ORIGIN, contact=contact, negotiation=negotiation, action=action, conversation=conversation
    )
    write = replace(
        reason(key=key), needs=needs, resource=resource, origin=origin, words={"text": words}
    )
    return item(replace(write, record=record or write.record))


def found(journal: Journal, key: str = A) -> Entry:
    entry = journal.find(key)
    assert entry is not None
    return entry


def claimed(journal: Journal, key: str = A) -> Entry:
    entry = journal.claim(key)
    assert entry is not None
    return entry


def finish(journal: Journal, key: str = A, number: str = "9") -> None:
    """Takes it in hand, sends it, is told its number."""
    entry = claimed(journal, key)
    journal.sending(entry)
    journal.done(entry, number)
    journal.release(entry)


def refuse(journal: Journal, key: str = A, error: errors.VinculoError | None = None) -> None:
    entry = claimed(journal, key)
    journal.refused(entry, error or errors.Rejected(("Preencha Nome!",)))
    journal.release(entry)


def fail(journal: Journal, state: State, why: str, key: str = A) -> None:
    entry = claimed(journal, key)
    journal.failed(entry, state, why)
    journal.release(entry)


def sealed(journal: Journal) -> list[tuple[str, str, str]]:
    """The ledger's lines, oldest first: event, key, number."""
    lines = journal.database.rows("SELECT event, key, crm_id FROM ledger ORDER BY seq")
    return [(line["event"], line["key"], line["crm_id"]) for line in lines]
