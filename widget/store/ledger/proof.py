"""Walks the ledger and names the first line that is not as it was sealed, and how it is bad."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Self

from widget.store.engine.port import Rows
from widget.store.ledger.seal import Line, Seals, digest_of, select

ERASED = "erased"
# How many lines may be missing, beyond the count of all lines, before one with another number.
FAR = 500


class How(StrEnum):
    """How a line is bad."""

    ALTERED = "altered"
    REMOVED = "removed"
    REORDERED = "reordered"
    INSERTED = "inserted"
    TAIL_CUT = "tail cut"
    AUTHOR = "author swapped"
    KEY = "the key does not fit"
    HEAD = "the head is not one of ours"


@dataclass(frozen=True)
class Finding:
    """The first bad line, how it is bad, and by what one sees it.

    Lines count from 1; 0 stands for no line in particular.
    """

    number: int
    how: How
    detail: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.how} ({self.detail})"


@dataclass(frozen=True)
class Head:
    """The length of the ledger and its last seal.

    Kept elsewhere, it shows later that nothing was cut off.
    """

    number: int
    seal: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.seal.decode(errors='replace')}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Reads what ``str()`` wrote; None for anything else."""
        found = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text.strip().lower())
        return cls(int(found[1]), found[2].encode()) if found else None


def head(rows: Rows, seals: Seals) -> Head:
    """Returns the ledger's head as it is now; an empty ledger has one too."""
    last = next(_lines(rows, "ORDER BY seq DESC LIMIT 1"), None)
    return Head(last.seq, last.seal) if last else Head(0, seals.first)


def first_bad(rows: Rows, seals: Seals, kept: str = "") -> tuple[Head, Finding | None]:
    """Returns the head of the good lines at the beginning, and what is wrong after them.

    ``kept`` is a head from elsewhere. The walk sees one moment of the ledger, also while others
    write, and holds one line at a time.
    """
    none = Head(0, seals.first)
    wanted = Head.parse(kept) if kept else none
    if wanted is None:
        return none, Finding(
            0,
            How.HEAD,
            "it is a number, a colon and 64 hexadecimal digits, as export-head prints it",
        )
    return _Walk(rows, seals, wanted).first_bad()


class _Walk:
    def __init__(self, rows: Rows, seals: Seals, kept: Head) -> None:
        self._rows = rows
        self.seals = seals
        self.kept = kept

    def first_bad(self) -> tuple[Head, Finding | None]:
        good = Head(0, self.seals.first)
        if not self.kept.number and self.kept.seal != good.seal:
            return good, Finding(
                0, How.KEY, "the head of an empty ledger under this key is another one"
            )
        for number, line in enumerate(_lines(self._rows, "ORDER BY seq"), 1):
            if not self._is_right(line, number, good.seal):
                return good, _Suspect(self, line, number, good.seal).finding()
            if number == self.kept.number and line.seal != self.kept.seal:
                detail = (
                    "the ledger went on here in another way than up to the head, or the head is "
                    "another ledger's"
                )
                return good, Finding(number, How.TAIL_CUT, detail)
            good = Head(number, line.seal)
        if good.number < self.kept.number:
            missing = f"the head knows {self.kept.number} lines, here are {good.number}"
            return good, Finding(good.number + 1, How.TAIL_CUT, missing)
        return good, None

    def _is_right(self, line: Line, number: int, previous: bytes) -> bool:
        return (
            line.seq == number
            and line.author_mac == self.seals.author(line, number)
            and line.content_mac == self.seals.content(line, number)
            and line.seal == self.seals.seal(previous, line.author_mac, line.content_mac)
            and self.is_whole(line)
        )

    def is_whole(self, line: Line) -> bool:
        """Whether the personal part is as it was sealed, or was erased as a later line says."""
        if line.personal is None or line.salt is None:
            return line.is_erased and any(line.seq in numbers for numbers in self._erased)
        return digest_of(line.salt, line.personal) == line.digest

    @cached_property
    def _erased(self) -> list[range]:
        """Returns which lines the ledger itself says were erased.

        It is asked for while the query of the walk holds the moment.
        """
        found: list[range] = []
        for line in _lines(self._rows, "WHERE event = ? ORDER BY seq", ERASED):
            told = _told(line)
            if told is None or self.seals.content(line, told.number) != line.content_mac:
                continue
            if self.is_whole(line):
                found += [numbers for numbers in told.erased if numbers.stop <= told.number]
        return found

    def place(self, line: Line) -> int:
        """Returns the number with which its content was sealed, wherever it stands now.

        It is 0 when none of our numbers fits.
        """
        numbers: tuple[int, ...] = (line.seq, *range(1, self._far))
        for number in numbers:
            if self.seals.content(line, number) == line.content_mac:
                return number
        return 0

    def stays(self, line: Line) -> bool:
        """Whether its content was sealed with the number that it bears."""
        return line.content_mac == self.seals.content(line, line.seq)

    @cached_property
    def _far(self) -> int:
        row = self._rows.row("SELECT count(*) AS n FROM ledger")
        return int(row["n"] if row else 0) + FAR

    def others(self, line: Line) -> Iterator[Line]:
        """Returns all lines but this one."""
        return _lines(self._rows, "WHERE seq <> ? ORDER BY seq", line.seq)

    def has_other(self, line: Line, number: int) -> bool:
        """Whether the genuine content of that number stands in another line."""
        return any(
            other.content_mac == self.seals.content(other, number) for other in self.others(line)
        )


