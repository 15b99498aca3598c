"""One finding of the diagnosis: what a check saw, how grave that is, and the one thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from widget.diagnosis.known import By, Known, Verdict
from widget.diagnosis.known_crm import CRM
from widget.diagnosis.known_link import LINK
from widget.diagnosis.known_server import SERVER
from widget.domain.texts import gettext, mark

KNOWN: Mapping[str, Known] = {
    **LINK,
    **CRM,
    **SERVER,
}
PAGE = "docs/errors.md"
TITLES: Mapping[str, str] = {
    "settings": mark("Opções"),
    "storage": mark("Disco"),
    "address": mark("Endereço"),
    "name": mark("Nome"),
    "connection": mark("Conexão"),
    "tls": mark("Certificado"),
    "http": mark("Servidor web"),
    "path": mark("Webservice"),
    "token": mark("Token"),
    "accepted": mark("Acesso"),
    "resources": mark("Recursos"),
    "writes": mark("Gravação"),
    "fields": mark("Campos"),
    "times": mark("Tempos"),
    "crm-clock": mark("Relógio"),
    "attendants": mark("Atendentes"),
    "origins": mark("Quem abre"),
    "console": mark("Console"),
    "worker": mark("Trabalhador"),
    "open": mark("A caminho"),
    "index": mark("Índice"),
}
PEOPLE: Mapping[By, str] = {
    By.NOBODY: "",
    By.ATTENDANT: mark("atendente"),
    By.INTEGRATOR: mark("quem configurou a integração"),
    By.CRM: mark("administrador do CRM"),
    By.NETWORK: mark("quem cuida da rede"),
}
OF_THE_SERVER = {"settings", "storage"}
HERE, CONSOLES = mark("Este servidor"), mark("Consoles e fila")
_GRAVITY = (Verdict.FAILING, Verdict.WARNING, Verdict.OK, Verdict.SKIPPED)


@dataclass(frozen=True)
class Finding:
    """What ``check`` found, by its name in the catalogue.

    Sentences are translated when they are asked for.

    ``values`` fill the sentence, ``evidence`` is for whoever knows the trade, ``subject`` names the
    integration. Nothing in it is personal, and no secret.
    """

    check: str
    slug: str
    values: Mapping[str, object] = field(default_factory=dict)
    evidence: str = ""
    seconds: float = 0.0
    subject: str = ""

    @property
    def known(self) -> Known:
        """Its line of the catalogue."""
        return KNOWN[self.slug]

    @property
    def verdict(self) -> Verdict:
        """How grave it is."""
        return self.known.verdict

    @property
    def code(self) -> str:
        """What attendants see for it, if anything."""
        return self.known.code

    @property
    def title(self) -> str:
        """The check's name on screens."""
        return gettext(TITLES[self.check])

    @property
    def seen(self) -> str:
        """What was seen."""
        return gettext(self.known.seen) % _Values(self.values)

    @property
    def remedy(self) -> str:
        """The one thing to do; "" when nothing is to be done."""
        return gettext(self.known.remedy)

    @property
    def where(self) -> str:
        """Where it is done."""
        return gettext(self.known.where)

    @property
    def by_whom(self) -> str:
        """Who can do it."""
        return gettext(PEOPLE[self.known.by])

    @property
    def link(self) -> str:
        """Where more is said about it."""
        return f"{PAGE}#{self.slug}"

    def told(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "check": self.check,
            "integration": self.subject,
            "verdict": self.verdict.value,
            "slug": self.slug,
            "code": self.code,
            "seen": self.seen,
            "remedy": self.remedy,
            "where": self.where,
            "by": self.known.by.value,
            "link": self.link,
            "evidence": self.evidence,
            "seconds": round(self.seconds, 3),
        }

    def of(self, subject: str) -> Finding:
        """The same, of this integration."""
        return replace(self, subject=subject)


class _Values(dict[str, object]):
    """What nobody could tell is a question mark: a sentence with a hole is better than none."""

    def __missing__(self, key: str) -> object:
        return "?"


def part(finding: Finding, names: Mapping[str, str]) -> str:
    """Under which heading the finding is told.

    It is this server, the way to a CRM (``names`` by integration), or the consoles.
    """
    if finding.check in OF_THE_SERVER:
        return gettext(HERE)
    return names.get(finding.subject) or gettext(CONSOLES)


def worst(findings: Iterable[Finding]) -> Verdict:
    """The gravest verdict of all."""
    return min((f.verdict for f in findings), key=_GRAVITY.index, default=Verdict.SKIPPED)


def broken(findings: Iterable[Finding]) -> list[Finding]:
    """What keeps the panel from working."""
    return [f for f in findings if f.verdict is Verdict.FAILING]
