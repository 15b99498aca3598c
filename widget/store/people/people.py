"""The people index: the people of the CRM, found without asking it; derived data."""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from widget.store.engine.database import Database, Row
from widget.store.engine.port import Lock
from widget.store.people.byname import ByName, heard, spelt
from widget.store.people.wordlist import Wordlist

# How many ids the people of one integration have; no CRM has as many people.
BLOCK = 1 << 40
# Pages of 4 kB in the log. Clues fall anywhere into a big file: the more of them wait there, the
# fewer pages are written twice.
LOG = 16_000
ENTRY = "p.id, p.source, p.number, p.plain, p.sounds, p.clues, p.body, p.updated"


class Clue(StrEnum):
    """What a person can be found by besides the name."""

    PHONE = "phone"
    DOCUMENT = "document"
    EMAIL = "email"


@dataclass(frozen=True)
class Mirrored:
    """A person as read from the CRM.

    It holds only the needed columns, and the clues in the form in which they are looked up.
    ``source`` is that of a Ref. ``updated`` is the CRM's time of last change, empty when unknown.
    """

    source: str
    number: str
    row: Mapping[str, str]
    name: str
    clues: frozenset[tuple[Clue, str]] = frozenset()
    updated: str = ""


@dataclass(frozen=True)
class Found:
    """A person of the index, and when (epoch seconds) it was read from the CRM."""

    source: str
    number: str
    row: Mapping[str, str]
    at: float


