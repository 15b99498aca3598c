"""Which processes are alive, which one has a task, and how much time has really passed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from widget.store.engine.presence import FORGOTTEN, Presence, Steady

PROCESS = """
import sys
from pathlib import Path
from widget.store.engine.presence import Presence
presence = Presence(Path(sys.argv[1]))
print(presence.name, presence.take("worker"), flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str, bool]]:
    """A process of its own that is present, and tries to take the task.

    Its name and whether it got it.
    """
    command = [sys.executable, "-c", PROCESS, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        name, took = process.stdout.readline().split()
        try:
            yield process, name, took == "True"
        finally:
            process.kill()


def test_a_process_is_alive_until_it_leaves(tmp_path: Path) -> None:
    one, other = Presence(tmp_path), Presence(tmp_path)
    assert other.is_alive(one.name)
    assert one.is_alive(one.name)

    one.leave()

    assert not other.is_alive(one.name)
    assert other.is_alive(other.name)


def test_nobody_has_never_lived(tmp_path: Path) -> None:
    assert not Presence(tmp_path).is_alive("0123456789abcdef")


def test_a_process_that_is_killed_is_dead_at_once_and_its_task_is_free(tmp_path: Path) -> None:
    presence = Presence(tmp_path)
    with other_process(tmp_path) as (process, name, took):
        assert took
        assert presence.is_alive(name)
        assert not presence.take("worker")
        process.kill()
        process.wait(10)

        assert not presence.is_alive(name)
        assert presence.take("worker")


def test_a_task_belongs_to_one_and_to_the_next_when_that_one_leaves(tmp_path: Path) -> None:
    one, other = Presence(tmp_path), Presence(tmp_path)
    assert one.take("worker")
    assert not other.take("worker")

    one.leave()

    assert other.take("worker")


@pytest.mark.parametrize(
    ("age", "stays"), [(FORGOTTEN + 60, False), (60, True), (-FORGOTTEN - 60, False)]
)
def test_traces_of_the_dead_are_swept_away_but_not_those_of_the_young(
    tmp_path: Path, age: float, stays: bool
) -> None:
    """A young file may belong to a process that is just about to lock it.

    Clocks may have been wrong.
    """
    gone = Presence(tmp_path)
    gone.leave()
    file = tmp_path / gone.name
    moment = file.stat().st_mtime - age
    os.utime(file, (moment, moment))

    Presence(tmp_path)

    assert file.exists() is stays


def test_of_one_that_lives_long_nothing_is_swept_away(tmp_path: Path) -> None:
    old = Presence(tmp_path)
    os.utime(tmp_path / old.name, (0, 0))

    assert Presence(tmp_path).is_alive(old.name)


# -- time
# --------------------------------------------------------------------------------------------------


def test_steady_time_goes_on_by_itself_and_every_process_has_the_same(tmp_path: Path) -> None:
    one, other = Steady(), Steady()

    assert one.boot == other.boot
    assert one.now() <= other.now() <= one.now() < other.now() + 1


def test_within_one_start_of_the_machine_time_is_counted_from_the_moment() -> None:
    steady = Steady(lambda: 5000.0)

    assert steady.since("key", steady.boot, 4900.0) == 100.0


def test_of_another_start_only_the_time_counts_since_it_was_first_asked_for() -> None:
    """The machine may have been off for a second or a year: nothing in it tells."""
    now = [10.0]
    steady = Steady(lambda: now[0])
    assert steady.since("key", "another start", 4900.0) == 0.0
    now[0] = 130.0

    assert steady.since("key", "another start", 4900.0) == 120.0
    assert steady.since("other", "another start", 4900.0) == 0.0
    assert steady.since("key", "another start", 5000.0) == 0.0


def test_a_task_that_is_taken_while_everything_is_let_go_disturbs_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence, close = Presence(tmp_path), os.close
    took: list[bool] = []

    def busy(descriptor: int) -> None:
        """As another thread would, between two of them."""
        if not took:
            took.append(presence.take("index"))
        close(descriptor)

    presence.take("worker")
    monkeypatch.setattr(os, "close", busy)
    presence.leave()

    assert took == [True]
    assert not presence.is_alive(presence.name)
