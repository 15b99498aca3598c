"""Tests of departments × actions.

An attendant without a permission reads nothing, writes nothing, and is told what is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.product import ANA, MARINA, OTAVIO, RUI, Screen, Visitor, asked, product, services_of
from widget.domain.permissions import ALL, LABELS, Permission, needed
from widget.domain.texts import gettext
from widget.emulator.crm.server import Emulator
from widget.registry import CONSOLES

ATTENDANT = ("chatwoot", "1", ANA["sub"])
# What stands for each part of an address.
PARTS = {
    "form": "note-contact",
    "key": "k" * 22,
    "name": "x",
    "number": "1",
    "ref": "lead-1",
    "what": "phone",
}
ASKED = {"/tab/link/search": {"query": "Marina"}, "/tab/negotiation/cities": {"city_name": "Cha"}}


@dataclass(frozen=True)
class View:
    """One view of a tab, as the application has it."""

    name: str
    method: str
    address: str
    needs: Permission | None

    def ask(self, visitor: Visitor, **sent: str) -> Screen:
        """Asks for it as a page of ours does; a form with a key and nothing else, unless told."""
        if self.method == "GET":
            return visitor.get(self.address, **ASKED.get(self.address, {}))
        return visitor.send(self.method, self.address, {"key": "k" * 22, **sent})


# These are about whom the panel shows, and say so on the screen: no form was drawn for anybody.
FOR_WHOM_IS_SHOWN = {"contact.reveal"}
# What the forms need to be saved, where that is more than what they are drawn with.
FILLED = {
    "contact.update": {"email": "outra@example.com"},
    "interact.save": {"stage": "4"},
    "negotiation.create": {"title": "Fibra"},
    "notes.add": {"text": "Liga na sexta"},
}


def views_of(app: Flask) -> list[View]:
    """Every view below /tab, one for each method; what is added to the registry is among them."""
    return [
        View(
            rule.endpoint,
            method,
            re.sub(r"<(?:\w+:)?(\w+)>", lambda part: PARTS[part[1]], rule.rule),
            needed(view),
        )
        for rule in app.url_map.iter_rules()
        for view in [app.view_functions[rule.endpoint]]
        if rule.rule.startswith("/tab/")
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})
    ]


def only(app: Flask, actions: frozenset[Permission], department: str = "Suporte") -> None:
    """From now on Ana belongs to a department that may do no more than this."""
    attendants = services_of(app).shared.attendants
    attendants.allow(department, actions)
    attendants.move(*ATTENDANT, department)


def test_every_view_of_the_tabs_says_what_it_needs(app: Flask) -> None:
    assert [view.name for view in views_of(app) if view.needs is None] == []
    assert set(LABELS) == ALL


def test_what_a_department_may_not_do_is_refused_and_named(ana: Visitor, crm: Emulator) -> None:
    ana.open(MARINA)
    before, app = len(crm.calls), ana.client.application
    wrong = []
    for view in views_of(app):
        assert view.needs
        only(app, ALL - {view.needs})
        screen = view.ask(ana)
        told = ("VNC-120", gettext(LABELS[view.needs]), "Suporte")
        if screen.status != 403 or not all(word in screen.text for word in told):
            wrong.append((view.method, view.address, screen.status))

    assert wrong == []
    assert crm.calls[before:] == []


def test_a_view_that_does_not_say_what_it_needs_is_open_to_nobody(
    crm: Emulator, tmp_path: Path
) -> None:
    app = product(crm, tmp_path)
    app.add_url_rule("/tab/new", "new.show", lambda: "Marina Teles Andrade")
    ana = Visitor(app.test_client())
    ana.open(MARINA)

    screen = ana.get("/tab/new")

    assert screen.status == 403
    assert "Marina" not in screen.text


def test_no_view_changes_anything_for_a_form_that_was_drawn_for_somebody_else(
    ana: Visitor, crm: Emulator
) -> None:
    """Nothing is done to any person unless the panel still shows the contact of the form.

    This holds whatever is posted.
    """
    ana.open(MARINA)
    app = ana.client.application
    database = services_of(app).journal.database

    def done() -> list[int]:
        counted = ("journal", "ledger", "links", "qualifications")
        return [len(database.rows(f"SELECT 1 FROM {table}")) for table in counted]

    before, calls = done(), len(crm.calls)
    changed = []
    for view in views_of(app):
        if view.method == "GET" or view.name in FOR_WHOM_IS_SHOWN:
            continue
        view.ask(ana, contact="client-5", **FILLED.get(view.name, {}))
        if done() != before:
            changed.append((view.method, view.address))
            before = done()

    assert changed == []
    assert [call for call in crm.calls[calls:] if call["kind"] != "list"] == []


def test_the_same_forms_are_saved_for_whom_they_were_drawn(ana: Visitor) -> None:
    """Else the test above could not fail."""
    ana.open(MARINA)
    journal = services_of(ana.client.application).journal
    for view in views_of(ana.client.application):
        if view.name in FILLED:
            address = "/tab/notes" if view.name == "notes.add" else view.address
            form = ana.get(address).form(".form, .composer")
            saved = ana.post(view.address, {**form, **FILLED[view.name]})
            assert saved.status == 200, (view.name, saved.text)
    assert len(journal.of_contact("lead-1")) > 2


@pytest.mark.parametrize(
    "path", ["/tab/contact", "/tab/contact/card", "/tab/notes", "/tab/history", "/tab/pending"]
)
def test_whoever_may_see_nothing_sees_nothing(ana: Visitor, crm: Emulator, path: str) -> None:
    ana.open(MARINA)
    before = len(crm.calls)
    only(ana.client.application, frozenset())
    screens = [ana.get(path), ana.open(OTAVIO)]

    assert [screen.status for screen in screens] == [403, 403]
    assert not any(
        name in screen.text for screen in screens for name in ("Marina", "Otávio", "Teles")
    )
    assert crm.calls[before:] == []


def test_a_department_that_may_only_see_is_offered_nothing_else(ana: Visitor) -> None:
    ana.open(MARINA)
    only(ana.client.application, frozenset({Permission.SEE, Permission.OTHERS}))
    screens = [ana.open(MARINA), ana.get("/tab/notes"), ana.open({"id": 900, "name": "Nobody"})]

    offered = {node.text(strip=True) for screen in screens for node in screen.html.css("button")}
    assert not offered & {
        "Desvincular",
        "Atualizar contato",
        "Adicionar negociação",
        "Interagir",
        "Salvar",
        "Adicionar contato",
        "Vincular existente",
        "Corrigir",
    }


@pytest.mark.parametrize("status", ["V", "D"])
def test_closing_needs_its_own_permission_and_the_form_stays(
    ana: Visitor, crm: Emulator, status: str
) -> None:
    ana.open(MARINA)
    number = _number(ana)
    only(ana.client.application, ALL - {Permission.CLOSE})
    form = ana.get(f"/tab/interact/{number}").form(".form")
    refused = ana.post(f"/tab/interact/{number}", {**form, "status": status, "loss_reason": "1"})

    assert refused.status == 403
    assert gettext(LABELS[Permission.CLOSE]) in refused.text
    assert refused.form(".form")["key"] == form["key"]
    assert asked(crm, kind="update") == []


def test_where_a_department_sees_its_own_only_those_of_others_are_nowhere(ana: Visitor) -> None:
    opened = ana.open(MARINA)
    number, title = _number(ana), opened.html.css_first(".deal strong").text()
    app: Any = ana.client.application
    services_of(app).owners.choose("chatwoot:1:1", "99")
    only(app, ALL - {Permission.OTHERS})
    screens = [
        ana.open(MARINA),
        ana.get("/tab/contact/deals"),
        ana.get("/tab/history"),
        ana.get("/tab/notes"),
    ]
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
    assert all(name.isidentifier() for name in CONSOLES)


# How much


def test_whoever_looks_up_more_people_than_anybody_does_is_stopped_and_colleagues_are_not(
    crm: Emulator, tmp_path: Path
) -> None:
    app = product(crm, tmp_path, lookups_per_hour=12)
    ana, rui = Visitor(app.test_client()), Visitor(app.test_client(), RUI)
    statuses = [
        ana.open({"id": 500 + n, "phone_number": f"+55499912{n:05}"}).status for n in range(14)
    ]
    refused = ana.open({"id": 600, "phone_number": "+5549991450077"})

    assert statuses == [200] * 12 + [429] * 2
    assert "VNC-123" in refused.text
    assert "Lúcia" not in refused.text
    assert rui.open(MARINA).status == 200


def test_coming_back_to_the_same_person_counts_once(crm: Emulator, tmp_path: Path) -> None:
    ana = Visitor(product(crm, tmp_path, lookups_per_hour=10).test_client())

    assert {ana.open(MARINA).status for _ in range(30)} == {200}


def test_one_conversation_that_tells_of_one_phone_after_the_other_counts_each(
    crm: Emulator, tmp_path: Path
) -> None:
    ana = Visitor(product(crm, tmp_path, lookups_per_hour=10).test_client())
    statuses = [ana.open({"id": 500, "phone_number": f"+55499912{n:05}"}).status for n in range(12)]

    assert statuses == [200] * 10 + [429] * 2


def test_searches_of_the_crm_are_counted(crm: Emulator, tmp_path: Path) -> None:
    ana = Visitor(product(crm, tmp_path, lookups_per_hour=10, index=False).test_client())
    ana.open(MARINA)
    statuses = [ana.get("/tab/link/search", q="Marina", ask="1").status for _ in range(102)]

    assert statuses == [200] * 100 + [429] * 2
