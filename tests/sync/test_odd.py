"""Tests of the search for a row that empties its page.

The search finds its number, whatever gaps there are, and ends.
"""

from __future__ import annotations

import pytest

from widget.crm.wire import Rows
from widget.domain import errors
from widget.sync import odd
from widget.sync.odd import EMPTIES, MOST, TWICE, Around


@pytest.mark.parametrize("gap", [*range(1, 40), 1000, 123_456_789])
def test_the_number_is_found_beyond_any_gap(gap: int) -> None:
    around, asked = Around(7, 200), 0
    while not around.bad:
        asked += 1
        if not around.span or around.cursor < 7 + gap <= around.cursor + around.span:
            around.emptied()
        else:
            around.nothing()

    assert around.bad == [7 + gap]
    assert asked < 70


def test_a_base_without_any_row_is_no_matter_of_single_rows() -> None:
    around = Around(0, 1)
    for _ in range(2 * MOST + 1):
        around.emptied()

    with pytest.raises(errors.Incomplete):
        around.emptied()


def test_rows_announced_under_no_number_are_not_looked_for_for_ever() -> None:
    around = Around(0, 1)
    around.emptied()
    for _ in range(40):
        around.nothing()

    with pytest.raises(errors.Incomplete):
        around.nothing()


def test_a_note_is_read_as_it_was_told() -> None:
    rows = {12: EMPTIES, 7: TWICE}

    assert odd.read(f"no-column;{odd.told(rows)}") == rows
    assert odd.read("VNC-203") == odd.read("") == {}


def test_rows_that_come_again_are_told_once() -> None:
    rows, twice = odd.distinct(Rows(({"id": "1"}, {"id": "2"}, {"id": "2"}), 3))

    assert ([row["id"] for row in rows.rows], twice) == (["1", "2"], [2])
