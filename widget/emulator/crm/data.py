"""The emulator's data file: made from a seed, the same seed the same data."""

import random
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain, count, islice
from typing import Any

from widget.emulator.crm.base import Base, create
from widget.emulator.crm.cast import cast
from widget.emulator.crm.crowd import crowd, multitude
from widget.emulator.crm.places import places
from widget.emulator.crm.sales import Records, sales
from widget.emulator.crm.staff import staff
from widget.emulator.crm.tables import TABLES

_EVENING_BEFORE = "2026-11-20 18:00:00"  # nothing in the data is later than this


def build(base: Base, seed: int, more: int = 0) -> None:
    """Makes every table anew with its people, and so many more, in one transaction."""
    with base.writing() as connection:
        create(connection)
        tables = _tables(seed)
        for table, rows in tables.items():
            _fill(connection, table, rows)
        numbers = {table: count(len(rows) + 1) for table, rows in tables.items()}
        for records in batched(multitude(random.Random(seed), more)):
            for table in {table for table, _ in records}:
                rows = [
                    _row(table, values, str(next(numbers[table])))
                    for name, values in records
                    if name == table
                ]
                _fill(connection, table, rows)


def batched(records: Records) -> Iterator[list[tuple[str, dict[str, str]]]]:
    """The records, a thousand at a time."""
    while batch := list(islice(records, 1000)):
        yield batch


@lru_cache(maxsize=4)
def _tables(seed: int) -> dict[str, list[tuple[str, ...]]]:
    """All rows by table, columns in the table's order."""
    rows: dict[str, list[tuple[str, ...]]] = {name: [] for name in TABLES}
    for table, values in chain(places(), staff(), sales(), cast(), crowd(random.Random(seed))):
        rows[table].append(_row(table, values, str(len(rows[table]) + 1)))
    return rows


def _row(table: str, values: Mapping[str, str], record: str) -> tuple[str, ...]:
    columns = TABLES[table].columns
    if unknown := set(values) - set(columns):
        raise KeyError(table, *sorted(unknown))
    given = {
        "id": record,
        "ultima_atualizacao": _EVENING_BEFORE,
        **values,
    }
    return tuple(given.get(name, column.default) for name, column in columns.items())


def _fill(connection: Any, table: str, rows: list[tuple[str, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in TABLES[table].columns)
    marks = ", ".join("?" * len(TABLES[table].columns))
    connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
