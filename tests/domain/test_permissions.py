"""Departments × actions: whoever may not do a thing reads nothing, writes nothing, and is told what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.product import ANA, MARINA, OTAVIO, RUI, Visitor, asked, product, services_of
from widget.domain.permissions import ALL, LABELS, NEEDS, Action
from widget.domain.texts import gettext
from widget.emulator.crm.server import Emulator
from widget.registry import HOSTS

ATTENDANT = ("chatwoot", "1", ANA["sub"])
PATHS: dict[str, tuple[str, dict[str, str]]] = {
    "contact.edit": ("/tab/contact/edit", {}),
    "contact_new.form": ("/tab/contact/new", {}),
    "link.form": ("/tab/link", {}),
    "link.find": ("/tab/link/search", {"query": "Marina"}),
    "link.check": ("/tab/link/lead-1", {}),
    "link.ask_remove": ("/tab/link/remove", {}),
    "negotiation.new": ("/tab/negotiation/new", {}),
    "negotiation.path": ("/tab/negotiation/path", {}),
    "negotiation.cities": ("/tab/negotiation/cities", {"city_name": "Cha"}),
    "interact.form": ("/tab/interact/1", {}),
    "notes.correct": ("/tab/notes/correct/x", {}),
}
WRITES: dict[str, str] = {
    "contact.reveal": "/tab/contact/reveal/phone",
    "contact.update": "/tab/contact/edit",
    "contact_new.duplicates": "/tab/contact/new/duplicates",
    "contact_new.create": "/tab/contact/new",
    "link.save": "/tab/link/lead-1",
    "link.remove": "/tab/link/remove",
    "negotiation.create": "/tab/negotiation/new",
    "interact.save": "/tab/interact/1",
    "notes.add": "/tab/notes",
}


def only(app: Flask, actions: frozenset[Action], department: str = "Suporte") -> None:
    """From now on Ana belongs to a department that may do no more than this."""
    attendants = services_of(app).attendants
    attendants.allow(department, actions)
    attendants.move(*ATTENDANT, department)


def test_each_view_of_the_tabs_says_what_it_needs(app: Flask) -> None:
    views = {str(rule.endpoint) for rule in app.url_map.iter_rules() if rule.rule.startswith("/tab/")}

    assert views == set(NEEDS)
    assert {view for view, action in NEEDS.items() if action is not Action.SEE} == set(PATHS) | set(WRITES)
    assert set(LABELS) == ALL


@pytest.mark.parametrize("view", [*PATHS, *WRITES])
def test_what_a_department_may_not_do_is_refused_and_named(ana: Visitor, crm: Emulator, view: str) -> None:
    ana.open(MARINA)
    before, app = len(crm.calls), ana.client.application
    only(app, ALL - {NEEDS[view]})
    screen = ana.get(PATHS[view][0], **PATHS[view][1]) if view in PATHS else ana.post(WRITES[view], {"key": "k" * 20})

    assert screen.status == 403
    assert "VNC-120" in screen.text
    assert gettext(LABELS[NEEDS[view]]) in screen.text
    assert "Suporte" in screen.text
    assert crm.calls[before:] == []


@pytest.mark.parametrize("path", ["/tab/contact", "/tab/contact/card", "/tab/notes", "/tab/history", "/tab/pending"])
def test_whoever_may_see_nothing_sees_nothing(ana: Visitor, crm: Emulator, path: str) -> None:
    ana.open(MARINA)
    before = len(crm.calls)
    only(ana.client.application, frozenset())
    screens = [ana.get(path), ana.open(OTAVIO)]

    assert [screen.status for screen in screens] == [403, 403]
    assert not any(name in screen.text for screen in screens for name in ("Marina", "Otávio", "Teles"))
    assert crm.calls[before:] == []


def test_a_department_that_may_only_see_is_offered_nothing_else(ana: Visitor) -> None:
    ana.open(MARINA)
    only(ana.client.application, frozenset({Action.SEE, Action.OTHERS}))
    screens = [ana.open(MARINA), ana.get("/tab/notes"), ana.open({"id": 900, "name": "Nobody"})]

    offered = {node.text(strip=True) for screen in screens for node in screen.html.css("button")}
    assert not offered & {"Desvincular", "Atualizar contato", "Adicionar negociação", "Interagir", "Salvar",
                          "Adicionar contato", "Vincular existente", "Corrigir"}  # fmt: skip


@pytest.mark.parametrize("status", ["V", "D"])
def test_closing_needs_its_own_permission_and_the_form_stays(ana: Visitor, crm: Emulator, status: str) -> None:
    ana.open(MARINA)
    number = _number(ana)
    only(ana.client.application, ALL - {Action.CLOSE})
    form = ana.get(f"/tab/interact/{number}").form(".form")
    refused = ana.post(f"/tab/interact/{number}", {**form, "status": status, "loss_reason": "1"})

    assert refused.status == 403
    assert gettext(LABELS[Action.CLOSE]) in refused.text
    assert refused.form(".form")["key"] == form["key"]
    assert asked(crm, kind="update") == []


def test_where_a_department_sees_its_own_only_those_of_others_are_nowhere(ana: Visitor) -> None:
    opened = ana.open(MARINA)
    number, title = _number(ana), opened.html.css_first(".deal strong").text()
    app: Any = ana.client.application
    services_of(app).owners.choose("chatwoot:1:1", "99")
    only(app, ALL - {Action.OTHERS})
    screens = [ana.open(MARINA), ana.get("/tab/contact/deals"), ana.get("/tab/history"), ana.get("/tab/notes")]
    direct = ana.get(f"/tab/interact/{number}")

    assert not any(title in screen.text for screen in screens)
    assert (direct.status, title in direct.text) == (403, False)


def _number(ana: Visitor) -> str:
    """The first negotiation on the screen."""
    assert ana.screen is not None
    node = ana.screen.html.css_first(".deal [id^=interact-]")
    assert node is not None, ana.screen.text
    return str(node.attributes["id"]).removeprefix("interact-")


def test_consoles_are_named_without_what_separates_them_in_keys() -> None:
    assert all(name.isidentifier() for name in HOSTS)


# How much


def test_whoever_looks_up_more_people_than_anybody_does_is_stopped_and_colleagues_are_not(
    crm: Emulator, tmp_path: Path
) -> None:
    app = product(crm, tmp_path, lookups_per_hour=12)
    ana, rui = Visitor(app.test_client()), Visitor(app.test_client(), RUI)
    statuses = [ana.open({"id": 500 + n, "phone_number": f"+55499912{n:05}"}).status for n in range(14)]
    refused = ana.open({"id": 600, "phone_number": "+5549991450077"})

    assert statuses == [200] * 12 + [429] * 2
    assert "VNC-123" in refused.text
    assert "Lúcia" not in refused.text
    assert rui.open(MARINA).status == 200


def test_coming_back_to_the_same_person_counts_once(crm: Emulator, tmp_path: Path) -> None:
    ana = Visitor(product(crm, tmp_path, lookups_per_hour=10).test_client())

    assert {ana.open(MARINA).status for _ in range(30)} == {200}


def test_one_conversation_that_tells_of_one_phone_after_the_other_counts_each(crm: Emulator, tmp_path: Path) -> None:
    ana = Visitor(product(crm, tmp_path, lookups_per_hour=10).test_client())
    statuses = [ana.open({"id": 500, "phone_number": f"+55499912{n:05}"}).status for n in range(12)]

    assert statuses == [200] * 10 + [429] * 2


def test_searches_of_the_crm_are_counted(crm: Emulator, tmp_path: Path) -> None:
    ana = Visitor(product(crm, tmp_path, lookups_per_hour=10, index=False).test_client())
    ana.open(MARINA)
    statuses = [ana.get("/tab/link/search", q="Marina", ask="1").status for _ in range(102)]

    assert statuses == [200] * 100 + [429] * 2
