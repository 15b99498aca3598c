"""The bench of IXC's own words: what the journal keeps is as in the product."""

from pathlib import Path

import pytest

from tests.crm.bench import Bench
from widget.emulator.crm.server import Emulator


@pytest.fixture
def bench(crm: Emulator, tmp_path: Path) -> Bench:
    """Every layer, joined as the product joins them."""
    return Bench(crm, tmp_path / "data", in_words=True)
