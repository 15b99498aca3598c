"""Follows the changes of one table by the CRM's own time of last change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from widget.crm.wire import Filter, Query, Row, Rows

COLUMN = "ultima_atualizacao"
# What was being saved while we looked may carry an earlier second than what we saw.
OVERLAP = timedelta(minutes=2)
BEFORE_ALL = "1970-01-02 00:00:00"
_TIME = "%Y-%m-%d %H:%M:%S"


class NotFollowable(Exception):
    """This base does not filter and sort by the time of last change."""


@dataclass(frozen=True)
class Look:
    """One look at what has changed: rows not before ``since``, or after it when ``is_after``.

    More rows of one second than a page holds are walked by their numbers, from ``cursor`` on.
    """

    since: str
    is_after: bool = False
    cursor: str = ""

    def query(self, resource: str, size: int) -> Query:
        """The next page. Reference: webservice facts 2.4."""
        if self.cursor:
            filters = (Filter(COLUMN, "=", self.since), Filter("id", ">", self.cursor))
            return Query(resource, filters, size=size)
        operator = ">" if self.is_after else ">="
        return Query(resource, (Filter(COLUMN, operator, self.since),), sort=COLUMN, size=size)

    def after(self, answer: Rows, size: int) -> Look | None:
        """What to look for after this page, None when that was all; raises NotFollowable.

        Each page leads to a later second, or to a higher number in it: it comes to an end on any
        base.
        """
        is_last = not answer.rows or (len(answer.rows) < size and answer.total <= len(answer.rows))
        if self.cursor:
            return self._further(answer, is_last=is_last)
        times = [time(row) for row in answer.rows]
        _insist(times == sorted(times))
        _insist(all(t > self.since if self.is_after else t >= self.since for t in times))
        if is_last:
            return None
        return Look(times[-1], cursor="0") if times[0] == times[-1] else Look(times[-1])

    def _further(self, answer: Rows, *, is_last: bool) -> Look:
        """The rest of the second, then what came after it."""
        _insist(all(time(row) == self.since for row in answer.rows))
        _insist(is_ascending(answer, self.cursor))
        return (
            Look(self.since, is_after=True)
            if is_last
            else Look(self.since, cursor=answer.rows[-1]["id"])
        )


def first_look(newest: str, *, is_settled: bool) -> Look:
    """Where to look after this was the latest change.

    ``is_settled`` when nothing earlier can still come.
    """
    if is_settled:
        return Look(newest, is_after=True)
    # The CRM knows no zones.
    changed = datetime.strptime(newest, _TIME)  # noqa: DTZ007
    return Look((changed - OVERLAP).strftime(_TIME))


def latest(resource: str) -> Query:
    """Asks for the row that was changed last."""
    return Query(resource, sort=COLUMN, descending=True, size=1)


def newest_of(answer: Rows, limit: str) -> str:
    """The latest change among the rows, of none a time before all.

    Raises NotFollowable when a row is silent.

    And when it is beyond the limit: after a time that has not come yet no change would ever be
    found.
    """
    times = [time(row) for row in answer.rows]
    _insist(all(times) and max(times, default="") <= limit)
    return max(times, default=BEFORE_ALL)


def is_ascending(answer: Rows, cursor: str) -> bool:
    """Whether the rows come in the order of their numbers, all above the cursor.

    Then the CRM has sorted and filtered.
    """
    numbers = [int(cursor or "0"), *(int(row["id"]) for row in answer.rows)]
    return all(lower < higher for lower, higher in pairwise(numbers))


def time(row: Row) -> str:
    """The row's time of last change, "" when it does not tell one."""
    found = row.get(COLUMN, "")
    try:
        # The CRM knows no zones.
        return datetime.strptime(found, _TIME).strftime(_TIME)  # noqa: DTZ007
    except ValueError:
        return ""


def _insist(holds: bool) -> None:  # noqa: FBT001
    if not holds:
        raise NotFollowable
