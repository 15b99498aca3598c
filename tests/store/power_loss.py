"""A disk whose power is cut.

What was not synced when the power went is there, torn or not there, by chance.

SQLite writes through our own file system (apsw's VFS), which remembers of each file what is surely
on the disk and what was only written. A crash image is the first with a random part of the second.
It knows no shared memory, so that the connection holds the file alone; syncing at each commit is
the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from widget.domain.model import Attendant, Origin
from widget.store.engine.database import Database, _Mine, _Watch, sqlite3
from widget.store.engine.presence import Presence
from widget.store.journal.entries import New
from widget.store.journal.journal import Journal
from widget.store.ledger.ledger import Ledger
from widget.store.records.cache import Cache

CUT = 0.15  # so often the power goes at a write or a sync
OFTEN = "PRAGMA wal_autocheckpoint=60"  # the log goes into the file often: more moments to be cut
NUMBERS = iter(range(1_000_000))


@dataclass
class Stored:
    """A file: what survives for sure, and what was written since, in order.

    A write without bytes cuts the file.
    """

    synced: bytearray = field(default_factory=bytearray)
    written: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.written:
            _apply(self.synced, *change)
        self.written.clear()

    def after_a_cut(self, chance: random.Random) -> bytes:
        """As it may be found: each unsynced write whole, torn at any byte, or not at all."""
        found = bytearray(self.synced)
        for offset, data in self.written:
            fate = chance.random()
            if fate < 0.4:
                _apply(found, offset, data)
            elif fate < 0.6 and data:
                _apply(found, offset, data[: chance.randrange(len(data))])
        return bytes(found)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    content.extend(b"\0" * (offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk(apsw.VFS):
    """All files of one machine.

    ``watch`` is called before each moment at which the power may go.
    """

    def __init__(self, watch: Callable[[], None]) -> None:
        self.name = f"power-{next(NUMBERS)}"
        self.files: dict[str, Stored] = {}
        self.watch = watch
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> File:  # noqa: N802 -- SQLite's own word
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self.files.setdefault(
            Path(path).name,
            Stored(bytearray(Path(path).read_bytes() if Path(path).exists() else b"")),
        )
        return File(path, flags, self)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        self.files.pop(Path(name).name, None)
        super().xDelete(name, sync)


class File(apsw.VFSFile):
    """One open file of the disk."""

    def __init__(self, path: str, flags: list[int], disk: Disk) -> None:
        self._disk, self._stored = disk, disk.files[Path(path).name]
        super().__init__("", path, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.watch()
        self._stored.written.append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._stored.written.append((size, None))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.watch()
        self._stored.sync()


class Row(dict[str, Any]):
    """A row by name and by number, as the other driver gives it."""

    def __getitem__(self, key: str | int) -> Any:
        return list(self.values())[key] if isinstance(key, int) else super().__getitem__(key)


class Answer:
    """What a statement brought."""

    def __init__(self, connection: apsw.Connection, sql: str, values: tuple[object, ...]) -> None:
        cursor = connection.cursor()
        cursor.row_trace = lambda at, row: Row(
            zip((name for name, _ in at.get_description()), row, strict=True)
        )
        self._rows = iter(list(cursor.execute(sql, values)))
        self.rowcount = connection.changes()

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def fetchone(self) -> Row | None:
        return next(self._rows, None)

    def fetchall(self) -> list[Row]:
        return list(self._rows)


class Connection:
    """The little of a connection that ``Database`` asks for."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._real = apsw.Connection(str(path), vfs=disk.name)
        self.execute("PRAGMA locking_mode=EXCLUSIVE")

    def execute(self, sql: str, values: tuple[object, ...] = ()) -> Answer:
        return Answer(self._real, sql, values)

    @property
    def in_transaction(self) -> bool:
        return self._real.in_transaction

    def close(self) -> None:
        self._real.close()


class Powered(Database):
    """Our database, settings and transactions and all, on such a disk.

    ``then`` is said after our settings.
    """

    def __init__(self, path: Path, disk: Disk, then: str) -> None:
        Database(path).close()  # its tables are there before the story begins
        self._path, self._mine, self._watch, self._disk, self._then = (
            path,
            _Mine(),
            _Watch(),
            disk,
            then,
        )
        self._is_made = False  # nobody puts another file in its place

    def _connect(self) -> Connection:
        return Connection(self._path, self._disk)

    def _open(self) -> Any:
        connection = super()._open()
        connection.execute(self._then)
        return connection


@dataclass
class Losses:
    """What a run of crashes showed."""

    images: int = 0
    with_losses: int = 0
    most_lost: int = 0
    corrupt: int = 0
    halves: int = 0


def crashes(folder: Path, images: int, seed: int, then: str = OFTEN) -> Losses:
    """Accepts writes and keeps reads until the power went so many times.

    Each time the disk is looked at.
    """
    # It is chance that a seed repeats.
    chance, found, accepted = random.Random(seed), Losses(), 0  # noqa: S311

    def watch() -> None:
        if found.images < images and chance.random() < CUT:
            found.images += 1
            _look(
                {name: file.after_a_cut(chance) for name, file in disk.files.items()},
                folder / "found",
                accepted,
                found,
            )

    folder.mkdir()
    (folder / "found").mkdir()
    disk = Disk(watch)
    database = Powered(folder / "vinculo.db", disk, then)
    with _journal(database, folder) as accept:
        while found.images < images:
            if (
                then == OFTEN
            ):  # whoever keeps what need not last makes the disk sure again afterwards
                Cache(database, "main").put(
                    "a question", "notas", [{"id": str(accepted)}], total=1, at=0.0
                )
            accept(accepted)
            accepted += 1
    database.close()
    disk.unregister()
    return found


@contextmanager
def _journal(database: Database, folder: Path) -> Iterator[Callable[[int], None]]:
    """How an attendant's write is accepted."""
    presence = Presence(folder / "run")
    journal = Journal(database, "main", Ledger(database, "key"), presence)
    origin = Origin(
        "chatwoot:1:7", Attendant("1", "Ana Souza"), "lead-1", "note.add", "Quer 500 Mega"
    )
    work = {
        "verb": "insert",
        "resource": "notas",
        "record": {"texto": "Quer 500 Mega"},
        "append": {},
        "needs": [],
    }

    def accept(number: int) -> None:
        journal.accept([New(f"{number:032}", origin, work, {"text": f"Quer {number} Mega"})])

    yield accept
    presence.leave()


def _look(image: dict[str, bytes], folder: Path, accepted: int, found: Losses) -> None:
    """Opens the file as the next start would, and counts."""
    for path in folder.iterdir():
        path.unlink()
    for name, content in image.items():
        (folder / name).write_bytes(content)
    try:
        with closing(sqlite3.connect(folder / "vinculo.db")) as connection:
            connection.execute("PRAGMA synchronous=OFF")  # this look need not last
            is_whole = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            keys = {int(key) for (key,) in connection.execute("SELECT key FROM journal")}
            sealed = {int(key) for (key,) in connection.execute("SELECT key FROM ledger")}
    except sqlite3.DatabaseError:
        is_whole, keys, sealed = False, set(), set()
    found.corrupt += not is_whole
    lost = len(set(range(accepted)) - keys)
    found.with_losses += bool(lost)
    found.most_lost = max(found.most_lost, lost)
    found.halves += keys != sealed
