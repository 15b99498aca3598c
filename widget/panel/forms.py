"""A form as it is drawn: its text, its mistakes, and the key that names its one effect.

The text is what is typed in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from flask import Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from widget.actions.action import Asked
from widget.brazil.names import fold
from widget.desk.services import services
from widget.desk.visits import Visit
from widget.domain import errors
from widget.domain.model import State, Written
from widget.domain.permissions import is_saving
from widget.domain.texts import mark
from widget.store.journal.entries import Entry, wanted
from widget.web.fields import mistakes

# Sends what was read from a form to its action.
Send = Callable[[dict[str, str]], Written]
# The screen after what was sent was accepted.
Done = Callable[[Written], ResponseReturnValue]
Draw = Callable[["Form"], str]
# The form with a question in it.
AskBack = Callable[[errors.Conflict | errors.Duplicate], str]


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

    def asked(self, values: Mapping[str, str], before: Mapping[str, str] | None = None) -> Asked:
        """Returns what an action is asked for by this form; ``before`` is what it showed."""
        return Asked(values, self.key, before or {}, self.name, self.values)

    def before(self, names: Iterable[str]) -> dict[str, str]:
        """Returns what stood in the fields when the form was drawn."""
        return {name: self.values.get(f"before_{name}", "") for name in names}

    def take(self, error: errors.VinculoError, labels: Mapping[str, str]) -> None:
        """Puts the reason where it belongs: at its field, else above the form.

        ``labels`` tells a field for each word by which the CRM may name it.
        """
        if isinstance(error, errors.Invalid):
            self.problems = error.fields
            return
        placed = (
            self._place(error.messages, labels) if isinstance(error, errors.Rejected) else False
        )
        self.alert = None if placed else error

    def _place(self, messages: Iterable[str], labels: Mapping[str, str]) -> bool:
        """Whether each of the CRM's own sentences found its field."""
        names = [
            (next((f for word, f in labels.items() if word in fold(m)), ""), m) for m in messages
        ]
        self.problems.update({name: message for name, message in names if name})
        return all(name for name, _ in names)


def draw(visit: Visit, name: str, defaults: Mapping[str, str]) -> Form:
    """The form with its defaults, over them what was typed before and not saved."""
    contact = str(visit.shown() or "")
    refused = _refused(visit, name)
    if refused is not None:
        return refused
    draft = visit.services.shared.drafts.find(visit.conversation, name)
    if not _fits(visit, draft.get("contact", contact)) or visit.has_accepted(draft.get("key", "")):
        draft = {}
    key = draft.pop("key", "") or _new_key()
    draft.pop("contact", None)
    values = {
        **defaults,
        **draft,
    }
    return Form(
        name, key, contact, values, drafted=any(values[k] != defaults.get(k, "") for k in draft)
    )


def posted(name: str) -> Form:
    """The form as it was sent."""
    key = request.form.get("key", "")
    if not 16 <= len(key) <= 64:
        raise errors.Stale("a form without its key")
    return Form(name, key, request.form.get("contact", ""), _typed())


def keep_draft(visit: Visit, name: str, typed: Mapping[str, str]) -> None:
    """Keeps what is being typed, unless this very form has been saved meanwhile."""
    if not visit.has_accepted(typed.get("key", "")):
        visit.services.shared.drafts.keep(visit.conversation, name, typed)


def submit(  # noqa: PLR0913 -- keywords, each a part of the form
    visit: Visit,
    form: Form,
    schema: type[Schema],
    *,
    send: Send,
    done: Done,
    draw_again: Draw,
    labels: Mapping[str, str],
    ask_back: AskBack | None = None,
    untouched: frozenset[str] = frozenset(),
) -> ResponseReturnValue:
    """Reads the form, sends what it asks for, and answers with the screen that follows.

    Whatever goes wrong, the same form comes back with everything in it and the reason.
    ``ask_back`` draws the form for a question that only the attendant can answer: a Conflict or a
    Duplicate. ``untouched`` fields stand as the CRM has them: they are not judged.
    """
    values, problems = mistakes(schema(), form.values)
    form.problems = {name: why for name, why in problems.items() if name not in untouched}
    if form.problems:
        return _again(visit, form, draw_again, errors.Invalid.status)
    try:
        try:
            written = send(values)
        except (errors.Conflict, errors.Duplicate) as question:
            if ask_back is None:
                raise
            asked = ask_back(question)
            _keep(visit, form)  # drawing has put what the question is about into the form
            return asked, question.status
        answer = make_response(done(written))
    except (errors.CRMError, errors.Stale, errors.Invalid, errors.Forbidden) as raised:
        error, saved = _judged(raised, form.key, form.values)
        if saved:
            return _kept_all_the_same(saved, error)
        form.take(error, labels)
        if isinstance(error, errors.AlreadySaved):
            form.key = _new_key()  # saving once more is meant to make another record
        return _again(visit, form, draw_again, error.status)
    with suppress(errors.StorageFailed):  # it was accepted, whatever becomes of the draft
        visit.services.shared.drafts.drop(visit.conversation, form.name)
    return _accepted(answer, written.state)


