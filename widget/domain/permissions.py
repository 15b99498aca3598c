"""What an attendant may be allowed to do, and what each request needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from widget.domain.texts import mark


class Action(StrEnum):
    """What is allowed or not, for each department."""

    SEE = "see"
    LINK = "link"
    EDIT = "edit"
    NEGOTIATE = "negotiate"
    CLOSE = "close"
    REVEAL = "reveal"
    OTHERS = "others"


ALL = frozenset(Action)
LABELS = {
    Action.SEE: mark("ver contatos"),
    Action.LINK: mark("vincular e criar contatos"),
    Action.EDIT: mark("atualizar contatos e anotar"),
    Action.NEGOTIATE: mark("abrir e mover negociações"),
    Action.CLOSE: mark("fechar negociações"),
    Action.REVEAL: mark("mostrar dados pessoais"),
    Action.OTHERS: mark("ver negociações de outros responsáveis"),
}


@dataclass(frozen=True)
class Right:
    """What an attendant may do, and in which department that is said; "" is whoever is in none."""

    department: str = ""
    actions: frozenset[Action] = ALL


# What each view of the tabs needs; a view that stands nowhere here is refused to everybody, and a test names it.
NEEDS: dict[str, Action] = {
    view: action
    for action, views in {
        Action.SEE: (
            "panel.draft", "panel.discard", "contact.show", "contact.again", "contact.deals", "contact.hide",
            "history.show", "notes.show", "notes.more", "check.document", "check.phone", "pending.show", "pending.back",
            "pending.again", "pending.seen",
        ),
        Action.REVEAL: ("contact.reveal",),
        Action.LINK: (
            "link.form", "link.find", "link.check", "link.save", "link.ask_remove", "link.remove", "contact_new.form",
            "contact_new.duplicates", "contact_new.create",
        ),
        Action.EDIT: ("contact.edit", "contact.update", "notes.correct", "notes.add"),
        Action.NEGOTIATE: (
            "negotiation.new", "negotiation.path", "negotiation.cities", "negotiation.create", "interact.form",
            "interact.save",
        ),
    }.items()
    for view in views
}  # fmt: skip
