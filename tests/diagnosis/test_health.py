"""Whether our own files can be used."""

import os
from pathlib import Path

import pytest

from widget.diagnosis import health
from widget.domain.errors import Lost
from widget.store.engine.presence import Presence


def test_the_trial_leaves_nothing_behind(tmp_path: Path) -> None:
    disk = health.try_disk(tmp_path)

    assert disk.free > 0
    assert disk.sync < 10
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(Lost):
        health.try_disk(tmp_path / "gone")


def test_living_servers_are_counted_but_for_oneself(tmp_path: Path) -> None:
    assert health.servers(tmp_path) == 0
    one, two = Presence(tmp_path / "run"), Presence(tmp_path / "run")
    two.take("worker")

    assert (health.servers(tmp_path), health.servers(tmp_path, one.name)) == (2, 1)
    assert health.has_task(tmp_path, "worker")
    two.leave()
    assert (health.servers(tmp_path), health.has_task(tmp_path, "worker")) == (1, False)


def test_keys_are_for_their_owner(tmp_path: Path) -> None:
    for name, mode in {"secret.txt": 0o600, "start_key.txt": 0o640}.items():
        os.close(os.open(tmp_path / name, os.O_CREAT, mode))
        (tmp_path / name).chmod(mode)

    assert health.open_keys(tmp_path) == ["start_key.txt"]
