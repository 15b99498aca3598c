"""Tests of a power cut at any moment: nothing that was accepted is gone.

The same test sees it when something would be gone.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.power_loss import Losses, crashes


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_a_power_cut_every_accepted_write_is_there_and_no_half_one(
    tmp_path: Path, seed: int
) -> None:
    assert crashes(tmp_path / "machine", 300, seed) == Losses(images=300)


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_with_less_than_full_sync_the_same_cuts_lose_accepted_writes(
    tmp_path: Path, synchronous: str
) -> None:
    found = crashes(tmp_path / "machine", 60, 1, f"PRAGMA synchronous={synchronous}")

    assert found.with_losses > 30
    assert found.most_lost > 1
