"""Renews what is generated: README.md's map, options and proof, and docs/dados-pessoais.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from widget.domain.settings import option_table
from widget.privacy.kept import document

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
# What the last whole run of `make chaos` printed.
DATA = ROOT / "docs" / "dados-pessoais.md"
CHAOS = ROOT / "docs" / "chaos.md"


def renewed(text: str) -> str:
    """The text with its generated blocks as they should be; ValueError when it lacks one."""
    for name, content in {"map": module_map(), "options": option_table(), "chaos": CHAOS.read_text()}.items():
        block = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
        if len(block.findall(text)) != 1:
            raise ValueError(f"README.md needs one <!-- {name} --> with a <!-- /{name} --> below it")
        text = block.sub(lambda _, content=content: f"\n{content.strip()}\n\n", text)
    return text


def module_map() -> str:
    """Every module of widget/ with its role, as a Markdown table."""
    return "\n".join(["| file | role |", "|---|---|", *_rows()])


def _rows() -> Iterator[str]:
    for path in sorted((ROOT / "widget").rglob("*.py"), key=lambda p: (p.parent, p.name != "__init__.py", p)):
        module = path.relative_to(ROOT)
        shown = f"{module.parent}/" if module.name == "__init__.py" else str(module)
        role = (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0].replace("|", "\\|")
        yield f"| [`{shown.removeprefix('widget/') or shown}`]({shown}) | {role} |"


def main() -> None:
    """Writes README.md anew, if anything in it is out of date."""
    DATA.write_text(document())
    text = README.read_text()
    if renewed(text) == text:
        print("README.md is in step")
        return
    README.write_text(renewed(text))
    print("README.md renewed")


if __name__ == "__main__":
    main()
