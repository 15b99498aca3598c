"""What every layer of the CRM speaks: a query, a write, and what transports and rings do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from widget.domain.errors import VinculoError
from widget.domain.model import Fetched, Freshness, Origin, Written, nothing

Row = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class Filter:
    """A condition on one column.

    ``operator`` is one of ``=``, ``contains``, ``>``, ``>=``, ``<``, ``<=``, and ``in`` and ``not
    in`` a list with commas; a transport turns them into the CRM's own.
    """

    column: str
    operator: str
    value: str


@dataclass(frozen=True)
class Query:
    """Asks for rows of a resource that meet every filter.

    Columns are bare names; the transport qualifies them.

    ``alike``, of a guard: only rows count whose first filtered column holds this phone, address or
    document. The CRM compares text, so it cannot judge that.
    """

    resource: str
    filters: tuple[Filter, ...] = ()
    sort: str = "id"
    descending: bool = False
    page: int = 1
    size: int = 200
    freshness: Freshness = Freshness.RECENT
    alike: str = ""

    @property
    def key(self) -> str:
        """Equal for queries that must have equal answers."""
        return json.dumps(
            {
                **_plain(self),
                "freshness": None,
            },
            sort_keys=True,
        )


@dataclass(frozen=True)
class Rows:
    """The rows of a page, and how many match in all.

    One more than came where the CRM does not tell.

    ``whole``: all of them are here, as far as anybody can tell; of one page nothing is claimed.
    """

    rows: tuple[Row, ...]
    total: int
    whole: bool = True


class Verb(StrEnum):
    """What a write does.

    It makes a record, sets columns of one, or calls one of the CRM's actions on one.
    """

    INSERT = "insert"
    CHANGE = "change"
    ACT = "act"


@dataclass(frozen=True)
class Write:
    """One effect in the CRM, told so completely that it can also be done much later.

    ``key`` names the form that asked for it: the same key never has a second effect.
    ``record`` holds the columns to set. Of a change it holds only these; the rest is
    read right before.
    ``append`` holds text to be put below what a column holds.
    ``expected`` tells what a column may hold: what was shown or what was chosen. Anything else is a
    conflict.
    ``markers`` find the effect when no answer came, the surest first. Without one, a change is
    found by its columns.
    ``words`` is what a person filled in. A form that was saved before with other words is
    not the same.
    ``needs`` names the keys that must be done before. ``"@" + key`` in a value stands for the
    number that the write of this key made.
    ``guard`` must find nothing before the first send.
    ``touches`` names the resources whose cached rows are out of date afterwards.
    ``before`` is what the columns of a change held right before it was sent.
    ``read_back``: the number is used at once, so the record under it is read before it is told.
    ``table`` is where the record stands, if the resource is one of its several forms or actions.
    ``subject`` is our word for that place, and ``said`` our word for each column that has one.
    """

    resource: str
    record: Mapping[str, str]
    key: str
    origin: Origin
    id: str = ""
    verb: Verb = Verb.INSERT
    append: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, Sequence[str]] = field(default_factory=dict)
    markers: tuple[Query, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    guard: tuple[Query, ...] = ()
    touches: tuple[str, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)
    read_back: bool = False
    table: str = ""
    subject: str = ""
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where the record stands: the same number elsewhere is another record."""
        return self.subject or self.table or self.resource

    def word(self, column: str) -> str:
        """Our word for a column."""
        return self.said.get(column, column)

    def in_words(self, columns: Mapping[str, T]) -> dict[str, T]:
        """The same by our words."""
        return {self.word(column): value for column, value in columns.items()}


class Transport(Protocol):
    """Carries reads and writes. A ring is a transport that wraps another."""

    def read(self, query: Query) -> Fetched[Rows]:
        """The matching rows, none being an empty answer; raises CRMError, never OutcomeUnknown."""
        ...

    def write(self, write: Write) -> Written:
        """Calls the CRM once with ``resource``, ``id`` and the whole ``record``.

        Raises OutcomeUnknown when nobody can say, another CRMError when it surely was not done.
        """
        ...


