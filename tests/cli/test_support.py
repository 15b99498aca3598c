"""Commands for whoever helps from afar."""

from pathlib import Path

import pytest

from tests.setup.installation import settings
from widget.cli.support import pack, replayed
from widget.emulator.crm.server import Emulator


def test_a_bundle_is_written_once_and_shows_the_fault_again(
    crm: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crm.control(fault="403")
    file = tmp_path / "bundle.json"

    first, again = (pack(settings(crm, tmp_path / "data"), file) for _ in range(2))

    assert (first, again) == (0, 1)
    assert "No bundle was made" in capsys.readouterr().err
    assert replayed(file) == {"fault": "403"}


def test_what_is_no_bundle_is_not_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.json").write_text('{"format": 99}')

    assert replayed(tmp_path / "other.json") is None
    assert replayed(tmp_path / "none.json") is None
    assert capsys.readouterr().err.count("cannot be replayed") == 2
