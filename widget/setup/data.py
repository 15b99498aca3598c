"""Personal data, for the data-protection officer.

It tells what is kept, and all about one person is told or erased there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.desk.services import Services, served
from widget.domain.model import Attendant, Ref
from widget.domain.texts import gettext, mark
from widget.privacy import dossier, kept
from widget.privacy.retention import COPIES
from widget.privacy.traces import Traces, opened
from widget.setup.office import me, office
from widget.store.engine import migrations

data = Blueprint("data", __name__)
SOURCES = {
    Ref.LEAD: mark("Lead"),
    Ref.CLIENT: mark("Cliente"),
}
WHAT = {
    "index": mark("na cópia local"),
    "cache": mark("lidos do CRM"),
    "conversations": mark("conversas"),
    "links": mark("vínculos"),
    "reveals": mark("dados abertos agora"),
    "drafts": mark("rascunhos"),
    "writes": mark("gravações"),
    "qualifications": mark("qualificações"),
    "ledger": mark("linhas do livro"),
}


@dataclass
class _Asked:
    """The person whom a form is about, and what is wrong with it."""

    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    services: Services | None = None
    ref: Ref | None = None


@data.get("/data")
def show() -> ResponseReturnValue:
    """What is kept; with ``number`` in the address also how much of one person."""
    asked = _asked(request.args.to_dict())
    return (
        _draw(asked)
        if not request.args.get("number")
        else (_draw(asked), 422 if asked.problems else 200)
    )


@data.post("/data/export")
def export() -> ResponseReturnValue:
    """All about the person as a file.

    That it was given out is sealed, with the name of who is signed in.
    """
    asked = _asked(request.form.to_dict())
    if asked.services is None or asked.ref is None:
        return _draw(asked), 422
    told = dossier.export(_traces(asked.services), asked.ref, _by())
    answer = Response(json.dumps(told, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{asked.ref}.json"'
    return answer


@data.post("/data/erase")
def erase() -> ResponseReturnValue:
    """Erases the person, once the number was typed again; the page after that shows the receipt."""
    asked = _asked(request.form.to_dict())
    if asked.services is None or asked.ref is None:
        return _draw(asked), 422
    if request.form.get("again", "").strip() != asked.ref.id:
        asked.problems["again"] = gettext(mark("Digite o número outra vez: é o que confirma."))
        return _draw(asked), 422
    try:
        gone = dossier.erase(
            _traces(asked.services), asked.ref, _by(), abandon="abandon" in request.form
        )
    except dossier.StillOpen as error:
        asked.problems["abandon"] = f"{gettext(error.sentence)} {gettext(error.advice)}"
        return _draw(asked), error.status
    receipt = {
        name: str(gone[name]) for name in gone if name in WHAT or name in {"lines", "elsewhere"}
    }
    return redirect(
        url_for("data.show", erased=str(asked.ref), **receipt),  # type: ignore[arg-type]
        303,
    )


def _asked(values: dict[str, str]) -> _Asked:
    """The person that the form names, or what is wrong with the form."""
    asked = _Asked(
        {
            **values,
            "source": values.get("source", Ref.LEAD),
        }
    )
    name = values.get("integration", "")
    asked.services = served().named(name) if name else served().any()
    asked.values["integration"] = asked.services.journal.integration if asked.services else name
    number = values.get("number", "").strip()
    asked.ref = (
        Ref.parse(f"{asked.values['source']}-{number}")
        if asked.values["source"] in SOURCES
        else None
    )
    if number and asked.ref is None:
        asked.problems["number"] = gettext(mark("Um número como o CRM o mostra, por exemplo 12."))
    if asked.services is None:
        asked.problems["integration"] = gettext(mark("Esta integração não existe."))
    return asked


def _draw(asked: _Asked) -> str:
    found = None
    if asked.ref and asked.services and not asked.problems.keys() & {"number", "integration"}:
        found = dossier.collect(_traces(asked.services), asked.ref)
    settings = office().settings
    return render_template(
        "setup/data.html",
        form=asked,
        found=found,
        what=WHAT,
        sources=[(n, gettext(s)) for n, s in SOURCES.items()],
        integrations=[(stored.id, stored.name) for stored in office().integrations.all()],
        tables=kept.tables(),
        files=kept.files(),
        limits=settings,
        erased=_receipt(),
        copies=_copies(),
    )


def _receipt() -> dict[str, str]:
    """What was erased by the form before this page: numbers, from its address."""
    if Ref.parse(request.args.get("erased", "")) is None:
        return {}
    numbers = {name: request.args.get(name, "") for name in (*WHAT, "lines", "elsewhere")}
    return {
        "who": request.args["erased"],
        **{n: v for n, v in numbers.items() if v.isdecimal()},
    }


def _copies() -> list[str]:
    folder = Path(office().settings.data)
    return sorted(path.name for pattern in COPIES for path in folder.glob(pattern))


def _traces(found: Services) -> Traces:
    """An index that is switched off may still hold people."""
    file = Path(found.shared.settings.data) / "people.db"
    people = found.people.database if found.people else opened(file, migrations.people)
    return Traces(
        found.journal.database, people, found.journal.integration, found.ledger, found.kind.personal
    )


def _by() -> Attendant:
    admin = me()
    return Attendant("", admin.name if admin else "")
