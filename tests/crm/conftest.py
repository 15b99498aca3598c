"""The CRM's layers over an emulator of the test's own."""

from pathlib import Path

import pytest

from tests.crm.bench import Bench
from widget.emulator.crm.server import Emulator


@pytest.fixture
def bench(crm: Emulator, tmp_path: Path) -> Bench:
    """Every layer, joined as the product joins them."""
    return Bench(crm, tmp_path / "data")
