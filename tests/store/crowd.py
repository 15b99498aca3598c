"""People for the tests of the index."""

from __future__ import annotations

from collections.abc import Iterable

from widget.domain.model import Ref
from widget.store.people.people import Clue, Found, Mirrored


def person(
    number: int | str, name: str, *, source: str = Ref.LEAD, updated: str = "", **clues: str
) -> Mirrored:
    """Somebody with this name, and one clue of each given kind."""
    found = frozenset((Clue(clue), key) for clue, key in clues.items())
    return Mirrored(source, str(number), {"id": str(number), "nome": name}, name, found, updated)


def named(names: Iterable[str]) -> list[Mirrored]:
    """Leads with these names, numbered from 1."""
    return [person(number, name) for number, name in enumerate(names, 1)]


def names_of(found: Iterable[Found]) -> list[str]:
    """In their order."""
    return [person.row["nome"] for person in found]
