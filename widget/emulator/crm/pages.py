"""A page of a listing as a base tells it.

It tells which rows the page has, in which shape, and how the base writes their values.
"""

from typing import Any

from widget.emulator.crm.listing import Page
from widget.emulator.crm.switches import Switches
from widget.emulator.crm.tables import Table
from widget.emulator.crm.values import listed

Record = dict[str, str]


def told(page: Page, table: Table, switches: Switches) -> dict[str, Any]:
    """The answer to a listing; without rows it has no key for them."""
    answer: dict[str, Any] = {
        "page": page.number,
        "total": page.total if switches.total_as_number else str(page.total),
    }
    if records := _rows(page, table, switches):
        rows = [_row(record, table, switches) for record in records]
        answer["registros"] = (
            {str(place): row for place, row in enumerate(rows)} if switches.rows_as_object else rows
        )
    return answer


def _rows(page: Page, table: Table, switches: Switches) -> list[Record]:
    """The records that come: a bad one takes all others of its page with it."""
    if any(f"{table.name}.{record['id']}" in switches.bad_rows for record in page.records):
        return []
    twice = {
        name.rpartition(".")[2]
        for name in switches.double_rows
        if name.rpartition(".")[0] == table.name
    }
    return [record for record in page.records for _ in range(2 if record["id"] in twice else 1)]


def _row(record: Record, table: Table, switches: Switches) -> Record:
    hidden = table.named(switches.hide_fields)
    return {
        name: listed(table.columns[name], text, switches)
        for name, text in record.items()
        if name not in hidden
    }
