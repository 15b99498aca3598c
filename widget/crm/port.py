"""The port to a CRM: questions and deeds in our words, and what a kind of CRM supplies.

Everything outside a kind's own package speaks these words. A field of a contact, a negotiation or a
note has one name of ours (``name``, ``mobile``, ``stage`` ...); the kind alone knows the table and
the column behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from widget.crm.exchanges import Note as Noted
from widget.crm.index import Index
from widget.crm.probe import Answer, Line
from widget.crm.probe import Place as At
from widget.crm.wire import Accepting, Dialect, Query, Row, Transport
from widget.domain.integrations import Integration
from widget.domain.model import (
    Choice,
    Contact,
    Event,
    Fetched,
    Freshness,
    Negotiation,
    Note,
    Origin,
    Plan,
    Ref,
    Stage,
    Status,
    Written,
    nothing,
)
from widget.store.people.people import Found, Mirrored

Contacts = Fetched[tuple[Contact, ...]]
Notebook = Fetched[tuple[Note, ...]]
Also = Callable[[], None]


@dataclass(frozen=True)
class Place:
    """Where a text stands in the CRM.

    ``resource`` and ``column`` are the kind's own names: nobody else reads them. ``most_bytes`` is
    the size of the column, 0 where it is not known. ``around`` is what stands there beside the
    text, such as a signature.
    """

    resource: str
    column: str
    most_bytes: int = 0
    around: str = ""


@dataclass(frozen=True)
class NewContact:
    """What is known of a person who is not in the CRM yet; every value as it shall be stored."""

    name: str
    phone: str = ""
    is_mobile: bool = True
    on_whatsapp: bool = False
    email: str = ""
    document: str = ""
    is_firm: bool = False
    owner_id: str = ""
    branch_id: str = ""
    channel_id: str = ""
    city_id: str = ""


@dataclass(frozen=True)
class NewNegotiation:
    """What a new negotiation holds: a title, numbers of the CRM, and a decimal value."""

    title: str
    funnel_id: str
    stage_id: str
    owner_id: str
    plan_id: str = ""
    city_id: str = ""
    monthly: str = ""


@dataclass(frozen=True)
class Interaction:
    """What is done to a negotiation.

    ``changes`` are fields that are set, ``expected`` what fields may hold before, ``remark`` is a
    text for the remarks, ``close`` tells how it ends.
    """

    changes: Mapping[str, str]
    expected: Mapping[str, Sequence[str]]
    remark: str = ""
    close: Status | None = None


@dataclass(frozen=True)
class NewNote:
    """A note to be written; ``corrects`` is the reference or number of the note it sets right."""

    text: str
    owner_id: str
    corrects: str = ""

    @property
    def words(self) -> dict[str, str]:
        """What a person said in it."""
        return {
            "text": self.text,
            "corrects": self.corrects,
        }


class People(Protocol):
    """Contacts: found by each criterion, read, created, updated."""

    def by_phone(self, tail: str, freshness: Freshness) -> Contacts:
        """The people with a phone that ends in these four digits."""
        ...

    def by_document(self, forms: Iterable[str], freshness: Freshness) -> Contacts:
        """The people with the document in one of the forms in which it may be stored."""
        ...

    def by_email(self, email: str, freshness: Freshness) -> Contacts:
        """The people whose e-mail field holds this address."""
        ...

    def by_name(self, words: Iterable[str], freshness: Freshness, page: int = 0) -> Contacts:
        """A page of the people whose name holds every word, by name; all of them without a page."""
        ...

    def one(self, ref: Ref, freshness: Freshness) -> Fetched[Contact | None]:
        """The contact, or None when the CRM has it no longer."""
        ...

    def fields(self, ref: Ref) -> Mapping[str, str]:
        """The contact's fields as they are stored right now; raises NotFound.

        Each phone has its own name.
        """
        ...

    def main_phone(self, ref: Ref) -> str:
        """The field that holds the phone to call first, as the contact was read last."""
        ...

    def places(self, ref: Ref | None) -> Mapping[str, Place]:
        """Where the texts of a contact stand, by field; None means one that is to be created."""
        ...

    def create(
        self,
        new: NewContact,
        key: str,
        origin: Origin,
        *,
        unchecked: bool = False,
        also: Also = nothing,
    ) -> Written:
        """Creates a contact; ``also`` is accepted with it.

        ``unchecked``: duplicates could not be looked for yet, so that is done before it is sent.
        """
        ...

    def update(
        self,
        ref: Ref,
        changes: Mapping[str, str],
        before: Mapping[str, str],
        key: str,
        origin: Origin,
    ) -> Written:
        """Sets these fields, if the CRM still holds ``before``; raises Conflict by field.

        ``phone`` names the main phone.
        """
        ...


class Negotiations(Protocol):
    """Negotiations: listed, opened, moved, won, lost."""

    def of(self, contact: Contact, freshness: Freshness) -> Fetched[tuple[Negotiation, ...]]:
        """The contact's negotiations, open ones first, newest first."""
        ...

    def count_open(self, contacts: Iterable[Contact], freshness: Freshness) -> dict[Ref, int]:
        """The number of open negotiations of each contact."""
        ...

    def one(self, number: str, freshness: Freshness) -> Negotiation:
        """The negotiation; raises NotFound."""
        ...

    def places(self) -> Mapping[str, Place]:
        """Where the texts of a negotiation stand, by field."""
        ...

    def create(
        self,
        contact: Contact,
        new: NewNegotiation,
        key: str,
        origin: Origin,
        *,
        also: Also = nothing,
    ) -> Written:
        """Opens a negotiation; ``also`` is accepted with it."""
        ...

    def interact(
        self, number: str, step: Interaction, key: str, origin: Origin, *, also: Also = nothing
    ) -> Written:
        """Moves a negotiation, and wins or loses it after that; raises Conflict by field."""
        ...


