"""Whom an attendant looks for.

The people index answers at once, the CRM when asked, and both come as one list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from widget.brazil import cells, criteria, documents, matching
from widget.brazil.names import fold
from widget.desk.visits import Visit
from widget.domain import errors
from widget.domain.model import Certainty, Contact, Fetched, Freshness, Match, Person, Reason, Ref
from widget.store.people.people import Clue

PAGE = 10  # of names, which the CRM pages itself
MOST = 50  # at once of those found by a clue; so few are listed whole
CLUES = {
    "document": Clue.DOCUMENT,
    "email": Clue.EMAIL,
    "phone": Clue.PHONE,
}
# A word of so many letters may be the beginning of an address, where nobody said that it is a name.
LIKE_ADDRESS = re.compile(r"[\w.+-]{4,}")

Contacts = Fetched[tuple[Contact, ...]]


@dataclass(frozen=True)
class Results:
    """Who may be meant, best first.

    ``only`` tells of whom one of both knows alone, "index" or "crm".

    ``at`` is the oldest reading behind it (epoch seconds), ``trouble`` the code of what kept the
    CRM from answering. ``total`` is how many there are in all, 0 when that is not known.
    """

    matches: tuple[Match, ...] = ()
    more: bool = False
    only: Mapping[Ref, str] = field(default_factory=dict)
    at: float = 0.0
    trouble: str = ""
    total: int = 0


def typed(visit: Visit, criterion: str, text: str, *, guessed: bool = False) -> Results | None:
    """What the index knows of what is typed so far; None without an index. Never asks the CRM.

    What is ``guessed`` to be a name may be the beginning of an e-mail address too.
    """
    if len(text) < criteria.SHORTEST_TYPED[criterion]:
        return Results() if visit.crm.index.is_ready else None
    found = _indexed(visit, criterion, text)
    if found and guessed and criterion == "name" and LIKE_ADDRESS.fullmatch(text):
        is_likely = len(found.matches) < PAGE or not text.isalpha()
        return _with_addresses(found, _begun(visit, "email", text)) if is_likely else found
    return found


def whole(visit: Visit, criterion: str, text: str, page: int) -> Results:
    """A page of what index and CRM know together.

    While the CRM fails what the index knows, raising CRMError if none.

    What the CRM pages itself the index adds to on the first page only; what it showed there is on
    no later page.
    """
    known = _indexed(visit, criterion, text) or Results()
    try:
        return (
            _named(visit, text, page, known)
            if criterion == "name"
            else _clued(visit, criterion, text, page, known)
        )
    except errors.CRMError as error:
        if page > 1 or not known.matches:
            raise
        return replace(known, trouble=error.code)


def _named(visit: Visit, text: str, page: int, known: Results) -> Results:
    """The CRM pages names itself, and up to a page comes out of each of its two tables."""
    told = visit.crm.people.by_name(text.split(), Freshness.RECENT, page)
    matches = _listed(sorted(_folded(told.value), key=lambda contact: fold(contact.name)))
    only: dict[Ref, str] = {}
    if page > 1:
        matches = _without(matches, known.matches)
    elif visit.crm.index.is_ready:
        matches, only = _merged(known.matches, matches)
    return Results(matches, len(told.value) >= PAGE, only, told.at, told.trouble)


def _clued(visit: Visit, criterion: str, text: str, page: int, known: Results) -> Results:
    """The CRM tells all whom a clue finds, so the pages are ours."""
    told = _ask(visit, criterion, text)
    matches = _matching(criterion, text, told.value)
    only: dict[Ref, str] = {}
    if visit.crm.index.is_ready:
        matches, only = _merged(known.matches, matches)
    shown = matches[(page - 1) * MOST : page * MOST]
    return Results(shown, len(matches) > page * MOST, only, told.at, told.trouble, len(matches))


def _merged(
    known: tuple[Match, ...], told: tuple[Match, ...]
) -> tuple[tuple[Match, ...], dict[Ref, str]]:
    """In the index's order, which is by likeness, each as the CRM tells it.

    Then those whom only the CRM knows.
    """
    newer = {match.contact.ref: match for match in told}
    late = _without(told, known)
    only = {m.contact.ref: "index" for m in known if m.contact.ref not in newer} | {
        m.contact.ref: "crm" for m in late
    }
    return (*(newer.get(m.contact.ref, m) for m in known), *late), only


def _without(matches: Iterable[Match], others: Iterable[Match]) -> tuple[Match, ...]:
    seen = {match.contact.ref for match in others}
    return tuple(match for match in matches if match.contact.ref not in seen)


def _with_addresses(named: Results, addressed: Results | None) -> Results:
    """First those of that name, then those of such an address."""
    if addressed is None or not addressed.matches:
        return named
    others = _without(addressed.matches, named.matches)
    at = min(filter(None, (named.at, addressed.at)), default=0.0)
    return Results(
        (*named.matches, *others),
        at=at,
        total=max(addressed.total, len(named.matches) + len(others)),
    )


def _indexed(visit: Visit, criterion: str, text: str) -> Results | None:
    """The contacts as the index knows them.

    It finds them by name as far as typed, by a whole clue as one recognises, or by the beginning of
    a clue.
    """
    index, person = visit.crm.index, criteria.person(criterion, text)
    if criterion == "name":
        named = index.by_name(text, PAGE)
        return Results(_listed(_folded(named.value)), at=named.at) if named else None
    if person:
        known = index.of(person)
        if known is None:
            return None
        matches = matching.match(person, known.value)
        if matches:  # else it may go on: .co, .com, .com.br
            return Results(matches[:MOST], at=known.at, total=len(matches))
    return _begun(visit, criterion, text)


def _begun(visit: Visit, criterion: str, text: str) -> Results | None:
    """Those whom the index knows with a clue that begins so, and how many there are."""
    index, clue = visit.crm.index, CLUES[criterion]
    if not index.is_ready:
        return None
    keys = criteria.beginnings(criterion, text)
    told = [found for key in keys if (found := index.starting(clue, key, MOST))]
    if len(told) < len(keys):  # its file fails
        return None
    contacts = {contact.ref: contact for found in told for contact in found.value}
    listed = _listed(contacts.values())[:MOST]
    total = (
        sum(index.count_starting(clue, key) for key in keys) if len(listed) == MOST else len(listed)
    )
    return Results(
        listed, at=min((found.at for found in told if found.value), default=0.0), total=total
    )


def _listed(contacts: Iterable[Contact]) -> tuple[Match, ...]:
    """The contacts as matches without reasons.

    What was looked for is seen in the name, and the beginning of a number proves nothing.
    """
    return tuple(Match(contact, ()) for contact in contacts)


def _ask(visit: Visit, criterion: str, text: str) -> Contacts:
    """Everybody whom the CRM finds by a document, by phones, or by addresses or a part of one."""
    people, recent = visit.crm.people, Freshness.RECENT
    if criterion == "document":
        return people.by_document(documents.stored_forms(text), recent)
    if criterion == "phone":
        return _together([people.by_phone(tail, recent) for tail in cells.tails([text])])
    wanted = cells.emails_in(text) or (cells.begun_email(text),)
    return _together([people.by_email(address, recent) for address in wanted])


def _together(answers: Sequence[Contacts]) -> Contacts:
    contacts = {contact.ref: contact for answer in answers for contact in answer.value}
    return Fetched(
        tuple(contacts.values()),
        min(answer.at for answer in answers),
        any(answer.stale for answer in answers),
        next((answer.trouble for answer in answers if answer.trouble), ""),
    )


def _matching(criterion: str, text: str, contacts: tuple[Contact, ...]) -> tuple[Match, ...]:
    if criterion == "email":
        return tuple(_by_email(text, contact) for contact in contacts)
    return matching.match(criteria.person(criterion, text) or Person(), contacts)


def _by_email(text: str, contact: Contact) -> Match:
    """A part of an address finds people too, but is no proof."""
    same = cells.addresses([text]) & cells.addresses(contact.emails)
    return Match(contact, (Reason("email", Certainty.EXACT if same else Certainty.ASK),))


def _folded(found: tuple[Contact, ...]) -> list[Contact]:
    """Without the lead rows that belong to a client found as well: he stands for them."""
    clients = {c.ref.id for c in found if c.ref.source == Ref.CLIENT}
    return [c for c in found if c.client_id not in clients]
