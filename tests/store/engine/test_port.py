"""What every engine must supply: the contract, run for each one that there is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.engines import ENGINES, Engine
from widget.domain.errors import StorageFailed
from widget.store.engine.port import Lock, OutOfOrder, Store

EVERY = pytest.mark.parametrize("engine", ENGINES.values(), ids=list(ENGINES))
LINK = (
    "INSERT INTO links (integration, person, contact, attendant, at, denied)"
    " VALUES ('main', ?, 'lead-1', 'Ana', 1.5, 0)"
)


@pytest.fixture
def store(engine: Engine, tmp_path: Path) -> Store:
    return engine.store(tmp_path)


def people(store: Store) -> list[str]:
    return [row["person"] for row in store.rows("SELECT person FROM links ORDER BY person")]


def in_another_thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


@EVERY
def test_what_a_statement_wrote_is_there_for_whoever_opens_the_store(
    engine: Engine, store: Store, tmp_path: Path
) -> None:
    changed = store.run(LINK, "p1")

    again = engine.store(tmp_path)
    assert changed == 1
    assert again.row("SELECT at FROM links WHERE person = ?", "p1") == {"at": 1.5}
    assert again.row("SELECT at FROM links WHERE person = ?", "p2") is None


@EVERY
def test_a_transaction_is_done_whole_or_not_at_all(store: Store) -> None:
    def save_two_and_fail() -> None:
        with store.transaction(Lock.RECORDS):
            store.run(LINK, "p1")
            with store.transaction(Lock.RECORDS):
                store.run(LINK, "p2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_two_and_fail()
    with store.transaction(Lock.RECORDS):
        store.run_each(LINK, [("p3",), ("p4",)])

    assert people(store) == ["p3", "p4"]


@EVERY
def test_a_statement_that_fails_in_a_transaction_leaves_nothing_of_it(store: Store) -> None:
    def save_one_and_fail() -> None:
        with store.transaction(Lock.RECORDS):
            store.run(LINK, "p1")
            store.run("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StorageFailed):
        save_one_and_fail()

    assert people(store) == []


@EVERY
def test_nobody_else_changes_what_was_read_under_a_lock(
    engine: Engine, store: Store, tmp_path: Path
) -> None:
    other, begun, seen = engine.store(tmp_path), threading.Event(), []

    def count_and_add() -> None:
        begun.set()
        with other.transaction(Lock.RECORDS):
            seen.append(len(people(other)))
            other.run(LINK, "p2")

    with store.transaction(Lock.RECORDS):
        rival = in_another_thread(count_and_add)
        assert begun.wait(10)
        before = people(store)
        store.run(LINK, "p1")
    rival.join(10)

    assert before == []
    assert seen == [1]
    assert people(store) == ["p1", "p2"]


@EVERY
def test_locks_are_taken_in_their_order(store: Store) -> None:
    with store.transaction(Lock.JOURNAL):
        with store.transaction(Lock.LEDGER, Lock.RECORDS):
            store.run(LINK, "p1")
        with store.transaction(Lock.JOURNAL):
            store.run(LINK, "p2")

    def take_an_earlier_one() -> None:
        with store.transaction(Lock.RECORDS):
            store.run(LINK, "p3")
            with store.transaction(Lock.JOURNAL):
                store.run(LINK, "p4")

    with pytest.raises(OutOfOrder):
        take_an_earlier_one()

    assert people(store) == ["p1", "p2"]


@EVERY
def test_a_hasty_transaction_is_a_transaction(store: Store) -> None:
    def save_and_fail() -> None:
        with store.hastily(Lock.RECORDS):
            store.run(LINK, "p1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    store.jot(LINK, "p2")

    assert people(store) == ["p2"]


@EVERY
def test_the_version_tells_that_something_was_committed(store: Store) -> None:
    before = store.version()
    store.rows("SELECT * FROM links")
    same = store.version()
    store.run(LINK, "p1")

    assert same == before
    assert store.version() != before


@EVERY
def test_the_tables_that_bear_a_column_are_found(store: Store) -> None:
    assert {"links", "journal", "cache"} <= set(store.tables_with("integration"))
    assert "departments" not in store.tables_with("integration")


@EVERY
def test_a_task_belongs_to_one_process_until_it_leaves(engine: Engine, tmp_path: Path) -> None:
    first, second = engine.processes(tmp_path), engine.processes(tmp_path)

    assert first.name != second.name
    assert second.is_alive(first.name)
    assert (first.take("worker"), second.take("worker")) == (True, False)
    first.drop("worker")
    assert second.take("worker")
    second.leave()
    assert first.take("worker")
    assert not first.is_alive(second.name)


@EVERY
def test_a_copy_is_restored_as_it_was(engine: Engine, store: Store, tmp_path: Path) -> None:
    store.run(LINK, "p1")
    engine.back_up(tmp_path, tmp_path / "copy")
    store.run(LINK, "p2")

    engine.restore(tmp_path, tmp_path / "copy")

    assert people(engine.store(tmp_path)) == ["p1"]
