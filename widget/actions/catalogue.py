"""All actions by name: what names an action anywhere is looked up here."""

from __future__ import annotations

from widget.actions import contacts, links, negotiations, notes

ACTIONS = {
    action.name: action
    for action in (
        contacts.create,
        contacts.update,
        links.link,
        links.unlink,
        negotiations.create,
        negotiations.update,
        notes.add,
    )
}


def label(name: str) -> str:
    """Returns how a line on its way calls an action; the name itself of one that is no more."""
    return ACTIONS[name].label if name in ACTIONS else name
