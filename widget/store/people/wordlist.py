"""The words of all names, and which of them a typing error may have meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from widget.brazil import names
from widget.store.engine.database import Database, Row

# A shorter word becomes another name with any change. A longer one is no word.
SHORTEST, LONGEST = 4, 24
# From this length on two errors are forgiven.
LONG = 8
MOST = 16


class Wordlist:
    """Every word that a name has, and how many names have it.

    ``slips`` are the words with one letter left out.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, uses: Counter[str]) -> None:
        """Adds to the counts how many more names have these words."""
        known = {row["word"] for row in self._uses(uses)}
        self._database.run_each(
            "INSERT INTO words (word, uses) VALUES (?, ?)"
            " ON CONFLICT (word) DO UPDATE SET uses = words.uses + excluded.uses",
            sorted(uses.items()),
        )
        self._database.run_each(
            "INSERT INTO slips (slip, word) VALUES (?, ?)",
            sorted((slip, word) for word in uses.keys() - known for slip in _slips(word)),
        )

    def remove(self, uses: Counter[str]) -> None:
        """Takes from the counts how many fewer names have these words.

        A word that no name has any more leaves no trace.
        """
        self._database.run_each(
            "UPDATE words SET uses = uses - ? WHERE word = ?", [(n, w) for w, n in uses.items()]
        )
        gone = [row["word"] for row in self._uses(uses) if row["uses"] <= 0]
        self._database.run_each(
            "DELETE FROM slips WHERE slip = ? AND word = ?",
            [(slip, word) for word in gone for slip in _slips(word)],
        )
        self._database.run_each("DELETE FROM words WHERE word = ?", [(word,) for word in gone])

    def clear(self) -> None:
        """Forgets all words."""
        self._database.run("DELETE FROM words")
        self._database.run("DELETE FROM slips")

    def uses(self, words: Iterable[str]) -> Counter[str]:
        """Returns how many names have each of these words."""
        return Counter({row["word"]: row["uses"] for row in self._uses(words)})

    def beginning(self, text: str, most: int) -> list[str] | None:
        """Returns all words that begin like this, or None when there are more than ``most``."""
        rows = self._database.rows(
            "SELECT word FROM words WHERE word BETWEEN ? AND ? LIMIT ?",
            text,
            f"{text}\U0010ffff",
            most + 1,
        )
        if len(rows) > most:
            return None
        return [row["word"] for row in rows]

    def near(self, word: str) -> list[str]:
        """Returns the words that may have been meant by this one, likeliest first.

        The word itself is not among them. Both are compared as written and as heard.
        """
        if not SHORTEST <= len(word) <= LONGEST:
            return []
        forms = (word, names.sound(word))
        most = 2 if len(word) >= LONG else 1
        typed = set(forms)
        for form in forms:
            typed.update(_slips(form))
        meant = typed | self._slipped(typed)
        ranked: list[tuple[int, int, int, str]] = []
        for row in self._uses(sorted(meant)):
            other = row["word"]
            written, heard = (names.distance(form, other, most) for form in forms)
            if other != word and min(written, heard) <= most:
                ranked.append((written, min(written, heard), -row["uses"], other))
        return [other for *_, other in sorted(ranked)][:MOST]

    def _uses(self, words: Iterable[str]) -> list[Row]:
        spelling = self._database.spelling
        return self._database.rows(
            f"SELECT word, uses FROM words WHERE word {spelling.in_list}",  # noqa: S608
            spelling.as_list(words),
        )

    def _slipped(self, slips: Iterable[str]) -> set[str]:
        """Returns the words that become one of these when a letter is left out."""
        spelling = self._database.spelling
        rows = self._database.rows(
            f"SELECT word FROM slips WHERE slip {spelling.in_list}",  # noqa: S608
            spelling.as_list(sorted(slips)),
        )
        return {row["word"] for row in rows}


def _slips(word: str) -> Iterator[str]:
    """Yields the word with each of its letters left out."""
    if SHORTEST <= len(word) <= LONGEST:
        yield from {word[:place] + word[place + 1 :] for place in range(len(word))}