class People:
    """The people of one integration.

    Readers never wait for the mirror that fills it. A call writes all or nothing.
    """

    def __init__(
        self, database: Database, integration: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.database = database
        self._integration = integration
        self._clock = clock
        self._words = Wordlist(database)
        self._names = ByName(database, self._words)

    def version(self) -> Hashable:
        """Returns a value that differs after every change."""
        return self.database.version()

    def keep(self, people: Sequence[Mirrored], at: float) -> int:
        """Takes these people in, in place of what was known of them.

        Returns how many, without those who are barred.
        """
        self.database.log_up_to(LOG)
        with self.database.transaction(Lock.PEOPLE):
            block = self._block()
            barred = self._barred()
            entries = [_entry(person) for person in people]
            wanted = {entry.key: entry for entry in entries if entry.key not in barred}
            known = {(row["source"], row["number"]): row for row in self._known(block, wanted)}
            same = {key for key, row in known.items() if not wanted[key].differs(row)}
            self.database.run_each(
                "UPDATE people SET at = ? WHERE id = ?", [(at, known[key]["id"]) for key in same]
            )
            self._forget([row for key, row in known.items() if key not in same])
            ids = {key: row["id"] for key, row in known.items()}
            changed = [(ids.get(key, 0), e) for key, e in wanted.items() if key not in same]
            self._enter(changed, block, at)
        return len(wanted)

    def by_clue(self, clue: Clue, key: str, limit: int = 50) -> list[Found]:
        """Returns everybody with exactly this phone key, document or e-mail."""
        return self._with_clue(clue, key, key, limit)

    def starting(self, clue: Clue, key: str, limit: int = 20) -> list[Found]:
        """Returns people with a clue that begins like this, in its order."""
        return self._with_clue(clue, key, f"{key}\U0010ffff", limit)

    def count_starting(self, clue: Clue, key: str, most: int = 1000) -> int:
        """Returns how many people have a clue that begins like this.

        Of very many it only tells that they are at least ``most``.
        """
        found = (
            "SELECT person FROM clues WHERE clue = ? AND key BETWEEN ? AND ?"
            " AND person BETWEEN ? AND ? LIMIT ?"
        )
        sql = f"SELECT count(DISTINCT person) AS n FROM ({found})"  # noqa: S608
        row = self.database.row(sql, clue, key, f"{key}\U0010ffff", *self._range(), most)
        return int(row["n"]) if row else 0

    def by_name(self, text: str, limit: int = 20) -> list[Found]:
        """Returns people by name, best first.

        The name holds every typed word, or a word that begins with it, in any order. Accents and
        small words do not matter. Words of the same sound and typing errors count where too few are
        found.
        """
        return self._these(self._names.search(text, self._range(), limit))

    def alike(self, name: str, limit: int = 50) -> list[Found]:
        """Returns those who may have the same name, likeliest first.

        At least two words agree by spelling or sound.
        """
        return self._these(self._names.alike(name, self._range(), limit))

    def one(self, source: str, number: str) -> Found | None:
        """Returns the person with this number."""
        row = self.database.row(
            "SELECT source, number, body, at FROM people"
            " WHERE block = ? AND source = ? AND number = ?",
            self._range()[0] // BLOCK,
            source,
            number,
        )
        return _found(row) if row else None

    def drop(self, source: str, numbers: Iterable[str]) -> int:
        """Erases people who vanished in the CRM, and returns how many there were.

        Their rows are overwritten. Copies that SQLite left behind when it split a page stay until
        these pages are used again.
        """
        with self.database.transaction(Lock.PEOPLE):
            gone = self._known(self._block(), ((source, number) for number in numbers))
            self._erase(gone)
        if gone:
            self.database.shed()
        return len(gone)

    def unseen(self, source: str, since: float) -> list[str]:
        """Returns the numbers of people who were not read since that moment."""
        sql = "SELECT number FROM people WHERE id BETWEEN ? AND ? AND source = ? AND at < ?"
        rows = self.database.rows(sql, *self._range(), source, since)
        return [row["number"] for row in rows]

    def bar(self, source: str, number: str) -> bool:
        """Erases one person (LGPD) and keeps them out until ``erase``.

        Returns whether they were in here. Only the number is remembered, and nothing else is left
        in the file, not even of people erased before. For that the file is written again: at a
        million people that takes seconds, and as much memory as the file is big.
        """
        with self.database.transaction(Lock.PEOPLE):
            gone = self._known(self._block(), [(source, number)])
            self._erase(gone)
            self.database.run(
                "INSERT INTO barred (integration, source, number) VALUES (?, ?, ?)"
                " ON CONFLICT (integration, source, number) DO NOTHING",
                self._integration,
                source,
                number,
            )
            self._names.rebuild()
        self.database.shrink()
        return bool(gone)

    def expire(self, before: str) -> int:
        """Erases people last changed before that ISO date, and returns how many there were.

        A person without such a date stays.
        """
        rows = self.database.rows(
            "SELECT source, number FROM people WHERE id BETWEEN ? AND ?"
            " AND updated <> '' AND updated < ?",
            *self._range(),
            before,
        )
        numbers: dict[str, list[str]] = {}
        for row in rows:
            numbers.setdefault(row["source"], []).append(row["number"])
        return sum(self.drop(source, gone) for source, gone in numbers.items())

    def erase(self, *, but_barred: bool = False) -> None:
        """Erases the people of this integration and how far it was filled.

        It also erases who is barred, unless ``but_barred``.
        """
        with self.database.transaction(Lock.PEOPLE):
            for table in ("fills",) if but_barred else ("fills", "barred"):
                sql = f"DELETE FROM {table} WHERE integration = ?"  # noqa: S608
                self.database.run(sql, self._integration)
            others = "SELECT 1 FROM people WHERE id NOT BETWEEN ? AND ? LIMIT 1"
            if not self.database.row(others, *self._range()):
                self._empty()
            else:
                sql = f"SELECT {ENTRY} FROM people AS p WHERE p.id BETWEEN ? AND ?"  # noqa: S608
                self._erase(self.database.rows(sql, *self._range()))
        self.database.shrink()

    def count(self, source: str = "") -> int:
        """Returns how many people are in here, or how many of one source."""
        row = self.database.row(
            "SELECT count(*) AS n FROM people WHERE block = ?1 AND (?2 = '' OR source = ?2)",
            self._range()[0] // BLOCK,
            source,
        )
        return int(row["n"]) if row else 0

    def _range(self) -> tuple[int, int]:
        """Returns the first and last id of this integration's people.

        Before the first person the range is empty.
        """
        row = self.database.row(
            "SELECT number FROM blocks WHERE integration = ?", self._integration
        )
        block = row["number"] if row else 0
        return block * BLOCK, block * BLOCK + BLOCK - 1

    def _block(self) -> int:
        """Returns the block of this integration's ids, the next free one for a new integration."""
        low, _ = self._range()
        if low:
            return low // BLOCK
        row = self.database.row("SELECT max(number) AS last FROM blocks")
        number = ((row["last"] if row else None) or 0) + 1
        self.database.run(
            "INSERT INTO blocks (number, integration) VALUES (?, ?)", number, self._integration
        )
        return number

    def _barred(self) -> set[tuple[str, str]]:
        rows = self.database.rows(
            "SELECT source, number FROM barred WHERE integration = ?", self._integration
        )
        return {(row["source"], row["number"]) for row in rows}

    def _known(self, block: int, keys: Iterable[tuple[str, str]]) -> list[Row]:
        spelling = self.database.spelling
        where = f"p.block = ? AND p.source = ? AND p.number {spelling.in_list}"
        sql = f"SELECT {ENTRY} FROM people AS p WHERE {where}"  # noqa: S608
        numbers: dict[str, list[str]] = {}
        for source, number in keys:
            numbers.setdefault(source, []).append(number)
        found: list[Row] = []
        for source, wanted in numbers.items():
            found += self.database.rows(sql, block, source, spelling.as_list(wanted))
        return found

    def _enter(self, entries: Sequence[tuple[int, _Entry]], block: int, at: float) -> None:
        """Enters people under the ids that they had, or under the next ones where that is 0."""
        low, high = self._range()
        row = self.database.row(
            "SELECT max(id) AS last FROM people WHERE id BETWEEN ? AND ?", low, high
        )
        last = row["last"] if row else None
        ids = itertools.count((last or low) + 1)
        numbered = [(known or next(ids), entry) for known, entry in entries]
        self.database.run_each(
            "INSERT INTO people"
            " (id, at, block, source, number, updated, plain, sounds, clues, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " at = excluded.at, updated = excluded.updated, plain = excluded.plain,"
            " sounds = excluded.sounds, clues = excluded.clues, body = excluded.body",
            [
                (n, at, block, *e.key, e.updated, e.plain, e.sounds, e.clues, e.body)
                for n, e in numbered
            ],
        )
        self._names.add([(n, e.plain, e.sounds) for n, e in numbered])
        self._words.add(_uses((e.plain, e.sounds) for _, e in numbered))
        self.database.run_each(
            "INSERT INTO clues (clue, key, person) VALUES (?, ?, ?)",
            [(clue, key, n) for n, e in numbered for clue, key in json.loads(e.clues)],
        )

    def _forget(self, rows: Sequence[Row]) -> None:
        """Takes people out of all that finds them."""
        self._names.remove([(row["id"], row["plain"], row["sounds"]) for row in rows])
        self._words.remove(_uses((row["plain"], row["sounds"]) for row in rows))
        self.database.run_each(
            "DELETE FROM clues WHERE clue = ? AND key = ? AND person = ?",
            [(clue, key, row["id"]) for row in rows for clue, key in json.loads(row["clues"])],
        )

    def _erase(self, rows: Sequence[Row]) -> None:
        self._forget(rows)
        self.database.run_each("DELETE FROM people WHERE id = ?", [(row["id"],) for row in rows])

    def _empty(self) -> None:
        """Erases all people without looking at them: seconds instead of minutes."""
        self._names.clear()
        self._words.clear()
        for table in ("clues", "people"):
            self.database.run(f"DELETE FROM {table}")  # noqa: S608

    def _with_clue(self, clue: Clue, first: str, last: str, limit: int) -> list[Found]:
        rows = self.database.rows(
            "SELECT p.source, p.number, p.body, p.at"
            " FROM clues AS c CROSS JOIN people AS p ON p.id = c.person"
            " WHERE c.clue = ? AND c.key BETWEEN ? AND ? AND c.person BETWEEN ? AND ?"
            " ORDER BY c.key, c.person LIMIT ?",
            clue,
            first,
            last,
            *self._range(),
            limit,
        )
        found = {(row["source"], row["number"]): _found(row) for row in rows}
        return list(found.values())

    def _these(self, ids: Sequence[int]) -> list[Found]:
        """Returns the people with these ids, in their order."""
        spelling = self.database.spelling
        wanted = f"id {spelling.in_list}"
        sql = f"SELECT id, source, number, body, at FROM people WHERE {wanted}"  # noqa: S608
        rows = self.database.rows(sql, spelling.as_list(ids))
        found = {row["id"]: _found(row) for row in rows}
        return [found[number] for number in ids if number in found]


@dataclass(frozen=True)
class _Entry:
    """A person as the tables hold them."""

    key: tuple[str, str]
    plain: str
    sounds: str
    clues: str
    body: str
    updated: str

    def differs(self, row: Row) -> bool:
        """Whether the stored row differs from this entry."""
        return any(
            row[name] != getattr(self, name)
            for name in ("body", "clues", "plain", "sounds", "updated")
        )


def _entry(person: Mirrored) -> _Entry:
    plain = spelt(person.name)
    clues = _packed(sorted((str(clue), key) for clue, key in person.clues))
    body = _packed(dict(person.row))
    return _Entry((person.source, person.number), plain, heard(plain), clues, body, person.updated)


def _packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _uses(names: Iterable[tuple[str, str]]) -> Counter[str]:
    """In how many names each word or sound is."""
    return Counter(word for plain, sounds in names for word in {*plain.split(), *sounds.split()})


def _found(row: Row) -> Found:
    return Found(row["source"], row["number"], json.loads(row["body"]), row["at"])
