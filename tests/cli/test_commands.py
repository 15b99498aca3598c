"""The command line: every command says what it is for, and nothing is taken that means nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from widget.cli import main
from widget.cli.commands import parser
from widget.domain.model import Ref

WITHOUT_SETTINGS = {"emulator", "options", "doctor", "bundle", "replay"}


def test_every_command_is_listed_with_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--help"])
    told = " ".join(capsys.readouterr().out.split())

    assert ended.value.code == 0
    for sentence in (
        "serve the panel",
        "name the broken link",
        "bring a backup back",
        "erase all that is kept of one person",
        "connect CRMs",
        "print a link that lets somebody into the set-up pages",
    ):
        assert sentence in told


def test_every_command_that_is_listed_is_done() -> None:
    listed = set(
        parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr, arg-type]
    )

    assert listed == set(main._COMMANDS) | WITHOUT_SETTINGS


def test_people_are_named_by_kind_and_number() -> None:
    options = parser().parse_args(["erase", "lead:12", "--abandon"])

    assert (options.who, options.integration, options.abandon) == (
        Ref(Ref.LEAD, "12"),
        "main",
        True,
    )


def test_files_are_only_overwritten_when_that_is_said() -> None:
    options = [
        parser().parse_args([command, "a.json", *more])
        for command in ("bundle", "backup")
        for more in ([], ["--force"])
    ]

    assert [(one.file, one.force) for one in options] == [
        (Path("a.json"), False),
        (Path("a.json"), True),
    ] * 2


@pytest.mark.parametrize(
    "line",
    [
        "",
        "fly",
        "erase",
        "erase somebody",
        "export lead:",
        "index --status --erase",
        "replay",
        "restore",
        "start-url nowhere",
        "emulator --port x",
        "integration",
        "writes extra",
    ],
)
def test_what_means_nothing_is_refused_with_the_usage(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(line.split())

    assert ended.value.code == 2
    assert "usage: server.py" in capsys.readouterr().err
