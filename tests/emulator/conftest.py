"""A fresh emulator for each test, and a client that asks it over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.client import Api
from widget.emulator.crm.server import Emulator


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Emulator]:
    with Emulator(str(tmp_path / "crm.db")) as emulator:
        yield emulator


@pytest.fixture
def api(crm: Emulator) -> Iterator[Api]:
    with Api(crm.url, crm.token) as client:
        yield client
