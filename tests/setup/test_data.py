"""Tests of the page for personal data.

What is kept is told, and one person is told or erased, by administrators alone.
"""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.product import MARINA, Visitor, services_of
from tests.setup.desk import Desk, arrived
from widget.domain.permissions import Role
from widget.emulator.crm.server import Emulator
from widget.privacy.kept import tables

MARINA_IS = {"integration": "", "source": "lead", "number": "1"}


def events(app: Flask, event: str) -> list[str]:
    """Who did this, as the ledger has it."""
    rows = services_of(app).ledger._database.rows(
        "SELECT author FROM ledger WHERE event = ?", event
    )
    return [json.loads(row["author"])[1] for row in rows]


def test_every_table_is_told_with_whose_it_is_why_and_how_long(maria: Desk) -> None:
    page = maria.get("/data")

    assert page.status == 200
    assert [table.name for table in tables() if table.what not in page.text] == []
    assert "Prazo: 180 dias." in page.text
    assert "vinculo.db · conversations.body" in page.text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/data"), ("POST", "/data/export"), ("POST", "/data/erase")]
)
def test_support_and_strangers_see_and_do_nothing_here(
    app: Flask, stranger: Desk, method: str, path: str
) -> None:
    Visitor(app.test_client()).open(MARINA)
    rosa = arrived(app, Role.SUPPORT, "rosa")
    answers = [
        desk.get(path) if method == "GET" else desk.post(path, MARINA_IS)
        for desk in (rosa, stranger)
    ]

    assert answers[0].status == 403
    assert "Marina" not in answers[0].text + answers[1].text
    assert events(app, "exported") + events(app, "receipt") == []


def test_a_person_is_looked_for_by_number_and_told_in_counts_only(app: Flask, maria: Desk) -> None:
    Visitor(app.test_client()).open(MARINA)
    page = maria.get("/data", **MARINA_IS)

    assert "Guardado de lead-1:" in page.text
    assert "conversas: 1" in page.text
    assert "Marina" not in page.text


def test_an_export_is_a_file_and_sealed_with_who_asked(app: Flask, maria: Desk) -> None:
    Visitor(app.test_client()).open(MARINA)
    answer = maria.post("/data/export", MARINA_IS)

    assert answer.response.headers["Content-Disposition"] == 'attachment; filename="lead-1.json"'
    assert answer.response.headers["Cache-Control"] == "no-store"
    assert answer.response.get_json()["conversations"][0]["person"]["name"] == "Marina"
    assert events(app, "exported") == ["maria"]


def test_who_is_erased_is_gone_and_the_receipt_is_shown(app: Flask, maria: Desk) -> None:
    Visitor(app.test_client()).open(MARINA)
    page = maria.follow(maria.post("/data/erase", {**MARINA_IS, "again": "1"}))
    later = maria.get("/data", **MARINA_IS)

    assert "lead-1 foi apagado do painel." in page.text
    assert "conversas: 1" in page.text
    assert events(app, "receipt") == ["maria"]
    assert "conversas:" not in later.text.partition("O que fica guardado")[0]


def test_nobody_is_erased_without_typing_the_number_again(app: Flask, maria: Desk) -> None:
    Visitor(app.test_client()).open(MARINA)
    answer = maria.post("/data/erase", {**MARINA_IS, "again": "2"})

    assert (answer.status, answer.wrong("again")) == (
        422,
        "Digite o número outra vez: é o que confirma.",
    )
    assert events(app, "receipt") == []


def test_what_is_on_its_way_is_erased_only_when_that_is_said(
    app: Flask, maria: Desk, ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/notes").form(".composer")
    crm.stop()
    ana.post("/tab/notes", {**form, "text": "Quer 500 Mega"})
    refused = maria.post("/data/erase", {**MARINA_IS, "again": "1"})
    done = maria.post("/data/erase", {**MARINA_IS, "again": "1", "abandon": "1"})

    assert (refused.status, "Nada foi apagado." in refused.wrong("abandon")) == (409, True)
    assert done.status == 303


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"number": "Marina"}, "number"),
        ({"number": "1", "source": "new"}, "number"),
        ({"number": "1", "integration": "nothing"}, ""),
        ({"number": "9" * 500}, ""),
        ({"number": "\x00"}, "number"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(
    app: Flask, maria: Desk, typed: dict[str, str], problem: str
) -> None:
    answers = [
        maria.get("/data", **typed),
        maria.post("/data/export", typed),
        maria.post("/data/erase", typed),
    ]

    assert [answer.status for answer in answers if answer.status >= 500] == []
    assert not problem or answers[0].wrong(problem)
    assert events(app, "receipt") == []
