"""Tests that listings are read to their end, whatever a base makes of pages.

Where that cannot be, it is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from widget.crm import listings
from widget.crm.wire import Filter, Query, Row, Rows
from widget.domain import errors
from widget.domain.model import Fetched, Freshness

BY_NAME = Query("contato", sort="nome", size=500)
BY_NUMBER = Query("contato", size=500)
LATEST = Query("contato", descending=True, size=500)


@dataclass
class Base:
    """A base of so many people that holds ``cap`` rows in a page and counts as ``tells`` says."""

    people: int
    cap: int = 20
    tells: Callable[[int, int], int] = lambda count, _page: count
    heeds: bool = True
    fails_after: int = 10_000
    asked: list[Query] = field(default_factory=list)

    def read(self, query: Query) -> Fetched[Rows]:
        self.asked.append(query)
        if len(self.asked) > self.fails_after:
            raise errors.TooSlow("enough")
        rows: list[Row] = [
            {"id": str(n), "nome": f"Pessoa {n * 7919 % 1000:03}"}
            for n in range(1, self.people + 1)
        ]
        for one in query.filters if self.heeds else ():
            is_after = one.operator == ">"
            rows = [
                row
                for row in rows
                if (int(row["id"]) > int(one.value)) == is_after and row["id"] != one.value
            ]
        rows.sort(
            key=lambda row: int(row["id"]) if query.sort == "id" else row["nome"],
            reverse=query.descending,
        )
        size = min(query.size, self.cap)
        page = rows[(query.page - 1) * size : query.page * size]
        return Fetched(Rows(tuple(page), self.tells(len(rows), len(page))), 1.0)


def numbers(answer: Fetched[Rows]) -> list[int]:
    return [int(row["id"]) for row in answer.value.rows]


@pytest.mark.parametrize("query", [BY_NAME, BY_NUMBER, LATEST])
@pytest.mark.parametrize(
    ("people", "cap"),
    [(0, 20), (1, 20), (19, 20), (20, 20), (21, 20), (600, 20), (600, 500), (7, 1)],
)
def test_everybody_comes_once_and_in_order(query: Query, people: int, cap: int) -> None:
    answer = listings.whole(Base(people, cap).read, query)

    assert answer.value.whole
    assert sorted(numbers(answer)) == list(range(1, people + 1))
    column = "id" if query.sort == "id" else "nome"
    told = [int(row["id"]) if column == "id" else row[column] for row in answer.value.rows]
    assert told == sorted(told, reverse=query.descending)


def test_what_fits_into_a_page_is_asked_for_once() -> None:
    base = Base(15, 500)

    assert len(listings.whole(base.read, BY_NAME).value.rows) == 15
    assert len(base.asked) == 1


@pytest.mark.parametrize(
    "tells",
    [
        lambda _count, page: (
            page + 1 if page else 0
        ),  # as the transport says where no total is told
        lambda count, _page: count + 1 if count else 0,  # one too many
        lambda count, page: max(count - 3, page),  # too few
    ],
)
def test_a_total_that_lies_or_is_missing_ends_nothing_too_early(
    tells: Callable[[int, int], int],
) -> None:
    answer = listings.whole(Base(61, tells=tells).read, BY_NUMBER)

    assert len(set(numbers(answer))) == 61


def test_a_base_that_takes_no_notice_of_numbers_is_not_called_whole() -> None:
    assert not listings.whole(Base(61, heeds=False).read, BY_NUMBER).value.whole


def test_what_does_not_come_in_time_is_not_called_whole() -> None:
    answer = listings.whole(Base(61, fails_after=2).read, BY_NUMBER)

    assert (len(numbers(answer)), answer.value.total, answer.value.whole) == (40, 61, False)


def test_nobody_reads_on_for_ever() -> None:
    base = Base(10_000, 1)

    assert not listings.whole(base.read, BY_NUMBER).value.whole
    assert len(base.asked) <= listings.MOST_PAGES + 1


def test_what_is_not_known_yet_is_not_asked_for_where_nothing_may_be() -> None:
    def read(query: Query) -> Fetched[Rows]:
        return Base(61).read(query) if not query.filters else Fetched(Rows((), 0), 0.0, stale=True)

    known = Query("contato", size=500, freshness=Freshness.KNOWN)
    assert not listings.whole(read, known).value.whole


@pytest.mark.parametrize(
    "query", [Query("contato", (Filter("id", ">", "3"),), size=1), Query("contato", page=2)]
)
def test_one_row_and_a_further_page_are_what_they_are(query: Query) -> None:
    base = Base(61)

    assert listings.whole(base.read, query).value.whole
    assert base.asked == [query]


@pytest.mark.parametrize("cap", [1, 3, 5, 7, 10, 500])
def test_pages_to_leaf_through_are_the_same_whatever_a_page_of_the_base_holds(cap: int) -> None:
    base = Base(34, cap)
    pages = [
        numbers(listings.window(base.read, Query("contato", page=page, size=10)))
        for page in range(1, 6)
    ]

    assert pages == [list(range(start, min(start + 10, 35))) for start in (1, 11, 21, 31)] + [[]]
