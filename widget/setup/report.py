"""The page of the diagnosis, the broken link first.

Then come what was asked of the CRM lately, and who came to the door.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.desk.services import Services, served, services
from widget.diagnosis import exchanges, places
from widget.diagnosis.bundle import bundle
from widget.diagnosis.diagnosis import examine
from widget.diagnosis.findings import Finding, broken, part
from widget.diagnosis.installation import Installation, installation_of
from widget.diagnosis.known import Verdict
from widget.domain.permissions import Role
from widget.domain.texts import gettext, mark
from widget.domain.traffic import Arrival, Why
from widget.setup.codes import meanings
from widget.setup.guide import guide
from widget.setup.office import me, office

diagnosis = Blueprint("diagnosis", __name__)
# Whoever reloads does not ask the CRM each time.
FRESH_SECONDS = 5.0
MOST_ARRIVALS = 20
TONES: Mapping[Verdict, tuple[str, str]] = {
    Verdict.OK: ("good", mark("certo")),
    Verdict.WARNING: ("warn", mark("aviso")),
    Verdict.FAILING: ("bad", mark("quebrado")),
    Verdict.SKIPPED: ("", mark("não conferido")),
}
WHYS: Mapping[str, str] = {
    Why.IN: mark("entrou"),
    Why.SIGNATURE: mark("recusado: assinatura de outra chave"),
    Why.AHEAD: mark("recusado: assinado no futuro (relógio)"),
    Why.EXPIRED: mark("recusado: início vencido"),
    Why.START: mark("recusado: início que não é deste painel"),
    Why.CONTEXT: mark("sem conversa ou atendente"),
    Why.ORIGIN: mark("endereço que não pode abrir o painel"),
    Why.PAIRING: mark("recusado: código de pareamento errado"),
    Why.SIGN_IN: mark("recusado: entrada na configuração"),
}

# Places of the diagnosis that are pages of ours; those of one integration are its form.
OURS: Mapping[str, str] = {
    places.INTEGRATIONS: "integrations.show",
    places.PARENTS: "consoles.show",
}
OF_ONE = {places.SETTINGS, places.TOKEN, places.AUTHORITY, places.WAIT}


@dataclass
class _Last:
    """What was found a moment ago; one examines at a time, the others wait for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    at: float = float("-inf")
    findings: list[Finding] = field(default_factory=list)


@diagnosis.get("/diagnosis")
def show() -> ResponseReturnValue:
    """Examines, and shows what there is to know."""
    installation = _installation()
    findings, wanted = _examined(installation), request.args.get("q", "").strip()[:20]
    calls = installation.calls.last()
    return render_template(
        "setup/diagnosis.html",
        parts=_parts(installation, findings),
        broken=broken(findings),
        tones=TONES,
        wanted=wanted,
        meaning=meanings().get(wanted.upper()),
        summaries=exchanges.summaries(calls),
        whys=WHYS,
        calls=exchanges.looked_for(calls, wanted),
        arrivals=_arrivals(installation),
        when=_when,
        troubles=_troubles(),
        drawing=exchanges,
        examined_at=installation.clock(),
        page_of=_page_of,
    )


@diagnosis.get("/diagnosis/guide")
def read() -> ResponseReturnValue:
    """What each code and each finding means."""
    return render_template("setup/guide.html", guide=guide())


@diagnosis.get("/diagnosis/bundle")
def download() -> ResponseReturnValue:
    """The support bundle as a file."""
    installation = _installation()
    name = f"vinculo-{services().shared.now():%Y%m%d-%H%M}.json"
    return Response(
        bundle(installation, _examined(installation)),
        mimetype="application/json",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _installation() -> Installation:
    return installation_of(
        office().running.crms,
        office().settings,
        stored=office().integrations.all(),
        me=services().journal.presence.name,
        clock=office().clock,
    )


def _examined(installation: Installation) -> list[Finding]:
    last: _Last = current_app.extensions.setdefault("vinculo.diagnosis", _Last())
    with last.lock:
        if time.monotonic() - last.at > FRESH_SECONDS:
            last.findings = examine(installation)
            last.at = time.monotonic()
        return last.findings


def _parts(installation: Installation, findings: list[Finding]) -> list[tuple[str, list[Finding]]]:
    names = {
        integration.id: f"CRM {integration.id} · {integration.url}"
        for integration in installation.integrations
    }
    return [
        (name, list(group))
        for name, group in groupby(findings, key=lambda finding: part(finding, names))
    ]


def _page_of(finding: Finding) -> str:
    """The page on which whoever is signed in can do what is to be done.

    "" when it is done elsewhere.
    """
    admin, where = me(), finding.known.where
    if admin is None or admin.role is not Role.ADMINISTRATOR:
        return ""
    if where in OF_ONE and finding.subject:
        return url_for("integrations.edit", name=finding.subject)
    return url_for(OURS[where]) if where in OURS else ""


def _arrivals(installation: Installation) -> list[Arrival]:
    return installation.arrivals.last(MOST_ARRIVALS)[::-1]


def _troubles() -> list[tuple[str, str]]:
    """What the breaker of each CRM says right now, in this process."""
    return [(found.id, _breaker(found)) for found in served().all()]


def _breaker(found: Services) -> str:
    if found.guarded is None:
        return gettext("desligado")
    trouble = found.guarded.trouble
    if trouble is None:
        return gettext("fechado: as chamadas passam")
    since = _when(trouble.since)
    if trouble.is_open:
        return gettext("aberto desde %(since)s: só uma chamada por vez procura o CRM", since=since)
    return gettext("sem resposta desde %(since)s; as chamadas passam", since=since)


def _when(at: Any) -> str:
    return f"{datetime.fromtimestamp(float(at), services().shared.now().tzinfo):%d/%m %H:%M:%S}"
