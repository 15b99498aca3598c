"""The command line of an integrator: links into the set-up."""

from pathlib import Path

import pytest

from tests.cli.test_main import run
from widget.domain.permissions import Role
from widget.store.engine.database import Database
from widget.store.records.admins import Admins


@pytest.mark.parametrize(
    ("arguments", "role"), [((), Role.ADMINISTRATOR), (("--role", "support"), Role.SUPPORT)]
)
def test_a_link_is_printed_that_lets_somebody_in(
    tmp_path: Path, arguments: tuple[str, ...], role: Role
) -> None:
    given = run(tmp_path, "setup-link", *arguments, VINCULO_PUBLIC_URL="https://panel.example")
    address, _, code = given.stdout.strip().partition("?code=")

    assert address == "https://panel.example/setup/first"
    assert Admins(Database(tmp_path / "vinculo.db")).invited(code) is role
