"""Live checks of what is being typed, with the sentences of the saved form."""

from __future__ import annotations

from flask import Blueprint, request
from markupsafe import escape

from widget import fields
from widget.texts import gettext

tab = Blueprint("check", __name__)


@tab.post("/document")
def document() -> str:
    """What is wrong with the CPF or CNPJ so far."""
    return _sentence(fields.document_problem(request.form.get("document", "")))


@tab.post("/phone")
def phone() -> str:
    """What is wrong with the phone so far."""
    return _sentence(fields.phone_problem(request.form.get("phone", "")))


def _sentence(problem: str) -> str:
    return escape(gettext(problem)) if problem else ""
