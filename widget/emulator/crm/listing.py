"""A listing request read as the CRM reads it, turned into SQL, and its answer."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from widget.emulator.crm.base import fold
from widget.emulator.crm.resources import Resource
from widget.emulator.crm.tables import NUMERIC, Column, Table
from widget.emulator.crm.values import moment, number

_DEFAULT_ROWS = 20
_COMPARISONS = {
    "=": "=",
    "!=": "<>",
    ">": ">",
    "<": "<",
    ">=": ">=",
    "<=": "<=",
}
_HIGHEST = 2**62


class BrokenQueryError(Exception):
    """What makes the CRM answer with its red box: a wrong table, column, operator or JSON."""


@dataclass(frozen=True)
class Condition:
    """One filter: a piece of SQL and its parameters."""

    sql: str
    parameters: tuple[str | float, ...]


@dataclass(frozen=True)
class Page:
    """What a listing found: one page of records and how many match in all."""

    number: str
    total: int
    records: list[dict[str, str]]


def listing(connection: Any, resource: Resource, asked: Mapping[str, str]) -> Page:
    """Runs the listing. Raises BrokenQueryError where the CRM breaks."""
    where = _where(resource, asked)
    order = _order(resource.table, asked)
    condition = " AND ".join(item.sql for item in where) or "1"
    parameters = [value for item in where for value in item.parameters]
    table = resource.table.name
    total = connection.execute(
        f'SELECT count(*) FROM "{table}" WHERE {condition}', parameters
    ).fetchone()[0]
    rows, page = _whole(asked.get("rp", ""), _DEFAULT_ROWS), _whole(asked.get("page", ""), 1)
    cursor = connection.execute(
        f'SELECT * FROM "{table}" WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?',
        [*parameters, rows, min((page - 1) * rows, _HIGHEST)],
    )
    names = [item[0] for item in cursor.description]
    records = [dict(zip(names, map(str, row), strict=True)) for row in cursor]
    return Page(asked.get("page", "") or "1", total, records)


def capped(asked: Mapping[str, str], most: int) -> dict[str, str]:
    """What a base makes of it whose pages hold at most so many rows; 0 is no limit."""
    rows = _whole(asked.get("rp", ""), _DEFAULT_ROWS)
    return (
        {
            **asked,
            "rp": str(min(rows, most)),
        }
        if most
        else {**asked}
    )


def qualified(asked: Mapping[str, str], table: Table) -> dict[str, str]:
    """What a base makes of it that takes a column's bare name for the listed table's."""

    def whole(name: str) -> str:
        return f"{table.name}.{name.strip()}" if name.strip() in table.columns else name

    named = {key: whole(asked[key]) for key in ("qtype", "sortname") if key in asked}
    items = [
        {
            **item,
            "TB": whole(str(item.get("TB", ""))),
        }
        for item in _grid(asked.get("grid_param", ""))
    ]
    return {
        **asked,
        **named,
        "grid_param": json.dumps(items),
    }


def heeded(
    asked: Mapping[str, str], unfilterable: Iterable[str], unheeded: Iterable[str]
) -> dict[str, str]:
    """What a base makes of a request, when it breaks at some columns.

    A column is `table.column` or bare. The base takes no notice of some other columns.
    """
    items = _grid(asked.get("grid_param", ""))
    named = [
        asked.get("qtype", ""),
        asked.get("sortname", ""),
        *(str(item.get("TB", "")) for item in items),
    ]
    if broken := _among(named, unfilterable):
        raise BrokenQueryError(*broken)
    deaf = _among(named, unheeded)
    gone = {"qtype"} if asked.get("qtype") in deaf else set()
    gone |= {"sortname", "sortorder"} if asked.get("sortname") in deaf else set()
    heard = {name: value for name, value in asked.items() if name not in gone}
    return {
        **heard,
        "grid_param": json.dumps([item for item in items if str(item.get("TB", "")) not in deaf]),
    }


def _among(named: Iterable[str], columns: Iterable[str]) -> set[str]:
    wanted = set(columns)
    return {name for name in named if {name, name.rpartition(".")[2]} & wanted}


def _where(resource: Resource, asked: Mapping[str, str]) -> list[Condition]:
    conditions = [
        Condition(f'"{column}" = ?', (value,)) for column, value in resource.implicit.items()
    ]
    query, qtype = asked.get("query", "").strip(), asked.get("qtype", "").strip()
    if qtype and (query or "." in qtype):
        column = _column(resource.table, qtype)
        if query:  # an empty query filters nothing, whatever the operator
            conditions.append(_condition(column, asked.get("oper", "=").strip() or "=", query))
    return conditions + [
        _grid_condition(resource.table, item) for item in _grid(asked.get("grid_param", ""))
    ]


def _grid(text: str) -> list[dict[str, Any]]:
    if not text.strip():
        return []
    try:
        items = json.loads(text)
    except ValueError as error:
        raise BrokenQueryError(text) from error
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BrokenQueryError(text)
    return items


def _grid_condition(table: Table, item: dict[str, Any]) -> Condition:
    value, upper = (str(item.get(key) or "").strip() for key in ("P", "P2"))
    value = "0" if item.get("P") == 0 else value
    return _condition(
        _column(table, str(item.get("TB", "")).strip()),
        str(item.get("OP", "=")).strip(),
        value,
        upper,
    )


def _column(table: Table, qualified: str) -> Column:
    """The column behind `table.column`: the prefix must be the physical table's name."""
    prefix, _, name = qualified.partition(".")
    if prefix != table.name or name not in table.columns:
        raise BrokenQueryError(qualified)
    return table.columns[name]


