"""What is remembered of a mirrored table."""

import random

from widget.crm.wire import Filter, Query
from widget.domain.model import Ref
from widget.store.people.fills import NO_COLUMN, Fill
from widget.sync.odd import EMPTIES, TWICE
from widget.sync.pace import Pace
from widget.sync.table import PASS_EVERY, PASS_EVERY_BLIND, SETTLED, Table, begins


def test_only_rows_that_hide_others_are_left_out_of_a_question() -> None:
    table = Table(Ref.LEAD, "contato", "changed", Pace(random.random))
    assert table.without_bad(Query("contato")) == Query("contato")

    table.note(EMPTIES, [12, 7])
    table.note(TWICE, [3])

    assert table.without_bad(Query("contato")).filters == (Filter("id", "not in", "7,12"),)
    assert table.why(Fill("contato")) == f"{NO_COLUMN};row-twice:3;row-empties:7;row-empties:12"


def test_a_change_is_settled_once_it_has_been_the_latest_for_long() -> None:
    table = Table(Ref.LEAD, "contato", "changed", Pace(random.random))

    assert not table.is_settled("2026-01-01 00:00:00", 10_000.0)
    assert table.is_settled("2026-01-01 00:00:00", 10_001.0 + SETTLED)
    assert not table.is_settled("2026-01-01 00:00:01", 10_001.0 + SETTLED)


def test_a_pass_begins_sooner_where_changes_cannot_be_followed() -> None:
    blind = Fill("contato", started_at=1.0, finished_at=2.0)
    followed = Fill("contato", started_at=1.0, finished_at=2.0, newest="2026-01-01 00:00:00")

    assert begins(blind, 2.0 + PASS_EVERY_BLIND)
    assert not begins(followed, 2.0 + PASS_EVERY_BLIND)
    assert begins(followed, 2.0 + PASS_EVERY)
