"""SQLite as we use it: safe versions, what its errors mean, how damage is looked for."""

from __future__ import annotations

import errno
import time
from pathlib import Path

import pytest

from widget.domain import errors
from widget.store.engine.database import Database
from widget.store.engine.sqlite import connect, look_for_damage, sqlite3, sqlite_is_safe, translated


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 51, 3), True),
        ((3, 53, 0), True),
        ((4, 0, 0), True),
        ((3, 51, 2), False),
        ((3, 50, 7), True),
        ((3, 50, 6), False),
        ((3, 44, 6), True),
        ((3, 44, 5), False),
        ((3, 45, 9), False),
        ((3, 40, 1), False),
    ],
)
def test_only_a_sqlite_without_the_wal_corruption_is_safe(
    version: tuple[int, ...], safe: bool
) -> None:
    assert sqlite_is_safe(version) is safe


def test_the_sqlite_that_was_installed_is_safe() -> None:
    assert sqlite_is_safe()


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, errors.DiskFull),
        (errno.EROFS, errors.ReadOnly),
        (errno.EACCES, errors.ReadOnly),
        (errno.EIO, errors.StorageFailed),
    ],
)
def test_what_the_file_system_says_is_told_in_our_words(
    number: int, kind: type[errors.StorageFailed]
) -> None:
    with pytest.raises(errors.StorageFailed) as raised, translated(Path("vinculo.db")):
        raise OSError(number, "said the disk")

    assert type(raised.value) is kind


@pytest.mark.parametrize(
    "mistake", [sqlite3.IntegrityError, sqlite3.ProgrammingError, ZeroDivisionError]
)
def test_mistakes_of_ours_are_not_taken_for_trouble_of_the_disk(mistake: type[Exception]) -> None:
    with pytest.raises(mistake), translated(Path("vinculo.db")):
        raise mistake


def test_the_log_tells_whoever_keeps_the_server_what_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(errors.DiskFull), translated(Path("vinculo.db")):
        raise OSError(errno.ENOSPC, "no space")

    assert caplog.messages == [f"VNC-302 vinculo.db: [Errno 28] no space; {errors.DiskFull.remedy}"]


def test_a_large_file_is_looked_at_for_a_limited_time_only(tmp_path: Path) -> None:
    database = Database(tmp_path / "vinculo.db")
    database.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)"
        " INSERT INTO drafts SELECT i, 'f', 'a', '{}', 0 FROM n"
    )
    connection = connect(tmp_path / "vinculo.db")
    started = time.monotonic()
    look_for_damage(connection, seconds=0)

    assert time.monotonic() - started < 1
    assert connection.execute("SELECT count(*) FROM drafts").fetchone()[0] == 60000
