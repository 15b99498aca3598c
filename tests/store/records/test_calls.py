"""The last calls to the CRM, as processes share them."""

from dataclasses import replace
from pathlib import Path

from widget.domain.traffic import Call
from widget.store.records.calls import Calls

CALL = Call(
    1000.0, "main", "contato", "list", "fone_celular", 200, 31, "{page, total}", "", "ABCD-1234"
)


def test_what_one_process_noted_another_reads(tmp_path: Path) -> None:
    ours, theirs = Calls(tmp_path), Calls(tmp_path)
    ours.add(CALL)
    theirs.add(replace(CALL, code="VNC-201"))

    assert ours.last() == [CALL, replace(CALL, code="VNC-201")]
    assert theirs.last(1) == [replace(CALL, code="VNC-201")]


def test_a_call_that_a_newer_version_noted_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "calls.jsonl").write_text('{"at": 1.0, "resource": "contato", "weather": "rain"}\n')

    assert Calls(tmp_path).last() == [Call(at=1.0, resource="contato")]
