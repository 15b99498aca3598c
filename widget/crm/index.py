"""What the people index tells: contacts by clue, by name and by number, each with its age.

It never asks the CRM.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator

from widget.brazil import cells, documents
from widget.domain.errors import StorageFailed
from widget.domain.model import Contact, Fetched, Person, Ref
from widget.store.people.fills import Fills
from widget.store.people.people import Clue, Found, People

Contacts = Fetched[tuple[Contact, ...]]
BRANCHES = 10


def absent(found: Found) -> Contact:
    """What an index that is switched off never needs."""
    raise LookupError(found.number)


class Index:
    """Answers at once, or None: when it is switched off, not filled yet, or its file fails.

    Then the CRM is asked.

    Whatever it tells counts as stale, since the CRM may know better by now; the oldest reading
    behind it is its age.
    """

    def __init__(
        self,
        people: People | None = None,
        fills: Fills | None = None,
        contact: Callable[[Found], Contact] = absent,
    ) -> None:
        """``contact`` makes a contact of what the index keeps in the words of a kind."""
        self._people = people
        self._fills = fills
        self._contact = contact

    @property
    def is_ready(self) -> bool:
        """Whether all people in the CRM were read once.

        Then every person who was there at that time is in the index.
        """
        with contextlib.suppress(StorageFailed):
            return self._people is not None and self._fills is not None and self._fills.is_complete
        return False

    @property
    def share_filled(self) -> int:
        """How much of the first filling is done, in per cent.

        0 when nothing is being filled any more, or yet.
        """
        with contextlib.suppress(StorageFailed):
            if self._fills is not None and not self.is_ready:
                return int(100 * self._fills.progress().share)
        return 0

    @property
    def at(self) -> float:
        """As of when everybody is known (epoch seconds), or 0 while the index is not ready.

        A person who is not in the index was not in the CRM at that time.
        """
        with contextlib.suppress(StorageFailed):
            if self._fills is not None and self.is_ready:
                progress = self._fills.progress()
                return max(progress.finished_at, progress.checked_at)
        return 0.0

    def of(self, person: Person) -> Contacts | None:
        """Everybody whom a document, a phone or an e-mail of the person may mean."""
        return self._told(lambda people: self._with_clients(people, _of(people, person)))

    def one(self, ref: Ref) -> Fetched[Contact] | None:
        """The contact with this number."""
        told = self._told(lambda people: filter(None, [people.one(ref.source, ref.id)]))
        return Fetched(told.value[0], told.at, stale=True) if told and told.value else None

    def by_name(self, text: str, limit: int) -> Contacts | None:
        """Those whose name holds every word as far as it is typed, typing errors allowed.

        Best first.
        """
        return self._told(lambda people: people.by_name(text, limit))

    def starting(self, clue: Clue, key: str, limit: int) -> Contacts | None:
        """Those with a document, phone or e-mail that begins like this."""
        return self._told(lambda people: people.starting(clue, key, limit))

    def count_starting(self, clue: Clue, key: str) -> int:
        """How many such people there are in all."""
        with contextlib.suppress(StorageFailed):
            return (
                self._people.count_starting(clue, key)
                if self._people is not None and self.is_ready
                else 0
            )
        return 0

    def alike(self, person: Person) -> Contacts | None:
        """Those who may be the same: by clue, by a name that is like it, as another branch."""
        return self._told(lambda people: self._with_clients(people, _alike(people, person)))

    def _with_clients(self, people: People, found: list[Found]) -> Iterator[Found]:
        """The found rows, and the clients that found leads belong to."""
        yield from found
        for number in {self._contact(f).client_id for f in found} - {""}:
            if client := people.one(Ref.CLIENT, number):
                yield client

    def _told(self, ask: Callable[[People], Iterable[Found]]) -> Contacts | None:
        if self._people is None or not self.is_ready:
            return None
        try:
            found = {(f.source, f.number): f for f in ask(self._people)}.values()
        except StorageFailed:  # it says so in the log; the CRM knows the same
            return None
        return Fetched(
            tuple(map(self._contact, found)), min((f.at for f in found), default=0.0), stale=True
        )


def clues(person: Person) -> set[tuple[Clue, str]]:
    """What a person can be found by, in the form in which the index keeps it."""
    return {
        *((Clue.PHONE, key) for key in cells.sought_keys(person.phones)),
        *(
            (Clue.DOCUMENT, document.number)
            for text in person.documents
            if (document := documents.told(text))
        ),
        *((Clue.EMAIL, address) for address in cells.addresses(person.emails)),
    }


def _of(people: People, person: Person) -> list[Found]:
    return [found for clue, key in clues(person) for found in people.by_clue(clue, key)]


def _alike(people: People, person: Person) -> list[Found]:
    firms = {document.root for text in person.documents if (document := documents.told(text))} - {
        ""
    }
    branches = [found for firm in firms for found in people.starting(Clue.DOCUMENT, firm, BRANCHES)]
    return [*_of(people, person), *branches, *people.alike(person.name)]
