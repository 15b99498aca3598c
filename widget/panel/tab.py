"""What a tab declares: its place in the card's navigation, and where its forms are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, url_for

from widget.desk.visits import Visit
from widget.domain.permissions import Permission


@dataclass(frozen=True)
class Place:
    """Where a form goes on.

    ``form`` is its name, or how its name begins where a number follows: then ``about`` is what the
    address calls the number. ``view`` is an endpoint of the tab, ``target`` the part of the screen
    that it is drawn into.
    """

    form: str
    label: str
    view: str
    target: str = "#view"
    about: str = ""


@dataclass(frozen=True)
class Way:
    """Where a form is drawn.

    It says what the form is called, its address, and the part of the screen it goes into.
    """

    label: str
    url: str
    target: str


class Tab(Blueprint):
    """A part of the panel with its views.

    One with a ``label`` stands in the navigation below the card, by its ``order``, for attendants
    who have the ``permission``; it is opened by the view ``opens`` and by Alt and ``key``.
    """

    def __init__(  # noqa: PLR0913 -- keywords, each a part of the declaration
        self,
        name: str,
        import_name: str,
        *,
        label: str = "",
        order: int = 0,
        opens: str = "show",
        key: str = "",
        permission: Permission = Permission.SEE,
        places: Iterable[Place] = (),
    ) -> None:
        super().__init__(name, import_name)
        self.label = label
        self.order = order
        self.opens = opens
        self.key = key
        self.permission = permission
        self.places = tuple(places)

    @property
    def url(self) -> str:
        """Returns the address that opens it."""
        return url_for(f"{self.name}.{self.opens}")


def tabs() -> list[Tab]:
    """Returns all tabs of the running application."""
    return [found for found in current_app.blueprints.values() if isinstance(found, Tab)]


def navigation(visit: Visit) -> list[Tab]:
    """Returns the tabs that stand below the card of this attendant, in their order."""
    named = [tab for tab in tabs() if tab.label and visit.may(tab.permission)]
    return sorted(named, key=lambda tab: tab.order)


def way_to(form: str, entry: str = "") -> Way | None:
    """Returns where a form is drawn, None for one that no tab has.

    ``entry``: with what was typed in the write that came back.
    """
    for tab in tabs():
        for place in tab.places:
            if _is_at(form, place):
                return _way(tab, place, form, entry)
    return None


def _is_at(form: str, place: Place) -> bool:
    if form == place.form:
        return True
    return bool(place.about) and form.startswith(f"{place.form}-")


def _way(tab: Tab, place: Place, form: str, entry: str) -> Way:
    values: dict[str, Any] = {}
    about = form.removeprefix(f"{place.form}-")
    # A negotiation that the CRM does not have yet is called by the name of its write.
    if place.about and (about.isdecimal() or about.startswith("new-")):
        values[place.about] = about
    if entry:
        values["entry"] = entry
    return Way(place.label, url_for(f"{tab.name}.{place.view}", **values), place.target)
