"""What a switch can be set to: each value is checked before any is taken."""

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from widget.emulator.crm.plan import MISHAPS
from widget.emulator.crm.tables import TABLES

# Switches whose names are columns, `table.column`.
_OF_COLUMNS = frozenset({"unique", "frozen_fields"})
_OF_ROWS = frozenset({"bad_rows", "double_rows"})  # rows, `table.number`
_ROW = re.compile(r"\w+\.[1-9]\d*", re.ASCII)
_KNOWN_COLUMNS = frozenset(
    f"{table.name}.{column}" for table in TABLES.values() for column in table.columns
)


class WrongSwitchError(Exception):
    """A switch that does not exist, or a value it cannot take."""


def checked(
    name: str, value: Any, types: Mapping[str, Any], choices: Mapping[str, tuple[str, ...]]
) -> Any:
    """The value as the switch takes it. Raises WrongSwitchError."""
    if name not in types:
        raise WrongSwitchError(f"unknown switch {name!r}; known: {', '.join(types)}")
    if name in _OF_COLUMNS:
        return _columns(name, value)
    if name in _OF_ROWS:
        return _rows(name, value)
    if get_origin(types[name]) is tuple:
        return _names(name, value)
    if name == "column_limits":
        return _limits(value)
    if name == "plan":
        return _plan(value)
    if not _fits(types[name], value) or (name in choices and value not in choices[name]):
        raise WrongSwitchError(f"{name} cannot be {value!r}; {choices.get(name, types[name])}")
    return value


def _names(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise WrongSwitchError(f"{name} is a list of names")
    return tuple(value)


def _columns(name: str, value: Any) -> tuple[str, ...]:
    """Names of columns that there are, each with its table.

    A wrong name would be no quirk at all.
    """
    given = _names(name, value)
    if unknown := set(given) - _KNOWN_COLUMNS:
        raise WrongSwitchError(f"{name}: no such column: {', '.join(sorted(unknown))}")
    return given


def _rows(name: str, value: Any) -> tuple[str, ...]:
    given = _names(name, value)
    if wrong := [
        row for row in given if not _ROW.fullmatch(row) or row.rpartition(".")[0] not in TABLES
    ]:
        raise WrongSwitchError(f"{name}: no such row: {', '.join(wrong)}")
    return given


def _limits(value: Any) -> dict[str, int]:
    if not isinstance(value, dict) or not all(_fits(int, limit) for limit in value.values()):
        raise WrongSwitchError("column_limits gives each column its most characters")
    return dict(zip(_columns("column_limits", list(value)), value.values(), strict=True))


def _plan(value: Any) -> dict[str, float]:
    if not isinstance(value, dict) or not all(_fits(float, chance) for chance in value.values()):
        raise WrongSwitchError("plan gives each mishap its chance")
    if unknown := set(value) - set(MISHAPS):
        raise WrongSwitchError(
            f"unknown mishap {', '.join(sorted(unknown))}; known: {', '.join(MISHAPS)}"
        )
    if sum(value.values()) > 1:
        raise WrongSwitchError("the chances of a plan sum up to 1 at most")
    return {name: float(chance) for name, chance in value.items()}


def _fits(kind: Any, value: Any) -> bool:
    kinds = get_args(kind) or (kind,)
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, int):
        return (int in kinds or float in kinds) and value >= 0
    if isinstance(value, float):
        return float in kinds and value >= 0
    return any(isinstance(value, item) for item in kinds)