class Notes(Protocol):
    """Notes and history. Notes are added and read, never changed."""

    @property
    def longest(self) -> int:
        """The most characters of one note."""
        ...

    def of(
        self,
        contact: Contact,
        negotiations: Iterable[Negotiation],
        owners: list[Choice],
        freshness: Freshness,
    ) -> Notebook:
        """All notes of a contact and its negotiations, newest first."""
        ...

    def history(
        self,
        contact: Contact,
        negotiations: Iterable[Negotiation],
        owners: list[Choice],
        freshness: Freshness,
    ) -> Fetched[tuple[Event, ...]]:
        """What the CRM itself wrote down, newest first."""
        ...

    def add(
        self,
        contact: Contact,
        negotiation_id: str,
        new: NewNote,
        key: str,
        origin: Origin,
        *,
        also: Also = nothing,
    ) -> Written:
        """Keeps a note; ``also`` is accepted with it.

        ``negotiation_id`` may name one that is still to be made, as a Ref does.
        """
        ...

    def place(self, contact: Contact, negotiation_id: str, author: str, corrects: str) -> Place:
        """Where a note would stand, with what stands around it there."""
        ...

    def is_remark(self, contact: Contact, negotiation_id: str) -> bool:
        """Whether a note goes into the remarks of a record, for want of a place of its own."""
        ...

    def under(self, numbers: Collection[str]) -> dict[str, Note] | None:
        """The notes under these numbers; None when the answer proves nothing."""
        ...

    def remarks_of(self, subject: str, number: str) -> str | None:
        """The remarks of a record as they are now; None when they cannot be told."""
        ...


class Lookups(Protocol):
    """Small tables that fill the selects; one that the base does not release is empty."""

    def funnels(self) -> list[Choice]:
        """The funnels that hold negotiations."""
        ...

    def stages(self, funnel_id: str = "") -> list[Stage]:
        """The steps of a funnel, or of all, first to last."""
        ...

    def plans(self) -> list[Plan]:
        """The plans that are offered."""
        ...

    def owners(self) -> list[Choice]:
        """The employees who may own something, by name."""
        ...

    def branch_of(self, owner_id: str) -> str:
        """The branch where an employee works, "" when it is not told."""
        ...

    def branches(self) -> list[Choice]:
        """The active branches."""
        ...

    def channels(self) -> list[Choice]:
        """Where contacts come from."""
        ...

    def loss_reasons(self) -> list[Choice]:
        """Why negotiations are lost."""
        ...

    def cities(self, text: str) -> list[Choice]:
        """The cities whose name holds the text, a few of them."""
        ...

    def city(self, number: str) -> Choice | None:
        """One city with its state."""
        ...

    def city_names(
        self, numbers: Iterable[str], freshness: Freshness = Freshness.RECENT
    ) -> dict[str, str]:
        """The names of several cities."""
        ...

    def owner_by_email(self, email: str) -> str:
        """The employee behind an attendant's e-mail, "" for none."""
        ...

    def age(self, *names: str) -> Fetched[None]:
        """The age of these tables: ``funnels``, ``stages``, ``plans``, ``loss_reasons``."""
        ...

    def is_released(self, name: str) -> bool:
        """Whether the CRM lets us read the table at all."""
        ...

    def prepare(self) -> None:
        """Reads every table that fills a select, for the first attendant of the day."""
        ...


class Agenda(Protocol):
    """Appointments."""

    def ahead(self, contact: Contact, freshness: Freshness) -> None:
        """Begins to read what ``next`` will ask."""
        ...

    def next(self, contact: Contact, freshness: Freshness) -> Event | None:
        """The earliest appointment that is still open."""
        ...


class CRM(Protocol):
    """The questions and deeds of one integration's CRM."""

    @property
    def people(self) -> People:
        """Contacts."""
        ...

    @property
    def index(self) -> Index:
        """The people index."""
        ...

    @property
    def negotiations(self) -> Negotiations:
        """Negotiations."""
        ...

    @property
    def notes(self) -> Notes:
        """Notes and history."""
        ...

    @property
    def lookups(self) -> Lookups:
        """Lookup tables."""
        ...

    @property
    def agenda(self) -> Agenda:
        """Appointments."""
        ...

    @property
    def keeps_qualification(self) -> bool:
        """Whether the CRM has a place for the qualification of a negotiation."""
        ...

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """For each action the words by which the CRM may name a field, and that field."""
        ...


