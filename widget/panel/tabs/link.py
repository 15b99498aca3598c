"""Link an existing contact: search by one of four criteria, choose, check, save; and unlink."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from widget.actions import links
from widget.actions.action import Asked, Subject
from widget.brazil import phones
from widget.brazil.criteria import CRITERIA, guess, problem
from widget.desk import search
from widget.desk.visits import Visit, visit
from widget.domain import errors
from widget.domain.model import Contact, Freshness, Ref
from widget.domain.permissions import Permission, needs
from widget.domain.texts import gettext
from widget.panel import card
from widget.panel.tab import Tab

tab = Tab("link", __name__)
# About so many letters are typed for one search.
LETTERS = 10


@tab.get("")
@needs(Permission.LINK)
def form() -> ResponseReturnValue:
    """The search, begun with what the conversation tells."""
    criterion, name = request.args.get("criterion", ""), visit().conversation.person.name
    query = "" if phones.parse(name) else name
    return render_template(
        "tabs/link.html",
        criteria=CRITERIA,
        query=query,
        criterion=criterion if criterion in CRITERIA else "",
        guess=guess(query),
    )


@tab.get("/search")
@needs(Permission.LINK)
def find() -> ResponseReturnValue:
    """Who may be meant: as one types from the index alone, with ``ask`` from the CRM too.

    Without a chosen ``criterion`` the one that the text looks like, and the screen is told which.
    ``details``: once one pauses, what the index does not keep is asked for.
    """
    guest, query, chosen = (
        visit(),
        request.args.get("q", "").strip(),
        request.args.get("criterion", ""),
    )
    criterion, is_asked = chosen or guess(query), "ask" in request.args
    page = max(1, request.args.get("page", 1, type=int))
    shown = {
        "criterion": criterion,
        "criteria": CRITERIA,
        "swap": not chosen,
        "query": query,
        "page": page,
    }
    wrong = problem(criterion, query)
    if wrong and (is_asked or criterion not in CRITERIA):
        return render_template("results.html", problem=wrong, **shown), errors.Invalid.status
    guest.count("searches", 10) if is_asked else guest.count("letters", 10 * LETTERS)
    if is_asked:
        found: search.Results | None = search.whole(guest, criterion, query, page)
    else:
        found = search.typed(guest, criterion, query, guessed=not chosen)
    has_details = is_asked or "details" in request.args
    rows = (
        card.rows(guest, found.matches, Freshness.RECENT if has_details else Freshness.KNOWN)
        if found
        else []
    )
    return render_template(
        "results.html",
        found=found,
        rows=rows,
        asked=is_asked,
        details=has_details,
        wrong=wrong,
        filling=guest.crm.index.share_filled,
        most=search.PAGE,
        **shown,
    )


@tab.get("/<ref>")
@needs(Permission.LINK)
def check(ref: str) -> ResponseReturnValue:
    """One contact whole, to be looked at before it is linked."""
    guest = visit()
    contact = _contact(guest, ref)
    lookups = guest.crm.lookups
    return render_template(
        "tabs/link_check.html",
        contact=contact,
        before=guest.shown() or "",
        city=lookups.city(contact.city_id),
        deals=card.deals(guest, contact, Freshness.RECENT).value,
        denied=_denied(guest, contact.ref),
    )


@tab.post("/<ref>")
@needs(links.link.permission)
def save(ref: str) -> ResponseReturnValue:
    """Links the conversation's person to the contact."""
    guest = visit()
    contact = _contact(guest, ref)
    guest.unchanged(request.form.get("contact", ""))  # a colleague may have linked another one
    links.link(guest, Subject(contact.ref), Asked({}, ""))
    notice = gettext(
        "Vinculado a %(name)s. Confira os dados e, se preciso, atualize o contato.",
        name=contact.name,
    )
    return card.show(guest, Freshness.RECENT, notice, linked=True)


@tab.get("/remove")
@needs(Permission.LINK)
def ask_remove() -> ResponseReturnValue:
    """Asks once before unlinking."""
    return render_template("tabs/link_remove.html", contact=visit().contact(Freshness.ANY).value)


@tab.post("/remove")
@needs(links.unlink.permission)
def remove() -> ResponseReturnValue:
    """This person is not that contact; nothing changes in the CRM."""
    guest = visit()
    ref = guest.same(request.form.get("contact", ""))
    links.unlink(guest, Subject(ref), Asked({}, ""))
    return card.show(guest, Freshness.RECENT, gettext("Desvinculado. O cadastro no CRM não mudou."))


def _contact(guest: Visit, text: str) -> Contact:
    ref = Ref.parse(text)
    found = guest.find(ref, Freshness.RECENT).value if ref else None
    if found is None:
        raise errors.NotFound(f"contact {text[:40]!r}")
    return found


def _denied(guest: Visit, ref: Ref) -> str:
    """Who said that the person is not this contact, "" for nobody."""
    denied = guest.services.links.denied(guest.conversation.person_key)
    return denied[ref].by if ref in denied else ""
