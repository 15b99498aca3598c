"""What the integrations of a process share."""

from datetime import timedelta
from pathlib import Path

from tests.product import SECRET, START_KEY
from widget.desk.shared import Keys, Shared
from widget.domain.settings import Settings


def test_the_local_time_is_that_of_the_crm_whatever_the_machines_is(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path), timezone="America/Manaus")

    shared = Shared.open(settings, Keys(SECRET, START_KEY), lambda: 1_800_000_000.0)

    assert shared.now().utcoffset() == timedelta(hours=-4)
    assert shared.now().timestamp() == 1_800_000_000.0


def test_keys_are_never_printed() -> None:
    shown = repr(Keys("first-key", "second-key", "third-key", "fourth-key"))

    assert "key" not in shown.replace("Keys", "")
