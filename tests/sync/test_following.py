"""Tests of looks at what has changed.

They lead on whatever the base answers, and say when it does not heed them.
"""

from __future__ import annotations

import pytest

from widget.crm.wire import Filter, Rows
from widget.sync.following import (
    BEFORE_ALL,
    Look,
    NotFollowable,
    first_look,
    is_ascending,
    latest,
    newest_of,
)

COLUMN = "changed"
NINE, TEN = "2026-11-20 09:00:00", "2026-11-20 10:00:00"


def page(*rows: tuple[int, str], total: int = 0) -> Rows:
    return Rows(
        tuple({"id": str(number), COLUMN: at} for number, at in rows), max(total, len(rows))
    )


def test_the_first_look_goes_a_little_back_unless_nothing_earlier_can_still_come() -> None:
    assert first_look(TEN, COLUMN, is_settled=False) == Look("2026-11-20 09:58:00", COLUMN)
    assert first_look(TEN, COLUMN, is_settled=True) == Look(TEN, COLUMN, is_after=True)


@pytest.mark.parametrize(
    ("look", "filters", "sort"),
    [
        (Look(NINE, COLUMN), (Filter(COLUMN, ">=", NINE),), COLUMN),
        (Look(NINE, COLUMN, is_after=True), (Filter(COLUMN, ">", NINE),), COLUMN),
        (Look(NINE, COLUMN, cursor="7"), (Filter(COLUMN, "=", NINE), Filter("id", ">", "7")), "id"),
    ],
)
def test_a_look_asks_by_time_and_inside_a_crowded_second_by_number(
    look: Look, filters: tuple[Filter, ...], sort: str
) -> None:
    query = look.query("contato", 50)

    assert (query.filters, query.sort, query.size, query.descending) == (filters, sort, 50, False)


@pytest.mark.parametrize(
    ("look", "answer", "further"),
    [
        (Look(NINE, COLUMN), page(), None),
        (Look(NINE, COLUMN), page((5, NINE)), None),
        (Look(NINE, COLUMN), page((5, NINE), (3, TEN), total=9), Look(TEN, COLUMN)),
        (
            Look(NINE, COLUMN),
            page((5, NINE), total=9),
            Look(NINE, COLUMN, cursor="0"),
        ),  # the base gives fewer than we ask for
        (Look(NINE, COLUMN), page((3, TEN), (5, TEN), total=9), Look(TEN, COLUMN, cursor="0")),
        (
            Look(NINE, COLUMN, cursor="3"),
            page((5, NINE), (9, NINE), total=9),
            Look(NINE, COLUMN, cursor="9"),
        ),
        (Look(NINE, COLUMN, cursor="9"), page((10, NINE)), Look(NINE, COLUMN, is_after=True)),
        (Look(NINE, COLUMN, cursor="9"), page(), Look(NINE, COLUMN, is_after=True)),
        (
            Look(NINE, COLUMN, is_after=True),
            page((3, TEN), (5, TEN)),
            Look(TEN, COLUMN, cursor="0"),
        ),  # as many as were asked for
        (Look(NINE, COLUMN, is_after=True), page(), None),
    ],
)
def test_each_page_leads_to_a_later_second_or_a_higher_number_or_to_the_end(
    look: Look, answer: Rows, further: Look | None
) -> None:
    assert look.after(answer, 2) == further


@pytest.mark.parametrize(
    ("look", "answer"),
    [
        (Look(TEN, COLUMN), page((5, NINE))),
        (Look(NINE, COLUMN, is_after=True), page((5, NINE))),
        (Look(NINE, COLUMN), page((5, TEN), (6, NINE))),
        (Look(NINE, COLUMN), page((5, ""))),
        (Look(NINE, COLUMN), page((5, "20/11/2026"))),
        (Look(NINE, COLUMN, cursor="3"), page((5, TEN))),
        (Look(NINE, COLUMN, cursor="3"), page((3, NINE))),
        (Look(NINE, COLUMN, cursor="3"), page((5, NINE), (4, NINE))),
    ],
)
def test_an_answer_that_does_not_heed_filter_or_order_is_noticed(look: Look, answer: Rows) -> None:
    with pytest.raises(NotFollowable):
        look.after(answer, 2)


def test_following_begins_at_the_latest_change_or_before_all_of_them() -> None:
    assert newest_of(page((5, NINE)), COLUMN, TEN) == NINE
    assert newest_of(page(), COLUMN, TEN) == BEFORE_ALL
    assert first_look(BEFORE_ALL, COLUMN, is_settled=False).since < BEFORE_ALL
    assert (
        latest("contato", COLUMN).sort,
        latest("contato", COLUMN).descending,
        latest("contato", COLUMN).size,
    ) == (
        COLUMN,
        True,
        1,
    )


@pytest.mark.parametrize("silent", ["", "0000-00-00 00:00:00", "2026-13-45 99:00:00", "ontem"])
def test_a_base_whose_rows_do_not_tell_cannot_be_followed(silent: str) -> None:
    with pytest.raises(NotFollowable):
        newest_of(page((5, silent)), COLUMN, TEN)


def test_nothing_is_followed_from_a_time_that_has_not_come_yet() -> None:
    with pytest.raises(NotFollowable):
        newest_of(page((5, TEN)), COLUMN, NINE)


def test_numbers_must_grow_beyond_the_cursor() -> None:
    assert is_ascending(page((5, NINE), (10, NINE)), "4")
    assert not is_ascending(page((5, NINE), (10, NINE)), "5")
    assert not is_ascending(page((10, NINE), (9, NINE)), "")
