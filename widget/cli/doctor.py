"""The diagnosis in a terminal: every link of the chain, and the one thing to do.

The broken link is in bold.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from widget.diagnosis import observed
from widget.diagnosis.diagnosis import examine
from widget.diagnosis.findings import Finding, broken, part, worst
from widget.diagnosis.installation import Installation, installation_of
from widget.diagnosis.known import Verdict
from widget.domain.errors import StorageFailed
from widget.domain.integrations import Integration
from widget.domain.settings import Settings
from widget.domain.texts import gettext, mark, ngettext, speak
from widget.registry import CRMS

# Where nobody watches the width is nobody's.
WIDTH = 110
BRAND = "Vínculo"
WORDS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.OK: ("ok", "green"),
    Verdict.WARNING: (mark("aviso"), "yellow"),
    Verdict.FAILING: (mark("FALHA"), "bold red"),
    Verdict.SKIPPED: ("-", "dim"),
}


def doctor(
    settings: Settings, *, mistakes: str = "", as_json: bool = False, out: TextIO | None = None
) -> int:
    """Examines everything and says what it found; the exit status is 1 when something fails.

    Works beside a running server and without one; nothing is changed and no key is made.
    """
    speak(settings.locale)
    installation = installation_of(CRMS, settings, stored=stored(settings), mistakes=mistakes)
    findings = examine(installation)
    if as_json:
        print_json(findings, out or sys.stdout)
    else:
        _print(installation, findings, out or sys.stdout)
    return 1 if broken(findings) else 0


def print_json(findings: list[Finding], out: TextIO) -> None:
    """For programs: the gravest verdict, and every finding."""
    told = {
        "verdict": worst(findings).value,
        "findings": [finding.told() for finding in findings],
    }
    out.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def show(installation: Installation, findings: list[Finding], console: Console) -> None:
    """For people: part by part, then what to do first."""
    now = datetime.fromtimestamp(installation.clock(), ZoneInfo(installation.settings.timezone))
    console.print(
        f"[bold]{BRAND}[/] · {now:%d/%m/%Y %H:%M} · {escape(str(installation.data.absolute()))}"
    )
    names = {
        integration.id: f"CRM {integration.id} · {integration.url}"
        for integration in installation.integrations
    }
    for heading, group in groupby(findings, key=lambda finding: part(finding, names)):
        console.print(f"\n[bold]{escape(heading)}[/]")
        console.print(Padding(_lines(list(group)), (0, 0, 0, 2)))
    console.print()
    console.print(*_summary(findings), sep="\n")


def _lines(findings: list[Finding]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    skipped = [finding for finding in findings if finding.slug == "skipped"]
    for finding in findings:
        if finding not in skipped:
            word, style = WORDS[finding.verdict]
            table.add_row(f"[{style}]{gettext(word)}[/]", escape(finding.title), _told(finding))
    if skipped:
        why = skipped[0].seen
        told = f"{', '.join(finding.title for finding in skipped)}: {why[:1].lower()}{why[1:]}"
        table.add_row("[dim]-[/]", "", f"[dim]{escape(told)}[/]")
    return table


def _told(finding: Finding) -> str:
    """What was seen.

    Below it, where something is to be done, what, where, by whom, and where more is said.
    """
    style = (
        "dim"
        if finding.verdict is Verdict.SKIPPED
        else "bold"
        if finding.verdict is Verdict.FAILING
        else ""
    )
    lines = [f"[{style}]{escape(finding.seen)}[/]" if style else escape(finding.seen)]
    if finding.remedy:
        lines.append(f"→ {escape(finding.remedy)}")
        about = filter(None, (finding.where, finding.by_whom, finding.code, finding.link))
        lines.append(f"[dim]  {escape(' · '.join(about))}[/]")
    if finding.evidence and finding.verdict is not Verdict.OK:
        lines.append(f"[dim]  {escape(finding.evidence)}[/]")
    return "\n".join(lines)


def _summary(findings: list[Finding]) -> Iterable[str]:
    failing = broken(findings)
    if not failing:
        yield f"[green]{escape(gettext('Nada está quebrado.'))}[/]"
        return
    count = ngettext("%(num)s elo quebrado.", "%(num)s elos quebrados.", len(failing))
    yield (
        f"[bold red]{escape(count)}[/] {escape(gettext('Faça primeiro:'))} "
        f"{escape(failing[0].remedy)}"
    )


def _print(installation: Installation, findings: list[Finding], out: TextIO) -> None:
    """Prints with colours and the terminal's width where there is a terminal.

    A file or a pipe gets plain lines.
    """
    if out.isatty():
        show(installation, findings, Console(file=out, highlight=False))
        return
    plain = Console(file=io.StringIO(), width=WIDTH, highlight=False)
    with plain.capture() as captured:
        show(installation, findings, plain)
    out.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def stored(settings: Settings) -> tuple[Integration, ...]:
    """The integrations that were set up on the pages, as far as they can be read."""
    file = Path(settings.data) / "vinculo.db"
    key = str(getattr(settings, "vault_key", "")) or _kept(Path(settings.data) / "vault_key.txt")
    try:
        return tuple(observed.integrations(file, key)) if file.exists() else ()
    except StorageFailed:
        return ()


def _kept(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
