"""Search by name while it is typed: by beginnings of words, by sound, by typing errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, pairwise

from widget.brazil import names
from widget.store.engine.database import Database, Row
from widget.store.people.wordlist import Wordlist

LONGEST, MOST_WORDS = 200, 8  # nothing more of a name, or of what is typed, is looked at
PICKED = (
    200  # so many of those who match are ranked: to rank all who have a common name takes seconds
)
# beginnings so short are in the full-text index; for longer ones it would gather all that match
# first
INDEXED = 3
BEGUN_ALIKE = 60
MANY = 1000
FEW = 5  # with so many found, nobody is suspected of a typing error
# How a typed word is found in a name; among mistyped ones the likelier comes first.
EQUAL, BEGUN, HEARD, MISTYPED, MISSING = range(0, 500, 100)
_SMALL = {word[:length] for word in names.PARTICLES for length in (1, 2)}

Range = tuple[int, int]  # of the ids among which is searched
Name = tuple[int, str, str]  # id, words, sounds
Terms = Sequence[str]  # of a query, any of which will do
Found = dict[int, str]  # the words of each name, by id


def spelt(name: str) -> str:
    """The words of a name as they are searched; of one that has small words only, these."""
    name = name[:LONGEST]
    return " ".join(names.words(name) or re.findall(r"\w+", names.fold(name)))


def heard(plain: str) -> str:
    """How the words of a name sound, where that is written differently."""
    words = plain.split()
    return " ".join(sorted({names.sound(word) for word in words} - set(words)))


class ByName:
    """The full-text index of the names: numbers of people in, numbers of people out."""

    def __init__(self, database: Database, words: Wordlist) -> None:
        self._database = database
        self._words = words

    def add(self, people: Iterable[Name]) -> None:
        """From now on they are found."""
        self._database.run_each("INSERT INTO names (rowid, plain, sounds) VALUES (?, ?, ?)", people)

    def remove(self, people: Iterable[Name]) -> None:
        """Removes people who were added with exactly these words.

        The index keeps no text of its own, so the words must be the same.
        """
        self._database.run_each(
            "INSERT INTO names (names, rowid, plain, sounds) VALUES ('delete', ?, ?, ?)", people
        )

    def clear(self) -> None:
        """Forgets all names."""
        self._database.run("INSERT INTO names (names) VALUES ('delete-all')")

    def rebuild(self) -> None:
        """Makes the index again from the people.

        The beginning of an erased word may still stand between its neighbours.
        """
        self._database.run("INSERT INTO names (names) VALUES ('rebuild')")

    def search(self, text: str, within: Range, limit: int) -> list[int]:
        """Best first: whole words before begun ones, heard ones, mistyped ones.

        Then in the typed order, then short.
        """
        typed, small = _cut(text)
        if not typed:
            return []
        asked = _Asked(typed, small, self._words)
        found: Found = {}
        for words in asked.beginnings():
            found |= self._beginning(words, within, limit)
        for enough, look in asked.looks():
            if len(found) < min(enough, limit):
                found |= self._matching(look(), within)
        return sorted(found, key=lambda number: (*_rank(typed, found[number], asked.near), number))[
            :limit
        ]

    def alike(self, name: str, within: Range, limit: int) -> list[int]:
        """Those with two words in common, as written or heard, or mistyped where these are few.

        Likeliest first.
        """
        plain = spelt(name)
        words = list(dict.fromkeys(plain.split()))[:MOST_WORDS]
        terms = {word: [_word(word), _word(names.sound(word))] for word in words}
        found = self._in_common(words, terms, within)
        if len(found) < FEW:
            terms = {word: [*terms[word], *map(_word, self._words.near(word))] for word in words}
            found |= self._in_common(words, terms, within)
        likely = sorted(found, key=lambda number: (-_common(words, found[number]), number))[
            : 2 * limit
        ]
        return sorted(likely, key=lambda number: (-names.similarity(plain, found[number]), number))[
            :limit
        ]

    def _beginning(self, typed: Sequence[str], within: Range, limit: int) -> Found:
        """The first, in the order of the alphabet, whose name begins like this."""
        text = " ".join(typed)
        rows = self._database.rows(
            "SELECT id, plain FROM people WHERE block = ? AND plain BETWEEN ? AND ? ORDER BY "
            "plain LIMIT ?",
            within[0] >> 40,
            text,
            f"{text}\U0010ffff",
            limit,
        )
        return _found(rows)

    def _in_common(self, words: Sequence[str], terms: Mapping[str, Terms], within: Range) -> Found:
        """Those with all the words, then with two of them, the rarest first."""
        uses = self._words.uses(words)
        pairs = sorted(combinations(words, 2), key=lambda pair: min(uses[word] for word in pair))
        found: Found = {}
        for group in [words, *(pair for pair in pairs if len(words) > 2)]:
            if len(found) < 2 * PICKED:
                found |= self._matching([terms[word] for word in group], within)
        return found

    def _matching(self, groups: Sequence[Terms], within: Range) -> Found:
        """Some of those who match a term of every group."""
        if not groups:
            return {}
        rows = self._database.rows(
            "SELECT p.id, p.plain FROM (SELECT rowid FROM names WHERE names MATCH ? AND rowid "
            "BETWEEN ? AND ? LIMIT ?)"
            " AS picked CROSS JOIN people AS p ON p.id = picked.rowid",
            " AND ".join(f"({' OR '.join(dict.fromkeys(terms))})" for terms in groups),
            *within,
            PICKED,
        )
        return _found(rows)


class _Asked:
    """The typed words as the index is asked for them, ever more loosely.

    ``near`` are those they may have meant.
    """

    def __init__(self, typed: Sequence[str], small: str, words: Wordlist) -> None:
        self._typed, self._small, self._words = typed, small, words
        self.near: dict[str, list[str]] = {}

    def beginnings(self) -> list[list[str]]:
        """How a name may begin."""
        return [[*self._typed, self._small], [*self._typed]] if self._small else [[*self._typed]]

    def looks(self) -> Iterator[tuple[int, Callable[[], Sequence[Terms]]]]:
        """How to ask as long as fewer than so many are found."""
        if self._small:
            yield MANY, lambda: [*self._whole(self._typed), self._begun(self._small)]
        if len(self._typed) > 1:
            yield MANY, lambda: [*self._whole(self._typed[:-1]), self._begun(self._typed[-1])]
        yield MANY, lambda: [self._begun(word) for word in self._typed]
        yield MANY, lambda: [self._heard(word) for word in self._typed]
        yield FEW, lambda: self._meant(self._unknown)
        yield FEW, self._heard_so_far
        yield 1, lambda: self._meant(self._typed)

    @cached_property
    def _unknown(self) -> set[str]:
        """Words that nobody's name has."""
        return set(self._typed) - set(self._words.uses(self._typed))

    def _whole(self, words: Iterable[str]) -> list[Terms]:
        return [[_word(word)] for word in words]

    def _begun(self, word: str) -> Terms:
        """Words that begin so."""
        words = self._words.beginning(word, BEGUN_ALIKE) if len(word) > INDEXED else None
        return [f"{_word(word)}*"] if words is None else [*map(_word, words or [word])]

    def _heard(self, word: str) -> Terms:
        """Also words that sound so."""
        return [*self._begun(word), _word(names.sound(word))]

    def _heard_so_far(self) -> list[Terms]:
        """Adds words that sound like what is typed so far.

        The end of an unfinished word may sound otherwise once the word goes on.
        """
        if not self._unknown:
            return []
        return [
            [
                *self._heard(word),
                *(self._begun(names.sound(word)[:-1]) if word in self._unknown else ()),
            ]
            for word in self._typed
        ]

    def _meant(self, words: Iterable[str]) -> list[Terms]:
        """Also words for which these may have been mistyped; nothing where there are none."""
        self.near = {word: self._words.near(word) for word in words}
        if not any(self.near.values()):
            return []
        return [[*self._heard(word), *map(_word, self.near.get(word, ()))] for word in self._typed]


