"""Reads back what was sent: which record shows it, and what of it was not kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from widget.crm import listings
from widget.crm.rings.evidence import (
    contains,
    has_come,
    is_another_forms,
    lost,
    plain,
    sets,
    shows,
    shows_by_number,
)
from widget.crm.wire import Dialect, Filter, Query, Row, Transport, Verb, Write
from widget.domain import errors
from widget.domain.model import Freshness
from widget.store.journal.entries import Entry
from widget.store.journal.journal import Journal

# With these errors a base may never answer such a question; any other trouble passes.
NEVER = (errors.Unexpected, errors.Rejected, errors.ResourceUnavailable)
# Rows a page, the newest first, where a base takes no notice of a marker.
PAGE = 500


@dataclass(frozen=True)
class Proving:
    """Asks the CRM for the records themselves, and believes only what they show."""

    inner: Transport
    journal: Journal
    dialect: Dialect

    def filled(self, entry: Entry) -> Write:
        """Returns what there is to do, with the numbers of what had to be done before."""
        work = self.dialect.asked(entry.work, entry.key, entry.origin)
        made: dict[str, str] = {}
        for key in work.needs:
            found = self.journal.find(key)
            if found and found.number:
                made[f"@{key}"] = found.number
        return with_numbers(work, made) if made else work

    def standing(self, entry: Entry) -> Write:
        """Returns what must still be seen of a finished write.

        Later writes of ours may have set some of its columns again.
        """
        write = self.filled(entry)
        if write.verb is not Verb.CHANGE:
            return write
        later = self.journal.overtaken(entry)
        left = {c: value for c, value in write.record.items() if write.word(c) not in later}
        return replace(write, record=left)

    def recognise(self, write: Write, patience: int = 0) -> list[str]:
        """Returns the numbers of the records that show the effect.

        The list is empty only if the CRM could be asked and has none. Raises CRMError when it
        cannot be known. A marker by which a base can never be asked is left for the next one, once
        there is no more ``patience``: the trouble may pass.
        """
        if write.verb is Verb.CHANGE and not write.markers:
            record = self.record(write)
            return [write.id] if record is not None and has_come(write, record) else []
        trouble: errors.CRMError | None = None
        answered = False
        for marker in write.markers:
            try:
                found = self.found(write, marker)
            except NEVER as error:
                trouble = error
                continue
            if found:
                return found
            answered = True
        if trouble and (patience or not answered):
            raise trouble
        return []

    def found(self, write: Write, marker: Query) -> list[str]:
        """Returns the numbers of the rows that show the marker and are no other form's.

        A base that takes no notice of the marker answers with other rows, or with more than fit on
        a page. Then its newest rows are looked through, and only a listing that came whole tells
        that ours is not there. Raises Unexpected when it cannot be told.
        """
        answer = self.inner.read(replace(marker, freshness=Freshness.NOW)).value
        numbers = self._ours(write, marker, answer.rows)
        is_heeded = all(shows(row, marker) for row in answer.rows)
        if numbers or (is_heeded and answer.total <= len(answer.rows)):
            return numbers
        wide = replace(marker, size=PAGE, descending=True, freshness=Freshness.NOW)
        answer = listings.whole(self.inner.read, wide).value
        numbers = self._ours(write, marker, answer.rows)
        columns = [condition.column for condition in marker.filters]
        is_told = answer.whole and all(column in row for row in answer.rows for column in columns)
        if not numbers and not is_told:
            raise errors.Unexpected(f"{marker.resource} takes no notice of a condition")
        return numbers

    def proof(self, write: Write, number: str) -> tuple[str, dict[str, str]]:
        """Returns the number of the record that shows the write, and what was not kept of it.

        The number is "" when no record shows it. The record under the ``number`` that the CRM named
        is asked for first. What was not kept is named in our words. Raises CRMError when it cannot
        be told.
        """
        if write.verb is Verb.ACT:
            numbers = self.recognise(write) if write.markers else [number]
            return next(iter(numbers), ""), {}
        record = self._numbered(write.resource, number)
        if record is not None and self._is_shown(write, record):
            return number, write.in_words(lost(write, record, write.before))
        found = self.recognise(write) if write.verb is Verb.INSERT else []
        return next(iter(found), ""), {}

    def record(self, write: Write) -> Row | None:
        """Returns the record as it is right now, or None when the CRM has it no longer."""
        return self._numbered(write.resource, write.id)

    def _is_shown(self, write: Write, record: Row) -> bool:
        """Whether the record is the one that was made, or shows anything of a change."""
        if write.verb is Verb.INSERT:
            shown = any(shows_by_number(record, marker) for marker in write.markers)
            if write.markers and not shown:
                return False
            return not is_another_forms(record, write) and not self._is_taken(write, record)
        wanted = sets(write, record)
        return not wanted or any(self._has_moved(write, record, column) for column in wanted)

    def _has_moved(self, write: Write, record: Row, column: str) -> bool:
        """Whether the column shows anything of the change: all of it, or only its beginning."""
        if column in write.append:
            return contains(record[column], write.append[column].partition("\n")[0])
        gone = lost(write, record, write.before)
        return column not in gone or gone[column] != plain(write.before.get(column, ""))

    def _ours(self, write: Write, marker: Query, rows: Sequence[Row]) -> list[str]:
        shown = [row for row in rows if shows(row, marker) and not is_another_forms(row, write)]
        return [row["id"] for row in shown if not self._is_taken(write, row)]

    def _is_taken(self, write: Write, row: Row) -> bool:
        """Whether another entry has made the row.

        The number alone does not tell: it may have come again.
        """
        if write.verb is not Verb.INSERT:
            return False
        for maker in self.journal.makers(write.key, write.place, row["id"]):
            if maker.is_blank:  # of this one only the number is still known
                if not _bears_key(write, row):
                    return True
                continue
            made = self.filled(maker)
            is_shown = any(shows(row, marker) for marker in made.markers)
            if is_shown and not is_another_forms(row, made):
                return True
        return False

    def _numbered(self, resource: str, number: str) -> Row | None:
        """Returns the record with this number, or None when there is none.

        Raises Unexpected when the CRM shows another one.
        """
        query = Query(resource, (Filter("id", "=", number),), size=1, freshness=Freshness.NOW)
        rows = self.inner.read(query).value.rows
        record = next((row for row in rows if row["id"] == number), None)
        if rows and record is None:
            raise errors.Unexpected(f"{resource} {number} was asked for, another one came")
        return record


def _bears_key(write: Write, row: Row) -> bool:
    """Whether the row shows the surest marker, in which only this form's own key stands."""
    return bool(write.markers) and shows(row, write.markers[0])


def with_numbers(write: Write, made: Mapping[str, str]) -> Write:
    """Returns the write with numbers where other writes were named."""

    def put(value: str) -> str:
        return made.get(value, value)

    def ask(query: Query) -> Query:
        filters = tuple(replace(f, value=put(f.value)) for f in query.filters)
        return replace(query, filters=filters)

    return replace(
        write,
        id=put(write.id),
        record={column: put(value) for column, value in write.record.items()},
        markers=tuple(map(ask, write.markers)),
        guard=tuple(map(ask, write.guard)),
    )
