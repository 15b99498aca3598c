"""The people index: how long it takes to fill, how big it gets, how fast it finds people.

The time to find people stands beside that of bare SQL.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from proof.bench.figures import Figure
from proof.bench.paired import Timings, paired
from proof.bench.stage import ROOT
from widget.brazil import names
from widget.brazil.matching import match
from widget.crm.ixc.mirrored import contact
from widget.domain.model import Person
from widget.store.engine.database import Database
from widget.store.engine.migrations import people as tables
from widget.store.people.people import BLOCK, Clue, People

SEED = 2026
WHOLE, QUICK, TINY = (10_000, 100_000, 1_000_000), (5_000, 20_000), (300, 1_000)
NAME_GOAL_MS, GROWTH_GOAL, RECOGNITION_GOAL_MS = 15, 10, 1
BY_NAME = {
    "one_prefix": "three letters of a name",
    "two_prefixes": "three letters each of two names",
    "typing_error": "a full name with two letters swapped",
}
BY_CLUE = {
    Clue.PHONE: "a phone",
    Clue.DOCUMENT: "a document",
    Clue.EMAIL: "an e-mail",
}
# What one would write without us: whoever matches, in no order.
BARE_NAME = (
    "SELECT p.number, p.body FROM (SELECT rowid FROM names WHERE names MATCH ? LIMIT 20) AS n"
    " CROSS JOIN people AS p ON p.id = n.rowid"
)
BARE_CLUE = (
    "SELECT p.number, p.body FROM clues AS c CROSS JOIN people AS p ON p.id = c.person"
    " WHERE c.clue = ? AND c.key = ? LIMIT 50"
)


@dataclass(frozen=True)
class Somebody:
    """Who is looked for."""

    words: tuple[str, ...]
    name: str
    phone: str
    clues: dict[str, str]


def measure(share: float, folder: Path) -> Iterator[Figure]:
    """Every figure of this room: one index after another, each ten times as big.

    Smaller ones for less than a whole.
    """
    sizes = WHOLE if share >= 1 else QUICK if share >= 0.05 else TINY
    rounds = max(3, round(400 * min(1, share)))
    worst: list[float] = []
    for size in sizes:
        path = folder / f"people-{size}.db"
        yield from _built(path, size)
        yield from _sought(Database(path, tables), size, rounds, worst, is_last=size == sizes[-1])
    people = f"of {sizes[-1]:,} people"
    yield Figure(
        "index_name_p95_ms",
        worst[-1],
        f"the slowest kind of name search {people}",
        NAME_GOAL_MS,
        "ms",
    )
    yield Figure(
        "index_name_growth_ratio",
        worst[-1] / worst[0],
        f"the same ÷ that of {sizes[0]:,}",
        GROWTH_GOAL,
    )


def _built(path: Path, size: int) -> Iterator[Figure]:
    """Filled by a process of its own, in pages, as the background does it."""
    command = [sys.executable, "-m", "proof.bench.indexing", str(path), str(size), str(SEED)]
    said = json.loads(
        subprocess.run(
            command,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    label, people = _label(size), f"{size:,} people"
    yield Figure(
        f"index_{label}_build_s",
        said["clues"] + said["keep"],
        f"{people} kept, in pages of 500",
        unit="s",
    )
    yield Figure(
        f"index_{label}_clues_s",
        said["clues"],
        "of that, to understand phones and documents",
        unit="s",
    )
    yield Figure(
        f"index_{label}_disk_mb", path.stat().st_size / 1e6, f"the file of {people}", unit="MB"
    )
    yield Figure(
        f"index_{label}_memory_mb",
        said["memory_mb"],
        "the most that process had in memory",
        unit="MB",
    )


def _sought(
    database: Database, size: int, rounds: int, worst: list[float], *, is_last: bool
) -> Iterator[Figure]:
    index, some = People(database, "bench"), _some(database, size)
    slowest = 0.0
    for kind, what in BY_NAME.items():
        ours, bare = paired(rounds, *_by_name(index, database, some, kind))
        slowest = max(slowest, ours.at(0.95))
        yield from _told(f"{_label(size)}_{kind}", what, ours, bare, is_last=is_last)
    worst.append(slowest)
    for clue, what in BY_CLUE.items():
        ours, bare = paired(
            rounds, *_by_clue(index, database, [s for s in some if clue in s.clues], clue)
        )
        yield from _told(f"{_label(size)}_{clue}", what, ours, bare, is_last=is_last)
    if is_last:
        (taken,) = paired(rounds, _recognised(index, [s for s in some if s.phone]))
        what = (
            f"whoever writes recognised by phone among {size:,}, with all candidates and their "
            "reasons: p95"
        )
        yield Figure("index_recognition_ms", taken.at(0.95), what, RECOGNITION_GOAL_MS, "ms")
        (taken,) = paired(
            rounds, lambda number: partial(index.alike, some[number % len(some)].name)
        )
        yield Figure(
            "index_alike_p95_ms",
            taken.at(0.95),
            "whoever may bear the same name, for the radar",
            unit="ms",
        )


def _told(name: str, what: str, ours: Timings, bare: Timings, *, is_last: bool) -> Iterator[Figure]:
    if is_last:
        yield Figure(f"index_{name}_ratio", ours.over(bare), f"found by {what} ÷ the bare SQL")
    yield Figure(f"index_{name}_p50_ms", ours.median, f"found by {what}", unit="ms")
    yield Figure(f"index_{name}_p95_ms", ours.at(0.95), "the same", unit="ms")


def _some(database: Database, size: int) -> list[Somebody]:
    """People of the index, by chance."""
    chance = random.Random(SEED)
    rows = (
        database.row(
            "SELECT plain, clues, body FROM people WHERE id = ?", BLOCK + chance.randint(1, size)
        )
        for _ in range(400)
    )
    return [_somebody(row["plain"], row["clues"], row["body"]) for row in rows if row]


def _somebody(plain: str, clues: str, body: str) -> Somebody:
    row = json.loads(body)
    phone = row.get("fone_celular", "") or row.get("telefone_celular", "")
    return Somebody(
        tuple(plain.split()), row.get("nome") or row["razao"], phone, dict(json.loads(clues))
    )


Works = tuple[Callable[[int], Callable[[], object]], Callable[[int], Callable[[], object]]]


def _by_name(index: People, database: Database, some: Sequence[Somebody], kind: str) -> Works:
    """Ours, and what the words or their beginnings find in the full-text index, typed right."""

    def ours(number: int) -> Callable[[], object]:
        return partial(index.by_name, _typed(kind, some[number % len(some)]))

    def bare(number: int) -> Callable[[], object]:
        somebody = some[number % len(some)]
        wanted = somebody.words if kind == "typing_error" else names.words(_typed(kind, somebody))
        terms = " ".join(f'"{word}"{"" if kind == "typing_error" else "*"}' for word in wanted)
        return lambda: database.connection.execute(BARE_NAME, (terms,)).fetchall()

    return ours, bare


def _typed(kind: str, somebody: Somebody) -> str:
    """What an attendant types who looks for this person."""
    if kind == "one_prefix":
        return somebody.words[0][:3]
    if kind == "two_prefixes":
        return f"{somebody.words[0][:3]} {somebody.words[-1][:3]}"
    longest = max(somebody.name.split(), key=len)
    place = len(longest) // 2
    wrong = longest[:place] + longest[place : place + 2][::-1] + longest[place + 2 :]
    return somebody.name.replace(longest, wrong, 1)


def _by_clue(index: People, database: Database, some: Sequence[Somebody], clue: Clue) -> Works:
    def ours(number: int) -> Callable[[], object]:
        return partial(index.by_clue, clue, some[number % len(some)].clues[clue])

    def bare(number: int) -> Callable[[], object]:
        values = (clue, some[number % len(some)].clues[clue])
        return lambda: database.connection.execute(BARE_CLUE, values).fetchall()

    return ours, bare


def _recognised(index: People, some: Sequence[Somebody]) -> Callable[[int], Callable[[], object]]:
    """From the console's phone to the contacts with their reasons.

    The phone is taken as the console tells it, and the work is done as the panel does it.
    """

    def recognise(number: int) -> Callable[[], object]:
        somebody = some[number % len(some)]
        person = Person(phones=(somebody.phone,))
        key = somebody.clues[Clue.PHONE]
        return lambda: match(person, map(contact, index.by_clue(Clue.PHONE, key)))

    return recognise


def _label(size: int) -> str:
    return (
        f"{size // 1_000_000}m"
        if size >= 1_000_000
        else f"{size // 1000}k"
        if size >= 1000
        else str(size)
    )
