"""What a row of the CRM proves: it bears a marker, shows a change, or lost some of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from html import unescape

from widget.brazil.names import fold
from widget.crm.wire import Filter, Query, Row, Write

# A box that is not ticked is "N" in one form of the CRM and empty in another. Reference: webservice
# facts 3.1.
NOTHING = {"", "0", "N"}
# A beginning with fewer letters and digits than this proves nothing.
SHORTEST = 6
# The reference in a text that we wrote; ``crm/signature.py`` writes it.
REFERENCE = re.compile(r"ref [0-9A-Z]{6}")
MOMENTS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
)


def shows(row: Row, marker: Query) -> bool:
    """Whether the row itself meets every condition of the marker.

    A base may take no notice of a condition and answer with somebody else's rows. A column that the
    row lacks proves nothing, and neither does a marker without conditions.
    """
    return bool(marker.filters) and all(_meets(row, condition) for condition in marker.filters)


def shows_by_number(row: Row, marker: Query) -> bool:
    """Whether the record that the CRM itself named may be ours.

    Its text may be masked or cut, and its date does not matter. This is not enough for a row that
    was only found: any text with the same beginning would do.
    """
    told = [condition for condition in marker.filters if condition.operator != ">="]
    return bool(told) and all(
        _meets(row, condition) or _is_alike(row, condition) for condition in told
    )


def is_another_forms(row: Row, write: Write) -> bool:
    """Whether the row bears the key or reference of another form where this one's would stand."""
    for marker in write.markers:
        for condition in marker.filters:
            text = str(row.get(condition.column, ""))
            if condition.value == write.key:
                # Nothing, or our own key cut short by the base, is no other form's.
                return not _loose(write.key).startswith(_loose(text))
            if condition.operator != "contains":
                continue
            if REFERENCE.search(condition.value) and REFERENCE.search(text):
                return not contains(text, condition.value)
    return False


def holds(write: Write, record: Row) -> bool:
    """Whether the record shows the change already."""
    for column, value in write.record.items():
        if not equal(value, record.get(column, "")):
            return False
    return all(contains(record.get(column, ""), text) for column, text in write.append.items())


def has_come(write: Write, record: Row) -> bool:
    """Whether a change that was sent stands in the record, maybe in the CRM's own writing.

    Before it was sent only ``holds`` tells: then a different mask or capital is what the person
    wants changed.
    """
    if holds(write, record):
        return True
    columns = (*write.record, *write.append)
    if not write.before or not all(column in record for column in columns):
        return False
    stands = all(says(value, record[column]) for column, value in write.record.items())
    return stands and all(contains(record[column], text) for column, text in write.append.items())


def lost(write: Write, record: Row, before: Mapping[str, str]) -> dict[str, str]:
    """Returns the columns that were sent and are not there, with what stands there instead.

    A column counts as lost when it is empty, when it holds only the beginning of what was sent, or
    when it is again as it was ``before``. Anything else is the CRM's own way of writing, or
    somebody's later work. A column that the record lacks tells nothing.
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
    """Returns the columns of the record in which the change must show.

    The change sets them to something else than they held before.
    """
    news = set(write.append)
    for column, value in write.record.items():
        if column not in write.before or not equal(write.before[column], value):
            news.add(column)
    return {column for column in news if column in record}


def plain(value: str) -> str:
    """Returns a value in the form in which values are compared.

    The CRM keeps line ends and outer blanks in its own way, and "0" for no number.
    """
    text = str(value).replace("\r\n", "\n").strip()
    return "" if text == "0" else text


def equal(one: str, other: str) -> bool:
    """Whether two values say the same.

    They are compared as text, as numbers ("99.90", "99.900000000") and as times in two forms.
    """
    if plain(one) == plain(other):
        return True
    number = _number(one)
    if number is not None and number == _number(other):
        return True
    moment = _moment(one)
    return moment is not None and moment == _moment(other)


def contains(text: str, part: str) -> bool:
    """Whether the part stands in the text.

    The CRM may keep its blanks, accents, capitals and entities in its own way.
    """
    return _loose(part) in _loose(text)


def _meets(row: Row, condition: Filter) -> bool:
    if condition.column not in row:
        return False
    now = str(row[condition.column])
    if condition.operator == "=":
        return equal(condition.value, now) or _loose(condition.value) == _loose(now)
    if condition.operator == "contains":
        return contains(now, condition.value)
    if condition.operator == ">=":
        return _is_from(condition.value, now)
    return False


def _is_alike(row: Row, condition: Filter) -> bool:
    """Whether the row holds the same in another mask, or the beginning of it."""
    wanted = _bare(condition.value)
    now = _bare(str(row.get(condition.column, "")))
    return condition.operator == "=" and len(now) >= SHORTEST and wanted.startswith(now)


def says(sent: str, now: str) -> bool:
    """Whether both say the same but for masks, accents and capitals."""
    return equal(sent, now) or (_bare(sent) != "" and _bare(sent) == _bare(now))


def _bare(value: str) -> str:
    return "".join(letter for letter in _loose(value) if letter.isalnum())


def _is_from(least: str, now: str) -> bool:
    first = _moment(least)
    moment = _moment(now)
    if first and moment:
        return moment >= first
    lowest = _number(least)
    number = _number(now)
    return lowest is not None and number is not None and number >= lowest


def _is_lost(sent: str, now: str, before: str | None) -> bool:
    wanted, found = plain(sent), plain(now)
    if equal(wanted, found) or _loose(wanted) == _loose(found) or _is_its_day(wanted, found):
        return False
    was = None if before is None else plain(before)
    if _is_nothing(wanted):
        return was is not None and found == was and not _is_nothing(found)
    if _is_nothing(found):
        return True
    if found == was:
        return _bare(wanted) != _bare(found)  # a mask that the CRM puts itself was no change
    return len(found) < len(wanted) and wanted.startswith(found)


def _is_nothing(value: str) -> bool:
    return value in NOTHING or _number(value) == 0


def _is_its_day(sent: str, now: str) -> bool:
    """Whether a column keeps only the day of a time."""
    whole = _moment(sent)
    kept = _moment(now)
    if whole is None or kept is None:
        return False
    return whole.replace(hour=0, minute=0, second=0) == kept


def _loose(value: str) -> str:
    without_breaks = re.sub(r"<br\s*/?>", " ", plain(value), flags=re.IGNORECASE)
    return fold(unescape(without_breaks))


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
