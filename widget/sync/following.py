"""Follows the changes of one table by the CRM's own time of last change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from widget.crm.wire import Filter, Query, Row, Rows

# A row that was being saved while we looked may bear an earlier second than those we saw.
OVERLAP = timedelta(minutes=2)
BEFORE_ALL = "1970-01-02 00:00:00"
_TIME = "%Y-%m-%d %H:%M:%S"


class NotFollowable(Exception):
    """Raised when a base does not filter and sort by the time of last change."""


@dataclass(frozen=True)
class Look:
    """One look at what has changed.

    It asks for rows not before ``since``, or after it when ``is_after``. When more rows share one
    second than a page holds, they are read by their numbers, from ``cursor`` on. ``column`` holds
    the time of last change.
    """

    since: str
    column: str
    is_after: bool = False
    cursor: str = ""

    def query(self, resource: str, size: int) -> Query:
        """Returns the query for the next page.

        Reference: webservice facts 2.4.
        """
        if self.cursor:
            filters = (Filter(self.column, "=", self.since), Filter("id", ">", self.cursor))
            return Query(resource, filters, size=size)
        operator = ">" if self.is_after else ">="
        return Query(
            resource, (Filter(self.column, operator, self.since),), sort=self.column, size=size
        )

    def after(self, answer: Rows, size: int) -> Look | None:
        """Returns the look that comes after this page, or None when that was all.

        Each page leads to a later second, or to a higher number in it, so the looks come to an end
        on any base. Raises NotFollowable.
        """
        count = len(answer.rows)
        is_last = not count or (count < size and answer.total <= count)
        if self.cursor:
            return self._further(answer, is_last=is_last)
        times = [time(row, self.column) for row in answer.rows]
        _insist(times == sorted(times))
        _insist(all(self._covers(found) for found in times))
        if is_last:
            return None
        if times[0] == times[-1]:
            return Look(times[-1], self.column, cursor="0")
        return Look(times[-1], self.column)

    def _covers(self, found: str) -> bool:
        return found > self.since if self.is_after else found >= self.since

    def _further(self, answer: Rows, *, is_last: bool) -> Look:
        """Returns the look for the rest of the second, then for what came after it."""
        _insist(all(time(row, self.column) == self.since for row in answer.rows))
        _insist(is_ascending(answer, self.cursor))
        if is_last:
            return Look(self.since, self.column, is_after=True)
        return Look(self.since, self.column, cursor=answer.rows[-1]["id"])


def first_look(newest: str, column: str, *, is_settled: bool) -> Look:
    """Returns where to look after the latest known change.

    ``is_settled`` tells that nothing earlier can still come.
    """
    if is_settled:
        return Look(newest, column, is_after=True)
    # The CRM knows no zones.
    changed = datetime.strptime(newest, _TIME)  # noqa: DTZ007
    return Look((changed - OVERLAP).strftime(_TIME), column)


def latest(resource: str, column: str) -> Query:
    """Returns the query for the row that was changed last."""
    return Query(resource, sort=column, descending=True, size=1)


def newest_of(answer: Rows, column: str, limit: str) -> str:
    """Returns the latest change among the rows; without rows, a time before all.

    Raises NotFollowable when a row tells no time, or one beyond the limit: after a time that has
    not come yet no change would ever be found.
    """
    times = [time(row, column) for row in answer.rows]
    _insist(all(times) and max(times, default="") <= limit)
    return max(times, default=BEFORE_ALL)


def is_ascending(answer: Rows, cursor: str) -> bool:
    """Whether the rows come in the order of their numbers, all above the cursor.

    Then the CRM has sorted and filtered.
    """
    numbers = [int(cursor or "0"), *(int(row["id"]) for row in answer.rows)]
    return all(lower < higher for lower, higher in pairwise(numbers))


def time(row: Row, column: str) -> str:
    """Returns the time of a row's last change, or "" when it tells none."""
    found = row.get(column, "")
    try:
        # The CRM knows no zones.
        return datetime.strptime(found, _TIME).strftime(_TIME)  # noqa: DTZ007
    except ValueError:
        return ""


def _insist(holds: bool) -> None:  # noqa: FBT001
    if not holds:
        raise NotFollowable
