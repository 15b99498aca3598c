"""server.py integration ...: what the pages do, for those who script.

A token is never an argument and never shown.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import SECRET, START_KEY
from tests.setup.test_removal import kept
from widget.cli import integrations
from widget.desk.running import Running
from widget.desk.shared import Keys
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A server to which nothing is connected."""
    found = Running(Settings(data=str(tmp_path / "data")), Keys(SECRET, START_KEY), CRMS, time.time)
    yield found
    found.shared.presence.leave()


def command(running: Running, *arguments: str, **variables: str) -> int:
    """The exit status of `server.py integration ...`."""
    parser = argparse.ArgumentParser()
    integrations.describe(parser.add_subparsers())
    return integrations.run(running, parser.parse_args(["integration", *arguments]), variables)


def added(running: Running, crm: Emulator, *more: str) -> int:
    """Vendas is connected, without a mirror."""
    return command(
        running,
        "add",
        "Vendas",
        "--url",
        crm.url,
        "--token-env",
        "T",
        "--wait",
        "3",
        "--settle-seconds",
        "30",
        "--private",
        "--no-index",
        *more,
        T=crm.token,
    )


def test_a_crm_is_connected_after_its_connection_held(
    running: Running, crm: Emulator, capsys: Capture
) -> None:
    assert added(running, crm, "--departments", "Vendas, Suporte") == 0
    [stored] = running.integrations.all()

    assert (stored.id, stored.token, stored.wait, stored.departments) == (
        "vendas",
        crm.token,
        3,
        ("Vendas", "Suporte"),
    )
    assert crm.token not in capsys.readouterr().out
    assert crm.calls


def test_a_connection_that_does_not_hold_is_not_saved_unless_told_to(
    running: Running, crm: Emulator, capsys: Capture
) -> None:
    wrong = crm.token[:-1] + "x"
    arguments = ("add", "Vendas", "--url", crm.url, "--token-env", "T", "--private")

    assert command(running, *arguments, T=wrong) == 1
    assert "failing" in capsys.readouterr().out
    assert running.integrations.all() == []
    assert command(running, *arguments, "--untested", "--no-index", "--no-active", T=wrong) == 0
    assert len(running.integrations.all()) == 1


def test_an_inner_address_needs_a_word_of_its_own(running: Running, crm: Emulator) -> None:
    assert command(running, "add", "Vendas", "--url", crm.url, "--token-env", "T", T=crm.token) == 1
    assert crm.calls == []


@pytest.mark.parametrize("source", ["file", "stdin", "-"])
def test_the_token_comes_from_a_file_or_the_standard_input(
    running: Running, crm: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    file = tmp_path / "token.txt"
    file.write_text(f"{crm.token}\n")
    monkeypatch.setattr("sys.stdin", io.StringIO(f" {crm.token}\n"))
    given = {"file": ["--token-file", str(file)], "stdin": [], "-": ["--token-file", "-"]}[source]

    assert (
        command(
            running,
            "add",
            "Vendas",
            "--url",
            crm.url,
            "--untested",
            "--no-active",
            "--no-index",
            *given,
        )
        == 0
    )
    assert running.integrations.all()[0].token == crm.token


def test_a_token_is_no_argument(running: Running) -> None:
    with pytest.raises(SystemExit):
        command(running, "add", "Vendas", "--token", "7:abc")


def test_one_value_is_changed_and_the_rest_stays(running: Running, crm: Emulator) -> None:
    added(running, crm)
    before = running.integrations.all()[0]

    assert command(running, "edit", "vendas", "--calls", "4") == 0
    after = running.integrations.all()[0]
    assert (after.calls, after.token, after.private, after.index) == (4, before.token, True, False)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["edit", "norte", "--calls", "4"], "there is no integration 'norte'"),
        (["edit", "vendas", "--calls", "0"], "calls: "),
        (["edit", "vendas", "--url", "ftp://x"], "url: "),
        (["edit", "vendas", "--token-env", "NONE"], "no variable NONE"),
        (["edit", "vendas", "--token-file", "/nowhere/token"], "nowhere"),
        (["test", "norte"], "there is no integration"),
        (["delete", "vendas", "--name", "Norte"], "nothing was deleted"),
        (["import", "/nowhere/setup.json"], "nowhere"),
    ],
)
def test_a_mistake_is_said_and_changes_nothing(
    running: Running, crm: Emulator, capsys: Capture, arguments: list[str], why: str
) -> None:
    added(running, crm)
    before = running.integrations.all()

    assert command(running, *arguments) == 1
    assert why in capsys.readouterr().err
    assert running.integrations.all() == before


def test_all_are_listed_and_no_token_is_shown(
    running: Running, crm: Emulator, capsys: Capture
) -> None:
    command(running, "list")
    assert "No CRM is connected" in capsys.readouterr().out
    added(running, crm)
    capsys.readouterr()

    command(running, "list")
    command(running, "list", "--json")
    shown = capsys.readouterr().out
    assert "vendas" in shown
    assert f"...{crm.token[-4:]}" in shown
    assert crm.token not in shown


def test_the_way_to_one_is_walked(running: Running, crm: Emulator) -> None:
    added(running, crm)

    assert command(running, "test", "vendas") == 0
    crm.control(fault="html200")
    assert command(running, "test", "vendas") == 1


def test_one_is_deleted_by_its_name_and_what_was_on_its_way_is_written_down_first(
    running: Running, crm: Emulator, tmp_path: Path, capsys: Capture
) -> None:
    added(running, crm)
    kept(running, "vendas", "Ligar amanhã.")
    file = tmp_path / "kept.json"

    assert command(running, "delete", "vendas", "--name", "Vendas") == 1
    assert "--kept" in capsys.readouterr().err
    assert command(running, "delete", "vendas", "--name", "Vendas", "--kept", str(file)) == 0
    assert "Ligar amanhã." in file.read_text()
    assert running.integrations.all() == []


def test_the_set_up_goes_into_a_file_and_back(
    running: Running, crm: Emulator, tmp_path: Path, capsys: Capture
) -> None:
    added(running, crm)
    file = tmp_path / "setup.json"
    assert command(running, "export", str(file)) == 0
    assert command(running, "import", str(file), "--check") == 0
    told = json.loads(file.read_text())
    told["integrations"][0]["calls"] = 5
    file.write_text(json.dumps(told))
    capsys.readouterr()

    assert command(running, "import", str(file), "--check") == 1
    assert '+      "calls": 5' in capsys.readouterr().out
    assert running.integrations.all()[0].calls == 16
    assert command(running, "import", str(file)) == 0
    assert (running.integrations.all()[0].calls, running.integrations.all()[0].token) == (
        5,
        crm.token,
    )


def test_what_comes_without_its_token_is_named(
    running: Running, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "setup.json"
    one = {
        "id": "sul",
        "name": "Sul",
        "url": "ixc.sul.example",
        "index": False,
        "active": False,
    }
    file.write_text(json.dumps({"format": 1, "integrations": [one]}))

    command(running, "import", str(file))

    assert "sul has no token yet" in capsys.readouterr().out
    command(running, "export")
    assert '"id": "sul"' in capsys.readouterr().out
