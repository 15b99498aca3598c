"""What is on its way to the CRM, live; and the two buttons for what needs a person."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from widget.desk.visits import Visit, visit
from widget.domain.model import State
from widget.domain.permissions import Permission, needs
from widget.panel import progress
from widget.panel.tab import Tab
from widget.store.journal.entries import Entry

tab = Tab("pending", __name__)


@tab.get("")
@needs(Permission.SEE)
def show() -> ResponseReturnValue:
    """The lines as they are now; ``open`` names what was still open at the last look.

    What has come to its end since is said, and the rest of the screen is told to look anew. Nothing
    is sent while the lines are as they were ``drawn``: what is read, focused or listened to stays
    in peace.
    """
    guest = visit()
    if request.args.get("drawn") == progress.face(
        progress.of(guest), watched=progress.is_watched(guest)
    ):
        return "", 204
    before = [
        guest.services.journal.find(key) for key in request.args.get("open", "").split(",") if key
    ]
    done = [entry for entry in before if entry and entry.state is State.DONE]
    answer = make_response(draw(guest, done))
    # Notes and negotiations show how far they are, the card shows what came of it.
    is_settled = any(entry and not entry.is_open for entry in before)
    answer.headers["HX-Trigger-After-Swap"] = "moved, settled" if is_settled else "moved"
    return answer


@tab.get("/back")
@needs(Permission.SEE)
def back() -> ResponseReturnValue:
    """Nothing while the CRM is away.

    Once it is back its line goes, and the rest of the screen is told to look anew.
    """
    if visit().services.is_away():
        return "", 204
    answer = make_response('<span id="age" hx-swap-oob="delete"></span>')
    answer.headers["HX-Trigger-After-Swap"] = "moved, settled"
    return answer


@tab.post("/<key>/again")
@needs(Permission.SEE)
def again(key: str) -> ResponseReturnValue:
    """Tries it now."""
    guest = visit()
    mine = _mine(guest, key)
    for entry in mine:
        guest.services.journal.push(entry.key)
    if mine:
        guest.services.settling.pursue(key)
    return show()


@tab.post("/<key>/seen")
@needs(Permission.SEE)
def seen(key: str) -> ResponseReturnValue:
    """Leaves it at that; what was typed stays in the ledger."""
    guest = visit()
    for entry in _mine(guest, key):
        if not entry.is_open:
            guest.services.journal.see(entry, guest.origin("write.dismiss"))
    return draw(guest)


def draw(guest: Visit, done: list[Entry] | None = None) -> str:
    """The lines as a fragment that asks again by itself while something is open."""
    return render_template("tabs/pending.html", **progress.told(guest, done or []))


def _mine(guest: Visit, key: str) -> list[Entry]:
    """The entries of a form that this conversation shows.

    None when somebody else was quicker, or of a stranger.
    """
    shown = {line.entry.root for line in progress.of(guest)}
    return guest.services.journal.of_form(key) if key in shown else []
