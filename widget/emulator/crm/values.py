"""How the CRM reads what is written to a field.

It reads dates in two forms, numbers with comma or dot, and nothing as zero.
"""

import re
from datetime import datetime
from decimal import Decimal

from widget.emulator.crm.switches import Switches
from widget.emulator.crm.tables import UNSET, Column

_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)")
_MOMENTS = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
)
_ZERO = "0000-00-00 00:00:00"
_NOTHING = frozenset({"", _ZERO, _ZERO[:10]})
_ISO_DAY = re.compile(r"^(-?\d{4})-(\d\d)-(\d\d)")
_DECIMALS = {
    "money": 2,
    "price": 9,
}


def stored(column: Column, value: str) -> str:
    """The value as the column keeps it.

    What cannot be read becomes the kind's nothing, as MariaDB does.
    """
    match column.kind:
        case "key" | "whole":
            return str(int(number(value)))
        case "money" | "price":
            return f"{number(decimal_point(value)):.{_DECIMALS[column.kind]}f}"
        case "date":
            return (moment(value) or UNSET["date"])[:10] if value.strip() else ""
        case "moment":
            return moment(value)
        case _:
            return value


def listed(column: Column, text: str, switches: Switches) -> str:
    """The value as this base lists what the column keeps."""
    match column.kind:
        case "money" | "price" if switches.decimal_comma:
            grouped = f"{Decimal(text):,.{_DECIMALS[column.kind]}f}"
            return grouped.translate(str.maketrans(",.", ".,"))
        case "date" | "moment":
            shown = _zero(column, text, switches)
            return _ISO_DAY.sub(r"\3/\2/\1", shown) if switches.date_format == "br" else shown
        case _:
            return text


def _zero(column: Column, text: str, switches: Switches) -> str:
    """An unset date: as it is kept, or in the disguise that this base gives it."""
    if text not in _NOTHING or switches.zero_date == UNSET["date"]:
        return text
    return (
        f"{switches.zero_date} 00:00:00"
        if switches.zero_date and column.kind == "moment"
        else switches.zero_date
    )


def moment(text: str) -> str:
    """`DD/MM/AAAA[ hh:mm[:ss]]` or ISO as `AAAA-MM-DD hh:mm:ss`, zero dates too.

    Empty when it is no date.
    """
    if text.strip() in {_ZERO, _ZERO[:10]}:
        return _ZERO
    for form in _MOMENTS:
        try:
            # The CRM knows no zones.
            read = datetime.strptime(text.strip().replace("T", " "), form)  # noqa: DTZ007
            return read.strftime("%Y-%m-%d %H:%M:%S")
        except ValueError:
            continue
    return ""


def number(text: str) -> float:
    """The number at the start of the text, 0 when there is none: MariaDB's cast."""
    found = _NUMBER.match(text)
    return float(found[1]) if found else 0.0


def decimal_point(text: str) -> str:
    return text.replace(".", "").replace(",", ".") if "," in text else text
