"""Live checks of what is being typed, with the sentences of the saved form."""

from __future__ import annotations

from flask import request
from markupsafe import escape

from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext
from widget.panel.tab import Tab
from widget.web import fields

tab = Tab("check", __name__)

SHORTEST_PHONE = 10


@tab.post("/document")
@needs(Permission.SEE)
def document() -> str:
    """What is wrong with the CPF or CNPJ so far; who has only begun is left alone."""
    typed = request.form.get("document", "")
    return "" if fields.is_begun(typed) else _sentence(fields.document_problem(typed))


@tab.post("/phone")
@needs(Permission.SEE)
def phone() -> str:
    """What is wrong with the phone so far; the same."""
    typed = request.form.get("phone", "")
    return (
        ""
        if sum(c.isdigit() for c in typed) < SHORTEST_PHONE
        else _sentence(fields.phone_problem(typed))
    )


def _sentence(problem: str) -> str:
    return escape(gettext(problem)) if problem else ""
