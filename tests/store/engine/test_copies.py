"""Tests of backups while others write, and of the way back.

Nothing that was accepted is lost, and nothing is done twice.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.crm.bench import together
from tests.store.trouble import WRITE, locked
from widget.domain import errors
from widget.domain.model import Attendant, Origin
from widget.store.engine.copies import Refused, Restored, back_up, restore
from widget.store.engine.database import Database, sqlite3
from widget.store.ledger.ledger import Ledger
from widget.store.records.pairings import Pairings

ORIGIN = Origin("chatwoot:1:7", Attendant("1", "Ana Souza"), "lead-1", "note.add")
OPEN = ("kept", "sending", "unknown")


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return tmp_path / "vinculo.db"


@pytest.fixture
def database(live: Path) -> Database:
    return Database(live)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the backup goes: a folder of its own, as one does."""
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere" / "backup.db"


def keep(database: Database, key: str, state: str = "kept", **columns: object) -> None:
    """An entry of the journal, as it is after so much of its way."""
    values = {
        "key": key,
        "root": key,
        "integration": "main",
        "conversation": "c",
        "contact": "lead-1",
        "negotiation": "",
        "action": "note.add",
        "origin": "{}",
        "work": "{}",
        "words": "{}",
        "state": state,
        "kept_at": 1.0,
        **columns,
    }
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    database.run(f"INSERT INTO journal ({names}) VALUES ({marks})", *values.values())


def states(database: Database) -> dict[str, str]:
    """The entries in their order."""
    return {
        row["key"]: row["state"]
        for row in database.rows("SELECT key, state FROM journal ORDER BY seq")
    }


def is_whole(path: Path) -> bool:
    connection = sqlite3.connect(path)
    found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return bool(found == "ok")


