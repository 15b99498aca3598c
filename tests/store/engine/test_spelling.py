"""Lists, members of a JSON text and damaged cells, as SQLite reads them."""

import pytest

from widget.store.engine.database import Database
from widget.store.engine.spelling import DAMAGED, SQLiteSpelling

SPELLING = SQLiteSpelling()


def one(database: Database, sql: str, *values: object) -> object:
    row = database.row(f"SELECT {sql} AS found", *values)
    return row and row["found"]


@pytest.mark.parametrize(
    ("wanted", "found"), [(["a", "ç'"], 1), (["b"], 0), ([], 0), (["x"] * 2000 + ["a"], 1)]
)
def test_a_list_of_any_length_is_one_value(
    database: Database, wanted: list[str], found: int
) -> None:
    assert one(database, f"'a' {SPELLING.in_list}", SPELLING.as_list(wanted)) == found


def test_a_member_of_a_json_text_is_a_text_and_may_stand_deep_inside(database: Database) -> None:
    told = '{"id": "7", "attendant": {"id": "ana"}}'

    assert one(database, f"{SPELLING.member('?', 'id')}", told) == "7"
    assert one(database, f"{SPELLING.member('?', 'attendant', 'id')}", told) == "ana"
    assert one(database, f"{SPELLING.member('?', 'other')}", told) is None


@pytest.mark.parametrize(
    ("stored", "read"),
    [("'text'", b"text"), ("7", DAMAGED), ("x'00'", DAMAGED), ("NULL", DAMAGED)],
)
def test_what_is_no_text_is_read_as_damage(database: Database, stored: str, read: bytes) -> None:
    [row] = database.rows(f"SELECT {SPELLING.text_cell('cell')} FROM (SELECT {stored} AS cell)")

    assert row == {"cell": read}


def test_a_cell_that_may_be_blank_is_none_then(database: Database) -> None:
    cell = SPELLING.text_cell("cell", may_be_blank=True)

    assert database.rows(f"SELECT {cell} FROM (SELECT NULL AS cell)") == [{"cell": None}]


@pytest.mark.parametrize(("stored", "read"), [("1.5", 1.5), ("'1.5'", None), ("NULL", None)])
def test_what_is_no_number_is_none(database: Database, stored: str, read: float | None) -> None:
    [row] = database.rows(f"SELECT {SPELLING.number_cell('cell')} FROM (SELECT {stored} AS cell)")

    assert row == {"cell": read}
