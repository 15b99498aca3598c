"""A bounded file of lines, as processes share it."""

from pathlib import Path

import pytest

from widget.store.engine import lines
from widget.store.engine.lines import Tail


def test_only_the_last_ones_are_kept_whoever_turns_the_file_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LARGEST", 2000)
    ours, theirs = Tail(tmp_path / "x.jsonl"), Tail(tmp_path / "x.jsonl")
    for number in range(400):
        (ours if number % 2 else theirs).add({"n": number, "more": "x" * 20})

    kept = [line["n"] for line in ours.last()]

    assert kept == list(range(kept[0], 400))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 5000


def test_a_line_that_was_cut_off_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"at": 1, "integ\n[1]\n')
    noted = Tail(path)
    noted.add({"n": 1})

    assert noted.last() == [{"n": 1}]


def test_what_cannot_be_noted_disturbs_nobody(tmp_path: Path) -> None:
    noted = Tail(tmp_path / "gone" / "x.jsonl")

    noted.add({"n": 1})

    assert noted.last() == []
