"""What a row of the CRM proves: that it bears a marker, that a change stands in it, what of it was lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from html import unescape

from widget.crm.protocol import Filter, Query, Row, Write
from widget.names import fold

# A box that is not ticked is "N" in one form of the CRM and empty in another. Reference: webservice facts 3.1.
NOTHING = {"", "0", "N"}
MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


def shows(row: Row, marker: Query) -> bool:
    """Whether the row itself meets every condition of the marker.

    A base may take no notice of a condition and answer with somebody else's rows. A column that the row lacks proves
    nothing, and neither does a marker without conditions.
    """
    return bool(marker.filters) and all(_meets(row, condition) for condition in marker.filters)


def is_another_forms(row: Row, write: Write) -> bool:
    """Whether the row bears the key of another form where this one's key would stand."""
    for marker in write.markers:
        for condition in marker.filters:
            if condition.value == write.key:
                found = plain(row.get(condition.column, ""))
                return found not in {"", write.key}
    return False


def holds(write: Write, record: Row) -> bool:
    """Whether the record shows the change already."""
    for column, value in write.record.items():
        if not equal(value, record.get(column, "")):
            return False
    return all(contains(record.get(column, ""), text) for column, text in write.append.items())


def lost(write: Write, record: Row, before: Mapping[str, str]) -> dict[str, str]:
    """The columns that were sent and are not there, with what stands there instead.

    A column counts as lost when it is empty, when it holds only the beginning of what was sent, or when it is again
    as it was ``before``. Anything else is the CRM's own way of writing, or somebody's later work. A column that the
    record lacks tells nothing.
    """
    gone = {}
    for column, sent in write.record.items():
        if column in record and _is_lost(sent, record[column], before.get(column)):
            gone[column] = plain(record[column])
    for column, text in write.append.items():
        if column in record and not contains(record[column], text):
            gone[column] = ""
    return gone


def sets(write: Write, record: Row) -> set[str]:
    """The columns of the record in which the change must show: those that it sets to something else than before."""
    news = {c for c, value in write.record.items() if not equal(write.before.get(c, f"{value}?"), value)}
    return {column for column in (*news, *write.append) if column in record}


def plain(value: str) -> str:
    """As two values are compared: the CRM keeps line ends and outer blanks in its own way, and "0" for no number."""
    text = str(value).replace("\r\n", "\n").strip()
    return "" if text == "0" else text


def equal(one: str, other: str) -> bool:
    """Whether two values say the same: as text, as numbers ("99.90", "99.900000000") or as times in two forms."""
    if plain(one) == plain(other):
        return True
    number = _number(one)
    if number is not None and number == _number(other):
        return True
    moment = _moment(one)
    return moment is not None and moment == _moment(other)


def contains(text: str, part: str) -> bool:
    """Whether the part stands in the text, however the CRM keeps blanks, accents, capitals and entities."""
    return _loose(part) in _loose(text)


def _meets(row: Row, condition: Filter) -> bool:
    if condition.column not in row:
        return False
    now = str(row[condition.column])
    if condition.operator == "=":
        return equal(condition.value, now) or _loose(condition.value) == _loose(now)
    if condition.operator == "L":
        return contains(now, condition.value)
    if condition.operator == ">=":
        return _is_from(condition.value, now)
    return False


def _is_from(least: str, now: str) -> bool:
    moments = _moment(least), _moment(now)
    if moments[0] and moments[1]:
        return moments[1] >= moments[0]
    numbers = _number(least), _number(now)
    return numbers[0] is not None and numbers[1] is not None and numbers[1] >= numbers[0]


def _is_lost(sent: str, now: str, before: str | None) -> bool:
    wanted, found = plain(sent), plain(now)
    if equal(wanted, found) or _loose(wanted) == _loose(found):
        return False
    if wanted in NOTHING:
        return before is not None and found == plain(before) and found not in NOTHING
    if not found or (before is not None and found == plain(before)):
        return True
    return len(found) < len(wanted) and wanted.startswith(found)


def _loose(value: str) -> str:
    return fold(unescape(plain(value)))


def _number(value: str) -> Decimal | None:
    text = plain(value)
    if not re.fullmatch(r"-?\d{1,18}([.]\d{1,18})?", text) or re.match(r"-?0\d", text):
        return None  # "007" is no number but a text of digits
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _moment(value: str) -> datetime | None:
    for form in MOMENTS:
        try:
            return datetime.strptime(plain(value), form)  # noqa: DTZ007 -- the CRM's local time
        except ValueError:
            continue
    return None
