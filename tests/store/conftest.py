"""A database of the test's own, on a real disk."""

from pathlib import Path

import pytest

from widget.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "vinculo.db")
