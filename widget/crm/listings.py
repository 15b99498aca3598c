"""A listing read to its end: one page is all there is only where nothing speaks of more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from widget.crm.wire import Filter, Query, Row, Rows
from widget.domain import errors
from widget.domain.model import Fetched

Read = Callable[[Query], Fetched[Rows]]
# Nobody waits for more pages than this, and no screen holds more rows.
MOST_PAGES, MOST_ROWS = 60, 5000


def whole(read: Read, query: Query) -> Fetched[Rows]:
    """All rows that match; ``whole`` is False where the rest did not come.

    A query for one row, or for a further page, is answered as it is. The rest is walked by the
    rows' numbers: a base may hold fewer rows in a page than it is asked for, repeat some between
    two pages, or be written to meanwhile.
    """
    first = read(query)
    if query.size == 1 or query.page > 1 or not _is_cut(first.value, query.size):
        return first
    answers, is_whole = [first], False
    cursor, count = _start(first.value, query), len(_distinct(first.value.rows))
    while len(answers) <= MOST_PAGES and count < MOST_ROWS:
        try:
            answer = read(_beyond(query, cursor))
        except errors.CRMError:
            break
        numbers = [int(row["id"]) for row in answer.value.rows]
        if not answer.at or not _heeds(numbers, cursor, descending=query.descending):
            # not read yet where nothing may be asked for; or a base that takes no notice of the
            # numbers
            break
        answers.append(answer)
        if not _is_cut(
            answer.value, min(query.size, len(first.value.rows))
        ):  # so many it holds, and maybe no more
            is_whole = True
            break
        cursor, count = numbers[-1], count + len(numbers)
    return _together(answers, query, is_whole=is_whole)


def window(read: Read, query: Query) -> Fetched[Rows]:
    """Returns the page that is asked for.

    It is also found in a base whose pages hold fewer rows than asked for.
    """
    first = read(replace(query, page=1))
    size = len(first.value.rows)
    if not size or size >= min(query.size, first.value.total):
        return first if query.page == 1 else read(query)
    start = (query.page - 1) * query.size
    page, skipped = start // size + 1, start % size
    answers: list[Fetched[Rows]] = [first]
    rows: list[Row] = []
    while len(rows) < skipped + query.size:
        answer = read(replace(query, page=page, size=size))
        answers.append(answer)
        rows += answer.value.rows
        page += 1
        if len(answer.value.rows) < size:
            break
    found = Rows(tuple(rows[skipped : skipped + query.size]), first.value.total)
    return _aged(answers, found)


def _is_cut(rows: Rows, size: int) -> bool:
    """Whether there may be more: more are announced than came, or a page is full."""
    return bool(rows.rows) and (rows.total > len(_distinct(rows.rows)) or len(rows.rows) >= size)


def _start(rows: Rows, query: Query) -> int:
    """The number after which to go on; 0 where the first page is not in the order of numbers."""
    numbers = [int(row["id"]) for row in rows.rows]
    is_walk = query.sort == "id" and _heeds(numbers, 0, descending=query.descending)
    return numbers[-1] if is_walk else 0


def _beyond(query: Query, cursor: int) -> Query:
    further = (Filter("id", "<" if query.descending else ">", str(cursor)),) if cursor else ()
    return replace(query, filters=(*query.filters, *further), sort="id")


def _heeds(numbers: list[int], cursor: int, *, descending: bool) -> bool:
    """Whether they come in order, all beyond the cursor; a row may come twice."""
    steps = [-number if descending else number for number in numbers]
    is_beyond = not cursor or all(step > (-cursor if descending else cursor) for step in steps)
    return is_beyond and all(lower <= higher for lower, higher in pairwise(steps))


def _distinct(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def _together(answers: list[Fetched[Rows]], query: Query, *, is_whole: bool) -> Fetched[Rows]:
    rows = _distinct(row for answer in answers for row in answer.value.rows).values()

    def place(row: Row) -> tuple[str, int]:
        return "" if query.sort == "id" else row.get(query.sort, "").casefold(), int(row["id"])

    ordered = tuple(sorted(rows, key=place, reverse=query.descending))
    return _aged(answers, Rows(ordered, max(answers[0].value.total, len(ordered)), whole=is_whole))


def _aged(answers: list[Fetched[Rows]], rows: Rows) -> Fetched[Rows]:
    """As old as the oldest answer, in trouble when one is."""
    trouble = next((answer.trouble for answer in answers if answer.trouble), "")
    return Fetched(
        rows, min(answer.at for answer in answers), any(answer.stale for answer in answers), trouble
    )
