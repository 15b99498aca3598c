"""A write in the journal: what there is to do, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from widget.domain import errors
from widget.domain.model import Attendant, Origin, Ref, State
from widget.store.engine.port import Row, Store
from widget.store.engine.sensitive import without_secrets

# What the CRM, or what it holds, says to a write for good: the person must act.
REFUSALS: dict[str, Callable[[Any], errors.VinculoError]] = {
    kind.code: kind
    for kind in (
        errors.NotFound,
        errors.Conflict,
        errors.Duplicate,
        errors.ResourceUnavailable,
        errors.PermissionDenied,
        errors.Rejected,
        errors.Illegible,
        errors.NotThere,
    )
}
# What there is to tell of a write that is done: the person should look.
WARNINGS: dict[str, Callable[[str], errors.VinculoError]] = {
    kind.code: kind for kind in (errors.AlreadySaved, errors.Belated)
}
_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
# What of an origin has a column of its own.
_COLUMNS = ("conversation", "contact", "negotiation", "action")
# What stays of a write once its content may not be kept any longer: that it was, what became of it,
# what it made.
_BLANK = (
    "words = '{}', said = '', dropped = '[]', twins = '[]', seen = 1, checks = 99,"
    """ origin = '{"attendant":{"id":"","name":""},"typed":{}}', work = ?"""
)
OPEN = (State.KEPT, State.SENDING, State.UNKNOWN)
# After so many tries that brought nothing a person is asked to look, though the panel goes on
# trying.
MANY = 8


@dataclass(frozen=True)
class New:
    """A write to be accepted: ``work`` is what there is to do, ``words`` what a person filled."""

    key: str
    origin: Origin
    work: Mapping[str, Any]
    words: Mapping[str, str]

    @property
    def root(self) -> str:
        """The key of the form.

        A form that takes several writes derives the others from it with a point.
        """
        return self.key.partition(".")[0]


@dataclass(frozen=True)
class Entry(New):
    """A write and what became of it.

    Times are epoch seconds; ``boot`` and ``sent_at`` are of the steady clock.

    ``why`` and ``said`` bring back the error that it met last. ``proven``: a record that was read
    shows what was done. Until then ``crm_id`` is only what the CRM said. ``dropped`` names the
    columns that the CRM did not keep, ``instead`` tells what it holds there; ``twins`` are the
    numbers of all records that bear its marker when there are several.
    """

    seq: int = 0
    state: State = State.KEPT
    crm_id: str = ""
    why: str = ""
    said: Any = None
    attempts: int = 0
    sends: int = 0
    boot: str = ""
    sent_at: float = 0.0
    owner: str = ""
    kept_at: float = 0.0
    settled_at: float = 0.0
    checks: int = 0
    proven: bool = False
    dropped: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    twins: tuple[str, ...] = ()
    seen: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it still has a way to go by itself."""
        return self.state in OPEN

    @property
    def number(self) -> str:
        """The record's number in the CRM, once it is proven."""
        return self.crm_id if self.state is State.DONE and self.proven else ""

    @property
    def is_met(self) -> bool:
        """Whether what needs it may go on: it is done, and the number that it made is proven."""
        return self.state is State.DONE and (self.proven or self.work["verb"] != "insert")

    @property
    def table(self) -> str:
        """Where its record stands: the same number in another table is another record."""
        return str(self.work.get("subject") or self.work.get("resource", ""))

    @property
    def verb(self) -> str:
        """What it does with its record; "" where that is not told."""
        return str(self.work.get("verb", ""))

    @property
    def sets(self) -> Mapping[str, str]:
        """The fields of an existing record that it sets, with their values."""
        made: dict[str, Mapping[str, str]] = {
            "change": self.work["record"],
            "act": self.words,
        }
        return made.get(self.work["verb"], {})

    @property
    def lost(self) -> dict[str, str]:
        """The fields that the CRM did not keep, with what it holds there."""
        return {name: self.instead.get(name, "") for name in self.dropped}

    @property
    def is_blank(self) -> bool:
        """Whether its content was purged or erased."""
        return not self.origin.attendant.id

    @property
    def refusal(self) -> errors.VinculoError:
        """The error that it was refused with."""
        return REFUSALS.get(self.why, errors.NotFound)(self.said)

    @property
    def warning(self) -> errors.VinculoError | None:
        """What there is to tell of it although it is done, if anything."""
        return WARNINGS[self.why](self.crm_id) if self.state is State.DONE and self.why else None

    @property
    def needs(self) -> tuple[str, ...]:
        """The keys that must be done before."""
        return tuple(self.work["needs"])


