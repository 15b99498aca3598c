"""A tab says itself where it stands, what it needs, and where its forms go on."""

import pytest
from flask import Flask

from tests.domain.test_permissions import only
from tests.product import MARINA, Visitor
from widget.domain.permissions import ALL, Permission
from widget.panel.tab import Place, Tab, way_to
from widget.registry import TABS


def names(ana: Visitor) -> list[str]:
    assert ana.screen is not None
    return [node.text(strip=True) for node in ana.screen.html.css("[role=tab]")]


def test_the_navigation_has_every_tab_with_a_label_in_its_order(ana: Visitor) -> None:
    ana.open(MARINA)

    assert names(ana) == [tab.label for tab in sorted(TABS, key=lambda t: t.order) if tab.label]
    assert len({tab.order for tab in TABS if tab.label}) == len(names(ana))


def test_every_tab_with_a_label_is_reached_from_the_card_by_arrows_and_by_its_own_key(
    ana: Visitor,
) -> None:
    screen = ana.open(MARINA)
    inside = screen.html.css("[role=tablist] > [role=tab]")
    reached = {node.text(strip=True): node.attributes for node in inside}
    keys = [node.attributes["data-key"] for node in screen.html.css("[data-key]")]

    for tab in [tab for tab in TABS if tab.label]:
        node = reached[tab.label]
        assert node.get("data-key", "") == tab.key
        assert not tab.key or keys.count(tab.key) == 1
        assert ana.get(node["hx-get"] or "").status == 200


def test_a_new_tab_appears_by_itself_for_whom_it_is_meant(app: Flask) -> None:
    tab = Tab("tasks", __name__, label="Tarefas", order=9, key="t", permission=Permission.CLOSE)
    tab.add_url_rule("", "show", lambda: "")
    app.register_blueprint(tab, url_prefix="/tab/tasks")
    ana = Visitor(app.test_client())
    ana.open(MARINA)
    offered = names(ana)
    only(app, ALL - {Permission.CLOSE})
    ana.open(MARINA)

    assert offered[-1] == "Tarefas"
    assert "Tarefas" not in names(ana)


@pytest.mark.parametrize(
    ("form", "address", "target"),
    [
        ("contact-new", "/tab/contact/new", "#view"),
        ("contact-edit", "/tab/contact/edit", "#view"),
        ("negotiation-new", "/tab/negotiation/new", "#view"),
        ("interact-12", "/tab/interact/12", "#view"),
        ("note-contact", "/tab/notes", "#tab"),
        ("note-12", "/tab/notes?negotiation=12", "#tab"),
        ("note-new-kkkkkkkkkkkkkkkkkkkkkk", "/tab/notes?negotiation=new-" + "k" * 22, "#tab"),
    ],
)
def test_a_form_goes_on_where_its_tab_draws_it(
    app: Flask, form: str, address: str, target: str
) -> None:
    with app.test_request_context():
        way = way_to(form)

    assert way is not None
    assert (way.url, way.target, bool(way.label)) == (address, target, True)


def test_a_form_of_no_tab_goes_nowhere(app: Flask) -> None:
    with app.test_request_context():
        assert way_to("board-drop") is None


def test_what_came_back_is_named_in_the_address(app: Flask) -> None:
    with app.test_request_context():
        way = way_to("note-contact", entry="k" * 22)

    assert way is not None
    assert way.url == "/tab/notes?entry=" + "k" * 22


def test_every_place_is_a_view_of_its_tab(app: Flask) -> None:
    places = [(tab, place) for tab in TABS for place in tab.places]

    assert [p for t, p in places if f"{t.name}.{p.view}" not in app.view_functions] == []
    assert all(isinstance(place, Place) and place.label for _, place in places)
