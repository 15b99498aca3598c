"""The page of the diagnosis."""

from pathlib import Path

from flask import Flask

from tests.product import RAFAEL, SECRET, START_KEY, Visitor
from tests.setup.desk import Desk, arrived
from widget.app import create_app
from widget.desk.shared import Keys
from widget.domain.permissions import Role
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator


def slugs(desk: Desk, verdict: str) -> list[str]:
    page = desk.get("/diagnosis").html
    return [
        str(node.attributes["data-slug"])
        for node in page.css("li")
        if node.css_first(f".badge.{verdict}")
    ]


def test_what_is_broken_stands_first_with_what_to_do(crm: Emulator, rosa: Desk) -> None:
    crm.control(ip_blocked=True)

    page = rosa.get("/diagnosis")

    assert page.status == 200
    assert "O que fazer primeiro" in page.text
    assert "Acrescente em Redes permitidas" in page.text
    assert slugs(rosa, "bad")[0] == "address-refused"


def test_what_is_done_in_the_set_up_is_one_click_away_for_whoever_may(
    crm: Emulator, maria: Desk, rosa: Desk
) -> None:
    crm.control(fault="404")

    mine, theirs = maria.get("/diagnosis").html, rosa.get("/diagnosis").html

    assert [node.attributes["href"] for node in mine.css("section[aria-labelledby=first] a")] == [
        "/setup/integrations/main"
    ]
    assert theirs.css("section[aria-labelledby=first]")
    assert theirs.css("section[aria-labelledby=first] a") == []


def test_calls_are_told_in_figures_and_found_by_their_code(
    crm: Emulator, app: Flask, ana: Visitor, rosa: Desk
) -> None:
    ana.open(RAFAEL)
    crm.control(fault="html200")
    ana.get("/tab/contact", fresh="now")
    ana.client.post("/tab/contact/refresh", headers=ana._headers())
    ana.get("/tab/negotiation/new")

    page = rosa.get("/diagnosis")
    found = rosa.get("/diagnosis", q="VNC-203")

    assert page.html.css("svg.spark polyline")
    assert page.html.css("svg.spark[aria-label]")
    assert "crm-error-page" in found.text
    assert "O CRM respondeu de um jeito que não se entende." in found.text
    assert {row.css("td")[7].text() for row in found.html.css("details tbody tr")} == {"VNC-203"}


def test_a_code_that_never_happened_finds_nothing_but_is_explained(rosa: Desk) -> None:
    page = rosa.get("/diagnosis", q="vnc-304")

    assert "danificado" in page.text
    assert "Nenhuma chamada encontrada" in page.text


def test_who_came_to_the_door_is_told_without_a_name(app: Flask, ana: Visitor, rosa: Desk) -> None:
    ana.open(RAFAEL)
    ana.open(RAFAEL, key="another-key-that-is-long-enough-too")

    page = rosa.get("/diagnosis")

    assert "recusado: assinatura de outra chave" in page.text
    assert [word for word in ("Rafael", "Ana Souza", "99903") if word in page.text] == []
    assert slugs(rosa, "bad")[-1] == "signature-wrong"


def test_who_reloads_at_once_asks_nobody_again(crm: Emulator, rosa: Desk) -> None:
    rosa.get("/diagnosis")
    before = len(crm.calls)

    rosa.get("/diagnosis")

    assert len(crm.calls) == before


def test_the_bundle_is_a_file(rosa: Desk) -> None:
    answer = rosa.get("/diagnosis/bundle").response

    assert answer.headers["Content-Disposition"].startswith("attachment; filename=vinculo-")
    assert answer.json is not None
    assert answer.json["format"] == 1


def test_where_no_crm_is_connected_yet_that_is_what_to_do(tmp_path: Path) -> None:
    rosa = arrived(
        create_app(Settings(data=str(tmp_path)), Keys(SECRET, START_KEY)), Role.SUPPORT, "rosa"
    )

    page = rosa.get("/diagnosis")

    assert page.status == 200
    assert "Nenhum CRM está conectado ao painel." in page.text
    assert [slug for slug in slugs(rosa, "warn") if slug != "storage-slow"] == [
        "no-crm"
    ]  # the disk may be busy