def despite(error: errors.VinculoError) -> tuple[errors.VinculoError, ResponseReturnValue | None]:
    """What is to be said of an error.

    Where a form was saved before the error came, the answer to give instead of the error comes with
    it.
    """
    is_about_who = "visit" not in g and not isinstance(error, errors.StorageFailed)
    is_save = is_saving(current_app.view_functions.get(request.endpoint or ""))
    if request.method != "POST" or not is_save or is_about_who:
        return error, None
    error, saved = _judged(error, request.form.get("key", ""), _typed())
    return error, _kept_all_the_same(saved, error) if saved else None


def notice(written: Written, done: str) -> str:
    """Returns what to say of a write that was done.

    One that is on its way speaks for itself, in tabs/pending.html.
    """
    return done if written.state is State.DONE else ""


def check_city(form: Form, values: Mapping[str, str]) -> None:
    """A city that was typed was also taken from the list; raises Invalid."""
    if form.values.get("city_name", "").strip() and not values["city"]:
        raise errors.Invalid({"city": mark("Escolha uma cidade da lista.")})


def _typed() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if name not in {"key", "contact"}}


def _judged(
    error: errors.VinculoError, key: str, typed: Mapping[str, str]
) -> tuple[errors.VinculoError, Entry | None]:
    """What is true of a form whose save met an error.

    The journal says whether it was accepted, the error does not. It is the entry, where this very
    text was accepted and is not refused; AlreadySaved where another text was; Unsure where the
    journal cannot be asked; else the error, since nothing was accepted.
    """
    if isinstance(error, errors.Lost):
        return errors.Unsure(
            error
        ), None  # what a connection still reads is not the file that is there
    journal = services().journal
    try:
        entry = journal.find(key)
        form = {part.key: part for part in journal.of_form(key)} if entry else {}
    except errors.StorageFailed as failure:
        return errors.Unsure(failure), None
    if entry is None or _came_back(
        entry,
        {
            entry.key: entry,
            **form,
        },
    ):
        return error, None
    if dict(entry.origin.typed) == dict(typed) and not entry.warning:
        return error, entry
    return errors.AlreadySaved(f"{entry.origin.action} {entry.crm_id}"), None


def _came_back(entry: Entry, form: Mapping[str, Entry]) -> bool:
    """Whether something that the form asks for was refused."""
    needed = wanted(form, entry.key)
    asked = (part for part in form.values() if part.key in needed or entry.key in part.needs)
    return any(part.state is State.REFUSED for part in asked)


def _kept_all_the_same(entry: Entry, error: errors.VinculoError) -> Response:
    """The smallest screen: it was accepted, although the next one cannot be drawn."""
    return _accepted(
        make_response(render_template("saved.html", entry=entry, error=error)), entry.state
    )


def _accepted(answer: Response, state: State) -> Response:
    answer.headers["X-Write"] = state
    answer.headers["HX-Trigger-After-Swap"] = (
        "pending"  # one line more, or one that came back has gone its way
    )
    return answer


def _again(visit: Visit, form: Form, draw_again: Draw, status: int) -> ResponseReturnValue:
    _keep(visit, form)
    return draw_again(form), status


def _keep(visit: Visit, form: Form) -> None:
    typed = {
        **form.values,
        "key": form.key,
        "contact": form.contact,
    }
    with suppress(errors.StorageFailed):  # the form comes back with everything in it all the same
        visit.services.shared.drafts.keep(visit.conversation, form.name, typed)


def _new_key() -> str:
    return secrets.token_urlsafe(16)


def _refused(visit: Visit, name: str) -> Form | None:
    """The form whose write the CRM refused when nobody was looking.

    It comes with its text and the reason.
    """
    key = request.args.get("entry", "")
    entry = visit.services.journal.find(key) if key else None
    if entry is None or entry.state is not State.REFUSED or entry.origin.form != name:
        return None
    if not _fits(visit, entry.origin.contact) and entry.origin.action != "contact.create":
        raise errors.Stale(f"entry for {entry.origin.contact}")
    form = Form(name, entry.key, str(visit.shown() or ""), dict(entry.origin.typed))
    form.alert = entry.refusal
    return form


def _fits(visit: Visit, contact: str) -> bool:
    try:
        visit.unchanged(contact)
    except errors.Stale:
        return False
    return True
