"""Who a person may be in the CRM, and why: pure functions over what console and CRM tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product

from widget.brazil import cells, documents, names, phones
from widget.brazil.phones import Phone, PhoneKind
from widget.domain.model import Certainty, Contact, Match, Person, Reason, Ref

_EXACT, _VARIANT, _ASK = Certainty.EXACT, Certainty.VARIANT, Certainty.ASK
# Every reason that is given, best first.
ORDER = (
    Reason("document", _EXACT, "cpf"),
    Reason("document", _EXACT, "cnpj"),
    Reason("phone", _EXACT),
    Reason("phone", _VARIANT, "nine_missing"),
    Reason("phone", _VARIANT, "nine_added"),
    Reason("email", _EXACT),
    Reason("phone", _ASK, "seven"),
    Reason("phone", _ASK, "no_area"),
    Reason("document", _ASK, "guessed"),
    Reason("phone", _ASK, "guessed"),
    Reason("name", _ASK, "same_in_city"),
    Reason("name", _ASK, "in_city"),
    Reason("document", _ASK, "branch"),
    Reason("phone", _ASK, "other_name"),
    Reason("email", _ASK, "other_name"),
    Reason("phone", _ASK, "other_document"),
    Reason("email", _ASK, "other_document"),
    Reason("name", _ASK, "same"),
    Reason("name", _ASK),
    Reason("phone", _ASK, "service"),
)
# What says as much against one person as for.
AGAINST = frozenset({"branch", "other_name", "other_document"})
# How far names must be alike to be asked about, and when they are of one city.
ALIKE, ALIKE_IN_CITY = 0.8, 0.7

_Clue = Callable[[Person, Contact], Iterator[Reason]]


def match(person: Person, contacts: Iterable[Contact]) -> tuple[Match, ...]:
    """The contacts that a person may be, best first, each with its reasons, best first.

    A lead that belongs to one of the given clients is folded into it, whatever the client itself
    tells. Contacts without any reason are left out, and those for whom only guesses speak where
    others are found. Names do not matter: in a chat they are what people call themselves.
    """
    found = _matches(person, contacts, _by_proof)
    return tuple(m for m in found if not _is_guess(m)) or found


def duplicates(
    candidate: Person, contacts: Iterable[Contact], city_id: str = ""
) -> tuple[Match, ...]:
    """The contacts that someone about to be created may already be, best first, and why.

    Besides what ``match`` finds, as questions: names that are alike, more so in one city, and other
    branches of a firm. A phone or an e-mail that somebody of another name or document has is a
    question too: families share them.
    """
    return _matches(candidate, contacts, partial(_by_suspicion, city_id))


def sure(matches: tuple[Match, ...]) -> Match | None:
    """The match to show without asking: there is one only, and it is sure.

    Of two contacts never one.
    """
    return matches[0] if len(matches) == 1 and matches[0].is_sure else None


def _matches(person: Person, contacts: Iterable[Contact], clue: _Clue) -> tuple[Match, ...]:
    given: dict[Ref, Contact] = {}
    contacts_by_ref: dict[Ref, Contact] = {}
    reasons_by_ref: dict[Ref, set[Reason]] = {}
    for contact in contacts:
        given.setdefault(contact.ref, contact)
        if reasons := set(clue(person, contact)):
            contacts_by_ref.setdefault(contact.ref, contact)
            reasons_by_ref.setdefault(contact.ref, set()).update(reasons)
    for lead in [c for c in contacts_by_ref.values() if c.ref.source == Ref.LEAD]:
        client = given.get(Ref(Ref.CLIENT, lead.client_id))
        if client:
            contacts_by_ref.setdefault(client.ref, client)
            reasons_by_ref.setdefault(client.ref, set()).update(reasons_by_ref.pop(lead.ref))
            del contacts_by_ref[lead.ref]
    found = (
        Match(contact, _best_first(reasons_by_ref[ref])) for ref, contact in contacts_by_ref.items()
    )
    return tuple(sorted(found, key=_rank))


def _is_guess(found: Match) -> bool:
    return all(reason.detail == "guessed" for reason in found.reasons)


def _best_first(reasons: set[Reason]) -> tuple[Reason, ...]:
    """One reason for each clue, the surest."""
    best: dict[str, Reason] = {}
    for reason in sorted(reasons, key=ORDER.index):
        best.setdefault(reason.clue, reason)
    return tuple(best.values())


def _rank(found: Match) -> list[int]:
    """Better reasons first, then more of them."""
    return [*map(ORDER.index, found.reasons), len(ORDER)]


def _by_proof(person: Person, contact: Contact) -> Iterator[Reason]:
    yield from _by_document(person, contact)
    yield from _by_phone(person, contact)
    yield from _by_email(person, contact)


def _by_suspicion(city_id: str, person: Person, contact: Contact) -> Iterator[Reason]:
    proofs = list(_by_proof(person, contact))
    if any(reason.clue == "document" for reason in proofs):  # what else may differ does not matter
        yield from proofs
        return
    doubt = _doubt(person, contact)
    yield from (
        Reason(r.clue, _ASK, doubt) if doubt and r.certainty is not _ASK else r for r in proofs
    )
    yield from _by_branch(person, contact)
    if doubt != "other_document":
        yield from _by_name(city_id, person, contact)


def _doubt(person: Person, contact: Contact) -> str:
    """What speaks against the two being one, "" for nothing."""
    stored = documents.told(contact.document)
    told = [
        d for d in map(documents.told, person.documents) if d and stored and d.kind is stored.kind
    ]
    if told:  # a person has one CPF; a firm may well be asked for by its owner's
        return "other_document"
    return "other_name" if names.differ(person.name, contact.name) else ""


def _by_document(person: Person, contact: Contact) -> Iterator[Reason]:
    stored = documents.told(contact.document)
    for told in person.documents:
        if stored and stored == documents.told(told):
            is_guess = told in person.guessed
            yield (
                Reason("document", _ASK, "guessed")
                if is_guess
                else Reason("document", _EXACT, stored.kind.value)
            )


def _by_branch(person: Person, contact: Contact) -> Iterator[Reason]:
    stored = documents.told(contact.document)
    if (
        stored
        and stored.root
        and stored.root in {d.root for d in map(documents.told, person.documents) if d}
    ):
        yield Reason("document", _ASK, "branch")


def _by_phone(person: Person, contact: Contact) -> Iterator[Reason]:
    for told in person.phones:
        for phone, stored in product(cells.whole_phones([told]), _stored_phones(contact)):
            if certainty := phones.meet(phone, stored):
                is_guess = told in person.guessed
                yield (
                    Reason("phone", _ASK, "guessed")
                    if is_guess
                    else _phone_reason(certainty, phone, stored)
                )


def _stored_phones(contact: Contact) -> list[Phone]:
    return [phone for field in contact.phones for phone in cells.phones_in(field)]


def _phone_reason(certainty: Certainty, known: Phone, stored: Phone) -> Reason:
    if known.kind is PhoneKind.SERVICE:  # many people share 0800, 190 and the like
        return Reason("phone", _ASK, "service")
    if stored.kind is PhoneKind.LOCAL:
        return Reason("phone", _ASK, "no_area")
    if certainty is _VARIANT:
        return Reason(
            "phone", _VARIANT, "nine_missing" if phones.lacks_nine(stored) else "nine_added"
        )
    return Reason("phone", certainty, "seven" if certainty is _ASK else "")


def _by_email(person: Person, contact: Contact) -> Iterator[Reason]:
    if cells.addresses(person.emails) & cells.addresses(contact.emails):
        yield Reason("email", _EXACT)


def _by_name(city_id: str, person: Person, contact: Contact) -> Iterator[Reason]:
    likeness = names.similarity(person.name, contact.name)
    in_city = bool(city_id) and city_id == contact.city_id
    if likeness >= (ALIKE_IN_CITY if in_city else ALIKE):
        said = ("same" if likeness == 1 else "", "in_city" if in_city else "")
        yield Reason("name", _ASK, "_".join(filter(None, said)))
