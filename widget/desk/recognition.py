"""Who is it: an earlier link, else what the clues of the conversation find in the CRM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from widget.brazil import cells, documents, matching
from widget.desk.callers import Caller
from widget.desk.visits import Visit
from widget.domain import errors
from widget.domain.model import (
    Certainty,
    Contact,
    Fetched,
    Freshness,
    Link,
    Match,
    Person,
    Reason,
    Ref,
)


@dataclass(frozen=True)
class Recognised:
    """What is known of the person.

    ``match`` is the one contact to show, ``matches`` all that were found.

    ``elsewhere`` are others than the linked contact, who surely have a phone or document of the
    conversation that it has not.

    ``at`` is the oldest reading behind it (epoch seconds), ``trouble`` the code of what kept us
    from reading anew.
    """

    person: Person
    match: Match | None = None
    matches: tuple[Match, ...] = ()
    link: Link | None = None
    lost: Link | None = None
    elsewhere: tuple[Match, ...] = ()
    denied: frozenset[Ref] = frozenset()
    at: float = 0.0
    stale: bool = False
    trouble: str = ""

    @property
    def has_clues(self) -> bool:
        """Whether the console told anything to search by."""
        return bool(self.person.phones or self.person.emails or self.person.documents)


def recognise(visit: Visit, freshness: Freshness, *, just_saved: bool = False) -> Recognised:
    """Finds the person and notes which contact this conversation's panel shows.

    Raises CRMError if nothing is known.

    ``just_saved``: nobody waits once more for whom else a number may name; what is known of that is
    enough.
    """
    found = _by_link(visit, freshness, just_saved=just_saved)
    if found.match is None:
        found = _by_clues(visit, freshness, lost=found.lost)
    visit.services.shared.conversations.show(
        visit.conversation, found.match.contact.ref if found.match else None
    )
    return found


def search(visit: Visit, person: Person, freshness: Freshness) -> Fetched[tuple[Contact, ...]]:
    """Everybody whom one of the clues finds; as old as the oldest reading, in trouble when one is.

    Whom the index knows is read by number; the CRM is searched for whom it does not know, and
    whenever somebody asks for what is there right now. While it fails, what the index knows stands
    in, were it that it knows nobody.
    """
    known = visit.crm.index.of(person)
    if known and known.value and freshness is not Freshness.NOW:
        read = [visit.find(contact.ref, freshness) for contact in known.value]
        return _together(tuple(reading.value for reading in read if reading.value), read, visit)
    try:
        return ask(visit, person, freshness)
    except errors.CRMError as error:
        if known is None or freshness is Freshness.NOW:
            raise
        return replace(known, at=known.at or visit.crm.index.at, trouble=error.code)


def ask(caller: Caller, person: Person, freshness: Freshness) -> Fetched[tuple[Contact, ...]]:
    """Everybody whom the CRM finds by one of the clues; raises CRMError."""
    people = caller.crm.people
    readings = [
        people.by_document(forms, freshness) for d in person.documents if (forms := _forms(d))
    ]
    readings += [people.by_phone(tail, freshness) for tail in cells.tails(person.phones)]
    addresses = [address for field in person.emails for address in cells.emails_in(field)]
    readings += [people.by_email(address, freshness) for address in dict.fromkeys(addresses)]
    return _together(
        tuple(contact for reading in readings for contact in reading.value), readings, caller
    )


def _together(
    contacts: tuple[Contact, ...], readings: Sequence[Fetched[Any]], caller: Caller
) -> Fetched[tuple[Contact, ...]]:
    return Fetched(
        contacts,
        min((reading.at for reading in readings), default=caller.services.shared.clock()),
        any(reading.stale for reading in readings),
        next((reading.trouble for reading in readings if reading.trouble), ""),
    )


def _by_link(visit: Visit, freshness: Freshness, *, just_saved: bool) -> Recognised:
    person = visit.conversation.person
    link = visit.services.links.of(visit.conversation.person_key)
    if link is None:
        return Recognised(person)
    answer = visit.find(link.ref, freshness)
    if answer.value is None:
        return Recognised(person, lost=link)
    match = Match(answer.value, (Reason("link", Certainty.EXACT),))
    return Recognised(
        person,
        match,
        (match,),
        link,
        elsewhere=_elsewhere(visit, answer.value, Freshness.ANY if just_saved else freshness),
        at=answer.at,
        stale=answer.stale,
        trouble=answer.trouble,
    )


def _elsewhere(visit: Visit, linked: Contact, freshness: Freshness) -> tuple[Match, ...]:
    """Those whom a phone or document of the conversation surely names.

    They are told where it does not name the linked contact. The index names them where there is
    one. What cannot be told now is not said: the link holds anyway.
    """
    person = visit.conversation.person
    if linked.ref.source == Ref.NEW or not (person.phones or person.documents):
        return ()
    denied = visit.services.links.denied(visit.conversation.person_key)
    try:
        others = [c for c in _others(visit, person, freshness) if c.ref != linked.ref]
    except errors.CRMError:
        return ()
    matches = matching.match(person, [linked, *others])
    own = {
        reason.clue
        for match in matches
        if match.contact.ref == linked.ref
        for reason in match.reasons
    }
    same = {linked.ref, Ref(Ref.CLIENT, linked.client_id)}
    named = (
        replace(match, reasons=_telling(match, own))
        for match in matches
        if match.contact.ref not in same | denied.keys()
    )
    return tuple(match for match in named if match.reasons)


def _others(visit: Visit, person: Person, freshness: Freshness) -> Sequence[Contact]:
    """Whom the clues find, as they are by now."""
    known = visit.crm.index.of(person)
    if known is None:
        return ask(visit, replace(person, emails=()), freshness).value
    read = [visit.find(contact.ref, freshness).value for contact in known.value]
    return [contact for contact in read if contact]


def _telling(match: Match, own: set[str]) -> tuple[Reason, ...]:
    sure = (reason for reason in match.reasons if reason.certainty is not Certainty.ASK)
    return tuple(reason for reason in sure if reason.clue in {"phone", "document"} - own)


def _by_clues(visit: Visit, freshness: Freshness, lost: Link | None) -> Recognised:
    person = visit.conversation.person
    denied = frozenset(visit.services.links.denied(visit.conversation.person_key))
    found = search(visit, person, freshness)
    matches = matching.match(person, found.value)
    is_open = found.trouble == errors.Incomplete.code or any(
        m.contact.ref in denied for m in matches
    )
    match = (
        None if is_open else matching.sure(matches)
    )  # of people nobody can count none is the only one
    if match is None and found.stale and freshness is Freshness.ANY:
        # That nobody is known, or several, may have changed since: only a contact is shown at once
        # at any age.
        return _by_clues(visit, Freshness.RECENT, lost)
    return Recognised(
        person,
        match,
        matches,
        lost=lost,
        denied=denied,
        at=found.at,
        stale=found.stale,
        trouble=found.trouble,
    )


def _forms(document: str) -> tuple[str, ...]:
    return documents.stored_forms(document) if documents.told(document) else ()
