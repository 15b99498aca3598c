"""Renews what is generated in the documents.

That is rooms, options, modules and proof, and docs/dados-pessoais.md.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.prose import wrapped
from widget.domain.settings import option_table
from widget.privacy.kept import document

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "widget"
# What the last whole run of `make chaos` printed.
CHAOS = ROOT / "docs" / "chaos.md"
# This page is generated as a whole.
DATA = "docs/dados-pessoais.md"


@dataclass(frozen=True)
class Block:
    """What stands in a page between ``<!-- name -->`` and ``<!-- /name -->``."""

    page: str
    name: str
    content: Callable[[], str]


def renewed(page: str) -> str:
    """The page with its generated blocks as they should be; ValueError when it lacks one."""
    if page == DATA:
        return wrapped(document())
    text = (ROOT / page).read_text()
    for block in BLOCKS:
        if block.page == page:
            text = _with(block, text)
    return text


def _with(block: Block, text: str) -> str:
    place = re.compile(rf"(?<=<!-- {block.name} -->\n).*?(?=<!-- /{block.name} -->)", re.DOTALL)
    if len(place.findall(text)) != 1:
        raise ValueError(
            f"{block.page} needs one <!-- {block.name} --> with a <!-- /{block.name} --> below it"
        )
    return place.sub(lambda _: f"\n{block.content().strip()}\n\n", text)


def room_map() -> str:
    """Every room of widget/ with its role, as one Markdown table for the README."""
    rows = (
        f"| [`{_shown(room)}`]({room.relative_to(ROOT)}/) | {_role(room)} |"
        for room in _rooms()
        if room != HOUSE
    )
    return "\n".join(["| room | what is in it |", "|---|---|", *rows])


def module_map() -> str:
    """Every module of widget/ with its role.

    Each room has a heading, with a Markdown table below it.
    """
    return "\n".join(line for room in _rooms() for line in _room(room))


def _rooms() -> list[Path]:
    return sorted(path.parent for path in HOUSE.rglob("__init__.py"))


def _room(room: Path) -> Iterator[str]:
    yield from (f"### `{_shown(room)}`", "", _role(room), "")
    modules = sorted(path for path in room.glob("*.py") if path.name != "__init__.py")
    if modules:
        yield from ("| file | role |", "|---|---|")
        yield from (
            f"| [`{path.name}`](../{path.relative_to(ROOT)}) | {_role(path)} |" for path in modules
        )
        yield ""


def _shown(room: Path) -> str:
    return f"{room.relative_to(ROOT if room == HOUSE else HOUSE)}/"


def _role(path: Path) -> str:
    """The first line of the docstring of a module or a room."""
    file = path / "__init__.py" if path.is_dir() else path
    return (
        (ast.get_docstring(ast.parse(file.read_text())) or "")
        .partition("\n")[0]
        .replace("|", "\\|")
    )


BLOCKS = (
    Block("README.md", "rooms", room_map),
    Block("docs/options.md", "options", option_table),
    Block("docs/architecture.md", "map", module_map),
    Block("docs/proof.md", "chaos", CHAOS.read_text),
)
PAGES = (*dict.fromkeys(block.page for block in BLOCKS), DATA)


def main() -> None:
    """Writes each page anew in which anything is out of date."""
    for page in PAGES:
        path, text = ROOT / page, renewed(page)
        if path.exists() and path.read_text() == text:
            print(f"{page} is in step")
            continue
        path.write_text(text)
        print(f"{page} renewed")


if __name__ == "__main__":
    main()
