"""Tests of the people index: what is kept of a person, and how a person is found.

A person who is erased leaves no byte behind.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.crm.bench import Clock
from tests.store.crowd import named, names_of, person
from widget.brazil import names
from widget.domain import errors
from widget.domain.model import Ref
from widget.store.engine.database import Database
from widget.store.engine.migrations import people as tables
from widget.store.people.people import Clue, Found, People

ANA = person(
    1,
    "Ana Xavantes Brito",
    phone="4999998888",
    document="52998224725",
    email="ana@serranet.example",
)
RUI = person(2, "Rui Xavantes", phone="4999998888", updated="2026-01-05 10:00:00")
ANA_AS_CLIENT = person(
    1, "Ana X. Brito", source=Ref.CLIENT, document="52998224725", updated="2020-03-01 08:00:00"
)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "people.db", tables)


@pytest.fixture
def people(database: Database) -> People:
    found = People(database, "main", Clock())
    assert found.keep([ANA, RUI, ANA_AS_CLIENT], 100.0) == 3
    return found


def test_whoever_is_kept_comes_back_as_the_crm_told_it_and_with_the_time(people: People) -> None:
    assert people.one(Ref.LEAD, "1") == Found(Ref.LEAD, "1", ANA.row, 100.0)
    assert people.one(Ref.CLIENT, "1") == Found(Ref.CLIENT, "1", ANA_AS_CLIENT.row, 100.0)
    assert people.one(Ref.CLIENT, "2") is None


@pytest.mark.parametrize(
    ("clue", "key", "whom"),
    [
        (Clue.PHONE, "4999998888", ["Ana Xavantes Brito", "Rui Xavantes"]),
        (Clue.DOCUMENT, "52998224725", ["Ana Xavantes Brito", "Ana X. Brito"]),
        (Clue.EMAIL, "ana@serranet.example", ["Ana Xavantes Brito"]),
        (Clue.EMAIL, "ana@serranet", []),
        (Clue.PHONE, "52998224725", []),
        (Clue.PHONE, "", []),
    ],
)
def test_a_clue_finds_everybody_who_has_it(
    people: People, clue: Clue, key: str, whom: list[str]
) -> None:
    assert names_of(people.by_clue(clue, key)) == whom


@pytest.mark.parametrize(
    ("clue", "key", "whom"),
    [
        (Clue.PHONE, "49999", ["Ana Xavantes Brito", "Rui Xavantes"]),
        (Clue.EMAIL, "ana@", ["Ana Xavantes Brito"]),
        (Clue.EMAIL, "an%", []),
        (Clue.DOCUMENT, "5299822472", ["Ana Xavantes Brito", "Ana X. Brito"]),
        (Clue.DOCUMENT, "529982247250", []),
    ],
)
def test_the_beginning_of_a_clue_finds_those_who_have_one_so(
    people: People, clue: Clue, key: str, whom: list[str]
) -> None:
    assert names_of(people.starting(clue, key)) == whom


def test_no_more_come_than_asked_for(people: People) -> None:
    assert len(people.by_clue(Clue.PHONE, "4999998888", limit=1)) == 1
    assert len(people.starting(Clue.PHONE, "4", limit=1)) == 1


def test_what_changed_takes_the_place_of_what_was_known(people: People) -> None:
    people.keep([person(1, "Ana Brito Lima", phone="1133334444")], 200.0)

    assert people.one(Ref.LEAD, "1") == Found(
        Ref.LEAD, "1", {"id": "1", "nome": "Ana Brito Lima"}, 200.0
    )
    assert names_of(people.by_clue(Clue.PHONE, "1133334444")) == ["Ana Brito Lima"]
    assert names_of(people.by_clue(Clue.PHONE, "4999998888")) == ["Rui Xavantes"]
    assert names_of(people.by_clue(Clue.EMAIL, "ana@serranet.example")) == []
    assert names_of(people.by_name("ana xavantes")) == []
    assert names_of(people.by_name("ana lima")) == ["Ana Brito Lima"]
    assert people.count() == 3


def test_what_is_the_same_only_becomes_younger(people: People, database: Database) -> None:
    before = database.rows("SELECT * FROM names_data")

    people.keep([ANA, RUI], 200.0)

    assert database.rows("SELECT * FROM names_data") == before
    assert (people.one(Ref.LEAD, "1") or RUI).at == 200.0  # type: ignore[union-attr]


def test_whoever_stands_twice_in_one_page_is_kept_once_as_told_last(people: People) -> None:
    people.keep([person(9, "Eva Prado", phone="1"), person(9, "Eva Lopes", phone="1")], 200.0)

    assert names_of(people.by_clue(Clue.PHONE, "1")) == ["Eva Lopes"]


def test_people_without_a_name_or_with_nothing_but_signs_are_found_by_what_else_they_have(
    people: People,
) -> None:
    people.keep([person(8, "", phone="2"), person(9, "***", phone="2")], 1.0)

    assert [found.number for found in people.by_clue(Clue.PHONE, "2")] == ["8", "9"]


def test_they_are_counted_all_or_by_source(people: People) -> None:
    assert (people.count(), people.count(Ref.LEAD), people.count(Ref.CLIENT)) == (3, 2, 1)


def test_who_was_not_read_since_is_known(people: People) -> None:
    people.keep([RUI], 200.0)

    assert people.unseen(Ref.LEAD, 150.0) == ["1"]
    assert people.unseen(Ref.LEAD, 100.0) == []
    assert people.unseen(Ref.CLIENT, 150.0) == ["1"]


def test_whoever_vanished_is_found_no_more_and_may_come_back(people: People) -> None:
    assert people.drop(Ref.LEAD, ["1", "77"]) == 1
    assert people.drop(Ref.LEAD, []) == 0
    assert names_of(people.by_name("xavantes")) == ["Rui Xavantes"]

    people.keep([ANA], 300.0)

    assert names_of(people.by_name("ana xavantes")) == ["Ana Xavantes Brito"]


def test_whoever_is_barred_stays_out_until_all_is_erased(people: People) -> None:
    assert people.bar(Ref.LEAD, "1")
    assert not people.bar(Ref.LEAD, "1")
    assert not people.bar(Ref.LEAD, "99")  # not yet here, and will not be

    assert people.keep([ANA, RUI, person(99, "Eva Prado")], 200.0) == 1
    assert people.one(Ref.LEAD, "1") is people.one(Ref.LEAD, "99") is None
    assert names_of(people.by_clue(Clue.DOCUMENT, "52998224725")) == [
        "Ana X. Brito"
    ]  # the client of that number stays

    people.erase()
    assert people.keep([ANA], 300.0) == 1


@pytest.mark.parametrize(
    ("before", "left"), [("2020-03-01", 3), ("2020-03-02", 2), ("2026-01-06", 1), ("2999-01-01", 1)]
)
def test_records_that_nobody_changed_for_long_expire_but_not_those_without_a_date(
    people: People, before: str, left: int
) -> None:
    assert people.expire(before) == 3 - left
    assert people.count() == left


def test_integrations_are_kept_apart(people: People, database: Database) -> None:
    other = People(database, "other", Clock())
    assert (other.count(), other.by_name("ana"), other.one(Ref.LEAD, "1")) == (0, [], None)

    other.keep([person(1, "Ana Zulmira", phone="4999998888")], 100.0)
    other.bar(Ref.LEAD, "2")

    assert names_of(other.by_name("ana")) == ["Ana Zulmira"]
    assert names_of(other.alike("Ana Brito")) == []
    assert names_of(other.by_clue(Clue.PHONE, "4999998888")) == ["Ana Zulmira"]
    assert sorted(names_of(people.by_name("ana"))) == ["Ana X. Brito", "Ana Xavantes Brito"]
    assert other.drop(Ref.CLIENT, ["1"]) == 0
    assert people.count() == 3


def test_all_of_one_integration_is_erased_and_nothing_of_another(
    people: People, database: Database
) -> None:
    other = People(database, "other", Clock())
    other.keep([person(1, "Ana Zulmira", phone="4999998888")], 100.0)
    database.run(
        "INSERT INTO fills (integration, resource, state) VALUES ('main', 'contato', 'done')"
    )

    people.erase()

    assert (
        people.count(),
        people.by_name("xavantes"),
        people.by_clue(Clue.PHONE, "4999998888"),
    ) == (0, [], [])
    assert database.rows("SELECT * FROM fills") == []
    assert names_of(other.by_name("zulmyra")) == ["Ana Zulmira"]
    assert {row["word"] for row in database.rows("SELECT word FROM words")} == {
        "ana",
        "zulmira",
        "sumira",
    }


def test_whoever_erases_all_gets_the_disk_back(tmp_path: Path, people: People) -> None:
    people.keep(named(f"Pessoa Numero {n}" for n in range(2000)), 1.0)
    people.drop(Ref.LEAD, ["none", "1"])
    before = (tmp_path / "people.db").stat().st_size

    people.erase()

    assert (tmp_path / "people.db").stat().st_size < before / 5


ERASURES: dict[str, Callable[[People], object]] = {
    "dropped": lambda people: people.drop(Ref.LEAD, ["1"]),
    "barred": lambda people: people.bar(Ref.LEAD, "1"),
    "expired": lambda people: people.expire("2026-01-05"),
    "all erased": lambda people: people.erase(),
    "changed before": lambda people: (
        people.keep([person(1, "Outro Nome")], 1.0),
        people.bar(Ref.LEAD, "1"),
    ),
}


@pytest.mark.parametrize("way", [*ERASURES])
def test_of_whoever_is_erased_no_byte_stays(tmp_path: Path, way: str) -> None:
    """Neither in the file, nor in its log, nor in the full-text index."""
    crowd = [
        person(n, f"Vizinho Numero{n}", phone=f"49{n:08}", updated="2026-06-01")
        for n in range(2, 400)
    ]
    secret = person(
        1,
        "Zoroastro Quixabeira",
        phone="4799123456",
        document="11144477735",
        email="zoro@quixa.example",
        updated="2020-01-01",
    )
    people = People(Database(tmp_path / "people.db", tables), "main", Clock())
    people.keep([*crowd[:200], secret, *crowd[200:]], 1.0)
    people.by_name("zoroastor")
    traces = [
        b"oroastro",
        b"uixabeira",
        b"oroastru",
        b"uisabeira",
        b"4799123456",
        b"11144477735",
        b"zoro@",
    ]
    assert {b"oroastro", b"4799123456", b"11144477735", b"zoro@"} <= {
        t for t in traces if t in _bytes(tmp_path)
    }

    ERASURES[way](people)

    assert [trace for trace in traces if trace in _bytes(tmp_path)] == []


def test_whoever_is_barred_leaves_nothing_of_themselves_nor_of_those_erased_before(
    tmp_path: Path,
) -> None:
    """A table whose pages were split keeps copies that nothing shows.

    The full-text index keeps beginnings of words.
    """
    people = People(Database(tmp_path / "people.db", tables), "main", Clock())
    crowd = [
        person(n, f"{_word(n, 'aeio')} {_word(n * 7, 'uoia')}", phone=f"47{n * 7919 % 10**8:08}")
        for n in range(4000)
    ]
    for first in range(0, 2000, 500):
        people.keep(crowd[first : first + 500], 1.0)
    for first in range(0, 2000, 500):
        people.keep(
            [replace(p, name=f"{p.name} Neto") for p in crowd[first : first + 500 : 3]], 2.0
        )
    erased = crowd[1::2]

    people.drop(Ref.LEAD, [p.number for p in erased[1:]])
    people.bar(Ref.LEAD, erased[0].number)

    left = _bytes(tmp_path).lower()
    known = {word for p in crowd if p not in erased for word in p.name.lower().split()}
    words = (
        {word for p in erased for word in p.name.lower().split()}
        - known
        - {names.sound(word) for word in known}
    )
    assert len(words) > 500
    assert [word for word in words if word.encode() in left] == []


def _word(number: int, vowels: str) -> str:
    """Some word, another for each number."""
    letters = "bcdfgjklmnprstvx"
    return "".join(
        letters[number * step % 16] + vowels[number // step % 4] for step in (3, 5, 11, 17, 29)
    ).title()


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_the_full_text_index_agrees_with_the_people_after_whatever_happened(
    people: People, database: Database
) -> None:
    people.keep(named(f"Pessoa {n}" for n in range(50)), 1.0)
    people.keep(named(f"Pessoa Outra {n}" for n in range(40)), 2.0)
    people.drop(Ref.LEAD, [str(n) for n in range(0, 50, 3)])
    people.bar(Ref.CLIENT, "1")

    database.run("INSERT INTO names (names, rank) VALUES ('integrity-check', 1)")


def test_the_file_belongs_to_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        People(Database(tmp_path / "new" / "people.db", tables), "main").keep([ANA], 1.0)
    finally:
        os.umask(before)

    for path in (tmp_path / "new").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_whoever_reads_never_waits_for_whoever_fills(tmp_path: Path, people: People) -> None:
    """A filler in the middle of its page: others still find what was there before it."""
    filler = Database(tmp_path / "people.db", tables)
    with filler.transaction():
        People(filler, "main", Clock()).keep([person(5, "Eva Xavantes")], 1.0)

        assert names_of(people.by_name("xavantes")) == ["Rui Xavantes", "Ana Xavantes Brito"]

    assert "Eva Xavantes" in names_of(people.by_name("xavantes"))


def test_a_page_that_fails_leaves_nothing_of_itself(people: People) -> None:
    with pytest.raises(AttributeError):
        people.keep([person(5, "Eva Xavantes"), None], 1.0)  # type: ignore[list-item]

    assert people.one(Ref.LEAD, "5") is None


def test_several_fill_at_once_and_all_are_there_once(tmp_path: Path, people: People) -> None:
    start, names = Barrier(4), [f"Pessoa {n} Xavantes" for n in range(60)]

    def fill() -> None:
        mine = People(Database(tmp_path / "people.db", tables), "main", Clock())
        start.wait(10)
        for first in range(0, 60, 10):
            mine.keep(named(names)[first : first + 10], 5.0)

    threads = [Thread(target=fill) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert people.count(Ref.LEAD) == 60
    assert len(people.by_name("pessoa", limit=100)) == 60


def test_a_damaged_file_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "damaged.db").write_bytes(b"no database at all" * 1000)

    with pytest.raises(errors.Damaged):
        Database(tmp_path / "damaged.db", tables)
