"""Wraps the sentences of a Markdown page; tables, code, headings and pictures stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDTH = 100
ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s+")
AS_IT_IS = ("|", "#", "<", "![", ">")


def wrapped(page: str) -> str:
    """The page with no line of prose that is longer than a hundred characters."""
    return "\n".join(_lines(page.split("\n")))


def _lines(lines: list[str]) -> Iterator[str]:
    paragraph: list[str] = []
    is_code = False
    for line in lines:
        is_fence = line.lstrip().startswith("```")
        is_prose = bool(line.strip()) and not is_fence and not is_code and not _stays(line)
        if paragraph and (not is_prose or ITEM.match(line)):
            yield from _filled(paragraph)
            paragraph = []
        if is_prose:
            paragraph.append(line)
        else:
            yield line
        is_code = is_code != is_fence
    if paragraph:
        yield from _filled(paragraph)


def _stays(line: str) -> bool:
    return line.lstrip().startswith(AS_IT_IS)


def _filled(paragraph: list[str]) -> Iterator[str]:
    """The words of a paragraph or of an item of a list, as many in a line as fit."""
    item = ITEM.match(paragraph[0])
    line = item[0] if item else re.match(r"\s*", paragraph[0])[0]  # type: ignore[index]
    indent = " " * len(line)
    paragraph[0] = paragraph[0][len(line) :]
    is_empty = True
    for word in " ".join(paragraph).split():
        if not is_empty and len(line) + 1 + len(word) > WIDTH:
            yield line
            line, is_empty = indent, True
        line += word if is_empty else f" {word}"
        is_empty = False
    yield line