def _condition(column: Column, operator: str, value: str, upper: str = "") -> Condition:
    side, read = _readers(column)
    match operator:
        case "L" | "NL":
            word = "NOT LIKE" if operator == "NL" else "LIKE"
            return Condition(f"fold(\"{column.name}\") {word} ? ESCAPE '\\'", (_pattern(value),))
        case "IN" | "NI":
            values = tuple(read(part.strip()) for part in value.split(","))
            word = "NOT IN" if operator == "NI" else "IN"
            return Condition(f"{side} {word} ({', '.join('?' * len(values))})", values)
        case "BE" | "NBE":
            word = "NOT BETWEEN" if operator == "NBE" else "BETWEEN"
            return Condition(f"{side} {word} ? AND ?", (read(value), read(upper)))
    if operator not in _COMPARISONS:
        raise BrokenQueryError(operator)
    return Condition(f"{side} {_COMPARISONS[operator]} ?", (read(value),))


def _readers(column: Column) -> tuple[str, Callable[[str], str | float]]:
    """How a column is compared: its side of the SQL, and how a value given in the query is read."""
    if column.name == "id":
        return '"id"', number
    if column.kind in NUMERIC:
        return f'CAST("{column.name}" AS REAL)', number
    if column.kind == "date":
        return f'"{column.name}"', lambda text: moment(text).removesuffix(" 00:00:00") or text
    if column.kind == "moment":
        return f'"{column.name}"', lambda text: moment(text) or text
    return f'fold("{column.name}")', fold


def _pattern(value: str) -> str:
    """`L` is LIKE with the value between two percent signs.

    A percent sign inside the value stays a wildcard.
    """
    return "%" + fold(value).replace("\\", "\\\\").replace("_", "\\_") + "%"


def _order(table: Table, asked: Mapping[str, str]) -> str:
    direction = "DESC" if asked.get("sortorder", "").strip().lower() == "desc" else "ASC"
    name = asked.get("sortname", "").strip()
    if not name:
        return f'"id" {direction}'
    side, _ = _readers(_column(table, name))
    return f'{side} {direction}, "id" {direction}'


def _whole(text: str, default: int) -> int:
    value = int(number(text))
    return min(value, _HIGHEST) if value > 0 else default
