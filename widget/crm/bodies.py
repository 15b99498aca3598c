"""The body of an answer: its bytes as text, its one JSON object, its unreadable texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

# Stands for what could not be read; a text that holds it is not the text that the CRM has.
LOST = "\ufffd"
MARKS = "\ufeff\u200b\x00"
KNOWN = {"registros", "total", "type"}
# A notice is short; in a page that is longer nobody looks for an answer.
LONGEST_NOTICE = 64 * 1024
_SURROGATE = re.compile("[\ud800-\udfff]")
# What no text of ours holds in cp1252: they are what is left of broken UTF-8, or of another code
# page.
_UNLIKELY = re.compile("[\ufffdÿþÞðÐ]|[a-z][À-Þ]")
_PAGE = re.compile(
    r"<\s*(?:!doctype|html|head|body|title|script|style|form|input|div|meta|link|i?frame"
    r"|frameset)\b",
    re.IGNORECASE,
)
_BEGINNING = re.compile(r"\{\s*[\"}]")
_DECODER = json.JSONDecoder(parse_float=str, parse_constant=str)
_LOGGED = re.compile(r"\[\d\d?-\w{3}-\d{4} ")


class NotOne(ValueError):
    """There is no JSON that could be meant, or more than one."""


def decoded(body: bytes) -> str:
    """The body as text: UTF-8, else cp1252 where nothing speaks against it.

    LOST stands for what can be neither.

    Bytes that are UTF-8 in one place and not in another are UTF-8 that was broken.
    """
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        utf8 = body.decode("utf-8", errors="replace")
    # C2 and C3 begin almost every letter of ours in UTF-8: alone they are halves of letters, and
    # prove no code page.
    is_told_apart = bool({byte for byte in body if byte > 127} - {0xC2, 0xC3})
    if is_told_apart and not any(ord(letter) > 127 and letter != LOST for letter in utf8):
        cp1252 = body.decode("cp1252", errors="replace")
        if not _UNLIKELY.search(cp1252):
            return cp1252
    return utf8


def content(text: str) -> Any:
    """The JSON of an answer, numbers as they are written; raises NotOne.

    A byte order mark, or a notice of PHP, may stand before it.
    """
    bare = text.strip().strip(MARKS).strip()
    try:
        return _DECODER.decode(bare)
    except (ValueError, RecursionError):
        return _after_a_notice(bare)


def is_spoiled(text: str) -> bool:
    """Whether an answer of the webservice stands there among other things, in no page."""
    start = _BEGINNING.search(text, 0, LONGEST_NOTICE)
    if start is None or _PAGE.search(text):
        return False
    try:
        found, _ = _DECODER.raw_decode(text, start.start())
    except (ValueError, RecursionError):
        return False
    return _is_answer(found)


def _after_a_notice(text: str) -> dict[str, Any]:
    """The one object that reaches to the end, if it is an answer of the webservice."""
    start = _BEGINNING.search(text, 0, LONGEST_NOTICE)
    if start is None or start.start() == 0:
        raise NotOne("no answer begins there")
    notice = text[: start.start()]
    if _PAGE.search(notice) or (notice[:1] in {"[", '"'} and not _LOGGED.match(notice)):
        raise NotOne("a page, or a part of something else")
    try:
        found = _DECODER.decode(text[start.start() :])
    except (ValueError, RecursionError) as error:
        raise NotOne("it does not reach to the end") from error
    if not _is_answer(found):
        raise NotOne("no answer of the webservice")
    return cast("dict[str, Any]", found)


def _is_answer(found: object) -> bool:
    return isinstance(found, dict) and bool(KNOWN & found.keys())


def text_of(value: object) -> str:
    """A value of a record as text; LOST for what no text says without harm."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return LOST
    return _SURROGATE.sub(LOST, str(value))


def damaged_columns(row: Mapping[str, str]) -> list[str]:
    """Returns the columns whose text is not what the CRM has.

    Writing them back would destroy what is there.
    """
    return sorted(column for column, value in row.items() if LOST in value)
