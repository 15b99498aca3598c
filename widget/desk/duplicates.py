"""The contacts that a new one may already be, and what an attendant was told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from widget.brazil import matching, names
from widget.desk.callers import Caller
from widget.desk.recognition import ask
from widget.domain import errors
from widget.domain.model import Contact, Fetched, Freshness, Match, Person

SHORTEST = 3  # of the words that the CRM is asked for
# How a form remembers that its attendant was told: there may be others.
OPEN = "open"


@dataclass(frozen=True)
class Alike:
    """The matches, and whether the CRM was asked for them.

    ``trouble`` is an error's code where it did not show all that it has.
    """

    matches: tuple[Match, ...]
    is_asked: bool = False
    trouble: str = ""

    @property
    def is_open(self) -> bool:
        """Tells whether there may be others who are alike, whom the CRM did not show."""
        return self.trouble == errors.Incomplete.code

    @property
    def is_unchecked(self) -> bool:
        """Tells whether the CRM could not be asked: then it is asked before the contact is sent."""
        return bool(self.trouble) and not self.is_open

    def is_told(self, told: str) -> bool:
        """Tells whether the attendant was told all of it.

        That includes that there may be more.
        """
        names_told = told.split(",")
        if self.is_open and OPEN not in names_told:
            return False
        return all(_is_covered(match, names_told) for match in self.matches)


def find(caller: Caller, typed: Mapping[str, str], *, asking: bool) -> Alike:
    """Returns who may be the same person, by document, phone, e-mail or name.

    ``asking``: the CRM too, else the index alone. Raises CRMError.
    """
    person = Person(
        name=typed.get("name", ""),
        phones=_one(typed, "phone"),
        emails=_one(typed, "email"),
        documents=_one(typed, "document"),
    )
    asked = list(_asked(caller, person)) if asking else []
    known = caller.crm.index.alike(person)
    found = [contact for reading in asked for contact in reading.value]
    if known:
        found.extend(known.value)
    matches = matching.duplicates(person, found, typed.get("city", ""))
    troubles = {reading.trouble for reading in asked} - {""}
    # That more may be there weighs most: of that the attendant decides.
    trouble = max(troubles, key=lambda code: code == errors.Incomplete.code, default="")
    return Alike(tuple(matches), asking, trouble)


def look(caller: Caller, typed: Mapping[str, str]) -> Alike:
    """Returns who it may be already, in trouble where the CRM could not be asked.

    Raises PermissionDenied and ResourceUnavailable: a later look would meet them again.
    """
    try:
        return find(caller, typed, asking=True)
    except (errors.PermissionDenied, errors.ResourceUnavailable):
        raise
    except errors.CRMError as error:
        return replace(find(caller, typed, asking=False), trouble=error.code)


def name_of(match: Match) -> str:
    """Returns how a form remembers a match that was shown: who, whether surely, and why."""
    reasons = ".".join(f"{reason.clue}{reason.detail}" for reason in match.reasons)
    return f"{match.contact.ref}{'+' if match.is_sure else '?'}{reasons}"


def _is_covered(match: Match, told: list[str]) -> bool:
    """Tells whether the match was told; a sure one not merely as one that may be."""
    sure, unsure = f"{match.contact.ref}+", f"{match.contact.ref}?"
    accepted = (sure,) if match.is_sure else (sure, unsure)
    return any(one.startswith(accepted) for one in told)


def _one(typed: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (typed[name],) if typed.get(name) else ()


def _asked(caller: Caller, person: Person) -> Iterator[Fetched[tuple[Contact, ...]]]:
    """Yields all whom the CRM finds by document, phone and e-mail, and by name as far as it can.

    It finds only names that hold the very words. Asked for first and second, and for first and
    last, it finds most of those who tell fewer or more of their names.
    """
    yield ask(caller, person, Freshness.RECENT)
    words = [word for word in names.words(person.name) if len(word) >= SHORTEST]
    if len(words) < 2:
        return
    for pair in sorted({(words[0], words[1]), (words[0], words[-1])}):
        yield caller.crm.people.by_name(pair, Freshness.RECENT)
