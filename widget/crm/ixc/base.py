"""What every group of questions works with: the transport, the clock, and reads side by side."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from widget.crm import listings
from widget.crm.wire import Accepting, Filter, Query, Row
from widget.domain import errors
from widget.domain.model import Fetched, Freshness

Rows = Fetched[tuple[Row, ...]]
T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """``now`` is the CRM's local time."""

    transport: Accepting
    now: Callable[[], datetime]
    qualification_field: str = ""
    # The eight phone columns go out side by side. Reference: webservice facts 7.
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "crm"))

    def read(self, query: Query) -> Rows:
        """All rows of one query, page after page; in trouble where the rest did not come."""
        answer = listings.whole(self.transport.read, query)
        trouble = answer.trouble or ("" if answer.value.whole else errors.Incomplete.code)
        return Fetched(answer.value.rows, answer.at, answer.stale, trouble)

    def page(self, query: Query) -> Rows:
        """The one page that the query asks for."""
        answer = listings.window(self.transport.read, query)
        return Fetched(answer.value.rows, answer.at, answer.stale, answer.trouble)

    def ahead(self, query: Query) -> None:
        """Begins a read that somebody will ask for in a moment.

        They share the one answer, or find it kept.
        """
        if query.freshness is not Freshness.NOW and self._known(query, self.read) is None:
            self._send(self._try, query)

    def _try(self, query: Query) -> None:
        with contextlib.suppress(errors.CRMError):
            self.read(query)

    def each(
        self, queries: Iterable[Query], read: Callable[[Query], Rows] | None = None
    ) -> list[Rows]:
        """The answers of several queries; those that the CRM is asked for are read side by side.

        What is known takes no thread, so it does not wait for a CRM that keeps all of them waiting.
        The first of the others is read by whoever asks: a request that may wait no more learns so
        at once, and not in the pool's queue.
        """
        asked, read = list(queries), read or self.read
        answers = [self._known(query, read) for query in asked]
        missing = [query for query, answer in zip(asked, answers, strict=True) if answer is None]
        jobs = [self._send(read, query) for query in missing[1:]]
        try:
            come = iter([*(read(query) for query in missing[:1]), *(job.result() for job in jobs)])
        finally:
            for job in jobs:  # after a failure nobody waits for the rest
                job.cancel()
        return [next(come) if answer is None else answer for answer in answers]

    def _known(self, query: Query, read: Callable[[Query], Rows]) -> Rows | None:
        """The answer, if it need not be asked for."""
        if query.freshness is Freshness.NOW:
            return None
        found = read(replace(query, freshness=Freshness.KNOWN))
        if found.trouble == errors.Incomplete.code and query.freshness is not Freshness.KNOWN:
            return None
        is_young = not found.stale or (found.at and query.freshness is Freshness.ANY)
        return found if is_young or query.freshness is Freshness.KNOWN else None

    def _send(self, work: Callable[[Query], T], query: Query) -> Future[T]:
        """To the pool, with what the request knows of itself: how long it may wait in all."""
        return self.pool.submit(copy_context().run, work, query)

    def gather(self, queries: Iterable[Query]) -> Rows:
        """The rows of several queries as one answer."""
        return together(self.each(queries))

    def one(self, resource: str, number: str, freshness: Freshness) -> Rows:
        """The record with this number: one row or none.

        Raises Unexpected when the CRM shows another one.
        """
        answer = self.read(
            Query(resource, (Filter("id", "=", number),), size=1, freshness=freshness)
        )
        if any(row["id"] != number for row in answer.value):
            raise errors.Unexpected(f"{resource} {number} was asked for, another one came")
        return answer

    def record(self, resource: str, number: str) -> Row:
        """The full record as it is right now; raises NotFound."""
        rows = self.one(resource, number, Freshness.NOW).value
        if not rows:
            raise errors.NotFound(f"{resource} {number}")
        return rows[0]


def together(answers: list[Rows]) -> Rows:
    """Several answers as one; as old as the oldest, in trouble when one is."""
    return Fetched(
        tuple(row for answer in answers for row in answer.value),
        min((answer.at for answer in answers), default=0.0),
        any(answer.stale for answer in answers),
        next((answer.trouble for answer in answers if answer.trouble), ""),
    )


def like(answer: Rows, value: T) -> Fetched[T]:
    """Another value with the answer's age and trouble."""
    return Fetched(value, answer.at, answer.stale, answer.trouble)
