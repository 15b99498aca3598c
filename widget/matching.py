"""Who a person may be in the CRM, and why: pure functions over what console and CRM tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from widget import documents, names, phones
from widget.model import Certainty, Contact, Match, Person, Reason, Ref

_ORDER = (
    Reason("document", Certainty.EXACT),
    Reason("phone", Certainty.EXACT),
    Reason("phone", Certainty.VARIANT),
    Reason("email", Certainty.EXACT),
    Reason("phone", Certainty.ASK),
    Reason("name", Certainty.ASK),
)

_Clue = Callable[[Person, Contact], Iterator[Reason]]


def match(person: Person, contacts: Iterable[Contact]) -> tuple[Match, ...]:
    """The contacts that a person may be, best first, each with its reasons, best first.

    A lead that belongs to one of the given clients is folded into it, whatever the client itself
    tells. Contacts without any reason are left out.
    """
    return _matches(person, contacts, (_by_document, _by_phone, _by_email))


def duplicates(candidate: Person, contacts: Iterable[Contact]) -> tuple[Match, ...]:
    """The contacts that someone about to be created may already be: ``match``, and equal names as a question."""
    return _matches(candidate, contacts, (_by_document, _by_phone, _by_email, _by_name))


def sure(matches: tuple[Match, ...]) -> Match | None:
    """The match to show without asking: there is one only, and it is sure. Of two contacts never one."""
    return matches[0] if len(matches) == 1 and matches[0].is_sure else None


def _matches(person: Person, contacts: Iterable[Contact], clues: tuple[_Clue, ...]) -> tuple[Match, ...]:
    given: dict[Ref, Contact] = {}
    contacts_by_ref: dict[Ref, Contact] = {}
    reasons_by_ref: dict[Ref, set[Reason]] = {}
    for contact in contacts:
        given.setdefault(contact.ref, contact)
        if reasons := {reason for clue in clues for reason in clue(person, contact)}:
            contacts_by_ref.setdefault(contact.ref, contact)
            reasons_by_ref.setdefault(contact.ref, set()).update(reasons)
    for lead in [c for c in contacts_by_ref.values() if c.ref.source == Ref.LEAD]:
        client = given.get(Ref(Ref.CLIENT, lead.client_id))
        if client:
            contacts_by_ref.setdefault(client.ref, client)
            reasons_by_ref.setdefault(client.ref, set()).update(reasons_by_ref.pop(lead.ref))
            del contacts_by_ref[lead.ref]
    found = (Match(contact, _best_first(reasons_by_ref[ref])) for ref, contact in contacts_by_ref.items())
    return tuple(sorted(found, key=_rank))


def _best_first(reasons: set[Reason]) -> tuple[Reason, ...]:
    """One reason for each clue, the surest."""
    best: dict[str, Reason] = {}
    for reason in sorted(reasons, key=_ORDER.index):
        best.setdefault(reason.clue, reason)
    return tuple(best.values())


def _rank(found: Match) -> list[int]:
    """Better reasons first, then more of them."""
    return [*map(_ORDER.index, found.reasons), len(_ORDER)]


def _by_document(person: Person, contact: Contact) -> Iterator[Reason]:
    stored = documents.find(contact.document)
    if stored and stored in map(documents.find, person.documents):
        yield Reason("document", Certainty.EXACT)


def _by_phone(person: Person, contact: Contact) -> Iterator[Reason]:
    for known in person.phones:
        for stored in contact.phones:
            if certainty := phones.compare(known, stored):
                yield Reason("phone", Certainty.ASK if _is_service(known) else certainty)


def _is_service(phone: str) -> bool:
    """Whether many people share the number: 0800, 190 and the like."""
    parsed = phones.parse(phone)
    return parsed is not None and parsed.kind is phones.PhoneKind.SERVICE


def _by_email(person: Person, contact: Contact) -> Iterator[Reason]:
    if _addresses(person.emails) & _addresses(contact.emails):
        yield Reason("email", Certainty.EXACT)


def _addresses(fields: tuple[str, ...]) -> set[str]:
    """The addresses in the fields, of which one may hold several; plus tags stay, they may be other people."""
    words = re.split(r"[\s;,]+", " ".join(fields).casefold())
    return {word for word in words if re.fullmatch(r"[^@]+@[^@]+", word)}


def _by_name(person: Person, contact: Contact) -> Iterator[Reason]:
    if (words := sorted(names.words(person.name))) and words == sorted(names.words(contact.name)):
        yield Reason("name", Certainty.ASK)