class _Suspect:
    """A line that is not right where it stands; all lines before it are."""

    def __init__(self, walk: _Walk, line: Line, number: int, previous: bytes) -> None:
        self._walk = walk
        self._line = line
        self._number = number
        self._previous = previous
        self._seals = walk.seals
        self._place = walk.place(line)
        self._signed = line.author_mac in {
            self._seals.author(line, n) for n in (self._place or number, line.seq)
        }

    def finding(self) -> Finding:
        """Tells how the line is bad, from what is still genuine in it."""
        if self._place == self._number:
            how, detail = self._in_its_place()
        elif self._place > self._number:
            how, detail = self._too_early()
        elif self._place:
            how, detail = How.INSERTED, f"line {self._place} stands here once more"
        else:
            how, detail = self._unknown()
        return Finding(self._number, how, detail)

    def _in_its_place(self) -> tuple[How, str]:
        line = self._line
        if not self._signed:
            return self._not_by_its_author()
        if self._seals.seal(self._previous, line.author_mac, line.content_mac) != line.seal:
            return How.ALTERED, "its seal does not follow from the line before"
        if line.seq != self._number:
            return How.ALTERED, f"it now bears the number {line.seq}"
        if line.is_erased:
            return How.ALTERED, "its text is blank and no sound line says that it was erased"
        return How.ALTERED, "its text is not the one that was sealed"

    def _not_by_its_author(self) -> tuple[How, str]:
        line = self._line
        author = self._seals.author(line, self._number)
        if self._seals.seal(self._previous, author, line.content_mac) == line.seal:
            return How.ALTERED, "the author is the right one, the seal on it is not"
        if self._walk.has_other(line, self._number):
            return How.INSERTED, "the right line stands after it"
        return How.AUTHOR, "somebody else did this"

    def _too_early(self) -> tuple[How, str]:
        if not self._walk.has_other(self._line, self._number):
            return How.REMOVED, f"line {self._place} follows here"
        if self._walk.has_other(self._line, self._place):
            return How.INSERTED, f"line {self._place} stands here once more"
        return How.REORDERED, f"line {self._place} stands here"

    def _unknown(self) -> tuple[How, str]:
        line, walk = self._line, self._walk
        if walk.has_other(line, self._number):
            return How.INSERTED, "the right line stands after it"
        if self._number == 1 and not self._signed and not self._is_key_known():
            return How.KEY, "no line was sealed with it"
        if not self._was_sealed_here():
            return How.INSERTED, "it was never sealed"
        if self._signed and line.seq > self._number:
            return How.REMOVED, f"line {line.seq} follows here, and is altered too"
        return How.ALTERED, "its content is not the one that was sealed"

    def _is_key_known(self) -> bool:
        return any(self._walk.stays(other) for other in self._walk.others(self._line))

    def _was_sealed_here(self) -> bool:
        """Whether a line of this number has been here.

        Later ones were sealed, or part of it is still genuine.
        """
        line, walk = self._line, self._walk
        if line.seal == self._seals.seal(self._previous, line.author_mac, line.content_mac):
            return True
        if walk.kept.number >= self._number:
            return True
        if any(other.seq > line.seq and walk.stays(other) for other in walk.others(line)):
            return True
        return self._signed


@dataclass(frozen=True)
class _Told:
    """What a line about an erasure says.

    It tells its own number, so that it is known wherever it stands, and which lines were erased.
    """

    number: int
    erased: list[range]


def _told(line: Line) -> _Told | None:
    """Reads a line about an erasure, or returns None when it cannot be read.

    Whether the line is genuine shows elsewhere.
    """
    try:
        facts = json.loads(line.personal or b"")["facts"]
        spans = [span.split("-") for span in facts["lines"].split(",") if span]
        erased = [range(int(span[0]), int(span[-1]) + 1) for span in spans]
        return _Told(int(facts["number"]), erased)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


def _lines(rows: Rows, rest: str, *values: object) -> Iterator[Line]:
    return map(Line._make, rows.stream(f"{select(rows.spelling)} {rest}", *values))
