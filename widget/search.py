"""Whom an attendant looks for: the people index at once, the CRM when asked, and both as one list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from widget import criteria, documents, errors, matching, phones
from widget.crm.protocol import Freshness
from widget.model import Certainty, Contact, Fetched, Match, Reason, Ref
from widget.names import fold
from widget.store.people import Clue
from widget.visits import Visit

PAGE = 10
CLUES = {"document": Clue.DOCUMENT, "email": Clue.EMAIL, "phone": Clue.PHONE}

Contacts = Fetched[tuple[Contact, ...]]


@dataclass(frozen=True)
class Results:
    """Who may be meant, best first. ``only`` tells of whom one of both knows alone, "index" or "crm".

    ``at`` is the oldest reading behind it (epoch seconds), ``trouble`` the code of what kept the CRM from answering.
    """

    matches: tuple[Match, ...] = ()
    more: bool = False
    only: Mapping[Ref, str] = field(default_factory=dict)
    at: float = 0.0
    trouble: str = ""


def typed(visit: Visit, criterion: str, text: str) -> Results | None:
    """What the index knows of what is typed so far; None without an index. Never asks the CRM."""
    if len(text) < criteria.SHORTEST_TYPED[criterion]:
        return Results() if visit.crm.index.is_ready else None
    return _indexed(visit, criterion, text)


def whole(visit: Visit, criterion: str, text: str, page: int) -> Results:
    """A page of what index and CRM know together; while the CRM fails what the index knows, raising CRMError if none.

    The index adds to the first page only; what it showed there is on no later page.
    """
    known = _indexed(visit, criterion, text) or Results()
    try:
        told, more = _ask(visit, criterion, text, page)
    except errors.CRMError as error:
        if page > 1 or not known.matches:
            raise
        return replace(known, trouble=error.code)
    matches = told.value
    only: dict[Ref, str] = {}
    if page > 1:
        matches = _without(matches, known.matches)
    elif visit.crm.index.is_ready:
        matches, only = _merged(known.matches, matches)
    return Results(matches, more, only, told.at, told.trouble)


def _merged(known: tuple[Match, ...], told: tuple[Match, ...]) -> tuple[tuple[Match, ...], dict[Ref, str]]:
    """In the index's order, which is by likeness, each as the CRM tells it; then those whom only the CRM knows."""
    newer = {match.contact.ref: match for match in told}
    late = _without(told, known)
    only = {m.contact.ref: "index" for m in known if m.contact.ref not in newer} | {m.contact.ref: "crm" for m in late}
    return (*(newer.get(m.contact.ref, m) for m in known), *late), only


def _without(matches: Iterable[Match], others: Iterable[Match]) -> tuple[Match, ...]:
    seen = {match.contact.ref for match in others}
    return tuple(match for match in matches if match.contact.ref not in seen)


def _indexed(visit: Visit, criterion: str, text: str) -> Results | None:
    """As the index knows them: by name as far as typed, by a whole clue as one recognises, by the beginning of one."""
    index, person = visit.crm.index, criteria.person(criterion, text)
    if criterion == "name":
        named = index.by_name(text, PAGE)
        return Results(_listed(_folded(named.value)), at=named.at) if named else None
    if person:
        known = index.of(person)
        return Results(matching.match(person, known.value)[:PAGE], at=known.at) if known else None
    found = [index.starting(CLUES[criterion], key, PAGE) for key in criteria.beginnings(criterion, text)]
    contacts = {c.ref: c for told in found if told for c in told.value}
    if not index.is_ready:
        return None
    return Results(_listed(contacts.values())[:PAGE], at=min((t.at for t in found if t and t.value), default=0.0))


def _listed(contacts: Iterable[Contact]) -> tuple[Match, ...]:
    """Without reasons: what was looked for is seen in the name, and the beginning of a number proves nothing."""
    return tuple(Match(contact, ()) for contact in contacts)


def _ask(visit: Visit, criterion: str, text: str, page: int) -> tuple[Fetched[tuple[Match, ...]], bool]:
    """A page of those whom the CRM finds, and whether there is a further one."""
    people, recent = visit.crm.people, Freshness.RECENT
    if criterion == "name":  # the CRM pages them itself, and up to a page comes out of each of its two tables
        told = people.by_name(text.split(), recent, page)
        listed = sorted(_folded(told.value), key=lambda contact: fold(contact.name))
        return _like(told, _listed(listed)), len(told.value) >= PAGE
    person = criteria.person(criterion, text)
    if criterion == "document":
        told = people.by_document(documents.searchable_forms(text), recent)
    elif criterion == "phone":
        phone = phones.parse(text)
        told = people.by_phone(phone.tail if phone else "", recent)
    else:
        told = people.by_email(text, recent)
    exact = person if criterion != "email" else None
    matches = matching.match(exact, told.value) if exact else tuple(_by_email(text, c) for c in told.value)
    return _like(told, matches[(page - 1) * PAGE : page * PAGE]), len(matches) > page * PAGE


def _like(told: Contacts, matches: tuple[Match, ...]) -> Fetched[tuple[Match, ...]]:
    return Fetched(matches, told.at, told.stale, told.trouble)


def _by_email(text: str, contact: Contact) -> Match:
    """A part of an address finds people too, but is no proof."""
    same = text.casefold() in {email.casefold() for email in contact.emails}
    return Match(contact, (Reason("email", Certainty.EXACT if same else Certainty.ASK),))


def _folded(found: tuple[Contact, ...]) -> list[Contact]:
    """Without the lead rows that belong to a client found as well: he stands for them."""
    clients = {c.ref.id for c in found if c.ref.source == Ref.CLIENT}
    return [c for c in found if c.client_id not in clients]
