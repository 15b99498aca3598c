"""Search by name while it is typed: by beginnings of words, by sound, by typing errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, pairwise

from widget.brazil import names
from widget.store.engine.database import Database, Row
from widget.store.people.wordlist import Wordlist

# Of a name, or of what is typed, no more than this is looked at.
LONGEST, MOST_WORDS = 200, 8
# How many matches are ranked: to rank all people with a common name takes seconds.
PICKED = 200
# The full-text index holds beginnings up to this length. For longer ones it would first gather all
# that match.
INDEXED = 3
BEGUN_ALIKE = 60
MANY = 1000
# With this many found, no typing error is suspected.
FEW = 5
# How a typed word is found in a name; among mistyped ones the likelier comes first.
EQUAL, BEGUN, HEARD, MISTYPED, MISSING = range(0, 500, 100)
_SMALL = {word[:length] for word in names.PARTICLES for length in (1, 2)}

Range = tuple[int, int]  # of the ids among which is searched
Name = tuple[int, str, str]  # id, words, sounds
Terms = Sequence[str]  # of a query, any of which will do
Found = dict[int, str]  # the words of each name, by id


def spelt(name: str) -> str:
    """Returns the words of a name as they are searched.

    A name of small words only keeps these.
    """
    name = name[:LONGEST]
    return " ".join(names.words(name) or re.findall(r"\w+", names.fold(name)))


def heard(plain: str) -> str:
    """Returns the sounds of the words of a name, where they differ from the spelling."""
    words = plain.split()
    return " ".join(sorted({names.sound(word) for word in words} - set(words)))


class ByName:
    """The full-text index of the names: numbers of people in, numbers of people out."""

    def __init__(self, database: Database, words: Wordlist) -> None:
        self._database = database
        self._words = words

    def add(self, people: Iterable[Name]) -> None:
        """Adds people, so that they are found from now on."""
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
        """Returns the matching people, best first.

        Whole words come before begun ones, then heard ones, then mistyped ones. Next counts the
        typed order, then the shorter name.
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
        ranks = {number: _rank(typed, plain, asked.near) for number, plain in found.items()}
        return sorted(found, key=lambda number: (*ranks[number], number))[:limit]

    def alike(self, name: str, within: Range, limit: int) -> list[int]:
        """Returns people with two words in common with the name, likeliest first.

        Words agree as written or heard, or as mistyped where these are few.
        """
        plain = spelt(name)
        words = list(dict.fromkeys(plain.split()))[:MOST_WORDS]
        terms = {word: [_word(word), _word(names.sound(word))] for word in words}
        found = self._in_common(words, terms, within)
        if len(found) < FEW:
            terms = {word: [*terms[word], *map(_word, self._words.near(word))] for word in words}
            found |= self._in_common(words, terms, within)
        common = {number: _common(words, other) for number, other in found.items()}
        likely = sorted(found, key=lambda number: (-common[number], number))[: 2 * limit]
        alike = {number: names.similarity(plain, found[number]) for number in likely}
        return sorted(likely, key=lambda number: (-alike[number], number))[:limit]

    def _beginning(self, typed: Sequence[str], within: Range, limit: int) -> Found:
        """Returns the first names, in alphabetical order, that begin like this."""
        text = " ".join(typed)
        rows = self._database.rows(
            "SELECT id, plain FROM people WHERE block = ? AND plain BETWEEN ? AND ?"
            " ORDER BY plain LIMIT ?",
            within[0] >> 40,
            text,
            f"{text}\U0010ffff",
            limit,
        )
        return _found(rows)

    def _in_common(self, words: Sequence[str], terms: Mapping[str, Terms], within: Range) -> Found:
        """Returns people with all the words, then those with two of them, rarest words first."""
        uses = self._words.uses(words)
        pairs = sorted(combinations(words, 2), key=lambda pair: min(uses[word] for word in pair))
        found: Found = {}
        for group in [words, *(pair for pair in pairs if len(words) > 2)]:
            if len(found) < 2 * PICKED:
                found |= self._matching([terms[word] for word in group], within)
        return found

    def _matching(self, groups: Sequence[Terms], within: Range) -> Found:
        """Returns some of the people who match a term of every group."""
        if not groups:
            return {}
        alternatives = [" OR ".join(dict.fromkeys(terms)) for terms in groups]
        rows = self._database.rows(
            "SELECT p.id, p.plain FROM"
            " (SELECT rowid FROM names WHERE names MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?)"
            " AS picked CROSS JOIN people AS p ON p.id = picked.rowid",
            " AND ".join(f"({terms})" for terms in alternatives),
            *within,
            PICKED,
        )
        return _found(rows)


