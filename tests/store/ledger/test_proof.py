"""Whoever has the file and not the key: each manipulation, on any position, is found and named.

The chain under test has twelve lines. What is done to it is undone, so that all tests work on one
file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget.domain.model import Attendant, Origin
from widget.store.engine.database import Database
from widget.store.ledger.ledger import Ledger
from widget.store.ledger.proof import Finding, Head, How, first_bad
from widget.store.ledger.seal import Line, Seals, digest_of

KEY = "a key that nobody has"
SEALS = Seals(KEY)
LENGTH = 12
LINES = range(1, LENGTH + 1)
PLACES = range(1, LENGTH + 2)
PAIRS = [*combinations(LINES, 2)]
COLUMNS = ", ".join(Line._fields)

Named = tuple[int, How] | None


def author(number: int) -> Attendant:
    return Attendant(
        str(number), f"Attendant {number}", f"a{number}@serranet.example", proven=number % 2 == 0
    )


def origin(number: int, contact: str = "lead-1") -> Origin:
    return Origin("chatwoot:1:7", author(number), contact, "note", f"Note {number}", "7")


def append(ledger: Ledger, number: int, contact: str = "lead-1") -> None:
    facts = {"text": f"Text {number}"}
    ledger.append(
        "accepted", origin(number, contact), key=f"k{number}", facts=facts, crm_id=str(number)
    )


class Undone(Exception):
    """Takes back what was done."""


@dataclass
class Chain:
    """A ledger in a file without any guard: no triggers, and no column's kind is enforced."""

    database: Database
    head: str = ""

    def __post_init__(self) -> None:
        self.head = Ledger(self.database, KEY).head()
        self.run(f"CREATE TABLE bare (seq INTEGER PRIMARY KEY, {COLUMNS.removeprefix('seq, ')})")
        self.run(f"INSERT INTO bare SELECT {COLUMNS} FROM ledger")
        self.run("DROP TABLE ledger")
        self.run("ALTER TABLE bare RENAME TO ledger")

    def run(self, sql: str, *values: object) -> Any:
        return self.database.connection.execute(sql, values)

    def cells(self, number: int, columns: str = COLUMNS) -> tuple[Any, ...]:
        return tuple(self.run(f"SELECT {columns} FROM ledger WHERE seq = ?", number).fetchone())

    def named(self, head: str = "", key: str = KEY) -> Named:
        found = Ledger(self.database, key).verify(head)
        return (found.number, found.how) if found else None

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is done inside was never done."""
        with suppress(Undone), self.database.transaction():
            yield
            raise Undone

    def push(self, start: int) -> None:
        """Makes room for a line."""
        self.run("UPDATE ledger SET seq = -seq WHERE seq >= ?", start)
        self.run("UPDATE ledger SET seq = 1 - seq WHERE seq < 0")

    def close_up(self, start: int) -> None:
        """Hides a gap."""
        self.run("UPDATE ledger SET seq = -seq WHERE seq > ?", start)
        self.run("UPDATE ledger SET seq = -1 - seq WHERE seq < 0")

    def arrange(self, order: Iterable[int]) -> None:
        """Puts the lines into another order, numbered from 1."""
        self.run("UPDATE ledger SET seq = seq + 1000")
        for place, number in enumerate(order, 1):
            self.run("UPDATE ledger SET seq = ? WHERE seq = ?", place, number + 1000)

    def insert(self, source: int, place: int, **instead: object) -> None:
        """Puts a copy of a line before the line at the place.

        Some of the copy's cells are changed.
        """
        row = {**dict(zip(Line._fields, self.cells(source), strict=True)), "seq": place, **instead}
        self.push(place)
        self.run(
            f"INSERT INTO ledger ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
            *row.values(),
        )

    def set(self, number: int, columns: str, values: Iterable[object]) -> None:
        places = ", ".join(f"{column} = ?" for column in columns.split(", "))
        self.run(f"UPDATE ledger SET {places} WHERE seq = ?", *values, number)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    database = Database(tmp_path_factory.mktemp("ledger") / "vinculo.db")
    ledger = Ledger(database, KEY, iter(range(1000, 2000)).__next__)
    for number in LINES:
        append(ledger, number)
    return Chain(database)


Case = tuple[int, ...]


def wrongly_named(
    chain: Chain,
    cases: Iterable[Any],
    do: Callable[..., object],
    expected: Callable[..., Named],
    *,
    heads: bool = True,
) -> dict[Any, object]:
    """Returns what each case was named that was not named as expected.

    Each case is tried without the head and with it.
    """
    wrong = {}
    for case in cases:
        with chain.undone():
            do(*case)
            named = {chain.named(head) for head in ("", chain.head)[: 1 + heads]}
        if named != {expected(*case)}:
            wrong[case] = named
    return wrong


# As it was sealed


def test_an_untouched_chain_is_right_with_and_without_its_head(chain: Chain) -> None:
    assert chain.head.startswith(f"{LENGTH}:")
    assert chain.named() is None
    assert chain.named(chain.head) is None
    assert chain.named(f"  {chain.head.upper()}\n") is None


def test_a_head_of_earlier_stays_good_while_the_chain_grows(chain: Chain) -> None:
    heads = [
        str(Head(0, SEALS.first)),
        *(f"{number}:{chain.cells(number, 'seal')[0]}" for number in LINES),
    ]

    assert [chain.named(head) for head in heads] == [None] * (LENGTH + 1)


def test_the_walk_gives_the_head_of_the_good_lines_before_the_bad_one(chain: Chain) -> None:
    good, finding = first_bad(chain.database, SEALS)
    assert (str(good), finding) == (chain.head, None)
    with chain.undone():
        chain.set(5, "event", ["x"])
        good, _ = first_bad(chain.database, SEALS)

    assert good == Head(4, chain.cells(4, "seal")[0].encode())


# Altered


@pytest.mark.parametrize(
    "cell", [name for name in Line._fields if name not in {"seq", "at", "author"}]
)
def test_an_altered_cell_is_named(chain: Chain, cell: str) -> None:
    def alter(number: int) -> None:
        chain.run(f"UPDATE ledger SET {cell} = {cell} || ' ' WHERE seq = ?", number)

    assert wrongly_named(chain, product(LINES), alter, lambda number: (number, How.ALTERED)) == {}


def test_an_altered_time_is_named(chain: Chain) -> None:
    def alter(number: int) -> None:
        chain.run("UPDATE ledger SET at = at + 0.001 WHERE seq = ?", number)

    assert wrongly_named(chain, product(LINES), alter, lambda number: (number, How.ALTERED)) == {}


@pytest.mark.parametrize("cells", ["personal, salt", "personal", "salt"])
def test_a_text_that_is_blank_without_an_erasure_is_altered(chain: Chain, cells: str) -> None:
    def blank(number: int) -> None:
        chain.set(number, cells, [None] * len(cells.split(", ")))

    assert wrongly_named(chain, product(LINES), blank, lambda number: (number, How.ALTERED)) == {}


@pytest.mark.parametrize(
    "cells",
    ["personal", "personal, salt", "personal, salt, digest", "crm_id", "seal", "content_mac"],
)
def test_cells_of_two_lines_that_were_swapped_are_altered(chain: Chain, cells: str) -> None:
    def swap(one: int, two: int) -> None:
        first, second = chain.cells(one, cells), chain.cells(two, cells)
        chain.set(one, cells, second)
        chain.set(two, cells, first)

    assert wrongly_named(chain, PAIRS, swap, lambda one, _: (one, How.ALTERED)) == {}


def test_a_line_whose_every_seal_was_made_anew_with_another_key_is_altered(chain: Chain) -> None:
    def forge(number: int) -> None:
        line = as_line(chain.cells(number))._replace(contact=b"lead-9")
        forged = as_cells(Seals("the forger's").sealed(line, b"x"))
        chain.set(number, COLUMNS, forged)

    # Without a head a last line with nothing genuine in it might as well have been added.
    assert (
        wrongly_named(chain, product(LINES[:-1]), forge, lambda number: (number, How.ALTERED)) == {}
    )
    with chain.undone():
        forge(LENGTH)
        assert (chain.named(), chain.named(chain.head)) == (
            (LENGTH, How.INSERTED),
            (LENGTH, How.ALTERED),
        )


def as_line(cells: Iterable[Any]) -> Line:
    return Line(*[cell.encode() if isinstance(cell, str) else cell for cell in cells])


def as_cells(line: Line) -> list[object]:
    return [cell.decode() if isinstance(cell, bytes) else cell for cell in line]


@settings(max_examples=200, deadline=None)
@given(
    number=st.sampled_from(LINES),
    cell=st.sampled_from(Line._fields[1:]),
    value=st.none()
    | st.integers(-9, 9)
    | st.floats()
    | st.binary()
    | st.text(st.characters(codec="utf-8")),
    as_text=st.booleans(),
)
def test_whatever_stands_in_a_cell_the_line_is_named_and_nothing_breaks(
    chain: Chain, number: int, cell: str, value: object, as_text: bool
) -> None:
    new = "CAST(? AS TEXT)" if as_text else "?"  # bytes that are cast to text need not be UTF-8
    with chain.undone():
        changes = f"{cell} IS NOT {new}"
        changed = chain.run(
            f"UPDATE ledger SET {cell} = {new} WHERE seq = ? AND {changes}", value, number, value
        ).rowcount
        named = chain.named(chain.head)
        assert len(Ledger(chain.database, KEY).of(["lead-1"])) >= LENGTH - 1
        append(Ledger(chain.database, KEY), LENGTH + 1)

    assert named == ((number, How.AUTHOR if cell == "author" else How.ALTERED) if changed else None)


@pytest.mark.parametrize("cell", [name for name in Line._fields[1:] if name != "at"])
def test_the_same_bytes_of_another_kind_are_altered(chain: Chain, cell: str) -> None:
    with chain.undone():
        chain.run(f"UPDATE ledger SET {cell} = CAST({cell} AS BLOB) WHERE seq = 4")

        assert chain.named() == (4, How.AUTHOR if cell == "author" else How.ALTERED)


# Removed


def test_a_removed_line_is_named_also_where_the_gap_is_hidden(chain: Chain) -> None:
    def remove(number: int, hidden: bool) -> None:
        chain.run("DELETE FROM ledger WHERE seq = ?", number)
        if hidden:
            chain.close_up(number)

    cases = product(LINES[:-1], [False, True])
    assert wrongly_named(chain, cases, remove, lambda number, _: (number, How.REMOVED)) == {}


def test_of_a_removed_block_the_first_line_is_named(chain: Chain) -> None:
    def remove(first: int, last: int) -> None:
        chain.run("DELETE FROM ledger WHERE seq BETWEEN ? AND ?", first, last)

    inside = [pair for pair in PAIRS if pair[1] < LENGTH]
    assert wrongly_named(chain, inside, remove, lambda first, _: (first, How.REMOVED)) == {}


def test_a_gap_between_the_numbers_is_named_though_no_line_is_missing(chain: Chain) -> None:
    assert (
        wrongly_named(chain, product(LINES), chain.push, lambda number: (number, How.ALTERED)) == {}
    )


# Reordered


def test_two_lines_that_were_swapped_are_reordered_from_the_first_on(chain: Chain) -> None:
    def swap(one: int, two: int) -> None:
        chain.arrange({one: two, two: one}.get(number, number) for number in LINES)

    assert wrongly_named(chain, PAIRS, swap, lambda one, _: (one, How.REORDERED)) == {}


def test_a_line_that_was_moved_is_reordered(chain: Chain) -> None:
    def move(source: int, target: int) -> None:
        order = [number for number in LINES if number != source]
        chain.arrange([*order[: target - 1], source, *order[target - 1 :]])

    moves = permutations(LINES, 2)
    assert (
        wrongly_named(
            chain, moves, move, lambda source, target: (min(source, target), How.REORDERED)
        )
        == {}
    )


def test_a_block_that_was_moved_is_reordered(chain: Chain) -> None:
    def move(start: int, further: int) -> None:
        rest = [number for number in LINES if not start <= number < start + 3]
        chain.arrange(
            [*rest[: start - 1 + further], *range(start, start + 3), *rest[start - 1 + further :]]
        )

    moves = product(range(1, LENGTH - 4), [1, 2, 5])
    assert wrongly_named(chain, moves, move, lambda start, _: (start, How.REORDERED)) == {}


# Inserted


def test_a_line_that_stands_there_twice_was_inserted(chain: Chain) -> None:
    def named(source: int, place: int) -> Named:
        """Of two equal lines side by side the second one is the copy."""
        return place + (place == source), How.INSERTED

    assert wrongly_named(chain, product(LINES, PLACES), chain.insert, named) == {}


FORGED: dict[str, dict[str, object]] = {
    "another author": {"author": '["9", "Forger", "", true]'},
    "another contact": {"contact": "lead-9"},
    "another number in the CRM": {"crm_id": "999"},
    "seals of nobody": dict.fromkeys(("author_mac", "content_mac", "seal"), "0" * 64),
    "nothing at all": dict.fromkeys(Line._fields[1:]),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_line_was_inserted(chain: Chain, forged: dict[str, object]) -> None:
    def insert(source: int, place: int) -> None:
        chain.insert(source, place, **forged)

    assert (
        wrongly_named(chain, product(LINES, PLACES), insert, lambda _, place: (place, How.INSERTED))
        == {}
    )


def test_of_several_inserted_lines_the_first_is_named(chain: Chain) -> None:
    def insert(place: int) -> None:
        for source in (2, 1, 2):
            chain.insert(source, place, crm_id="999")

    assert wrongly_named(chain, product(PLACES), insert, lambda place: (place, How.INSERTED)) == {}


@pytest.mark.parametrize("place", [-5, 0])
def test_a_line_before_the_first_was_inserted(chain: Chain, place: int) -> None:
    with chain.undone():
        chain.insert(3, LENGTH + 1, crm_id="999")
        chain.run("UPDATE ledger SET seq = ? WHERE seq > ?", place, LENGTH)

        assert chain.named() == (1, How.INSERTED)


# The tail


def test_a_tail_that_was_cut_shows_against_the_head_only(chain: Chain) -> None:
    for left in range(LENGTH):
        with chain.undone():
            chain.run("DELETE FROM ledger WHERE seq > ?", left)

            assert (chain.named(), chain.named(chain.head)) == (None, (left + 1, How.TAIL_CUT))


@pytest.mark.parametrize("more", [1, 6, 9])
def test_a_tail_that_was_cut_and_grew_again_is_found(chain: Chain, more: int) -> None:
    with chain.undone():
        chain.run("DELETE FROM ledger WHERE seq > 6")
        for number in range(7, 7 + more):
            append(Ledger(chain.database, KEY), number)

        assert (chain.named(), chain.named(chain.head)) == (
            None,
            (min(7 + more, LENGTH), How.TAIL_CUT),
        )


# The author


@pytest.mark.parametrize("cells", ["author", "author, author_mac"])
def test_a_line_with_the_author_of_another_is_named(chain: Chain, cells: str) -> None:
    def swap(number: int, other: int) -> None:
        chain.set(number, cells, chain.cells(other, cells))

    assert (
        wrongly_named(chain, permutations(LINES, 2), swap, lambda number, _: (number, How.AUTHOR))
        == {}
    )


@pytest.mark.parametrize("cells", ["author", "author, author_mac"])
def test_two_authors_that_were_swapped_are_named(chain: Chain, cells: str) -> None:
    def swap(one: int, two: int) -> None:
        first, second = chain.cells(one, cells), chain.cells(two, cells)
        chain.set(one, cells, second)
        chain.set(two, cells, first)

    assert wrongly_named(chain, PAIRS, swap, lambda one, _: (one, How.AUTHOR)) == {}


def test_a_proof_that_was_given_to_an_author_is_named(chain: Chain) -> None:
    def prove(number: int) -> None:
        chain.run(
            "UPDATE ledger SET author = replace(author, 'false', 'true') WHERE seq = ?", number
        )

    assert (
        wrongly_named(chain, product(LINES[::2]), prove, lambda number: (number, How.AUTHOR)) == {}
    )


# Several at once, the key, the head


def test_of_several_manipulations_the_first_is_named(chain: Chain) -> None:
    with chain.undone():
        chain.run("DELETE FROM ledger WHERE seq > 10")
        assert chain.named(chain.head) == (11, How.TAIL_CUT)
        chain.set(9, "contact", ["x"])
        assert chain.named(chain.head) == (9, How.ALTERED)
        chain.run("DELETE FROM ledger WHERE seq = 7")
        assert chain.named(chain.head) == (7, How.REMOVED)
        chain.insert(4, 6)
        assert chain.named(chain.head) == (6, How.INSERTED)
        chain.set(5, "author", chain.cells(4, "author"))
        assert chain.named(chain.head) == (5, How.AUTHOR)
        chain.set(3, "contact", ["x"])
        chain.run("DELETE FROM ledger WHERE seq = 2")
        assert chain.named(chain.head) == (2, How.REMOVED)
        chain.run("DELETE FROM ledger")
        assert chain.named(chain.head) == (1, How.TAIL_CUT)


def test_a_removed_line_is_named_though_the_next_one_is_altered_too(chain: Chain) -> None:
    with chain.undone():
        chain.run("DELETE FROM ledger WHERE seq = 4")
        chain.set(5, "contact", ["x"])

        assert chain.named() == (4, How.REMOVED)


def test_a_wrong_key_is_told_from_a_manipulation(chain: Chain) -> None:
    assert chain.named(chain.head, key="another") == (1, How.KEY)
    assert chain.named(str(Head(0, Seals("another").first))) == (0, How.KEY)
    with chain.undone():
        chain.run("DELETE FROM ledger WHERE seq > 1")
        chain.set(1, "contact", ["x"])
        assert chain.named() == (1, How.ALTERED)


@pytest.mark.parametrize(
    "text",
    ["x", "12", "12:", "12:xyz", "-1:" + "0" * 64, "١٢:" + "0" * 64, "1" * 30 + ":" + "0" * 64],
)
def test_a_head_that_is_none_is_said(chain: Chain, text: str) -> None:
    assert chain.named(text) == (0, How.HEAD)


def test_another_ledgers_head_is_not_this_ones(chain: Chain) -> None:
    assert [chain.named(f"{number}:{'0' * 64}") for number in LINES] == [
        (number, How.TAIL_CUT) for number in LINES
    ]


def test_a_finding_reads_as_a_sentence() -> None:
    assert (
        str(Finding(57, How.AUTHOR, "somebody else did this"))
        == "line 57: author swapped (somebody else did this)"
    )


# Erased data


@pytest.fixture
def erased(tmp_path: Path) -> Chain:
    """Lines 3, 5, 6 and 7 of twelve are erased by line 9."""
    database = Database(tmp_path / "vinculo.db")
    ledger = Ledger(database, KEY, iter(range(1000, 2000)).__next__)
    for number in range(1, 9):
        append(ledger, number, "lead-2" if number in {3, 5, 6, 7} else "lead-1")
    assert ledger.erase(["lead-2"], origin(9, "lead-2")) == 4
    for number in range(10, 13):
        append(ledger, number)
    return Chain(database)


def test_erased_lines_are_right_and_their_manipulation_is_named_as_any(erased: Chain) -> None:
    everything_but_the_erasure = [number for number in LINES if number != 9]

    def remove(number: int) -> None:
        erased.run("DELETE FROM ledger WHERE seq = ?", number)
        erased.close_up(number)

    assert erased.named(erased.head) is None
    for do, how in (
        (remove, How.REMOVED),
        (lambda number: erased.set(number, "contact", ["x"]), How.ALTERED),
        (lambda number: erased.set(number, "author", ['["9", "Forger", "", true]']), How.AUTHOR),
    ):
        cases = product(
            [
                number
                for number in everything_but_the_erasure
                if how != How.REMOVED or number < LENGTH
            ]
        )
        assert wrongly_named(erased, cases, do, lambda number, how=how: (number, how)) == {}


def test_a_copy_of_an_erased_line_was_inserted(erased: Chain) -> None:
    cases = [(source, place) for source, place in product([3, 5, 9], PLACES) if place != source]

    assert wrongly_named(erased, cases, erased.insert, lambda _, place: (place, How.INSERTED)) == {}


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM ledger WHERE seq = 9",
        "UPDATE ledger SET event = 'done' WHERE seq = 9",
        "UPDATE ledger SET personal = replace(personal, '3', '4') WHERE seq = 9",
    ],
)
def test_without_the_line_about_it_what_is_blank_is_altered(erased: Chain, damage: str) -> None:
    with erased.undone():
        erased.run(damage)

        assert erased.named(erased.head) == (3, How.ALTERED)


def test_a_forged_line_about_an_erasure_excuses_nothing(chain: Chain) -> None:
    def blank(number: int) -> None:
        chain.set(number, "personal, salt", [None, None])
        told = {"facts": {"number": str(LENGTH + 1), "lines": f"1-{LENGTH}"}}
        salt, personal = "00", json.dumps(told)
        digest = digest_of(salt.encode(), personal.encode()).decode()
        chain.insert(
            1,
            LENGTH + 1,
            event="erased",
            salt=salt,
            personal=personal,
            digest=digest,
        )

    assert (
        wrongly_named(chain, product(LINES[1:]), blank, lambda number: (number, How.ALTERED)) == {}
    )


def test_a_line_about_an_erasure_excuses_nothing_that_came_after_it(tmp_path: Path) -> None:
    ledger = Ledger(database := Database(tmp_path / "vinculo.db"), KEY)
    ledger.append("erased", origin(1), key="", facts={"number": "1", "lines": "2"})
    append(ledger, 2)
    database.run("UPDATE ledger SET personal = NULL, salt = NULL WHERE seq = 2")

    assert Chain(database).named() == (2, How.ALTERED)


def test_a_line_that_was_not_erased_but_is_blank_is_altered(erased: Chain) -> None:
    def blank(number: int) -> None:
        erased.set(number, "personal, salt", [None, None])

    kept = product([number for number in LINES if number not in {3, 5, 6, 7, 9}])
    assert wrongly_named(erased, kept, blank, lambda number: (number, How.ALTERED)) == {}


def test_no_text_can_be_put_where_one_was_erased(erased: Chain) -> None:
    def fill(number: int) -> None:
        erased.set(number, "personal, salt", ['{"facts": {"text": "Never said"}}', "00"])

    assert (
        wrongly_named(erased, product([3, 5, 6, 7]), fill, lambda number: (number, How.ALTERED))
        == {}
    )