@dataclass(frozen=True)
class Need:
    """One resource of a kind.

    Without ``columns`` the panel cannot do; without ``useful`` ones it finds another way.

    ``is_spared``: without the whole resource the panel finds another way. ``has_rows``: an empty
    one leaves a select empty, so somebody must hear of it.
    """

    resource: str
    columns: tuple[str, ...] = ()
    useful: tuple[str, ...] = ()
    is_spared: bool = False
    has_rows: bool = False


class Examined(Protocol):
    """What the diagnosis asks of a kind, call by call and past all rings."""

    @property
    def needs(self) -> tuple[Need, ...]:
        """What the panel relies on, the first being asked to see whether anybody answers."""
        ...

    def shape_of_token(self, token: str) -> str:
        """What the token looks like, by its name in the diagnosis's catalogue."""
        ...

    def sample(self, line: Line, resource: str, token: str = "") -> Answer:
        """One row of a resource, asked for as the transport asks."""
        ...

    @property
    def voices(self) -> Collection[str]:
        """The names of answers that only the CRM gives, or something in front of it."""
        ...

    def judged(self, answer: Answer, place: At) -> tuple[str, dict[str, object]]:
        """The answer's name in the diagnosis's catalogue, and what is said with it."""
        ...

    def rows(self, answer: Answer) -> Sequence[Mapping[str, object]]:
        """The rows of an answer; raises ValueError where it is none."""
        ...

    def employee(self, line: Line, email: str, token: str) -> Answer:
        """Asks for the employee behind an e-mail."""
        ...

    def names_employee(self, rows: Sequence[Mapping[str, object]]) -> bool:
        """Whether one of the rows that ``employee`` brought names an employee."""
        ...


class Mirroring(Protocol):
    """What the people index mirrors of a kind."""

    @property
    def resources(self) -> Mapping[str, str]:
        """The resource of each source of contacts."""
        ...

    @property
    def changed(self) -> str:
        """The column with a row's time of last change."""
        ...

    def mirrored(self, source: str, row: Row) -> Mirrored:
        """A row as the index keeps it."""
        ...

    def contact(self, found: Found) -> Contact:
        """The contact that the index gives back."""
        ...


class Personal(Protocol):
    """Whose the rows are that the cache and the index keep of a kind (LGPD)."""

    @property
    def contacts(self) -> Mapping[str, str]:
        """The resource of each source of contacts."""
        ...

    @property
    def owned(self) -> tuple[str, ...]:
        """The resources whose rows belong to a person."""
        ...

    @property
    def negotiations(self) -> str:
        """The resource of negotiations."""
        ...

    @property
    def lookups(self) -> tuple[str, ...]:
        """The resources that belong to no person."""
        ...

    @property
    def client_columns(self) -> tuple[str, ...]:
        """The columns of a mirrored lead that name its client."""
        ...

    def contact(self, source: str, row: Row) -> Contact:
        """A row of a contact's resource."""
        ...

    def belongs(self, row: Row, refs: Iterable[Ref]) -> bool:
        """Whether a row of an owned resource is one of these contacts'."""
        ...

    def negotiation_of(self, row: Row) -> str:
        """The number of the negotiation that a row of an owned resource is about, "" for none."""
        ...


class Kind(Protocol):
    """One kind of CRM: its package supplies this, and the registry names it."""

    @property
    def name(self) -> str:
        """What an integration calls its kind."""
        ...

    @property
    def tables(self) -> Mapping[str, str]:
        """The table that a resource writes, if not its own."""
        ...

    @property
    def seldom(self) -> tuple[str, ...]:
        """The resources that change seldom, which the cache keeps longer."""
        ...

    @property
    def knock(self) -> Query:
        """The question that costs least: whether the CRM is back."""
        ...

    @property
    def mirroring(self) -> Mirroring:
        """For the people index."""
        ...

    @property
    def personal(self) -> Personal:
        """For export and erasure."""
        ...

    @property
    def examined(self) -> Examined:
        """For the diagnosis."""
        ...

    def address(self, url: str) -> str:
        """The address that is called, for whatever was pasted."""
        ...

    def transport(
        self, integration: Integration, clock: Callable[[], float], note: Noted
    ) -> Transport:
        """The innermost transport."""
        ...

    def dialect(
        self, inner: Transport, now: Callable[[], datetime], qualification_field: str
    ) -> Dialect:
        """How writes are said; reads through ``inner`` where it must know more."""
        ...

    def crm(
        self,
        transport: Accepting,
        now: Callable[[], datetime],
        index: Index,
        *,
        calls: int,
        qualification_field: str,
    ) -> CRM:
        """The questions and deeds over the outermost ring; ``calls`` may be under way at once."""
        ...