class _Asked:
    """The typed words as the index is asked for them, ever more loosely.

    ``near`` are the words that they may have meant.
    """

    def __init__(self, typed: Sequence[str], small: str, words: Wordlist) -> None:
        self._typed = typed
        self._small = small
        self._words = words
        self.near: dict[str, list[str]] = {}

    def beginnings(self) -> list[list[str]]:
        """Returns how a name may begin."""
        typed = [*self._typed]
        if not self._small:
            return [typed]
        return [[*typed, self._small], typed]

    def looks(self) -> Iterator[tuple[int, Callable[[], Sequence[Terms]]]]:
        """Yields how to ask, each with the number of people that make it needless."""
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
        """The words that no name has."""
        return set(self._typed) - set(self._words.uses(self._typed))

    def _whole(self, words: Iterable[str]) -> list[Terms]:
        return [[_word(word)] for word in words]

    def _begun(self, word: str) -> Terms:
        """Returns the words that begin like this."""
        words = None
        if len(word) > INDEXED:
            words = self._words.beginning(word, BEGUN_ALIKE)
        if words is None:
            return [f"{_word(word)}*"]
        return [_word(found) for found in words or [word]]

    def _heard(self, word: str) -> Terms:
        """Adds words that sound like this."""
        return [*self._begun(word), _word(names.sound(word))]

    def _heard_so_far(self) -> list[Terms]:
        """Adds words that sound like what is typed so far.

        The end of an unfinished word may sound otherwise once the word goes on.
        """
        if not self._unknown:
            return []
        return [self._sounding(word) for word in self._typed]

    def _sounding(self, word: str) -> Terms:
        terms = self._heard(word)
        if word not in self._unknown:
            return terms
        return [*terms, *self._begun(names.sound(word)[:-1])]

    def _meant(self, words: Iterable[str]) -> list[Terms]:
        """Adds words that the typed ones may have meant, or returns none at all."""
        self.near = {word: self._words.near(word) for word in words}
        if not any(self.near.values()):
            return []
        return [[*self._heard(word), *map(_word, self.near.get(word, ()))] for word in self._typed]


def _found(rows: Iterable[Row]) -> Found:
    return {row["id"]: row["plain"] for row in rows}


def _word(word: str) -> str:
    """Quotes a word for the index.

    A word holds letters and digits only, so no part of it is syntax.
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
    """Returns how many of the words a name has, as written or heard."""
    others = set(plain.split())
    others |= {names.sound(word) for word in others}
    return sum(word in others or names.sound(word) in others for word in words)


def _rank(
    typed: Sequence[str], plain: str, near: Mapping[str, Sequence[str]]
) -> tuple[int | str, ...]:
    words = plain.split()
    hits = [_best_hit(word, words, near.get(word, ())) for word in typed]
    places = [place for _, place in hits]
    swaps = sum(before > after for before, after in pairwise(places))
    return sum(hit for hit, _ in hits), swaps, places[0], len(words), plain


def _best_hit(typed: str, words: Sequence[str], near: Sequence[str]) -> tuple[int, int]:
    """Returns the best hit of a typed word among the words of a name, and its place there."""
    return min((_hit(typed, word, near), place) for place, word in enumerate(words))


def _hit(typed: str, word: str, near: Sequence[str]) -> int:
    """Returns how a typed word is found in a word of a name."""
    if word == typed:
        return EQUAL
    if word.startswith(typed):
        return BEGUN
    typed_sound = names.sound(typed)
    sound = names.sound(word)
    if typed_sound == sound or sound.startswith(typed_sound[:-1]):
        return HEARD
    meant = [near.index(form) for form in (word, sound) if form in near]
    return MISTYPED + min(meant) if meant else MISSING
