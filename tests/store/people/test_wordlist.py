"""Which words a typing error may have meant, and that none stays which no name has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from widget.store.engine.database import Database
from widget.store.engine.migrations import people
from widget.store.people.wordlist import MOST, Wordlist

WORDS = Counter(
    {
        "guilherme": 5,
        "albuquerque": 1,
        "aubukerki": 1,
        "silva": 900,
        "silvia": 20,
        "souza": 400,
        "soza": 1,
        "maria": 9,
        "mario": 30,
        "ana": 70,
        "x" * 40: 1,
        "francisca": 3,
        "francisco": 8,
    }
)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "people.db", people)


@pytest.fixture
def words(database: Database) -> Wordlist:
    found = Wordlist(database)
    found.add(WORDS)
    return found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("guilhreme", ["guilherme"]),  # swapped
        ("guilerme", ["guilherme"]),  # left out
        ("guilhermme", ["guilherme"]),  # too many
        ("guilhermo", ["guilherme"]),  # another
        ("uilhermes", ["guilherme"]),  # one left out and one too many, since it is long
        ("xuilherme", ["guilherme"]),  # in the first letter
        ("albukerqe", ["aubukerki"]),  # by its sound, with which the same names are found
        ("silav", ["silva"]),
        ("sliva", ["silva"]),
        ("silvva", ["silva"]),
        ("mari", ["mario", "maria"]),  # the more frequent first
        ("mariu", ["mario", "maria"]),
        ("francisc", ["francisco", "francisca"]),
        ("silxx", []),  # two errors in a short word
        ("anx", []),  # too short to tell
        ("guilherme", []),
        ("zzzzzz", []),
        ("", []),
        ("x" * 39, []),
    ],
)
def test_a_typing_error_is_understood(words: Wordlist, typed: str, meant: list[str]) -> None:
    assert words.near(typed)[: len(meant)] == meant
    assert meant or words.near(typed) == []


def test_the_word_itself_is_none_of_those_near_it(words: Wordlist) -> None:
    assert "silva" in words.near("silvia")
    assert "silvia" not in words.near("silvia")


def test_no_more_than_a_few_are_offered(words: Wordlist) -> None:
    words.add(Counter(f"marin{letter}" for letter in "abcdefghijklmnopqrstu"))

    assert len(words.near("marin")) == MOST


def test_words_are_counted_until_no_name_has_them(words: Wordlist, database: Database) -> None:
    words.add(Counter({"soza": 2}))
    words.remove(Counter({"soza": 1, "albuquerque": 1}))

    assert words.uses(["soza", "albuquerque", "silva"]) == Counter({"soza": 2, "silva": 900})
    assert "albuquerque" not in words.near("albuquerqu")
    assert database.rows("SELECT * FROM slips WHERE word = 'albuquerque'") == []

    words.remove(Counter({"soza": 2}))
    assert words.near("soz a") == []
    assert words.uses(["soza"]) == Counter()


def test_everything_can_be_forgotten(words: Wordlist, database: Database) -> None:
    words.clear()

    assert [database.rows(f"SELECT * FROM {table}") for table in ("words", "slips")] == [[], []]
