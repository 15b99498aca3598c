"""The page where the whole set-up leaves as a file for version control, and comes back.

It is looked at before it comes back.
"""

from __future__ import annotations

import difflib

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.domain.texts import gettext, mark
from widget.setup import layout
from widget.setup.navigation import said
from widget.setup.office import office
from widget.setup.sheet import Sheet

transfer = Blueprint("transfer", __name__)
LARGEST = 200_000


@transfer.get("/transfer")
def show() -> ResponseReturnValue:
    """Both ways."""
    return _page(Sheet())


@transfer.get("/transfer/setup.json")
def export() -> ResponseReturnValue:
    """The set-up as it is, without secrets and people: the same set-up is always the same file."""
    answer = make_response(layout.told(layout.of(office().running)))
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Content-Disposition"] = 'attachment; filename="vinculo-setup.json"'
    return answer


@transfer.post("/transfer")
def take() -> ResponseReturnValue:
    """Says what a file would change; applies it where the button says so."""
    running, sheet = office().running, Sheet({"text": _text()})
    try:
        now = layout.of(running)
        wanted = layout.merged(
            now, layout.read(sheet.values["text"], office().consoles, running.crms)
        )
    except (layout.Unfit, RecursionError) as why:
        sheet.problems["text"] = gettext(mark("Este arquivo não serve: %(why)s"), why=why)
        return _page(sheet), 422
    if request.form.get("do") != "apply":
        return _page(sheet, _changes(layout.told(now), layout.told(wanted)))
    layout.apply(running, wanted)
    return redirect(url_for("integrations.show", said="kept"), 303)


def _text() -> str:
    upload = request.files.get("file")
    if upload and upload.filename:
        content: bytes = upload.read(LARGEST)
        return content.decode("utf-8", errors="replace")
    return request.form.get("text", "")


def _changes(before: str, after: str) -> list[str]:
    """Lines with + or - before them, and what stands around; none where nothing changes."""
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]


def _page(sheet: Sheet, changes: list[str] | None = None) -> str:
    return render_template("setup/transfer.html", form=sheet, changes=changes, said=said())
