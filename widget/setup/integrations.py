"""The page of the integrations: list, add, edit, test, delete."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from widget.crm import pasted
from widget.diagnosis.diagnosis import check_integration
from widget.diagnosis.findings import Finding, broken
from widget.domain.errors import TooMany
from widget.domain.integrations import Integration
from widget.domain.texts import gettext, mark
from widget.setup import integration_form, removal
from widget.setup.navigation import said
from widget.setup.office import me, office
from widget.setup.own_address import seen_from
from widget.setup.sheet import Sheet

integrations = Blueprint("integrations", __name__)
NEW = Integration("", "")
PRIVATE = "address-private"
MINUTE = 60.0
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@dataclass
class Desk:
    """A form under work: what it was before, what it is to become, how it looks."""

    before: Integration
    stored: Integration
    form: Sheet


@integrations.get("/integrations")
def show() -> ResponseReturnValue:
    """All of them."""
    running = office().running
    uses = [account.integration for account in running.accounts.all()]
    return render_template(
        "setup/integrations.html",
        integrations=running.integrations.all(),
        uses=uses.count,
        said=said(),
        is_ready=bool(uses or running.settings.parents),
    )


@integrations.get("/integrations/new")
def new() -> ResponseReturnValue:
    """The empty form."""
    return _form(Desk(NEW, NEW, Sheet(integration_form.typed(NEW))))


@integrations.post("/integrations/new")
def add() -> ResponseReturnValue:
    """Tests the connection, and adds the integration when it holds."""
    return _take(NEW)


@integrations.get("/integrations/understood")
def understood() -> ResponseReturnValue:
    """What an address becomes, or why it is none, while it is typed."""
    try:
        return gettext("Vira %(url)s", url=pasted.url(request.args.get("text", "")[:500])), PLAIN
    except pasted.NotUnderstood as why:
        return gettext(str(why)), PLAIN


@integrations.get("/integrations/<name>")
def edit(name: str) -> ResponseReturnValue:
    """The form of one integration."""
    stored = _find(name)
    return _form(Desk(stored, stored, Sheet(integration_form.typed(stored))))


@integrations.post("/integrations/<name>")
def change(name: str) -> ResponseReturnValue:
    """Tests what is new about the connection, and changes the integration when it holds.

    Servers use it at once.
    """
    stored = _find(name)
    if stored.from_settings:
        return _form(Desk(stored, stored, Sheet(integration_form.typed(stored))), _check(stored))
    return _take(stored)


@integrations.get("/integrations/<name>/delete")
def ask(name: str) -> ResponseReturnValue:
    """What hangs on it, before it is deleted for good."""
    return _ask(_find(name, changeable=True), Sheet())


@integrations.post("/integrations/<name>/delete")
def delete(name: str) -> ResponseReturnValue:
    """Deletes the integration, when its name was typed.

    Nothing of it may be on its way any more, or all that was must be kept elsewhere.
    """
    stored, sheet = _find(name, changeable=True), Sheet(request.form.to_dict())
    running = office().running
    if request.form.get("name", "").strip() != stored.name:
        sheet.problems["name"] = gettext(
            mark("Digite o nome da integração, como está escrito acima.")
        )
    if running.hanging(name)["open"] and not request.form.get("kept"):
        sheet.problems["kept"] = gettext(
            mark("Há gravações a caminho. Espere que cheguem, ou baixe o arquivo e confirme.")
        )
    if sheet.problems:
        return _ask(stored, sheet), 422
    removal.remove(running, name)
    return redirect(url_for("integrations.show", said="deleted"), 303)


@integrations.get("/integrations/<name>/kept.json")
def kept(name: str) -> ResponseReturnValue:
    """What is still on its way, as a file: the only other place where it is."""
    _find(name)
    answer = make_response(removal.written_down(office().running, name))
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-kept.json"'
    return answer


def _find(name: str, *, changeable: bool = False) -> Integration:
    stored = office().running.integrations.find(name)
    if stored is None or (changeable and stored.from_settings):
        abort(404)
    return stored


def _take(before: Integration) -> ResponseReturnValue:
    """What the button said: test, save, or save in spite of what the test found."""
    desk = _read(before)
    if desk.form.problems:
        return _form(desk), 422
    does = request.form.get("do", "save")
    is_same = before.id and _way(desk.stored) == _way(before)
    findings = [] if does == "save" and (is_same or not desk.stored.active) else _check(desk.stored)
    if any(finding.slug == PRIVATE for finding in findings):
        desk.form.problems["private"] = gettext(
            mark("O endereço é da rede interna. Marque aqui, se é isso mesmo.")
        )
    if does == "test" or desk.form.problems:
        return _form(desk, findings), 422 if desk.form.problems else 200
    if broken(findings) and does != "force":
        return _form(desk, findings, can_force=True), 422
    return _save(before, desk.stored)


def _save(before: Integration, stored: Integration) -> ResponseReturnValue:
    known = office().running.integrations
    if before.id:
        known.change(stored)
    else:
        known.add(replace(stored, id=known.free_id(stored.name)))
    return redirect(url_for("integrations.show", said="saved" if before.id else "added"), 303)


def _read(before: Integration) -> Desk:
    """The form as it came.

    A token that was tested just now need not be pasted again: it is there, locked.
    """
    values, office_ = request.form.to_dict(), office()
    upload = request.files.get("ca_file")
    if upload and upload.filename:
        values["ca"] = _text(upload.read(200_000))
    if not values.get("token", "").strip() and values.get("locked"):
        values["token"] = office_.running.vault.open(values["locked"])
    stored, problems = integration_form.read(values, before, request.form.getlist("departments"))
    values.pop("token", None)
    if stored.token and "token" not in problems and stored.token != before.token:
        values["locked"] = office_.running.vault.lock(stored.token)
    if "url" not in problems:
        values["url"] = stored.url
    return Desk(before, stored, Sheet(values, problems))


def _text(certificate: bytes) -> str:
    """An uploaded file as the field would have it."""
    try:
        return pasted.authority(certificate)
    except pasted.NotUnderstood:
        return certificate.decode("utf-8", errors="replace")


def _way(stored: Integration) -> tuple[object, ...]:
    """What decides whether the CRM is reached."""
    return stored.url, stored.token, stored.ca, stored.private, stored.active


def _check(stored: Integration) -> list[Finding]:
    admin = me()
    wait = office().limits.take("check", admin.name if admin else "", 20, 5 * MINUTE)
    if wait:
        raise TooMany(f"{wait:.0f} s")
    return check_integration(office().running.crms[stored.kind], stored, clock=office().clock)


def _form(desk: Desk, findings: list[Finding] | None = None, *, can_force: bool = False) -> str:
    known = [name for name in office().running.shared.attendants.departments() if name]
    gone = [
        name for name in desk.stored.departments if name not in known
    ]  # ticked, it keeps everybody from linking
    return render_template(
        "setup/integration.html",
        before=desk.before,
        stored=desk.stored,
        form=desk.form,
        findings=findings,
        can_force=can_force,
        departments=known + gone,
        seen=seen_from(desk.stored.url) if desk.stored.url else None,
    )


def _ask(stored: Integration, sheet: Sheet) -> str:
    running = office().running
    served = running.named(stored.id)
    mirrored = served.people.count() if served and served.people else 0
    return render_template(
        "setup/integration_delete.html",
        stored=stored,
        form=sheet,
        hanging=running.hanging(stored.id),
        mirrored=mirrored,
    )
