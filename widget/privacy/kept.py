"""What is kept, where, whose, why and how long.

It is read from kept.toml, and told on a page and in docs/dados-pessoais.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from widget.domain.settings import Settings

SOURCE = Path(__file__).with_name("kept.toml")
FILES = {
    "vinculo": "vinculo.db",
    "people": "people.db",
}
OPTION = re.compile(r"\b(?:keep_\w+_days|index_days|reveal_minutes)\b")


@dataclass(frozen=True)
class Table:
    """A table: what it is for, ``who`` it tells of, and of each column what it holds.

    ``personal`` ones name people.
    """

    file: str
    name: str
    what: str
    who: str
    why: str
    keep: str
    columns: dict[str, str]
    personal: frozenset[str]

    def kept(self, settings: Settings) -> str:
        """How long, with the limits as they are set."""
        return _with_limits(self.keep, settings)


@dataclass(frozen=True)
class File:
    """Files in the data folder, or elsewhere."""

    name: str
    what: str

    def kept(self, settings: Settings) -> str:
        """What they hold, with the limits as they are set."""
        return _with_limits(self.what, settings)


@cache
def tables() -> tuple[Table, ...]:
    """All tables, those that name people first."""
    found = [
        Table(
            FILES[file],
            name,
            **{
                **told,
                "personal": frozenset(told["personal"]),
            },
        )
        for file, described in _source().items()
        if file in FILES
        for name, told in described.items()
    ]
    return tuple(sorted(found, key=lambda table: not table.personal))


@cache
def files() -> tuple[File, ...]:
    """What lies around the tables."""
    return tuple(File(**told) for told in _source()["files"])


def document() -> str:
    """The same as Markdown, with the limits as they are by default."""
    return "\n".join(_lines(Settings())) + "\n"


def _lines(settings: Settings) -> Iterator[str]:
    words = _source()["words"]
    yield words["head"].strip()
    for table in tables():
        told = {
            "why": _lower(table.why),
            "keep": _lower(table.kept(settings)),
        }
        yield words["table"].format(
            **{
                **vars(table),
                **told,
            }
        )
        for name, holds in table.columns.items():
            yield f"| `{name}` | {holds} | {words['yes'] if name in table.personal else ''} |"
    yield words["files"]
    for file in files():
        yield f"| {file.name} | {file.kept(settings)} |"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _with_limits(text: str, settings: Settings) -> str:
    return OPTION.sub(lambda found: _limit(found[0], getattr(settings, found[0])), text)


def _limit(option: str, number: int) -> str:
    words: dict[str, str] = _source()["words"]
    if number:
        return words["minutes" if option == "reveal_minutes" else "days"] % number
    return words["as_long_as_the_crm" if option == "index_days" else "endless"]


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text())
