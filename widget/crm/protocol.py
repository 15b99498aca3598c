"""What every layer of the CRM speaks: a query, a write, and the two verbs of a transport."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Protocol

from widget.model import Fetched, Origin, Written

Row = Mapping[str, str]


class Freshness(StrEnum):
    """How old an answer may be: whatever is known, up to the configured age, or read right now."""

    ANY = "any"
    RECENT = "recent"
    NOW = "now"


@dataclass(frozen=True)
class Filter:
    """A condition on one column; the operators are the CRM's own (``=``, ``L`` contains, ``>=`` ...)."""

    column: str
    operator: str
    value: str


@dataclass(frozen=True)
class Query:
    """Asks for rows of a resource that meet every filter. Columns are bare names; the transport qualifies them."""

    resource: str
    filters: tuple[Filter, ...] = ()
    sort: str = "id"
    descending: bool = False
    page: int = 1
    size: int = 200
    freshness: Freshness = Freshness.RECENT

    @property
    def key(self) -> str:
        """Equal for queries that must have equal answers."""
        return json.dumps({**asdict(self), "freshness": None}, sort_keys=True)


@dataclass(frozen=True)
class Rows:
    """The rows of a page, and how many match in all."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True)
class Write:
    """One record to insert, or (with ``id``) to replace whole.

    ``key`` names the form that asked for it: the same key never makes a second record. ``marker`` finds the record in
    the CRM when no answer came. ``words`` names the columns that a person filled: a form that was saved before and says
    something else now is not taken for the same. ``touches`` names the resources whose cached rows are out of date
    afterwards.
    """

    resource: str
    record: Mapping[str, str]
    key: str
    origin: Origin
    id: str = ""
    marker: Query | None = None
    words: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()


class Transport(Protocol):
    """Carries reads and writes. A ring is a transport that wraps another."""

    def read(self, query: Query) -> Fetched[Rows]:
        """The matching rows, none being an empty answer; raises CRMError, never OutcomeUnknown."""
        ...

    def write(self, write: Write) -> Written:
        """Does it once; raises OutcomeUnknown when nobody can say, another CRMError when it surely was not done."""
        ...