class Accepting(Protocol):
    """The outermost ring.

    Reads pass through. Writes are accepted for good before anything is sent.
    """

    def read(self, query: Query) -> Fetched[Rows]:
        """As of a transport."""
        ...

    def save(self, *writes: Write, also: Callable[[], None] = nothing) -> Written:
        """Accepts the writes of one form, all or none.

        After the longest wait it tells how far the last one is. ``also`` keeps in our own file what
        belongs to them; it is accepted with them, or nothing is. Raises the refusal of the CRM, or
        AlreadySaved when the form was saved with other words before.
        """
        ...


class Dialect(Protocol):
    """How a kind of CRM says a write: in our words on disk, in its own on the way."""

    @property
    def marks(self) -> frozenset[str]:
        """The fields by which only we find a record again."""
        ...

    def told(self, write: Write) -> dict[str, Any]:
        """The write in our words, as the journal keeps it."""
        ...

    def asked(self, work: Mapping[str, Any], key: str, origin: Origin) -> Write:
        """What ``told`` told, as the CRM wants it asked."""
        ...

    def whole(self, write: Write, record: Row) -> Row:
        """What is sent of a change that sets ``write.record``, given the record as it is."""
        ...

    def renewed(self, work: Mapping[str, Any], key: str, origin: Origin) -> dict[str, Any] | None:
        """An entry as older versions kept it, in our words; None where it stays as it is."""
        ...

    def instead(self, write: Write, error: VinculoError) -> Sequence[Write]:
        """The writes that take the place of a refused one; none if the no stands.

        The last one has the key of the refused one.

        May read, and raise CRMError.
        """
        ...


class Plain:
    """The dialect of a CRM whose words are kept as they are and that takes a part of a record."""

    marks: frozenset[str] = frozenset()

    def told(self, write: Write) -> dict[str, Any]:
        """The write as it is."""
        return packed(write)

    def asked(self, work: Mapping[str, Any], key: str, origin: Origin) -> Write:
        """The write as it is."""
        return unpacked(work, key, origin)

    def whole(self, write: Write, record: Row) -> Row:
        """What the change sets."""
        return write.record

    def renewed(self, work: Mapping[str, Any], key: str, origin: Origin) -> dict[str, Any] | None:
        """It stays as it is."""
        return None

    def instead(self, write: Write, error: VinculoError) -> Sequence[Write]:
        """No other way is known."""
        return ()


def packed(write: Write) -> dict[str, Any]:
    """A write as JSON can hold it; key and origin stand beside it."""
    plain = {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in vars(write).items()
    }
    del plain["key"], plain["origin"], plain["said"]
    plain["subject"] = write.place
    queries = {name: [_plain(query) for query in plain[name]] for name in ("markers", "guard")}
    return {
        **plain,
        **queries,
    }


def unpacked(plain: Mapping[str, Any], key: str, origin: Origin) -> Write:
    """What ``packed`` packed."""
    queries = {name: tuple(_query(q) for q in plain[name]) for name in ("markers", "guard")}
    lists = {name: tuple(plain[name]) for name in ("needs", "touches")}
    return Write(
        **{
            **plain,
            **queries,
            **lists,
            "verb": Verb(plain["verb"]),
            "key": key,
            "origin": origin,
        }
    )


def _plain(query: Query) -> dict[str, Any]:
    return {
        **vars(query),
        "filters": [dict(vars(filter_)) for filter_ in query.filters],
    }


def _query(plain: Mapping[str, Any]) -> Query:
    filters = tuple(Filter(**f) for f in plain["filters"])
    return Query(
        **{
            **plain,
            "filters": filters,
            "freshness": Freshness(plain["freshness"]),
        }
    )