def new_name(key: str) -> str:
    """What a contact or negotiation is called that this entry will make."""
    return str(Ref(Ref.NEW, key))


def wanted(entries: Mapping[str, Entry], last: str) -> dict[str, Entry]:
    """What the write needs, of the same form, then itself.

    A refused part that nobody asks for is left out.
    """
    found: dict[str, Entry] = {}
    for key in entries[last].needs:
        if key in entries:
            found |= wanted(entries, key)
    return {
        **found,
        last: entries[last],
    }


def packed(work: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """The work as it may lie on disk, beside its words."""
    kept = {
        **work,
        "record": without_secrets(work["record"]),
        "before": without_secrets(work.get("before", {})),
    }
    if kept.get("words") == words:
        del kept["words"]
    return text(kept)


def blank(database: Store, condition: str, *values: object) -> list[str]:
    """Takes the content out of the entries that the condition names, and returns their keys.

    What they were to do, and to what, stays.
    """
    sql = f"SELECT key, work FROM journal WHERE {condition}"  # noqa: S608 -- conditions of ours
    found = database.rows(sql, *values)
    sets = f"UPDATE journal SET {_BLANK} WHERE key = ?"  # noqa: S608
    database.run_each(sql=sets, values=[(_blanked(row["work"]), row["key"]) for row in found])
    return [row["key"] for row in found]


def _blanked(work: str) -> str:
    known = json.loads(work)
    return text(
        {
            "verb": known.get("verb"),
            "subject": known.get("subject"),
            "record": {},
            "needs": [],
        }
    )


def text(value: object) -> str:
    """A value as JSON."""
    return _JSON.encode(value)


def origin_text(origin: Origin, words: Mapping[str, str]) -> str:
    """Returns an origin as JSON, without what the entry keeps elsewhere.

    That is its columns, and what was typed just as the words are.
    """
    kept = {name: value for name, value in vars(origin).items() if name not in _COLUMNS}
    typed = {
        name: None if words.get(name) == value else value for name, value in origin.typed.items()
    }
    return text(
        {
            **kept,
            "attendant": vars(origin.attendant),
            "typed": typed,
        }
    )


def entry_of(row: Row) -> Entry:
    """A row of the journal; its contact and negotiation may have got numbers since."""
    words = json.loads(row["words"])
    plain = {
        **json.loads(row["origin"]),
        **{name: row[name] for name in _COLUMNS},
    }
    typed = {
        name: words[name] if value is None else value for name, value in plain["typed"].items()
    }
    origin = Origin(
        **{
            **plain,
            "attendant": Attendant(**plain["attendant"]),
            "typed": typed,
        }
    )
    dropped = json.loads(
        row["dropped"]
    )  # older files have a list of columns, and nothing of what was there instead
    return Entry(
        key=row["key"],
        origin=origin,
        work={
            "words": words,
            **json.loads(row["work"]),
        },
        words=words,
        seq=row["seq"],
        state=State(row["state"]),
        crm_id=row["crm_id"],
        why=row["why"],
        said=json.loads(row["said"]) if row["said"] else None,
        attempts=row["attempts"],
        sends=row["sends"],
        boot=row["boot"],
        sent_at=row["sent_at"],
        owner=row["owner"],
        kept_at=row["kept_at"],
        settled_at=row["settled_at"],
        checks=row["checks"],
        proven=bool(row["proven"]),
        dropped=tuple(dropped),
        instead=dropped if isinstance(dropped, dict) else {},
        twins=tuple(json.loads(row["twins"])),
        seen=bool(row["seen"]),
    )
