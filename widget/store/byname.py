"""Names searched as they are typed: by beginnings of words in any order, then by sound, then by typing errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, pairwise

from widget import names
from widget.store.database import Database, Row
from widget.store.wordlist import Wordlist

LONGEST, MOST_WORDS = 200, 8  # nothing more of a name, or of what is typed, is looked at
PICKED = 200  # so many of those who match are ranked: to rank all who have a common name takes seconds
FEW = 5  # with so many found, nobody is suspected of a typing error
EQUAL, BEGUN, HEARD, MISTYPED, MISSING = range(5)  # how a typed word is found in a name
_SMALL = {word[:length] for word in names.PARTICLES for length in (1, 2)}

Range = tuple[int, int]  # of the ids among which is searched
Name = tuple[int, str, str]  # id, words, sounds
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
        """They must have been added with exactly these words: the index keeps no text of its own."""
        self._database.run_each("INSERT INTO names (names, rowid, plain, sounds) VALUES ('delete', ?, ?, ?)", people)

    def clear(self) -> None:
        """Forgets all names."""
        self._database.run("INSERT INTO names (names) VALUES ('delete-all')")

    def search(self, text: str, within: Range, limit: int) -> list[int]:
        """Best first: whole words before begun ones, heard ones, mistyped ones; then in the typed order, then short."""
        typed, small = _cut(text)
        found = self._exactly(typed, small, within, limit) if typed else {}
        near: dict[str, list[str]] = {}
        if typed and len(found) < FEW:
            near = {word: self._words.near(word) for word in typed}
            if any(near.values()):
                found |= self._matching([_any([_heard(w), _either(near[w])]) for w in typed], within)
        return sorted(found, key=lambda number: (*_rank(typed, found[number], near), number))[:limit]

    def alike(self, name: str, within: Range, limit: int) -> list[int]:
        """Those with two words in common, as written or heard, or mistyped where these are few; likeliest first."""
        plain = spelt(name)
        words = list(dict.fromkeys(plain.split()))[:MOST_WORDS]
        terms = {word: _either([word, names.sound(word)]) for word in words}
        found = self._in_common(words, terms, within)
        if len(found) < FEW:
            terms = {word: _any([term, _either(self._words.near(word))]) for word, term in terms.items()}
            found |= self._in_common(words, terms, within)
        return sorted(found, key=lambda number: (-names.similarity(plain, found[number]), number))[:limit]

    def _exactly(self, typed: Sequence[str], small: str, within: Range, limit: int) -> Found:
        """Those who have the words as typed or heard; the looser look-ups only where the stricter find too few."""
        *whole, last = typed
        looks: list[Callable[[], Found]] = [
            lambda: self._beginning(typed, within, limit),
            lambda: self._matching([*map(_word, whole), _begun(last)], within),
            lambda: self._matching([_begun(word) for word in typed], within),
            lambda: self._matching([*map(_heard, typed)], within),
        ]
        if small:
            looks[:0] = [
                lambda: self._beginning([*typed, small], within, limit),
                lambda: self._matching([*map(_word, typed), _begun(small)], within),
            ]
        found: Found = {}
        for look in looks:
            found |= look()
            if len(found) >= limit:
                break
        return found

    def _beginning(self, typed: Sequence[str], within: Range, limit: int) -> Found:
        """The first, in the order of the alphabet, whose name begins like this."""
        text = " ".join(typed)
        rows = self._database.rows(
            "SELECT id, plain FROM people WHERE block = ? AND plain BETWEEN ? AND ? ORDER BY plain LIMIT ?",
            within[0] >> 40, text, f"{text}\U0010ffff", limit,
        )  # fmt: skip
        return _found(rows)

    def _in_common(self, words: Sequence[str], terms: Mapping[str, str], within: Range) -> Found:
        """Those with all the words, then with two of them, the rarest first."""
        uses = self._words.uses(words)
        pairs = sorted(combinations(words, 2), key=lambda pair: min(uses[word] for word in pair))
        found: Found = {}
        for group in [words, *(pair for pair in pairs if len(words) > 2)]:
            if len(found) < 2 * PICKED:
                found |= self._matching([terms[word] for word in group], within)
        return found

    def _matching(self, terms: Sequence[str], within: Range) -> Found:
        """Some of those who match every one of the terms."""
        if not terms:
            return {}
        rows = self._database.rows(
            "SELECT p.id, p.plain FROM (SELECT rowid FROM names WHERE names MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?)"
            " AS picked CROSS JOIN people AS p ON p.id = picked.rowid",
            " AND ".join(f"({term})" for term in terms), *within, PICKED,
        )  # fmt: skip
        return _found(rows)


def _found(rows: Iterable[Row]) -> Found:
    return {row["id"]: row["plain"] for row in rows}


def _word(word: str) -> str:
    """As the index wants it asked; a word holds letters and digits only, so nothing of it is syntax."""
    return f'"{word}"'


def _begun(word: str) -> str:
    return f'"{word}"*'


def _either(words: Iterable[str]) -> str:
    return _any(map(_word, words))


def _any(terms: Iterable[str]) -> str:
    return " OR ".join(filter(None, terms))


def _heard(word: str) -> str:
    """As written or as it sounds; what an unfinished word ends in may sound otherwise once it goes on."""
    sound = names.sound(word)
    return _any([_begun(word), _word(sound), _begun(sound[:-1]) if len(sound) > 3 else ""])


def _cut(text: str) -> tuple[list[str], str]:
    """The typed words, and the last one by itself if it may be a small word or the beginning of one.

    "Maria da" is on the way to Maria Dalva as well as to Maria da Silva.
    """
    typed = spelt(text).split()[:MOST_WORDS]
    last = "".join(names.fold(text[:LONGEST]).split()[-1:])
    if last not in _SMALL or typed in ([], [last]):
        return typed, ""
    return typed[:-1] if typed[-1] == last else typed, last


def _rank(typed: Sequence[str], plain: str, near: Mapping[str, Sequence[str]]) -> tuple[int | str, ...]:
    words = plain.split()
    hits = [min((_hit(word, other, near.get(word, ())), place) for place, other in enumerate(words)) for word in typed]
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
    return MISTYPED if word in near or sounds[1] in near else MISSING