def damage(database: Database, live: Path) -> None:
    """Something wrote over most of the file."""
    for number in range(20):
        database.run(WRITE, f"{number}")
    database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = live.stat().st_size
    database.close()
    with live.open("r+b") as file:
        file.seek(size // 4)
        file.write(b"\xff" * (size // 2))


# Making one


def test_a_backup_holds_what_was_there_for_its_owner_only_and_in_one_file(
    database: Database, live: Path, target: Path
) -> None:
    keep(database, "a", "done")

    before = os.umask(0)
    try:
        back_up(live, target)
    finally:
        os.umask(before)

    assert [path.name for path in target.parent.iterdir()] == ["backup.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert states(Database(target)) == {"a": "done"}


def test_a_backup_is_never_overwritten_unless_one_says_so(
    database: Database, live: Path, target: Path
) -> None:
    target.write_text("the only one")

    with pytest.raises(Refused, match="--force"):
        back_up(live, target)
    kept = target.read_text()
    back_up(live, target, force=True)

    assert kept == "the only one"
    assert is_whole(target)


def test_the_file_in_use_is_no_place_for_a_backup(database: Database, live: Path) -> None:
    with pytest.raises(Refused):
        back_up(live, live, force=True)

    assert is_whole(live)


def test_a_copy_that_is_not_whole_does_not_count(
    database: Database, live: Path, target: Path
) -> None:
    damage(database, live)

    with pytest.raises((Refused, errors.Damaged)):
        back_up(live, target)

    assert list(target.parent.iterdir()) == []


def test_of_a_file_that_is_not_there_no_backup_is_made(live: Path, target: Path) -> None:
    with pytest.raises(Refused, match="not there"):
        back_up(live, target)

    assert list(target.parent.iterdir()) == []


@contextmanager
def writing(database: Database, accepted: list[str], writers: int = 3) -> Iterator[None]:
    """Attendants save as fast as they can, each write with its line in the ledger.

    What was accepted is listed.
    """
    stop, numbers = Event(), count()

    def save() -> None:
        while not stop.is_set():
            key = f"w{next(numbers):05}"
            try:
                with database.transaction():
                    keep(database, key)
                    line(database, key)
            except errors.StorageFailed:
                continue  # told to the attendant, who has the text on the screen
            accepted.append(key)

    threads = [Thread(target=save) for _ in range(writers)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(accepted) > 20)
        yield
        seen = len(accepted)
        until(lambda: len(accepted) > seen + 20)
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)


def until(holds: Callable[[], bool]) -> None:
    """Waits for others, at most so long that a machine that is busy gets there."""
    for _ in range(3000):
        if holds():
            return
        Event().wait(0.01)
    raise AssertionError("nobody got on")


def test_a_backup_under_load_is_of_one_moment(database: Database, live: Path, target: Path) -> None:
    accepted: list[str] = []
    with writing(database, accepted):
        copies = []
        for number in range(5):
            before = list(accepted)
            copies.append((before, target.with_name(f"{number}.db")))
            back_up(live, copies[-1][1])

    for before, path in copies:
        copy = Database(path)
        found = set(states(copy))
        assert set(before) <= found
        assert found == {row["key"] for row in copy.rows("SELECT key FROM ledger")}
        assert Ledger(copy, "key").verify() is None


# The way back into a sound file


def test_entries_stay_as_they_are_now_and_missing_ones_come_back_in_doubt(
    database: Database, live: Path, target: Path
) -> None:
    for key, state in {
        "both": "kept",
        "lost": "done",
        "k": "kept",
        "s": "sending",
        "u": "unknown",
        "r": "refused",
    }.items():
        keep(
            database,
            key,
            state,
            owner="a process of then",
            boot="then",
            sent_at=7.0,
            crm_id="5",
        )
    back_up(live, target)
    database.run("DELETE FROM journal")
    keep(database, "both", "done")
    keep(database, "new")

    restored = restore(live, target)

    assert states(database) == {
        "both": "done",
        "new": "kept",
        "lost": "done",
        "k": "unknown",
        "s": "unknown",
        "u": "unknown",
        "r": "refused",
    }
    assert (restored.added, restored.doubted) == (5, 3)
    back = database.rows(
        "SELECT DISTINCT owner, boot, sent_at FROM journal WHERE state = 'unknown'"
    )
    assert back == [{"owner": "", "boot": "", "sent_at": 0.0}]
    assert database.row("SELECT owner, sent_at, crm_id FROM journal WHERE key = 'lost'") == {
        "owner": "",
        "sent_at": 7.0,
        "crm_id": "5",
    }


def test_everything_else_is_what_the_backup_has(
    database: Database, live: Path, target: Path
) -> None:
    database.run(WRITE, "then")
    back_up(live, target)
    database.run("DELETE FROM drafts")
    database.run(WRITE, "now")

    restore(live, target)

    assert database.rows("SELECT form FROM drafts") == [{"form": "then"}]


def test_what_was_there_before_is_copied_first(
    database: Database, live: Path, target: Path
) -> None:
    back_up(live, target)
    database.run(WRITE, "now")

    safety = restore(live, target).safety

    assert safety is not None
    assert Database(safety).rows("SELECT form FROM drafts") == [{"form": "now"}]
    assert stat.S_IMODE(safety.stat().st_mode) == 0o600


def test_restoring_twice_is_restoring_once(database: Database, live: Path, target: Path) -> None:
    keep(database, "a")
    back_up(live, target)
    database.run("DELETE FROM journal")

    first, second = restore(live, target, lambda: 0.0), restore(live, target, lambda: 0.0)

    assert (first.added, second.added) == (1, 0)
    assert first.safety != second.safety
    assert states(database) == {"a": "unknown"}


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    database: Database, live: Path, target: Path
) -> None:
    database.run(WRITE, "then")
    back_up(live, target)
    old = Database(target)
    old.run("DROP TABLE qualifications")
    old.run("DELETE FROM _sqlite_migrations WHERE name = 'qualifications'")
    old.close()
    database.run("DELETE FROM drafts")

    restore(live, target)

    assert database.rows("SELECT form FROM drafts") == [{"form": "then"}]
    assert database.rows("SELECT * FROM qualifications") == []


def test_a_restore_under_load_loses_nothing_that_was_accepted(
    database: Database, live: Path, target: Path
) -> None:
    accepted: list[str] = []
    with writing(database, accepted):
        back_up(live, target)
        for _ in range(3):
            restore(live, target)

    found = Counter(row["key"] for row in database.rows("SELECT key FROM journal"))
    assert set(accepted) - set(found) == set()
    assert max(found.values()) == 1
    assert Ledger(database, "key").verify() is None


def test_a_restore_gives_nobody_access_who_has_lost_it_since(
    database: Database, live: Path, target: Path
) -> None:
    pairings = Pairings(database, "key")
    secret = pairings.redeem("chatwoot", "1", pairings.invite("chatwoot", "1", "7"), "Firefox")
    back_up(live, target)
    pairings.revoke(pairings.of("chatwoot", "1")[0].id)
    restore(live, target)
    after = pairings.find("chatwoot", "1", secret)
    database.close()
    live.unlink()
    restore(live, target)

    assert after == ("", "")
    assert (
        Pairings(Database(live), "key").find("chatwoot", "1", secret)[1] == "7"
    )  # nothing newer is known then


def test_a_restore_that_fails_changes_nothing(database: Database, live: Path, target: Path) -> None:
    keep(database, "a")
    back_up(live, target)
    database.run("DELETE FROM journal")
    database.run(WRITE, "now")
    database.run(
        "CREATE TRIGGER never BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no'); END"
    )

    with pytest.raises(sqlite3.IntegrityError):
        restore(live, target)

    assert database.rows("SELECT form FROM drafts") == [{"form": "now"}]
    assert [path.name for path in live.parent.iterdir() if path.name.endswith(".part")] == []


# The ledger


def line(database: Database, key: str) -> None:
    Ledger(database, "key").append("accepted", ORIGIN, key=key, facts={"text": key})


def test_a_ledger_that_goes_on_from_the_backups_stays(
    database: Database, live: Path, target: Path
) -> None:
    line(database, "then")
    back_up(live, target)
    line(database, "now")

    restored = restore(live, target)

    assert "in use" in restored.ledger
    assert "goes on" in restored.ledger
    assert Ledger(database, "key").verify() is None
    assert [row["key"] for row in database.rows("SELECT key FROM ledger ORDER BY seq")] == [
        "then",
        "now",
    ]


@pytest.mark.parametrize("lines", [0, 1, 3], ids=["empty", "another one", "a longer one"])
def test_a_ledger_that_does_not_is_replaced_and_only_grows_again(
    database: Database, live: Path, target: Path, lines: int
) -> None:
    line(database, "then")
    line(database, "later")
    back_up(live, target)
    for path in live.parent.glob("vinculo.db*"):
        path.unlink()
    other = Database(live)
    for number in range(lines):
        line(other, f"other {number}")

    restored = restore(live, target)

    assert restored.ledger.startswith("the backup's")
    assert Ledger(other, "key").verify() is None
    assert [row["key"] for row in other.rows("SELECT key FROM ledger ORDER BY seq")] == [
        "then",
        "later",
    ]
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        other.run("DELETE FROM ledger")


# The way back when there is nothing to go back into


def spoil(database: Database, live: Path, table: str) -> None:
    """Something wrote over the first page of one table."""
    root = database.rows("SELECT rootpage FROM sqlite_master WHERE name = ?", table)[0]["rootpage"]
    database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with live.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)


def ruin(database: Database, live: Path) -> None:
    """Something wrote over the tables that matter."""
    for table in ("journal", "ledger"):
        spoil(database, live, table)


def remove(database: Database, live: Path) -> None:
    """Somebody deleted the file, and forgot the rest of it."""
    live.unlink()


def replace(database: Database, live: Path) -> None:
    """Somebody put another program's file there."""
    database.close()
    live.write_bytes(b"this is no database at all " * 1000)


@pytest.mark.parametrize("mishap", [ruin, remove, replace])
def test_a_file_that_cannot_be_used_is_moved_aside_and_the_backup_takes_its_place(
    database: Database, live: Path, target: Path, mishap: Callable[[Database, Path], None]
) -> None:
    for state in (*OPEN, "done", "refused"):
        keep(database, state, state, owner="a process of then")
    line(database, "then")
    back_up(live, target)
    mishap(database, live)

    restored = restore(live, target)

    assert states(database) == {
        **dict.fromkeys(OPEN, "unknown"),
        "done": "done",
        "refused": "refused",
    }
    assert Ledger(database, "key").verify() is None
    assert (restored.added, restored.doubted, restored.safety) == (5, 3, None)
    assert (restored.moved is None) is (mishap is remove)
    assert restored.moved is None or restored.moved.exists()
    assert stat.S_IMODE(live.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("table", "rescued"),
    [
        ("drafts", ("journal", "ledger")),
        ("journal", ("ledger",)),
        ("journal_contact", ("ledger",)),
        ("ledger", ("journal",)),
    ],
)
def test_what_is_whole_in_a_damaged_file_goes_on(
    database: Database, live: Path, target: Path, table: str, rescued: tuple[str, ...]
) -> None:
    database.run(WRITE, "then")
    keep(database, "then")
    line(database, "then")
    back_up(live, target)
    database.run("UPDATE journal SET state = 'done'")
    keep(database, "since")
    line(database, "since")
    spoil(database, live, table)

    restored = restore(live, target)

    is_journal, is_ledger = (name in rescued for name in ("journal", "ledger"))
    assert restored.rescued == rescued
    assert states(database) == (
        {"then": "done", "since": "kept"} if is_journal else {"then": "unknown"}
    )
    lines = [row["key"] for row in database.rows("SELECT key FROM ledger ORDER BY seq")]
    assert lines == ["then", "since"] if is_ledger else ["then"]
    assert Ledger(database, "key").verify() is None
    assert database.rows("SELECT form FROM drafts") == [{"form": "then"}]


def test_what_is_accepted_into_a_damaged_file_until_it_is_exchanged_is_not_lost(
    database: Database, live: Path, target: Path
) -> None:
    accepted: list[str] = []
    with writing(database, accepted):
        back_up(live, target)
        restored = exchanged(database, live, target)

    assert restored.rescued == ("journal", "ledger")
    assert set(accepted) - set(states(database)) == set()
    assert Ledger(database, "key").verify() is None


def exchanged(database: Database, live: Path, target: Path) -> Restored:
    """Restores the file as if it were damaged.

    Attendants still write into it, and notice nothing.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("widget.store.engine.copies._is_sound", lambda path: False)
        return restore(live, target)


def test_servers_go_on_with_the_file_that_was_put_back(
    database: Database, live: Path, target: Path
) -> None:
    keep(database, "then", "done")
    back_up(live, target)
    accepted: list[str] = []

    def spoil() -> None:
        live.rename(live.with_name("gone.db"))

    with writing(database, accepted):
        spoil()
        before = len(accepted)
        restore(live, target)
    later = accepted[
        before + 3 :
    ]  # what was between its commit and its line in the list went to the old file

    found = states(Database(live))
    assert "then" in found
    assert set(later) <= set(found)
    assert is_whole(live)


def test_a_file_that_somebody_holds_is_not_taken_away(
    database: Database, live: Path, target: Path
) -> None:
    """It is sound, only busy: nothing is moved, and nothing is changed."""
    keep(database, "a")
    back_up(live, target)
    keep(database, "b")

    with locked(database), pytest.MonkeyPatch.context() as patch:
        patch.setattr("widget.store.engine.copies.PATIENCE_SECONDS", 0.05)
        with pytest.raises(errors.Locked):
            restore(live, target)

    assert states(database) == {"a": "kept", "b": "kept"}


# What is no backup


def test_what_is_no_backup_is_refused_and_nothing_is_touched(
    database: Database, live: Path, target: Path
) -> None:
    keep(database, "a")

    def whole(path: Path) -> None:
        back_up(live, path)

    def foreign(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE other (x)")
        connection.close()

    def garbage(path: Path) -> None:
        path.write_bytes(b"garbage " * 1000)

    def cut(path: Path) -> None:
        whole(path)
        os.truncate(path, path.stat().st_size // 2)

    def newer(path: Path) -> None:
        whole(path)
        other = Database(path)
        other.run(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('vinculo', "
            "'tomorrow', '')"
        )
        other.close()

    for number, (make, why) in enumerate(
        [
            (foreign, "not a database of"),
            (garbage, "damaged"),
            (cut, "damaged"),
            (newer, "later version"),
            (None, "is not there"),
        ]
    ):
        path = target.with_name(f"{number}.db")
        if make:
            make(path)
        with pytest.raises(Refused, match=why):
            restore(live, path)
    with pytest.raises(Refused, match="in use"):
        restore(live, live)

    assert states(database) == {"a": "kept"}
    assert sorted(path.name for path in live.parent.glob("*.db")) == ["vinculo.db"]


def test_a_file_of_a_later_version_is_not_touched(
    database: Database, live: Path, target: Path
) -> None:
    back_up(live, target)
    database.run(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('vinculo', "
        "'tomorrow', '')"
    )
    database.run(WRITE, "now")

    with pytest.raises(Refused, match="later version"):
        restore(live, target)

    assert database.rows("SELECT form FROM drafts") == [{"form": "now"}]


def test_the_many_who_back_up_at_once_each_get_a_whole_copy(
    database: Database, live: Path, target: Path
) -> None:
    keep(database, "a")
    paths = [target.with_name(f"{number}.db") for number in range(4)]

    together([Thread(target=back_up, args=(live, path)) for path in paths])

    assert [states(Database(path)) for path in paths] == [{"a": "kept"}] * 4
