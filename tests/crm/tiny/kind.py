"""The second kind of CRM: cards.

It has people with a memo, and neither negotiations nor tables of its own for notes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from widget.brazil import cells, documents
from widget.crm import listings, patience, signature
from widget.crm.exchanges import Exchange, noting
from widget.crm.exchanges import Note as Noted
from widget.crm.http import HTTP
from widget.crm.index import Index
from widget.crm.port import Need, NewContact, NewNote, Place
from widget.crm.probe import Answer, Line
from widget.crm.probe import Place as At
from widget.crm.wire import Accepting, Filter, Plain, Query, Row, Rows, Transport, Verb, Write
from widget.domain import errors
from widget.domain.integrations import Integration
from widget.domain.model import (
    Choice,
    Contact,
    Event,
    Fetched,
    Freshness,
    Kind,
    Negotiation,
    Note,
    Origin,
    Ref,
    Written,
    nothing,
)
from widget.store.people.people import Clue, Found, Mirrored

# Our words are those that rings and journal see; only the transport knows the cards' own.
COLUMNS = {
    "id": "id",
    "name": "full_name",
    "document": "tax_id",
    "mobile": "cell",
    "email": "mail",
    "remarks": "memo",
    "form_key": "ref",
    "created": "made",
    "changed": "changed",
}
WORDS = {column: word for word, column in COLUMNS.items()}
OPERATORS = {
    "=": "is",
    "contains": "has",
    ">": "above",
}
LABELS = {"full_name": "name", "tax_id": "document"}


class Calls:
    """One call for each query and each write."""

    def __init__(
        self, integration: Integration, clock: Callable[[], float], note: Noted = lambda _: None
    ) -> None:
        self._http = HTTP(integration, {"X-Key": integration.token})
        self._integration, self._clock, self._note = integration, clock, note

    def read(self, query: Query) -> Fetched[Rows]:
        asked = {
            "where": [[COLUMNS[f.column], OPERATORS[f.operator], f.value] for f in query.filters],
            "by": COLUMNS[query.sort],
            "down": query.descending,
            "from": query.size * (query.page - 1),
            "most": query.size,
        }
        try:
            answer = self._call("POST", "/find", asked, patience.left(self._integration.wait))
        except errors.OutcomeUnknown as error:
            raise errors.Unreachable(str(error)) from error
        rows = tuple({WORDS[c]: str(v) for c, v in card.items()} for card in answer["cards"])
        return Fetched(Rows(rows, len(rows)), self._clock())

    def write(self, write: Write) -> Written:
        card = {COLUMNS[word]: value for word, value in write.record.items()}
        method = "PATCH" if write.id else "POST"
        path = f"/cards/{write.id}" if write.id else "/cards"
        answer = self._call(method, path, card, self._integration.wait)
        return Written(str(answer["id"]))

    def _call(self, method: str, path: str, body: object, wait: float) -> dict[str, Any]:
        exchange = Exchange(self._integration.id, "lead", method)
        with noting(self._note, exchange, self._clock):
            url = f"{self._integration.url}{path}"
            reply = self._http.call(method, url, json.dumps(body), wait)
            exchange.came(reply.status, lambda: f"{len(reply.text)} characters")
            content: dict[str, Any] = json.loads(reply.text)
            if reply.status == 422:
                error = errors.Rejected([content["error"]])
                error.answered = True
                raise error
            if reply.status == 401:
                raise errors.CredentialsRefused("the key")
            return content


def contact(row: Row) -> Contact:
    return Contact(
        Ref(Ref.LEAD, row["id"]),
        Kind.LEAD,
        row.get("name", ""),
        row.get("document", ""),
        phones=tuple(filter(None, [row.get("mobile", "")])),
        emails=cells.emails_in(row.get("email", "")),
        remarks=row.get("remarks", ""),
        updated_at=row.get("changed", ""),
    )


@dataclass
class People:
    transport: Accepting
    now: Callable[[], datetime]

    def _found(self, freshness: Freshness, *filters: Filter) -> Fetched[tuple[Contact, ...]]:
        query = Query("lead", filters, freshness=freshness)
        answer = listings.whole(self.transport.read, query)
        found = tuple(contact(row) for row in answer.value.rows)
        return Fetched(found, answer.at, answer.stale, answer.trouble)

    def by_phone(self, tail: str, freshness: Freshness) -> Fetched[tuple[Contact, ...]]:
        return self._found(freshness, Filter("mobile", "contains", tail))

    def by_document(
        self, forms: Iterable[str], freshness: Freshness
    ) -> Fetched[tuple[Contact, ...]]:
        found = [self._found(freshness, Filter("document", "=", form)) for form in forms]
        people = tuple(one for answer in found for one in answer.value)
        return Fetched(people, min(answer.at for answer in found))

    def by_email(self, email: str, freshness: Freshness) -> Fetched[tuple[Contact, ...]]:
        return self._found(freshness, Filter("email", "contains", email))

    def by_name(
        self, words: Iterable[str], freshness: Freshness, page: int = 0
    ) -> Fetched[tuple[Contact, ...]]:
        return self._found(freshness, *(Filter("name", "contains", word) for word in words))

    def one(self, ref: Ref, freshness: Freshness) -> Fetched[Contact | None]:
        answer = self.transport.read(_numbered(ref, freshness))
        found = contact(answer.value.rows[0]) if answer.value.rows else None
        return Fetched(found, answer.at, answer.stale, answer.trouble)

    def fields(self, ref: Ref) -> Mapping[str, str]:
        rows = self.transport.read(_numbered(ref, Freshness.NOW)).value.rows
        if not rows:
            raise errors.NotFound(str(ref))
        return rows[0]

    def main_phone(self, ref: Ref) -> str:
        return "mobile"

    def places(self, ref: Ref | None) -> Mapping[str, Place]:
        return {word: Place("lead", word) for word in COLUMNS}

    def create(
        self,
        new: NewContact,
        key: str,
        origin: Origin,
        *,
        unchecked: bool = False,
        also: Callable[[], None] = nothing,
    ) -> Written:
        record = {
            "name": new.name,
            "document": new.document,
            "mobile": new.phone,
            "email": new.email,
            "form_key": key,
        }
        marker = Query("lead", (Filter("form_key", "=", key),), size=5)
        words = {name: value for name, value in record.items() if name != "form_key"}
        write = Write("lead", record, key, origin, markers=(marker,), words=words, read_back=True)
        return self.transport.save(write, also=also)

    def update(
        self,
        ref: Ref,
        changes: Mapping[str, str],
        before: Mapping[str, str],
        key: str,
        origin: Origin,
    ) -> Written:
        named = {"mobile" if name == "phone" else name: value for name, value in changes.items()}
        shown = {"mobile" if name == "phone" else name: value for name, value in before.items()}
        expected = {name: (shown[name], value) for name, value in named.items()}
        return self.transport.save(
            Write(
                "lead",
                named,
                key,
                origin,
                id=ref.id,
                verb=Verb.CHANGE,
                expected=expected,
                words=named,
            )
        )


class NoNegotiations:
    def of(self, contact: Contact, freshness: Freshness) -> Fetched[tuple[Negotiation, ...]]:
        return Fetched((), time.time())

    def count_open(self, contacts: Iterable[Contact], freshness: Freshness) -> dict[Ref, int]:
        return {}

    def one(self, number: str, freshness: Freshness) -> Negotiation:
        raise errors.NotFound(number)

    def places(self) -> Mapping[str, Place]:
        return {}

    def create(self, *_: object, **__: object) -> Written:
        raise errors.ResourceUnavailable("negotiation")

    def interact(self, *_: object, **__: object) -> Written:
        raise errors.ResourceUnavailable("negotiation")


@dataclass
class Notes:
    transport: Accepting
    now: Callable[[], datetime]
    longest: int = 2000

    def of(
        self,
        contact: Contact,
        negotiations: Iterable[Negotiation],
        owners: list[Choice],
        freshness: Freshness,
    ) -> Fetched[tuple[Note, ...]]:
        answer = self.transport.read(_numbered(contact.ref, freshness))
        found = [
            Note(s.text, s.author, s.at, reference=s.reference, corrects=s.corrects)
            for row in answer.value.rows
            for s in signature.blocks(row["remarks"])[0]
        ]
        return Fetched(tuple(found[::-1]), answer.at, answer.stale, answer.trouble)

    def history(
        self,
        contact: Contact,
        negotiations: Iterable[Negotiation],
        owners: list[Choice],
        freshness: Freshness,
    ) -> Fetched[tuple[Event, ...]]:
        return Fetched((), time.time())

    def add(
        self,
        contact: Contact,
        negotiation_id: str,
        new: NewNote,
        key: str,
        origin: Origin,
        *,
        also: Callable[[], None] = nothing,
    ) -> Written:
        is_new = contact.ref.source == Ref.NEW
        number = f"@{contact.ref.id}" if is_new else contact.ref.id
        at = self.now().strftime("%d/%m/%Y %H:%M")
        block = signature.block(new.text, origin.attendant.name, key, at, new.corrects)
        mark = Filter("remarks", "contains", f"ref {signature.reference_of(key)}")
        marker = Query("lead", (Filter("id", "=", number), mark), size=1)
        return self.transport.save(
            Write(
                "lead",
                {},
                key,
                origin,
                id=number,
                verb=Verb.CHANGE,
                append={"remarks": block},
                markers=(marker,),
                words=new.words,
                needs=(contact.ref.id,) if is_new else (),
            ),
            also=also,
        )

    def place(self, contact: Contact, negotiation_id: str, author: str, corrects: str) -> Place:
        return Place("lead", "remarks")

    def is_remark(self, contact: Contact, negotiation_id: str) -> bool:
        return True

    def under(self, numbers: Collection[str]) -> dict[str, Note] | None:
        return None

    def remarks_of(self, subject: str, number: str) -> str | None:
        rows = self.transport.read(_numbered(Ref(subject, number), Freshness.RECENT)).value.rows
        return rows[0]["remarks"] if rows else None


class Lookups:
    """One owner, and nothing else to choose from."""

    def __getattr__(self, name: str) -> Callable[..., list[Choice]]:
        if name not in {"funnels", "stages", "plans", "channels", "loss_reasons", "cities"}:
            raise AttributeError(name)
        return lambda *_: []

    def owners(self) -> list[Choice]:
        return [Choice("1", "Everybody")]

    def branches(self) -> list[Choice]:
        return [Choice("1", "Home")]

    def branch_of(self, owner_id: str) -> str:
        return "1"

    def city(self, number: str) -> Choice | None:
        return None

    def city_names(self, *_: object) -> dict[str, str]:
        return {}

    def owner_by_email(self, email: str) -> str:
        return "1"

    def age(self, *names: str) -> Fetched[None]:
        return Fetched(None, time.time())

    def is_released(self, name: str) -> bool:
        return False

    def prepare(self) -> None:
        pass


class NoAgenda:
    def ahead(self, contact: Contact, freshness: Freshness) -> None:
        pass

    def next(self, contact: Contact, freshness: Freshness) -> Event | None:
        return None


class Questions:
    keeps_qualification = False
    labels = dict.fromkeys(
        (
            "contact.create",
            "contact.update",
            "negotiation.create",
            "negotiation.update",
            "note.add",
        ),
        LABELS,
    )

    def __init__(self, transport: Accepting, now: Callable[[], datetime], index: Index) -> None:
        self.people = People(transport, now)
        self.notes = Notes(transport, now)
        self.index = index
        self.negotiations, self.lookups, self.agenda = NoNegotiations(), Lookups(), NoAgenda()


class Mirroring:
    resources: Mapping[str, str] = MappingProxyType({"lead": "lead"})
    changed = "changed"

    def mirrored(self, source: str, row: Row) -> Mirrored:
        kept = {name: value for name, value in row.items() if value and name != "remarks"}
        clues = {(Clue.PHONE, key) for key in cells.phone_keys(row.get("mobile", ""))}
        if number := documents.key(row.get("document", "")):
            clues.add((Clue.DOCUMENT, number))
        return Mirrored(
            source=source,
            number=row["id"],
            row=kept,
            name=row.get("name", ""),
            clues=frozenset(clues),
            updated=row.get("changed", ""),
        )

    def contact(self, found: Found) -> Contact:
        return contact(found.row)


class Personal:
    contacts: Mapping[str, str] = MappingProxyType({"lead": "lead"})
    owned: tuple[str, ...] = ()
    negotiations = "negotiation"
    lookups: tuple[str, ...] = ()
    client_columns = ("client",)

    def contact(self, source: str, row: Row) -> Contact:
        return contact(row)

    def belongs(self, row: Row, refs: Iterable[Ref]) -> bool:
        return False

    def negotiation_of(self, row: Row) -> str:
        return ""


class Examined:
    needs = (Need("lead", ("name",)),)

    def shape_of_token(self, token: str) -> str:
        return "token-ok" if token else "token-empty"

    def sample(self, line: Line, resource: str, token: str = "") -> Answer:
        return line.ask("/find", json.dumps({"where": [], "most": 1}), {"X-Key": token})

    voices = ("listing", "token-refused")

    def judged(self, answer: Answer, place: At) -> tuple[str, dict[str, object]]:
        slug = {200: "listing", 401: "token-refused"}.get(answer.status, "other-site")
        return slug, {"status": answer.status}

    def rows(self, answer: Answer) -> Sequence[Mapping[str, object]]:
        found: list[Mapping[str, object]] = json.loads(answer.text)["cards"]
        return found

    def employee(self, line: Line, email: str, token: str) -> Answer:
        return self.sample(line, "lead", token)

    def names_employee(self, rows: Sequence[Mapping[str, object]]) -> bool:
        return True


class Tiny:
    """What the registry would name."""

    name = "tiny"
    tables: Mapping[str, str] = {}
    seldom: tuple[str, ...] = ()
    knock = Query("lead", size=1, freshness=Freshness.NOW)
    mirroring = Mirroring()
    personal = Personal()
    examined = Examined()

    def address(self, url: str) -> str:
        return url

    def transport(
        self, integration: Integration, clock: Callable[[], float], note: Noted
    ) -> Transport:
        return Calls(integration, clock, note)

    def dialect(
        self, inner: Transport, now: Callable[[], datetime], qualification_field: str
    ) -> Plain:
        return Plain()

    def crm(
        self,
        transport: Accepting,
        now: Callable[[], datetime],
        index: Index,
        *,
        calls: int,
        qualification_field: str,
    ) -> Questions:
        return Questions(transport, now, index)


def _numbered(ref: Ref, freshness: Freshness) -> Query:
    return Query("lead", (Filter("id", "=", ref.id),), size=1, freshness=freshness)
