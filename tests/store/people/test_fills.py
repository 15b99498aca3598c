"""Tests of how far the index is filled.

It is told truly, continued where it was, and not confused by a person who erases it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crm.bench import Clock
from widget.domain.model import Ref
from widget.store.engine import migrations
from widget.store.engine.database import Database
from widget.store.people.fills import Filling, Fills
from widget.store.people.people import Mirrored, People

TABLES = ("contato", "cliente")

NINE, TEN = "2026-11-20 09:00:00", "2026-11-20 10:00:00"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "people.db", migrations.people)


@pytest.fixture
def fills(database: Database, clock: Clock) -> Fills:
    return Fills(database, "main", clock, TABLES)


def test_before_anything_began_nothing_is_known(fills: Fills) -> None:
    progress = fills.progress()

    assert (progress.done, progress.total, progress.share, progress.state) == (
        0,
        0,
        0.0,
        Filling.WAITING,
    )
    assert not fills.is_complete


def test_a_pass_goes_on_where_the_last_kept_page_ended(
    fills: Fills, database: Database, clock: Clock
) -> None:
    fill = fills.begin("contato", NINE)
    fills.advance(fill, "200", 200, 800)
    fills.advance(fill, "412", 200, 600)

    again = Fills(database, "main", clock, TABLES).of("contato")
    assert (again.cursor, again.seen, again.total, again.newest, again.is_passing) == (
        "412",
        400,
        1000,
        NINE,
        True,
    )


def test_only_when_every_table_was_read_once_it_is_complete(fills: Fills, clock: Clock) -> None:
    for resource in TABLES:
        assert not fills.is_complete
        clock.at += 60
        fills.finish(fills.begin(resource, NINE))

    assert fills.is_complete
    assert (fills.progress().state, fills.progress().finished_at) == (
        Filling.FOLLOWING,
        clock.at - 60,
    )


def test_a_later_pass_leaves_it_complete(fills: Fills, clock: Clock) -> None:
    for resource in TABLES:
        fill = fills.begin(resource, NINE)
        fills.advance(fill, "10", 10, 0)
        fills.finish(fill)
    clock.at += 86400
    fills.begin("contato", NINE)

    assert fills.is_complete
    assert fills.of("contato").is_passing
    assert (fills.progress().share, fills.progress().state) == (1.0, Filling.FOLLOWING)


@pytest.mark.parametrize("moved", [-7200.0, 0.0, 7200.0])
def test_whatever_the_wall_clock_does_a_pass_begins_after_the_last_one_and_ends(
    fills: Fills, clock: Clock, moved: float
) -> None:
    fills.finish(fills.begin("contato", NINE))
    clock.at += moved
    fill = fills.begin("contato", NINE)
    assert fill.is_passing

    fills.finish(fill)
    assert not fills.of("contato").is_passing


def test_the_worse_state_of_both_is_told_with_its_reason(fills: Fills) -> None:
    fills.finish(fills.begin("contato", NINE))
    fills.pause(fills.begin("cliente", NINE), "VNC-204")

    assert (fills.progress().state, fills.progress().why) == (Filling.PAUSED, "VNC-204")


def test_a_pause_before_the_first_pass_is_told_too(fills: Fills) -> None:
    fills.pause(fills.of("contato"), "VNC-205")

    assert (fills.progress().state, fills.progress().why) == (Filling.PAUSED, "VNC-205")
    fills.begin("contato", NINE)
    assert fills.progress().why == ""


def test_who_sets_out_anew_is_not_held_up_by_what_was_wrong_before(fills: Fills) -> None:
    fills.pause(fills.of("contato"), "VNC-205")
    fills.resume()
    assert (fills.progress().state, fills.progress().why) == (Filling.WAITING, "")

    fills.finish(fills.begin("contato", NINE), "gone")
    fills.pause(fills.begin("cliente", NINE), "VNC-205")
    fills.resume()
    assert (fills.progress().state, fills.progress().why) == (Filling.FILLING, "gone")


def test_the_newest_change_never_goes_back(fills: Fills) -> None:
    fill = fills.begin("contato", NINE)
    fills.follow(fill, TEN)
    fills.follow(fill, NINE)
    assert fills.of("contato").newest == TEN

    fills.stop_following(fill)
    assert fills.of("contato").newest == ""


def test_looking_tells_when_and_what_one_should_know(fills: Fills, clock: Clock) -> None:
    fill = fills.begin("contato", "")
    clock.at += 5
    fills.check(fill, "no-column")

    assert (fills.of("contato").checked_at, fills.of("contato").why) == (clock.at, "no-column")


def test_what_is_noted_of_a_pass_that_was_erased_meanwhile_is_lost(
    fills: Fills, database: Database, clock: Clock
) -> None:
    fill = fills.begin("contato", NINE)
    People(database, "main", clock).erase()
    fills.advance(fill, "200", 200, 800)
    fills.finish(fill)

    assert fills.of("contato").started_at == 0
    assert not fills.is_complete


def test_integrations_are_filled_apart(database: Database, clock: Clock) -> None:
    first, second = (Fills(database, name, clock, TABLES) for name in ("main", "other"))
    for resource in TABLES:
        first.finish(first.begin(resource, NINE))

    assert (first.is_complete, second.is_complete) == (True, False)


def test_people_of_another_crm_are_erased_since_the_same_numbers_are_others_there(
    database: Database, fills: Fills, clock: Clock
) -> None:
    people = People(database, "main", clock)
    for address in ("https://a.example", "https://b.example"):
        fills.claim(address, people)
        assert people.count() == 0
        people.keep([Mirrored(Ref.LEAD, "1", {"id": "1"}, "Ana")], 1.0)
        fills.begin("contato", NINE)
        fills.claim(address, people)
        assert (people.count(), fills.of("contato").is_passing) == (1, True)


def test_who_was_kept_before_the_crm_was_named_stays(
    database: Database, fills: Fills, clock: Clock
) -> None:
    people = People(database, "main", clock)
    people.bar(Ref.LEAD, "1")
    fills.claim("https://a.example", people)

    assert people.keep([Mirrored(Ref.LEAD, "1", {"id": "1"}, "Ana")], 1.0) == 0
