"""What attendants and administrators may be allowed to do, and what each request needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from widget.domain.texts import mark


class Permission(StrEnum):
    """What is allowed or not, for each department."""

    SEE = "see"
    LINK = "link"
    EDIT = "edit"
    NEGOTIATE = "negotiate"
    CLOSE = "close"
    REVEAL = "reveal"
    OTHERS = "others"


class Role(StrEnum):
    """What a person may open of the set-up: everything, or the diagnosis alone."""

    ADMINISTRATOR = "administrator"
    SUPPORT = "support"


ALL = frozenset(Permission)
LABELS = {
    Permission.SEE: mark("ver contatos"),
    Permission.LINK: mark("vincular e criar contatos"),
    Permission.EDIT: mark("atualizar contatos e anotar"),
    Permission.NEGOTIATE: mark("abrir e mover negociações"),
    Permission.CLOSE: mark("fechar negociações"),
    Permission.REVEAL: mark("mostrar dados pessoais"),
    Permission.OTHERS: mark("ver negociações de outros responsáveis"),
}


@dataclass(frozen=True)
class Right:
    """What an attendant may do, and in which department that is said; "" is whoever is in none."""

    department: str = ""
    permissions: frozenset[Permission] = ALL


View = TypeVar("View", bound=Callable[..., Any])


def needs(permission: Permission, *, saves: bool = False) -> Callable[[View], View]:
    """Declares beside a view which permission it needs and whether it saves a form."""

    def declare(view: View) -> View:
        view.__dict__.update(needs=permission, saves=saves)
        return view

    return declare


def needed(view: Callable[..., Any] | None) -> Permission | None:
    """Returns what a view needs; None for one that does not say so: it is open to nobody."""
    return getattr(view, "needs", None)


def is_saving(view: Callable[..., Any] | None) -> bool:
    """Tells whether a view saves a form."""
    return bool(getattr(view, "saves", False))
