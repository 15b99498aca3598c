"""The words of the trade as frozen values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)
KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def nothing() -> None:
    """What a form keeps in our own file beside its writes, mostly."""


class Kind(StrEnum):
    """What a contact is to the provider."""

    LEAD = "lead"
    PROSPECT = "prospect"
    CUSTOMER = "customer"


class Status(StrEnum):
    """The state of a negotiation.

    The letters stand in forms and in the journal; a kind of CRM has its own for them.
    """

    OPEN = "N"
    WON = "V"
    LOST = "D"


class State(StrEnum):
    """The state of a write, in the same words everywhere."""

    KEPT = "kept"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Freshness(StrEnum):
    """How old an answer may be: whatever is known, up to the configured age, or read right now.

    KNOWN never asks the CRM: what nobody has read yet is an empty answer of time 0.
    """

    KNOWN = "known"
    ANY = "any"
    RECENT = "recent"
    NOW = "now"


class Certainty(StrEnum):
    """How far a clue proves that two records mean one person."""

    EXACT = "exact"
    VARIANT = "variant"
    ASK = "ask"


@dataclass(frozen=True)
class Ref:
    """Where a contact lives in the CRM: a lead or a client.

    A client is a prospect or a customer. A new contact lives in the journal, under the key of its
    entry, until the CRM has given it a number: then it is a lead.
    """

    source: str
    id: str

    LEAD: ClassVar[str] = "lead"
    CLIENT: ClassVar[str] = "client"
    NEW: ClassVar[str] = "new"

    def __str__(self) -> str:
        return f"{self.source}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref | None:
        """Read what ``str()`` wrote; None for anything else."""
        source, _, number = text.partition("-")
        if source == cls.NEW:
            return cls(source, number) if KEY.fullmatch(number) else None
        if source not in {cls.LEAD, cls.CLIENT} or not (number.isascii() and number.isdigit()):
            return None
        return cls(source, number)


class Proof(StrEnum):
    """What a console proved, rather than claimed."""

    PERSON = "person"
    CONVERSATION = "conversation"
    ATTENDANT = "attendant"


@dataclass(frozen=True)
class Attendant:
    """Who works in the console.

    ``proven`` by a signature of the console or a pairing, else its bare word.
    """

    id: str
    name: str
    email: str = ""
    proven: bool = False


@dataclass(frozen=True)
class Person:
    """The person in the conversation, as the console tells it.

    All of it is hints. The ``guessed`` ones prove nothing.
    """

    id: str = ""
    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """The thread open in the console, and who is in it. ``proven``: what of it is no mere claim."""

    host: str
    account: str
    id: str
    person: Person
    attendant: Attendant
    channel: str = ""
    integration: str = "main"  # what is kept of a conversation is met under this CRM only
    proven: tuple[Proof, ...] = ()

    @property
    def place(self) -> str:
        """Names the console's account and the CRM behind it."""
        place = "" if self.integration == "main" else f"{self.integration}/"
        return f"{place}{self.host}:{self.account}"

    @property
    def key(self) -> str:
        """Names the conversation among all consoles."""
        return f"{self.place}:{self.id}"

    @property
    def person_key(self) -> str:
        """Names the person among all consoles.

        The conversation when the console gives the person no number.
        """
        return f"{self.place}:p{self.person.id}" if self.person.id else f"{self.place}:c{self.id}"


@dataclass(frozen=True)
class Contact:
    """A lead, prospect or customer of the CRM.

    Phones, document and e-mails are as stored there, never rewritten.
    """

    ref: Ref
    kind: Kind
    name: str
    document: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    owner_id: str = ""
    branch_id: str = ""
    city_id: str = ""
    channel_id: str = ""
    client_id: str = ""
    remarks: str = ""
    created_at: str = ""
    updated_at: str = ""
    met_at: str = ""  # when somebody was last in touch, as far as the CRM says


