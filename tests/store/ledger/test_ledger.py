"""The ledger: lines are added, read, erased on request, and by nothing else changed."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from widget.domain.model import Attendant, Origin
from widget.store.engine.database import Database, Row
from widget.store.ledger.ledger import Ledger

KEY = "a key of the test's own"
ANA = Attendant("1", "Ana Souza", "ana.souza@serranet.example", proven=True)
RUI = Attendant("2", "Rui Matos")
ORIGIN = Origin("chatwoot:1:7", ANA, "lead-1", "note", "Quer 500 🚀", "7")
FACTS = {"anotacao": "Pediu 500 Mega\npara a casa nova 🚀"}


class Undone(Exception):
    """Takes back what was done."""


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, KEY, iter(range(1000, 2000)).__next__)


def add(
    ledger: Ledger,
    key: str = "k",
    contact: str = "lead-1",
    event: str = "accepted",
    text: str = "Text",
) -> None:
    ledger.append(event, replace(ORIGIN, contact=contact), key=key, facts={"text": text})


def count(database: Database) -> int:
    return len(database.rows("SELECT seq FROM ledger"))


# Adding and reading


def test_what_was_sealed_comes_back_whole(ledger: Ledger) -> None:
    ledger.append(
        "refused",
        ORIGIN,
        key="k1",
        facts=FACTS,
        crm_id="90",
        why="VNC-210",
    )

    [line] = ledger.of(["lead-1"])
    assert (line.number, line.event, line.key, line.at) == (1, "refused", "k1", 1000.0)
    assert line.author == ANA
    assert (line.conversation, line.contact, line.negotiation, line.action) == (
        "chatwoot:1:7",
        "lead-1",
        "7",
        "note",
    )
    assert (line.crm_id, line.why, line.summary, line.facts) == (
        "90",
        "VNC-210",
        "Quer 500 🚀",
        FACTS,
    )


def test_an_author_whose_name_is_only_claimed_stays_so(ledger: Ledger) -> None:
    ledger.append("done", replace(ORIGIN, attendant=RUI), key="k", facts={})

    assert ledger.of(["lead-1"])[0].author == RUI


@pytest.mark.parametrize(
    "text",
    ["", " \t\n", "a\0b", '"}],', "São José ã", "a\u0303 \u00e3", "\ud83d alone", "x" * 100_000],
)
def test_every_text_is_sealed_as_it_was_written(ledger: Ledger, text: str) -> None:
    ledger.append("accepted", replace(ORIGIN, summary=text), key="k", facts={text: text}, why=text)

    [line] = ledger.of(["lead-1"])
    assert (line.summary, line.facts, line.why) == (text, {text: text}, text)
    assert ledger.verify() is None


def test_the_lines_of_contacts_come_newest_first_and_only_theirs(ledger: Ledger) -> None:
    for number, contact in enumerate(["lead-1", "client-1", "lead-2", "lead-1", "lead-1"], 1):
        add(ledger, f"k{number}", contact)

    assert [line.number for line in ledger.of(["lead-1"])] == [5, 4, 1]
    assert [line.number for line in ledger.of(["lead-1", "client-1"], limit=3)] == [5, 4, 2]
    assert ledger.of([]) == ledger.of(["lead-9"]) == []


def test_an_empty_ledger_is_right_and_has_a_head_of_its_key(
    database: Database, ledger: Ledger
) -> None:
    assert ledger.verify() is None
    assert ledger.head().startswith("0:")
    assert ledger.verify(ledger.head()) is None
    assert Ledger(database, "another").head() != ledger.head()


def test_each_line_gives_another_head_and_the_earlier_ones_stay_good(ledger: Ledger) -> None:
    heads = [ledger.head()]
    for number in range(1, 5):
        add(ledger, f"k{number}")
        heads.append(ledger.head())

    assert [head.partition(":")[0] for head in heads] == ["0", "1", "2", "3", "4"]
    assert [ledger.verify(head) for head in heads] == [None] * 5


# One chain, whoever writes


def test_what_is_rolled_back_leaves_nothing(database: Database, ledger: Ledger) -> None:
    add(ledger)
    head = ledger.head()

    def undone() -> None:
        with database.transaction():
            add(ledger, "k2")
            add(ledger, "k3")
            raise Undone

    with pytest.raises(Undone):
        undone()

    assert (ledger.head(), count(database)) == (head, 1)
    add(ledger, "k4")
    assert ledger.verify(head) is None


def test_a_line_is_added_together_with_what_it_tells_of(
    tmp_path: Path, database: Database, ledger: Ledger
) -> None:
    other = Database(tmp_path / "vinculo.db")
    with database.transaction():
        database.run("INSERT INTO drafts VALUES ('c', 'f', 'a', '{}', 0)")
        add(ledger)
        assert (count(other), other.rows("SELECT * FROM drafts")) == (0, [])

    assert count(other) == 1


def test_threads_and_several_openings_of_one_file_keep_one_chain(tmp_path: Path) -> None:
    path, start = tmp_path / "vinculo.db", Barrier(8)
    openings = [Ledger(Database(path), KEY) for _ in range(3)]

    def write(number: int) -> None:
        start.wait(10)
        for place in range(10):
            add(openings[number % 3], f"k{number}-{place}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    keys = [line.key for line in openings[0].of(["lead-1"])]
    assert sorted(keys) == sorted(
        f"k{number}-{place}" for number in range(8) for place in range(10)
    )
    assert openings[0].head().startswith("80:")
    assert openings[0].verify(openings[1].head()) is None


def test_the_walk_sees_one_moment_while_others_write_and_erase(
    tmp_path: Path, ledger: Ledger
) -> None:
    other = Ledger(Database(tmp_path / "vinculo.db"), KEY)
    for number in range(20):
        add(ledger, f"k{number}", f"lead-{number % 4}")

    def write() -> None:
        for number in range(4):
            add(other, f"w{number}")
            other.erase([f"lead-{number}"], ORIGIN)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        findings = [ledger.verify()]
        while not writing.done():
            findings.append(ledger.verify())
        writing.result()

    assert set(findings) == {None}


# Nothing else changes a line


CHANGES = {
    "deletes": "DELETE FROM ledger WHERE seq = 2",
    "deletes all": "DELETE FROM ledger",
    "replaces": "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 2",
    "renumbers": "UPDATE ledger SET seq = 9 WHERE seq = 3",
    "renumbers by another name": "UPDATE ledger SET rowid = 9 WHERE seq = 3",
    "writes another text": "UPDATE ledger SET personal = '{}' WHERE seq = 2",
    "writes another salt": "UPDATE ledger SET salt = '00' WHERE seq = 2",
    "blanks and changes": "UPDATE ledger SET personal = NULL, salt = NULL, contact = ''"
    " WHERE seq = 2",
    "changes where it meets itself": "INSERT INTO ledger SELECT * FROM ledger WHERE seq = 2"
    " ON CONFLICT (seq) DO UPDATE SET contact = ''",
}


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES)
def test_the_database_refuses_what(database: Database, ledger: Ledger, sql: str) -> None:
    for number in range(3):
        add(ledger, f"k{number}")
    before = database.rows("SELECT * FROM ledger")

    with pytest.raises(Exception, match="the ledger only grows"):
        database.connection.execute(sql)

    assert database.rows("SELECT * FROM ledger") == before


@pytest.mark.parametrize(
    "cell",
    [
        "at",
        "event",
        "key",
        "author",
        "conversation",
        "contact",
        "negotiation",
        "action",
        "crm_id",
        "digest",
        "author_mac",
        "content_mac",
        "seal",
    ],
)
def test_the_database_refuses_to_change_what_is_not_personal(
    database: Database, ledger: Ledger, cell: str
) -> None:
    add(ledger)

    with pytest.raises(Exception, match="the ledger only grows"):
        database.connection.execute(f"UPDATE ledger SET {cell} = 5")


@pytest.mark.parametrize("seq", [-1, 0, 5])
def test_the_database_adds_at_the_end_only(database: Database, ledger: Ledger, seq: int) -> None:
    for number in range(3):
        add(ledger, f"k{number}")
    row = database.rows("SELECT * FROM ledger WHERE seq = 2")[0] | {"seq": seq}

    with pytest.raises(Exception, match="the ledger only grows"):
        insert(database, row)


def insert(database: Database, row: Row) -> None:
    names = ", ".join(row)
    database.connection.execute(
        f"INSERT INTO ledger ({names}) VALUES ({', '.join('?' * len(row))})", [*row.values()]
    )


def test_a_lost_key_is_noticed(database: Database, ledger: Ledger) -> None:
    assert Ledger(database, "another key").fits()
    add(ledger)

    assert ledger.fits()
    assert not Ledger(database, "another key").fits()


def test_the_contacts_of_two_integrations_are_others_though_their_numbers_are_the_same(
    database: Database,
) -> None:
    first, second = (Ledger(database, "key", integration=name) for name in ("main", "sales"))
    origin = Origin("chatwoot:1:7", ANA, "lead-1", "note.add")
    first.append("accepted", origin, key="a", facts={"text": "of the first"})
    second.append("accepted", origin, key="b", facts={"text": "of the second"})
    second.erase(["lead-1"], origin)

    assert [line.facts for line in first.of(["lead-1"])] == [{"text": "of the first"}]
    assert [(line.contact, line.facts) for line in second.of(["lead-1"])][-1] == ("lead-1", None)
    assert first.latest(["lead-1"]).keys() == second.latest(["lead-1"]).keys() == {"lead-1"}
    assert first.verify() is second.verify() is None


def test_a_ledger_can_do_nothing_else() -> None:
    assert {name for name in vars(Ledger) if not name.startswith("_")} == {
        "append",
        "erase",
        "expire",
        "fits",
        "head",
        "latest",
        "names",
        "of",
        "verify",
    }


# Erasing a person's data


def test_erasing_blanks_what_is_personal_and_only_of_these_contacts(ledger: Ledger) -> None:
    ledger.append(
        "accepted", ORIGIN, key="k1", facts=FACTS, crm_id="90", why="CPF 123 já cadastrado"
    )
    add(ledger, "k2", "lead-2")
    head = ledger.head()

    assert ledger.erase(["lead-1", "client-9"], replace(ORIGIN, attendant=RUI, action="erase")) == 1

    said, blank = ledger.of(["lead-1"])
    assert (blank.facts, blank.summary, blank.why) == (None, "", "")
    assert (blank.number, blank.event, blank.key, blank.author, blank.crm_id) == (
        1,
        "accepted",
        "k1",
        ANA,
        "90",
    )
    assert (said.number, said.event, said.author, said.action, said.summary) == (
        3,
        "erased",
        RUI,
        "erase",
        "",
    )
    assert said.facts == {"number": "3", "lines": "1"}
    assert ledger.of(["lead-2"])[0].facts == {"text": "Text"}
    assert ledger.verify(head) is None


def test_the_line_about_an_erasure_names_whole_spans(ledger: Ledger) -> None:
    for number in range(1, 11):
        add(ledger, f"k{number}", "lead-2" if number in {2, 6} else "lead-1")

    ledger.erase(["lead-1"], ORIGIN)

    assert (ledger.of(["lead-1"])[0].facts or {})["lines"] == "1,3-5,7-10"
    assert ledger.verify() is None


def test_erasing_again_blanks_what_came_since_and_leaves_the_line_about_it(ledger: Ledger) -> None:
    add(ledger, "k1")
    ledger.erase(["lead-1"], ORIGIN)
    add(ledger, "k2")

    assert ledger.erase(["lead-1"], ORIGIN) == 1
    assert ledger.erase(["lead-1"], ORIGIN) == 0
    assert ledger.erase([], ORIGIN) == 0

    facts = [line.facts for line in reversed(ledger.of(["lead-1"]))]
    assert [f and f["lines"] for f in facts] == [None, "1", None, "3", "", ""]
    assert ledger.verify(ledger.head()) is None


def test_an_erasure_that_is_rolled_back_has_not_been(database: Database, ledger: Ledger) -> None:
    add(ledger)

    def undone() -> None:
        with database.transaction():
            ledger.erase(["lead-1"], ORIGIN)
            raise Undone

    with pytest.raises(Undone):
        undone()

    assert [line.facts for line in ledger.of(["lead-1"])] == [{"text": "Text"}]


def test_no_byte_of_what_was_erased_is_left_on_disk(
    tmp_path: Path, database: Database, ledger: Ledger
) -> None:
    for number in range(120):
        long = "y" * 9000 * (number % 5 == 0)  # some go over to pages of their own
        secret = f"SECRET{number}" if number % 3 == 0 else f"PUBLIC{number}"
        contact = "lead-1" if number % 3 == 0 else "lead-2"
        ledger.append(
            "accepted",
            replace(ORIGIN, contact=contact, summary=f"{secret} summary"),
            key=f"k{number}",
            facts={"text": f"{secret} text {long} {secret} end"},
            why=f"{secret} why",
        )
    salts = [
        row["salt"] for row in database.rows("SELECT salt FROM ledger WHERE contact = 'lead-1'")
    ]
    assert b"SECRET" in on_disk(tmp_path)

    assert ledger.erase(["lead-1"], ORIGIN) == 40
    database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    left = on_disk(tmp_path)
    assert left.count(b"SECRET") == 0
    assert left.count(b"PUBLIC") >= 80 * 4
    assert [salt for salt in salts if salt.encode() in left] == []
    assert ledger.verify() is None


def on_disk(folder: Path) -> bytes:
    return b"".join(
        path.read_bytes() for path in folder.iterdir() if path.name.startswith("vinculo.db")
    )


# How much it holds


@pytest.fixture
def peak() -> Iterator[Callable[[], int]]:
    """The most bytes held at once since it was asked before."""
    tracemalloc.start()

    def ask() -> int:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        return most

    yield ask
    tracemalloc.stop()


def test_one_walk_holds_one_line_at_a_time(
    database: Database, ledger: Ledger, peak: Callable[[], int]
) -> None:
    for number in range(40):
        add(ledger, f"k{number}", text="x" * 100_000)
    peak()

    assert ledger.verify(ledger.head()) is None

    assert peak() < 1_500_000


# What somebody else has damaged


@pytest.mark.parametrize("cell", ["author", "personal", "contact", "event", "at", "salt", "seal"])
@pytest.mark.parametrize(
    "damage", ["CAST(x'ff00fe' AS TEXT)", "x'00ff'", "'[1'", "'[]'", "'{\"facts\": 3}'", "''"]
)
def test_a_damaged_line_is_named_and_hinders_nobody(
    database: Database, ledger: Ledger, cell: str, damage: str
) -> None:
    add(ledger, "k1")
    add(ledger, "k2")
    database.run("DROP TRIGGER ledger_lasts")
    database.run(f"UPDATE ledger SET {cell} = {damage} WHERE seq = 2")

    found, head = ledger.verify(), ledger.head()
    add(ledger, "k3")

    assert found is not None
    assert found.number == 2
    assert head.startswith("2:")
    assert [line.number for line in ledger.of(["lead-1"])] in ([3, 2, 1], [3, 1])
    assert ledger.verify() == found


def test_the_personal_part_is_kept_as_it_is_sealed_and_nowhere_else(
    database: Database, ledger: Ledger
) -> None:
    ledger.append(
        "accepted",
        replace(ORIGIN, summary="S3CRET"),
        key="k",
        facts={"text": "S3CRET"},
        why="S3CRET",
    )

    [row] = database.rows("SELECT * FROM ledger")
    assert json.loads(row.pop("personal")) == {
        "facts": {"text": "S3CRET"},
        "summary": "S3CRET",
        "why": "S3CRET",
    }
    assert "S3CRET" not in str(row)
