"""Writes docs/errors.md.

The page tells every code, every finding of the diagnosis, and the manuals' problems answered by
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.prose import wrapped
from widget.diagnosis.findings import PEOPLE
from widget.diagnosis.known import Known, Verdict
from widget.diagnosis.known_crm import CRM
from widget.diagnosis.known_link import LINK
from widget.diagnosis.known_server import SERVER
from widget.setup.codes import meanings

PAGE = Path(__file__).parent.parent / "docs" / "errors.md"
WORDS = {
    Verdict.FAILING: "quebrado",
    Verdict.WARNING: "aviso",
}
PARTS = {
    "Até o CRM": LINK,
    "No CRM": CRM,
    "No servidor do painel e nos consoles": SERVER,
}
# The manuals' problems, what the panel does about each, and the codes and findings that say more:
# written by hand.
PROBLEMS = PAGE.with_name("problemas-dos-manuais.md")


def page() -> str:
    """The whole page."""
    lines = [*_head(), *_problems(), "", *_codes(), "", *_findings()]
    return wrapped("\n".join(lines)) + "\n"


def main() -> None:
    """Writes the page anew, if it is out of date."""
    if PAGE.exists() and PAGE.read_text() == page():
        print("docs/errors.md is in step")
        return
    PAGE.write_text(page())
    print("docs/errors.md renewed")


def _head() -> Iterator[str]:
    yield "# O que deu errado, e o que fazer"
    yield ""
    yield (
        "Feito por `make docs` a partir do próprio programa: `widget/domain/errors.py` e o "
        "catálogo do diagnóstico."
    )
    yield ""
    yield (
        "**Atendente:** leia a frase na tela; ela diz o que fazer. Se pedir o suporte, passe o "
        "código (`VNC-…`) e o"
        " número ao lado dele. **Suporte:** abra `/setup/diagnosis` (ou rode `server.py doctor` "
        "no servidor) e procure"
        " o código ou o número: a chamada ao CRM que está por trás aparece, sem dados de ninguém."
    )
    yield ""


def _problems() -> Iterator[str]:
    yield "## Problemas conhecidos dos manuais"
    yield ""
    yield PROBLEMS.read_text().rstrip()


def _codes() -> Iterator[str]:
    yield "## Códigos nas telas"
    yield ""
    yield "| código | o que se lê | o que fazer | o que o diagnóstico pode dizer |"
    yield "|---|---|---|---|"
    for code, meaning in meanings().items():
        anchor = f'<a id="{code.lower()}"></a>`{code}`'
        findings = ", ".join(map(_link, meaning.findings)) or "–"
        yield f"| {anchor} | {meaning.sentence} | {meaning.advice or '–'} | {findings} |"


def _findings() -> Iterator[str]:
    yield "## O que o diagnóstico encontra"
    for part, known in PARTS.items():
        yield ""
        yield f"### {part}"
        for slug, one in known.items():
            if one.verdict in WORDS:
                yield ""
                yield from _finding(slug, one)


def _finding(slug: str, one: Known) -> Iterator[str]:
    yield f"#### {slug}"
    yield ""
    yield (
        f"*{WORDS[one.verdict]}*{f' · {_link(one.code)}' if one.code else ''} · {_plain(one.seen)}"
    )
    if one.remedy:
        whom = PEOPLE[one.by]
        yield ""
        yield f"→ **{one.remedy}** {one.where}{f' ({whom})' if whom else ''}."


def _plain(sentence: str) -> str:
    """The sentence with the names of its values in place of them."""
    parts = sentence.split("%(")
    told = parts[0] + "".join(
        f"‹{name}›{rest[1:]}" for name, _, rest in (p.partition(")") for p in parts[1:])
    )
    return told.replace("%%", "%")


def _link(reference: str) -> str:
    return f"[{reference}](#{reference.lower()})"


if __name__ == "__main__":
    main()
