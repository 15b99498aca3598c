"""What may be done so often is counted for all processes together, and forgotten in time."""

from pathlib import Path

import pytest

from tests.product import Hour
from widget.store.engine.database import Database
from widget.store.records.limits import Limits


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "vinculo.db")


@pytest.fixture
def limits(database: Database, hour: Hour) -> Limits:
    return Limits(database, lambda: hour.now)


def test_so_many_at_once_and_then_one_at_a_time(limits: Limits, hour: Hour) -> None:
    waits = [limits.take("sign-in", "maria", 3, 60) for _ in range(4)]

    assert waits == [0, 0, 0, pytest.approx(20)]
    hour.now += 20
    assert limits.take("sign-in", "maria", 3, 60) == 0
    assert limits.take("sign-in", "maria", 3, 60) > 0


def test_who_is_refused_is_not_counted(limits: Limits, hour: Hour) -> None:
    for _ in range(50):
        wait = limits.take("sign-in", "maria", 3, 60)
    hour.now += wait

    assert limits.take("sign-in", "maria", 3, 60) == 0


def test_names_and_keys_are_counted_apart(limits: Limits) -> None:
    limits.take("sign-in", "maria", 1, 60)

    assert limits.take("sign-in", "joana", 1, 60) == 0
    assert limits.take("pair", "maria", 1, 60) == 0


def test_another_process_counts_the_same(limits: Limits, tmp_path: Path, hour: Hour) -> None:
    other = Limits(Database(tmp_path / "vinculo.db"), lambda: hour.now)
    limits.take("pair", "1", 2, 60)
    other.take("pair", "1", 2, 60)

    assert limits.take("pair", "1", 2, 60) > 0
    assert other.take("pair", "1", 2, 60) > 0


def test_a_clock_set_back_locks_nobody_out(limits: Limits, hour: Hour) -> None:
    limits.take("pair", "1", 2, 60)
    hour.now -= 86400

    assert limits.take("pair", "1", 2, 60) <= 30
    hour.now += 60
    assert limits.take("pair", "1", 2, 60) == 0


def test_what_is_over_is_forgotten_and_no_key_can_be_read(
    limits: Limits, database: Database, hour: Hour
) -> None:
    limits.take("look-up", "+5549999032288", 2, 60)
    assert "99903" not in str(database.rows("SELECT * FROM limits"))
    hour.now += 61
    limits.take("pair", "1", 2, 60)

    assert len(database.rows("SELECT * FROM limits")) == 1


def test_what_is_counted_ahead_costs_no_write_and_stays_as_exact(
    limits: Limits, database: Database, hour: Hour
) -> None:
    waits, writes = [], set()
    for _ in range(11):
        waits.append(limits.take("letters", "1", 10, 60, ahead=4))
        writes.add(database.version())

    assert [wait > 0 for wait in waits] == [False] * 10 + [True]
    assert len(writes) < 8
    hour.now += 61
    assert limits.take("letters", "1", 10, 60, ahead=4) == 0


def test_what_was_counted_ahead_ends_with_its_time(limits: Limits, hour: Hour) -> None:
    limits.take("letters", "1", 10, 60, ahead=10)
    hour.now += 70
    waits = [limits.take("letters", "1", 10, 60, ahead=10) for _ in range(11)]

    assert [wait > 0 for wait in waits] == [False] * 10 + [True]


def test_who_proved_right_is_counted_anew(limits: Limits) -> None:
    limits.take("pair", "1", 1, 60)
    limits.forget("pair", "1")

    assert limits.take("pair", "1", 1, 60) == 0
