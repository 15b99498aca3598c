"""docs/errors.md as a page beside the diagnosis: each finding's name leads to its place."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

PAGE = Path(__file__).parent.parent.parent / "docs" / "errors.md"


@cache
def guide() -> Markup:
    """The page's body; headings bear the names that findings link to.

    The text is our own, so its markup is trusted.
    """
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = reader.parse(PAGE.read_text("utf-8"))
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and " " not in inline.content:
            opening.attrSet("id", inline.content)
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 -- our own file
