"""What texts, dates and amounts of a CRM mean, however they are written there.

What is stored stays as it is.
"""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

# What an editor writes around a text. Other elements were typed by somebody, and stay.
_BREAKS = (
    "br|p|div|li|ul|ol|tr|table|tbody|thead|h[1-6]|hr|blockquote|pre"
    "|section|article|dl|dt|dd|center"
)
_INLINE = (
    "b|i|u|s|em|strong|span|font|a|small|big|sub|sup|strike|del|ins|code|kbd|mark|tt|abbr|cite|q"
    "|label|td|th|col|colgroup|img|html|body|head|o:p|wbr|nobr|address|samp|var|tfoot|caption"
    "|figure|figcaption"
)
_ATTRIBUTES = r"""(?:\s(?:[^<>"']|"[^"]{0,5000}"|'[^']{0,5000}'){0,1000})?/?"""
_BREAK = re.compile(
    rf"[ \t]*<br{_ATTRIBUTES}>[ \t]*\n?|[ \t]*</?(?:{_BREAKS}){_ATTRIBUTES}>[ \t]*", re.IGNORECASE
)
_TAG = re.compile(rf"</?(?:{_INLINE}){_ATTRIBUTES}>", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<style\b[^<>]*>[^<]*</style\s*>|<!doctype[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
# No editor writes these: such a text was typed as it stands, and whoever reads it must see it so.
_PROGRAM = re.compile(
    r"<\s*/?(?:script|iframe|object|embed|svg|math|form|input|base|meta|link)\b"
    r"|<[^<>]{0,2000}\son\w+\s*=",
    re.IGNORECASE,
)
_ROUNDS = 3  # texts are escaped twice now and then

_DAY = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII
)
_TIME = re.compile(
    r"[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?", re.ASCII
)
# Before it there was no CRM: zero as the systems behind it write it, from the year 1 to the first
# day of Unix.
_FIRST_YEAR = 1971

_AMOUNT = re.compile(r"([+-]?)(?:R\$|BRL)?([+-]?)(\d[\d.,]*)(?:R\$|BRL)?", re.ASCII | re.IGNORECASE)


def prose(text: str) -> str:
    """Returns a text of several lines without markup and entities.

    An editor, or a form of the CRM, put them into it.
    """
    for _ in range(_ROUNDS):
        if ("<" not in text and "&" not in text) or _PROGRAM.search(text):
            break
        without = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", text)))
        without = re.sub(r"\n\s*\n", "\n\n", without).strip() if without != text else text
        plain = _ENTITY.sub(
            lambda found: unescape(found[0]).replace("\N{NO-BREAK SPACE}", " "), without
        )
        if plain == text:
            break
        text = plain
    return text


def line(text: str) -> str:
    """The same for what stands in one line, such as a name."""
    plain = prose(text)
    return text if plain == text else " ".join(plain.split())


def moment(text: str) -> str:
    """A date as ISO, with its time where one is told.

    "" for none, also where a system's zero stands for it.
    """
    day = _DAY.match(text.strip())
    if day is None:
        return ""
    year, month, date = (int(n) for n in (day[1] or day[6], day[2] or day[5], day[3] or day[4]))
    rest = text.strip()[day.end() :]
    time = _TIME.fullmatch(rest)
    if rest and not time:
        return ""
    hour, minute, second = (int(n or 0) for n in (time.groups() if time else ("", "", "")))
    try:
        # The CRM tells its local time, without a zone.
        found = datetime(year, month, date, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return ""
    if found.year < _FIRST_YEAR:
        return ""
    return found.strftime("%Y-%m-%d %H:%M:%S" if time else "%Y-%m-%d")


def amount(text: str) -> str:
    """An amount of money as a decimal with a dot; "" for what is none.

    The last of dots and commas parts the cents, but for one that stands there twice: then it parts
    thousands.
    """
    found = _AMOUNT.fullmatch(re.sub(r"\s", "", text))
    if found is None:
        return ""
    digits = found[3]
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0 or digits.count(digits[last]) > 1:
        whole, cents = digits, ""
    else:
        whole, cents = digits[:last], digits[last + 1 :]
    sign = "-" if "-" in found[1] + found[2] else ""
    return f"{sign}{re.sub(r'[.,]', '', whole)}{'.' + cents if cents else ''}"
