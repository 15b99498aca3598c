"""How IXC wants a write said, and how the journal tells it in our words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from widget.crm.ixc import negotiations, notes, people
from widget.crm.ixc.base import Desk
from widget.crm.ixc.detours import Detours
from widget.crm.ixc.words import (
    DEEDS,
    FORMS,
    MARKS,
    MOMENTS,
    NEGOTIATION,
    NOTE,
    REMARK,
    RESOURCES,
    Form,
)
from widget.crm.wire import Query, Row, Rows, Transport, Verb, Write, packed, unpacked
from widget.domain.errors import VinculoError
from widget.domain.model import Fetched, Origin, Ref, Written

# What is kept of a write on disk; the rest follows from it.
KEPT = ("id", "verb", "needs")
DAY, MOMENT = "%d/%m/%Y", "%d/%m/%Y %H:%M:%S"
ISO_DAY, ISO_MOMENT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"


class Dialect:
    """IXC's way of writing.

    A write of a resource without a form here is kept as it is.
    """

    marks = frozenset(MARKS.values())

    def __init__(
        self,
        inner: Transport | None = None,
        now: Callable[[], datetime] = datetime.now,
        qualification_field: str = "",
    ) -> None:
        """Reads through ``inner`` where another way is looked for; without it there is none."""
        desk = Desk(_Reading(inner), now) if inner else None
        self._detours = Detours(people.People(desk), notes.Notes(desk)) if desk else None
        self._qualification = {qualification_field: "qualification"} if qualification_field else {}

    def told(self, write: Write) -> dict[str, Any]:
        """The write in our words: what was filled in, and against what."""
        form = FORMS.get(write.resource)
        if form is None:
            return packed(write)
        fields = self._fields(form)
        is_remark = write.verb is Verb.CHANGE and bool(write.markers)
        plain = packed(write)
        return {
            **{name: plain[name] for name in KEPT},
            "deed": REMARK if is_remark else DEEDS[write.verb, form.subject],
            "subject": form.subject,
            "form": form.form,
            "record": _renamed(_filled_in(write, form), fields),
            "append": _renamed(write.append, fields),
            "expected": {fields.get(c, c): tuple(v) for c, v in write.expected.items()},
            "before": _renamed(write.before, fields),
            "words": _renamed(write.words, {} if form.subject == NOTE else fields),
            "unchecked": bool(write.guard),
        }

    def asked(self, work: Mapping[str, Any], key: str, origin: Origin) -> Write:
        """The write as IXC wants it, with what finds it again."""
        older = self.renewed(work, key, origin)  # an older server may still work beside us
        if older is not None:
            return self.asked(older, key, origin)
        if "resource" in work:
            return unpacked(work, key, origin)
        resource = RESOURCES[work["subject"], work["form"]]
        form, verb = FORMS[resource], Verb(work["verb"])
        fields = self._fields(form)
        columns = {name: column for column, name in fields.items()}
        record = _columns(work["record"], columns)
        if verb is Verb.INSERT:
            record = {
                **form.constants,
                **_key_of(form, key),
                **record,
            }
        if verb is Verb.ACT:
            record = {
                **record,
                "id": work["id"],
            }
        write = Write(
            resource,
            record,
            key,
            origin,
            id=work["id"],
            verb=verb,
            append=_columns(work["append"], columns),
            expected={columns.get(n, n): tuple(v) for n, v in work["expected"].items()},
            words=work["words"],
            needs=tuple(work["needs"]),
            before=_columns(work["before"], columns),
            touches=TOUCHES[form.subject],
            read_back=verb is Verb.INSERT and form.subject in {Ref.LEAD, Ref.CLIENT},
            table="" if verb is Verb.INSERT else RESOURCES[form.subject, ""],
            subject=form.subject,
            said=fields,
        )
        return replace(
            write,
            markers=_markers(write, is_remark=work["deed"] == REMARK),
            guard=tuple(people.same_person(record)) if work["unchecked"] else (),
        )

    def whole(self, write: Write, record: Row) -> Row:
        """The full record: IXC empties what an update lacks. Reference: webservice facts 3.2."""
        return {
            **record,
            **write.record,
        }

    def instead(self, write: Write, error: VinculoError) -> Sequence[Write]:
        """In which other way a refused write can be done."""
        return self._detours.instead(write, error) if self._detours else ()

    def renewed(self, work: Mapping[str, Any], key: str, origin: Origin) -> dict[str, Any] | None:
        """An entry of an older version in our words; None where there is nothing to change."""
        form = FORMS.get(work.get("resource", ""))
        if form is None:
            return None
        if "markers" not in work:  # its content was purged
            return {
                **{name: value for name, value in work.items() if name != "resource"},
                "subject": form.subject,
            }
        return self.told(unpacked(work, key, origin))

    def _fields(self, form: Form) -> Mapping[str, str]:
        if form.subject != NEGOTIATION:
            return form.fields
        return {
            **self._qualification,
            **form.fields,
        }


TOUCHES = {
    Ref.LEAD: people.TOUCHES,
    Ref.CLIENT: people.TOUCHES,
    NEGOTIATION: negotiations.TOUCHES,
    NOTE: (notes.RESOURCE,),
}


class _Reading:
    """A transport as the questions want it, that accepts nothing."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    def read(self, query: Query) -> Fetched[Rows]:
        return self._inner.read(query)

    def save(self, *_writes: Write, also: Callable[[], None] = lambda: None) -> Written:
        raise RuntimeError("another way is looked for, nothing is written")


def _filled_in(write: Write, form: Form) -> dict[str, str]:
    """The record without what an insert holds always, and without the key that stands beside it."""
    if write.verb is not Verb.INSERT:
        return {c: value for c, value in write.record.items() if c != "id"}
    always = {
        **form.constants,
        **_key_of(form, write.key),
    }
    return {c: value for c, value in write.record.items() if always.get(c) != value}


def _key_of(form: Form, key: str) -> dict[str, str]:
    """The form's key, where a new record bears it."""
    is_contact = form.subject in {Ref.LEAD, Ref.CLIENT}
    return {"external_id": key.partition(".")[0]} if is_contact else {}


def _renamed(values: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    return {
        fields.get(column, column): _told_time(value) if column in MOMENTS else value
        for column, value in values.items()
    }


def _columns(values: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    named = {columns.get(name, name): value for name, value in values.items()}
    return {c: _asked_time(v) if c in MOMENTS else v for c, v in named.items()}


def _told_time(text: str) -> str:
    return _translated(text, ((MOMENT, ISO_MOMENT), (DAY, ISO_DAY)))


def _asked_time(text: str) -> str:
    return _translated(text, ((ISO_MOMENT, MOMENT), (ISO_DAY, DAY)))


def _translated(text: str, forms: Iterable[tuple[str, str]]) -> str:
    for one, other in forms:
        with contextlib.suppress(ValueError):
            return datetime.strptime(text, one).strftime(other)  # noqa: DTZ007 -- local time
    return text


def _markers(write: Write, *, is_remark: bool) -> tuple[Query, ...]:
    """What finds the effect again, the surest first."""
    if write.verb is Verb.ACT:
        return negotiations.closed(write)
    if is_remark:
        return notes.remark_of(write)
    if write.verb is not Verb.INSERT:
        return ()
    return MARKERS[write.resource](write)


MARKERS: dict[str, Callable[[Write], tuple[Query, ...]]] = {
    "contato": people.lead_of,
    "crm_canditados": people.prospect_of,
    negotiations.RESOURCE: negotiations.deal_of,
    notes.RESOURCE: notes.note_of,
}