def _found(rows: Iterable[Row]) -> Found:
    return {row["id"]: row["plain"] for row in rows}


def _word(word: str) -> str:
    """As the index wants it asked.

    A word holds letters and digits only, so nothing of it is syntax.
    """
    return f'"{word}"'


def _cut(text: str) -> tuple[list[str], str]:
    """Returns the typed words, and the last one apart if it may be unfinished.

    It may be a small word or the beginning of another: "Maria da" is on the way to Maria Dalva as
    well as to Maria da Silva.
    """
    typed = spelt(text).split()[:MOST_WORDS]
    last = "".join(names.fold(text[:LONGEST]).split()[-1:])
    if last not in _SMALL or typed in ([], [last]):
        return typed, ""
    return typed[:-1] if typed[-1] == last else typed, last


def _common(words: Iterable[str], plain: str) -> int:
    """How many of the words a name has, as written or heard."""
    others = set(plain.split())
    others |= {names.sound(word) for word in others}
    return sum(word in others or names.sound(word) in others for word in words)


def _rank(
    typed: Sequence[str], plain: str, near: Mapping[str, Sequence[str]]
) -> tuple[int | str, ...]:
    words = plain.split()
    hits = [
        min((_hit(word, other, near.get(word, ())), place) for place, other in enumerate(words))
        for word in typed
    ]
    places = [place for _, place in hits]
    swaps = sum(before > after for before, after in pairwise(places))
    return sum(hit for hit, _ in hits), swaps, places[0], len(words), plain


def _hit(typed: str, word: str, near: Sequence[str]) -> int:
    """How a typed word is found in one of a name's."""
    if word == typed:
        return EQUAL
    if word.startswith(typed):
        return BEGUN
    sounds = names.sound(typed), names.sound(word)
    if sounds[0] == sounds[1] or sounds[1].startswith(sounds[0][:-1]):
        return HEARD
    meant = [near.index(form) for form in (word, sounds[1]) if form in near]
    return MISTYPED + min(meant) if meant else MISSING
