"""What the journal holds, for support: read beside running servers, without personal data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from widget.domain.errors import VinculoError
from widget.domain.model import State
from widget.store.engine.port import Rows, Store
from widget.store.engine.reading import reading
from widget.store.journal.entries import Entry, entry_of
from widget.store.journal.register import IS_LEFT, Register


@dataclass(frozen=True)
class Found:
    """An entry, and the number of the one that it waits for, 0 for none.

    So ``many`` tries and more are too many.
    """

    entry: Entry
    waits_for: int
    many: int

    @property
    def needs_a_person(self) -> bool:
        """Whether it will not come right by itself, as far as one can tell."""
        entry = self.entry
        if entry.is_open:
            return entry.attempts >= self.many
        return not entry.seen and (
            entry.state is State.REFUSED or bool(entry.dropped or entry.twins or entry.why)
        )

    def told(self, since: str) -> str:
        """One line: numbers, states and codes.

        No name, no text, no phone, and nothing that the CRM said.
        """
        entry = self.entry
        parts = [
            f"#{entry.seq}",
            since,
            entry.origin.action,
            entry.origin.contact or "no contact",
            entry.state,
            f"tries {entry.attempts}",
            f"{entry.why} {_meaning(entry.why)}" if entry.why else "",
            f"waits for #{self.waits_for}" if self.waits_for else "",
            f"CRM number {entry.crm_id}" if entry.crm_id else "",
            f"there more than once: {', '.join(entry.twins)}" if entry.twins else "",
            f"not kept by the CRM: {', '.join(entry.dropped)}" if entry.dropped else "",
            "NEEDS A PERSON" if self.needs_a_person else "",
        ]
        return " | ".join(filter(None, parts))


def survey(path: Path, many: int, *, everything: bool = False) -> list[Found]:
    """What is open or must be looked at, oldest first, or every entry; the file is not changed."""
    with reading(path) as reader:
        found = list(_found(reader, many, "1 = 1" if everything else IS_LEFT))
    return sorted(found, key=lambda one: one.entry.seq)


def _found(reader: Rows, many: int, condition: str) -> Iterator[Found]:
    for integration in [
        row["integration"] for row in reader.rows("SELECT DISTINCT integration FROM journal")
    ]:
        register = Register(cast("Store", reader), integration)
        sql = f"SELECT * FROM journal WHERE integration = ? AND {condition}"  # noqa: S608
        for entry in map(entry_of, reader.rows(sql, integration)):
            before = register.blocker(entry) if entry.is_open else None
            yield Found(entry, before.seq if before else 0, many)


def _meaning(code: str) -> str:
    """An error in support's words: the first line of its class."""
    return next((_first_line(kind) for kind in _kinds(VinculoError) if kind.code == code), "")


def _first_line(kind: type[VinculoError]) -> str:
    return (kind.__doc__ or "").partition("\n")[0].partition(";")[0].rstrip(".") + "."


def _kinds(kind: type[VinculoError]) -> Iterator[type[VinculoError]]:
    """It and all below it; the parent of a code stands before those who only inherit it."""
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
