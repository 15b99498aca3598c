"""The last calls to the CRM, as processes share them."""

from dataclasses import replace
from pathlib import Path

import pytest

from widget.store import calls
from widget.store.calls import Call, Calls

CALL = Call(1000.0, "main", "contato", "list", "fone_celular", 200, 31, "{page, total}", "", "ABCD-1234")


def test_what_one_process_noted_another_reads(tmp_path: Path) -> None:
    ours, theirs = Calls(tmp_path / "calls.jsonl"), Calls(tmp_path / "calls.jsonl")
    ours.add(CALL)
    theirs.add(replace(CALL, code="VNC-201"))

    assert ours.last() == [CALL, replace(CALL, code="VNC-201")]
    assert theirs.last(1) == [replace(CALL, code="VNC-201")]


def test_only_the_last_ones_are_kept_whoever_turns_the_file_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LARGEST", 2000)
    ours, theirs = Calls(tmp_path / "calls.jsonl"), Calls(tmp_path / "calls.jsonl")
    for number in range(200):
        (ours if number % 2 else theirs).add(replace(CALL, ms=number))

    kept = [call.ms for call in ours.last()]

    assert kept == list(range(kept[0], 200))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 5000


def test_a_line_that_was_cut_off_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"at": 1, "integ\n[1]\n')
    noted = Calls(path)
    noted.add(CALL)

    assert noted.last() == [CALL]


def test_what_cannot_be_noted_disturbs_nobody(tmp_path: Path) -> None:
    noted = Calls(tmp_path / "gone" / "calls.jsonl")

    noted.add(CALL)

    assert noted.last() == []
