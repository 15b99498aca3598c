"""A form as it is drawn: what is typed in it, what is wrong with it, and the key that names its one effect."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from widget import errors
from widget.fields import mistakes
from widget.matching import fold
from widget.model import State
from widget.services import Visit

Act = Callable[[dict[str, str]], ResponseReturnValue]
Draw = Callable[["Form"], str]


@dataclass
class Form:
    """``key`` is made when the form is first drawn; ``contact`` is whom it was drawn for."""

    name: str
    key: str
    contact: str
    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    alert: errors.VinculoError | None = None
    drafted: bool = False

    def place(self, rejected: errors.Rejected, labels: Mapping[str, str]) -> None:
        """Puts the CRM's own words at the field they mean; ``labels`` tells a field for each word of the CRM."""
        rest = []
        for message in rejected.messages:
            name = next((f for word, f in labels.items() if word in fold(message)), "")
            if name:
                self.problems[name] = message
            else:
                rest.append(message)
        if rest or not self.problems:
            self.alert = rejected


def draw(visit: Visit, name: str, defaults: Mapping[str, str]) -> Form:
    """The form with its defaults, over them what was typed before and not saved."""
    draft = visit.services.drafts.find(visit.conversation, name)
    contact = str(visit.services.conversations.shown(visit.conversation) or "")
    if draft.get("contact", contact) != contact or _is_done(visit, draft.get("key", "")):
        draft = {}
    key = draft.pop("key", "") or secrets.token_urlsafe(16)
    draft.pop("contact", None)
    values = {**defaults, **draft}
    return Form(name, key, contact, values, drafted=any(values[k] != defaults.get(k, "") for k in draft))


def posted(name: str) -> Form:
    """The form as it was sent."""
    values = {k: v for k, v in request.form.items() if k not in {"key", "contact"}}
    key = request.form.get("key", "")
    if not 16 <= len(key) <= 64:  # noqa: PLR2004 -- what token_urlsafe makes, with room
        raise errors.Stale("a form without its key")
    return Form(name, key, request.form.get("contact", ""), values)


def keep_draft(visit: Visit, name: str, typed: Mapping[str, str]) -> None:
    """Keeps what is being typed, unless this very form has been saved meanwhile."""
    if not _is_done(visit, typed.get("key", "")):
        visit.services.drafts.keep(visit.conversation, name, typed)


def submit(  # noqa: PLR0913 -- keywords, each a part of the form
    visit: Visit,
    form: Form,
    schema: Schema,
    *,
    act: Act,
    draw_again: Draw,
    labels: Mapping[str, str],
    untouched: frozenset[str] = frozenset(),
) -> ResponseReturnValue:
    """Reads the form and acts; whatever goes wrong, the same form comes back with everything in it and the reason.

    ``untouched`` fields stand as the CRM has them: they are not judged.
    """
    values, problems = mistakes(schema, form.values)
    form.problems = {name: why for name, why in problems.items() if name not in untouched}
    try:
        if form.problems:
            raise errors.Invalid(form.problems)
        answer = act(values)
    except errors.Invalid as error:
        form.problems = error.fields
        return _again(visit, form, draw_again, error)
    except errors.Rejected as error:
        form.place(error, labels)
        return _again(visit, form, draw_again, error)
    except (errors.CRMError, errors.Stale) as error:
        form.alert = error
        return _again(visit, form, draw_again, error)
    visit.services.drafts.drop(visit.conversation, form.name)
    return answer


def _again(visit: Visit, form: Form, draw_again: Draw, error: errors.VinculoError) -> ResponseReturnValue:
    typed = {**form.values, "key": form.key, "contact": form.contact}
    visit.services.drafts.keep(visit.conversation, form.name, typed)
    return draw_again(form), error.status


def _is_done(visit: Visit, key: str) -> bool:
    entry = visit.services.journal.find(key) if key else None
    return entry is not None and entry.state is State.DONE
