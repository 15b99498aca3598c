"""The caching ring: fresh answers come from the store, equal reads share one call."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from widget.crm import patience
from widget.crm.patience import Seats
from widget.crm.wire import Filter, Query, Rows, Transport, Write
from widget.domain import errors
from widget.domain.model import Fetched, Freshness, Written
from widget.store.records.cache import Cache


@dataclass
class _Flight:
    """A read that is under way.

    Other threads that want the same wait for it and share its answer or its error.
    """

    landed: threading.Event = field(default_factory=threading.Event)
    answer: Fetched[Rows] | None = None
    error: errors.CRMError | None = None


class Cached:
    """Reads through a store.

    When the CRM fails, what is known comes back marked stale, with the trouble's code.
    """

    def __init__(
        self,
        inner: Transport,
        cache: Cache,
        ages: Mapping[str, int],
        clock: Callable[[], float] = time.time,
        seats: Seats | None = None,
    ) -> None:
        """Takes in ``ages`` for how many seconds an answer of each resource counts as fresh.

        The key "" holds the age of all other resources. ``seats`` limits how many threads wait for
        an answer at the same time.
        """
        self._inner = inner
        self._cache = cache
        self._ages = ages
        self._clock = clock
        self._seats = seats
        self._flights: dict[tuple[str, int], _Flight] = {}
        self._lock = threading.Lock()
        # How many writes each resource has seen: what a read brings that one of them overtook is
        # old when it lands.
        self._writes: Counter[str] = Counter()
        self._keeping = threading.Lock()

    def read(self, query: Query) -> Fetched[Rows]:
        """Returns an answer as fresh as the query asks.

        With NOW it always comes from the CRM and never from the store.
        """
        if query.freshness is Freshness.NOW:
            patience.sit(self._seats)
            return self._ask(query)
        kept = self._known(query)
        if kept is None and query.freshness is Freshness.ANY:
            kept = self._met(query)
        if kept and (query.freshness in {Freshness.KNOWN, Freshness.ANY} or not kept.stale):
            return kept
        if query.freshness is Freshness.KNOWN:
            return Fetched(Rows((), 0), at=0.0, stale=True)
        try:
            return self._share(query)
        except errors.CRMError as error:
            kept = kept or self._met(query)
            if kept is None:
                raise
            return replace(kept, stale=True, trouble=error.code)

    def write(self, write: Write) -> Written:
        """Passes the write on; then what was read of its resources is out of date."""
        try:
            return self._inner.write(write)
        finally:
            self.outdate(write.touches or (write.resource,))

    def _known(self, query: Query) -> Fetched[Rows] | None:
        kept = self._cache.get(query.key)
        if kept is None:
            return None
        limit = self._ages.get(query.resource, self._ages[""])
        is_stale = kept.outdated or self._clock() - kept.at > limit
        return Fetched(Rows(kept.rows, kept.total), kept.at, stale=is_stale)

    def _met(self, query: Query) -> Fetched[Rows] | None:
        """Returns a record that is asked for by its number, as another answer brought it.

        A person found by phone is such a record.
        """
        match query.filters:
            case (Filter(column="id", operator="=", value=number),):
                kept = self._cache.record(query.resource, number)
                return Fetched(Rows(kept.rows, kept.total), kept.at, stale=True) if kept else None
        return None

    def _share(self, query: Query) -> Fetched[Rows]:
        patience.sit(self._seats)
        key = (query.key, self._writes[query.resource])
        with self._lock:
            flight = self._flights.get(key)
            leads = flight is None
            flight = flight or self._flights.setdefault(key, _Flight())
        if leads:
            self._fly(query, key, flight)
        flight.landed.wait()
        if flight.error is not None:
            raise flight.error
        assert flight.answer is not None  # noqa: S101 -- a landed flight has one of both
        return flight.answer

    def _fly(self, query: Query, key: tuple[str, int], flight: _Flight) -> None:
        try:
            flight.answer = self._landed(query) or self._ask(query)
        except errors.CRMError as error:
            flight.error = error
        except BaseException:
            flight.error = errors.Unexpected("the read failed inside")
            raise
        finally:
            with self._lock:
                self._flights.pop(key, None)
            flight.landed.set()

    def _landed(self, query: Query) -> Fetched[Rows] | None:
        """Returns what another flight brought in the meantime.

        It landed after the reader of this flight had looked and before this flight set out.
        """
        kept = self._known(query)
        return kept if kept and not kept.stale else None

    def _ask(self, query: Query) -> Fetched[Rows]:
        before = self._writes[query.resource]
        answer = self._inner.read(query)
        with self._keeping:
            self._cache.put(
                query.key, query.resource, answer.value.rows, total=answer.value.total, at=answer.at
            )
            if self._writes[query.resource] != before:
                self._cache.outdate((query.resource,))
        return answer

    def outdate(self, resources: tuple[str, ...]) -> None:
        """Notes that what was read of these resources is out of date."""
        with self._keeping:
            self._writes.update(resources)
            self._cache.outdate(resources)
