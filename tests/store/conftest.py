"""A database of the test's own, on a real disk."""

from pathlib import Path

import pytest

from tests.crm.bench import Clock
from tests.store.writes import process
from widget.store.engine.database import Database
from widget.store.journal.journal import Journal


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "vinculo.db")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Journal:
    return process(tmp_path, clock)
