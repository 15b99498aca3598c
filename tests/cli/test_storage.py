"""Tests of the commands about what is stored.

The commands tell the truth, by their exit status too, and change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.journal.test_journal import A, B, claimed, new, process, refuse
from widget.cli.storage import back_up, export_head, may_start, restore, verify, writes
from widget.domain.model import Attendant, Origin
from widget.domain.settings import Settings
from widget.store.engine.database import Database
from widget.store.ledger.ledger import Ledger

KEY = "a key of the test's own"
ORIGIN = Origin("chatwoot:1:7", Attendant("1", "Ana Souza"), "lead-1", "note")

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=str(tmp_path))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "vinculo.db")


@pytest.fixture
def ledger(database: Database) -> Ledger:
    ledger = Ledger(database, KEY)
    for number in range(1, 4):
        ledger.append("accepted", ORIGIN, key=f"k{number}", facts={"text": f"Text {number}"})
    return ledger


def test_a_whole_ledger_is_said_to_be_with_its_length_and_head(
    settings: Settings, ledger: Ledger, capsys: Capture
) -> None:
    assert verify(settings, KEY) == verify(settings, KEY, ledger.head()) == 0

    said = f"ok: 3 lines, head {ledger.head()}\n"
    assert capsys.readouterr().out == said * 2


def test_the_exported_head_is_the_head_and_nothing_else(
    settings: Settings, ledger: Ledger, capsys: Capture
) -> None:
    assert export_head(settings, KEY) == 0

    assert capsys.readouterr().out == ledger.head() + "\n"


def test_a_bad_line_is_said_and_no_head_is_exported(
    settings: Settings, ledger: Ledger, database: Database, capsys: Capture
) -> None:
    database.run("DROP TRIGGER ledger_lasts")
    database.run("UPDATE ledger SET contact = 'lead-2' WHERE seq = 2")

    assert verify(settings, KEY) == 1
    assert capsys.readouterr().out.startswith("line 2: altered (")
    assert export_head(settings, KEY) == 1
    exported = capsys.readouterr()
    assert exported.out == ""
    assert exported.err.startswith("line 2: altered (")


def test_a_cut_tail_is_said_against_a_head_of_before(
    settings: Settings, ledger: Ledger, database: Database, capsys: Capture
) -> None:
    head = ledger.head()
    database.run("DROP TRIGGER ledger_stays")
    database.run("DELETE FROM ledger WHERE seq = 3")

    assert (verify(settings, KEY), verify(settings, KEY, head)) == (0, 1)
    assert capsys.readouterr().out.splitlines()[1].startswith("line 3: tail cut (")


def test_another_key_is_said_not_to_fit(
    settings: Settings, ledger: Ledger, capsys: Capture
) -> None:
    assert verify(settings, "another") == 1
    assert "the key does not fit" in capsys.readouterr().out


def test_what_is_being_written_is_waited_for_by_nobody(
    settings: Settings, ledger: Ledger, database: Database, capsys: Capture
) -> None:
    with database.transaction():
        ledger.append("accepted", ORIGIN, key="k4", facts={})
        assert verify(settings, KEY) == 0
    assert verify(settings, KEY) == 0

    assert [line[:11] for line in capsys.readouterr().out.splitlines()] == [
        "ok: 3 lines",
        "ok: 4 lines",
    ]


@pytest.mark.parametrize("command", [verify, export_head])
def test_the_file_is_not_changed_also_of_an_older_version(
    settings: Settings, tmp_path: Path, command: Callable[[Settings, str], int], capsys: Capture
) -> None:
    old = Database(tmp_path / "vinculo.db")
    old.run("DROP TABLE ledger")
    old.close()
    before = (tmp_path / "vinculo.db").read_bytes()

    assert command(settings, KEY) == 1

    assert "no such table: ledger" in capsys.readouterr().err
    assert (tmp_path / "vinculo.db").read_bytes() == before


@pytest.mark.parametrize(
    "content", [None, b"this is not a database, but it is long enough to be one" * 100]
)
def test_a_file_that_is_missing_or_damaged_is_named_and_not_made(
    settings: Settings, tmp_path: Path, content: bytes | None, capsys: Capture
) -> None:
    if content:
        (tmp_path / "vinculo.db").write_bytes(content)

    assert verify(settings, KEY) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert "vinculo.db" in said.err
    assert (tmp_path / "vinculo.db").exists() is bool(content)


# Backup and the way back


def test_a_backup_under_load_of_attendants_comes_back_and_verifies(
    settings: Settings, ledger: Ledger, database: Database, tmp_path: Path, capsys: Capture
) -> None:
    status = back_up(settings, tmp_path / "backup.db")
    head = ledger.head()
    ledger.append("accepted", ORIGIN, key="k4", facts={})

    assert (status, restore(settings, tmp_path / "backup.db"), verify(settings, KEY, head)) == (
        0,
        0,
        0,
    )

    said = capsys.readouterr().out
    assert f"ok: {tmp_path / 'backup.db'}" in said
    assert "What was there is kept in" in said
    assert "the one in use" in said
    assert "ok: 4 lines" in said


def test_a_damaged_file_is_said_to_be_moved_aside(
    settings: Settings, ledger: Ledger, database: Database, tmp_path: Path, capsys: Capture
) -> None:
    back_up(settings, tmp_path / "backup.db")
    database.close()
    (tmp_path / "vinculo.db").write_bytes(b"no database at all " * 500)

    before = may_start(settings)
    status = restore(settings, tmp_path / "backup.db")
    after = may_start(settings)

    said = capsys.readouterr()
    assert (before, status, after) == (False, 0, True)
    assert "The server does not start:" in said.err
    assert "server.py restore FILE" in said.err
    assert "it is now" in said.out
    assert verify(settings, KEY) == 0


@pytest.mark.parametrize("command", [back_up, restore])
def test_what_is_refused_is_said_and_is_no_success(
    settings: Settings, tmp_path: Path, command: Callable[[Settings, Path], int], capsys: Capture
) -> None:
    Database(tmp_path / "vinculo.db").close()
    (tmp_path / "other.txt").write_text("x")

    assert command(settings, tmp_path / "other.txt") == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert "other.txt" in said.err


def test_a_server_does_not_start_on_a_sqlite_that_may_damage_the_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("widget.store.engine.sqlite.SAFE_FROM", (99, 0, 0))

    assert not may_start(settings)
    assert "install the package pysqlite3, or a newer Python" in capsys.readouterr().err


# -- writes
# --------------------------------------------------------------------------------------------------


def test_writes_that_need_a_person_are_told_by_the_exit_status_too(
    settings: Settings, tmp_path: Path, capsys: Capture
) -> None:
    journal = process(tmp_path)
    journal.accept([new()])
    assert writes(settings) == 0
    refuse(journal)
    journal.accept([new(B)])
    assert writes(settings) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("#1 | 2026-11-20 14:07:00 | note.add | lead-1 | kept")
    assert [line.partition(" | ")[0] for line in lines[2:4]] == ["#1", "#2"]
    assert [lines[1], lines[4]] == [
        "1 on the way, 0 that need a person",
        "1 on the way, 1 that need a person",
    ]


def test_finished_writes_are_listed_only_when_asked_for(
    settings: Settings, tmp_path: Path, capsys: Capture
) -> None:
    journal = process(tmp_path)
    journal.accept([new()])
    entry = claimed(journal, A)
    journal.done(entry, "9")
    journal.release(entry)

    assert writes(settings) == writes(settings, everything=True) == 0

    assert [line[:2] for line in capsys.readouterr().out.splitlines()] == ["0 ", "#1", "0 "]


def test_a_journal_that_cannot_be_read_is_said(settings: Settings, capsys: Capture) -> None:
    assert writes(settings) == 1

    assert "The journal cannot be read:" in capsys.readouterr().err


# -- a file that is gone
# -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["", "kept"])
def test_without_a_file_nothing_is_called_whole(
    settings: Settings, ledger: Ledger, tmp_path: Path, capsys: Capture, head: str
) -> None:
    kept = ledger.head() if head else ""
    for name in ("vinculo.db", "vinculo.db-wal", "vinculo.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)

    assert verify(settings, KEY, kept) == 1
    assert export_head(settings, KEY) == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert "vinculo.db is not there" in told.err


def test_a_file_that_began_anew_is_noticed_by_the_head_that_was_kept(
    settings: Settings, ledger: Ledger, tmp_path: Path, capsys: Capture
) -> None:
    kept = ledger.head()
    (tmp_path / "vinculo.db").rename(tmp_path / "away.db")
    Database(tmp_path / "vinculo.db", anew=True)

    assert verify(settings, KEY, kept) == 1
    assert "the head knows 3 lines, here are 0" in capsys.readouterr().out

    assert verify(settings, KEY) == 0
    assert "the ledger is empty" in capsys.readouterr().err


def test_a_server_does_not_begin_with_nothing_where_there_was_something(
    settings: Settings, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "secret.txt").touch()

    assert not may_start(settings)
    told = capsys.readouterr().err
    for words in ("it is gone", "secret.txt", "server.py restore FILE", "server.py run --new"):
        assert words in told
    assert not (tmp_path / "vinculo.db").exists()

    assert may_start(settings, anew=True)
    assert may_start(settings)


def test_who_says_anew_where_a_file_is_there_is_stopped(
    settings: Settings, ledger: Ledger, capsys: Capture
) -> None:
    assert not may_start(settings, anew=True)
    assert "is there: move it away first" in capsys.readouterr().err
    assert verify(settings, KEY) == 0


def test_a_backup_comes_back_where_the_file_is_gone(
    settings: Settings, ledger: Ledger, tmp_path: Path, capsys: Capture
) -> None:
    assert back_up(settings, tmp_path / "copy.bak") == 0
    (tmp_path / "secret.txt").touch()
    (tmp_path / "run").mkdir(exist_ok=True)
    for name in ("vinculo.db", "vinculo.db-wal", "vinculo.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)

    assert restore(settings, tmp_path / "copy.bak") == 0
    assert verify(settings, KEY) == 0
    assert "ok: 3 lines" in capsys.readouterr().out
