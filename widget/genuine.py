"""Holds what the CRM shows against what was sealed when it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from widget.crm.ixc.signature import reference_of
from widget.crm.settling import plain
from widget.model import Note
from widget.store.ledger import Sealed
from widget.visits import Visit


def marked(visit: Visit, notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes; one that bears our reference but says something else than the ledger carries its ``original``.

    What was erased from the ledger at a person's request cannot be compared any more.
    """
    lines = visit.services.ledger.of(visit.services.journal.names(visit.ref()))
    sealed = {reference_of(line.key): line for line in lines if line.action == "note.add" and line.event == "accepted"}
    return tuple(_compared(note, sealed.get(note.reference)) for note in notes)


def _compared(note: Note, line: Sealed | None) -> Note:
    if line is None or line.facts is None:
        return note
    same = plain(note.text) == plain(line.facts.get("text", "")) and note.author == " ".join(line.author.name.split())
    return note if same else replace(note, original=f"{line.author.name}: {line.facts.get('text', '')}")