@dataclass(frozen=True)
class Reason:
    """Why a contact is offered: the clue and its certainty.

    The clue is ``phone``, ``document``, ``email``, ``name`` or ``link``.
    """

    clue: str
    certainty: Certainty
    detail: str = ""  # what more there is to say; ``filters.REASONS`` has the words for each


@dataclass(frozen=True)
class Match:
    """A contact offered for a person, with its reasons, best first."""

    contact: Contact
    reasons: tuple[Reason, ...]

    @property
    def is_sure(self) -> bool:
        """Whether no question needs to be asked, were it the only match."""
        return any(r.certainty is not Certainty.ASK for r in self.reasons)


@dataclass(frozen=True)
class Link:
    """Says that the person of this conversation is that contact, or is not (``denied``).

    It holds who said so and since when (epoch seconds).
    """

    ref: Ref
    by: str
    at: float
    denied: bool = False


@dataclass(frozen=True)
class Choice:
    """One row of a lookup table: what a select offers. ``detail`` tells rows of one name apart."""

    id: str
    name: str
    detail: str = ""


@dataclass(frozen=True)
class Stage(Choice):
    """A step of a funnel."""

    funnel_id: str = ""
    order: int = 0


@dataclass(frozen=True)
class Plan(Choice):
    """What is offered; it presets funnel, stage and monthly value."""

    funnel_id: str = ""
    stage_id: str = ""
    monthly: str = ""


@dataclass(frozen=True)
class Negotiation:
    """A deal with funnel, stage and status. Dates are ISO or empty."""

    id: str
    title: str
    status: Status
    client_id: str = ""
    lead_id: str = ""
    plan_id: str = ""
    funnel_id: str = ""
    stage_id: str = ""
    owner_id: str = ""
    branch_id: str = ""
    city_id: str = ""
    monthly: str = ""
    started: str = ""
    due: str = ""
    closed: str = ""
    loss_reason_id: str = ""
    qualification: str = ""
    remarks: str = ""
    updated_at: str = ""


@dataclass(frozen=True)
class Note:
    """An annotation that never changes.

    ``author`` is the true attendant; ``corrects`` names the note it sets right.

    ``original`` is author and text as sealed, where the CRM shows something else: ``is_cut`` if it
    kept just the start.
    """

    text: str
    author: str
    at: str
    id: str = ""
    reference: str = ""
    corrects: str = ""
    negotiation_id: str = ""
    state: State = State.DONE
    original: str = ""
    is_cut: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class Event:
    """One line of the history.

    It tells when, what kind, what, who, its source and its negotiation.
    """

    at: str
    kind: str
    text: str
    author: str = ""
    source: str = "crm"
    negotiation_id: str = ""


@dataclass(frozen=True)
class Fetched(Generic[T_co]):
    """A value and when it was read (epoch seconds).

    Stale: too old, ``trouble`` the code of the error that kept it.
    """

    value: T_co
    at: float
    stale: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class Origin:
    """Where a write comes from.

    It tells who did what, in which conversation, for which contact and negotiation.

    ``link`` and ``version`` tell what the attendant saw while typing: when the contact was linked
    and by whom, and when the CRM last changed the contact. ``form`` and ``typed`` bring the form
    back should the write be refused later.
    """

    conversation: str
    attendant: Attendant
    contact: str
    action: str
    summary: str = ""
    negotiation: str = ""
    link: str = ""
    version: str = ""
    form: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """The answer to a write.

    It holds the number in the CRM once the write is done. Before that it tells how far the write is
    and ``why``, the code of an error.
    """

    id: str
    state: State = State.DONE
    why: str = ""
    key: str = ""


# The answer where all stands already as it was asked for.
NOTHING = Written("")


def label(choices: Sequence[Choice], number: str) -> str:
    """The name behind a number; the number itself when the table does not tell."""
    return next((c.name for c in choices if c.id == number), f"nº {number}" if number else "")
