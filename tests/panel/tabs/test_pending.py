"""Tests of what is on its way, as lines.

A line is polled in peace, tried now, let go, and only by a person who may see it.
"""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from tests.product import HENRIQUE, RAFAEL, RUI, Screen, Visitor, services_of
from widget.emulator.crm.server import Emulator

NOTES = "/tab/notes"
PENDING = "/tab/pending"
TABLE = "crm_prospeccao_anotacoes"


def with_a_note_on_its_way(ana: Visitor, crm: Emulator) -> Screen:
    """Rafael's panel, with a note that the CRM does not take now."""
    ana.open(RAFAEL)
    crm.control(ip_blocked=True)
    ana.fill(NOTES, text="Ninguém atende")
    return ana.get(PENDING)


def time_of_day(at: float) -> str:
    """As the screens tell it."""
    return datetime.fromtimestamp(at, ZoneInfo("America/Sao_Paulo")).strftime("%H:%M")


def polled(screen: Screen) -> str:
    """Where the lines look next."""
    return str(screen.html.css_first("#pending").attributes["hx-get"])  # type: ignore[union-attr]


def root(app: Flask) -> str:
    """The key of the form that is on its way."""
    [entry] = services_of(app).journal.open()
    return entry.root


def test_what_is_on_its_way_is_told_with_its_state_and_its_hindrance(
    ana: Visitor, crm: Emulator
) -> None:
    lines = with_a_note_on_its_way(ana, crm)

    assert (
        "Guardado aqui; segue sozinho para o CRM. O CRM não permite acesso a partir deste servidor."
        in lines.text
    )
    assert "Anotação “Ninguém atende” · guardada" in lines.text


def test_a_look_at_lines_that_have_not_changed_brings_nothing(ana: Visitor, crm: Emulator) -> None:
    lines = with_a_note_on_its_way(ana, crm)

    assert ana.get(polled(lines)).status == 204


def test_a_look_after_the_end_tells_it_and_has_the_screen_look_anew(
    ana: Visitor, crm: Emulator, app: Flask
) -> None:
    lines = with_a_note_on_its_way(ana, crm)
    crm.control(ip_blocked=False)
    services_of(app).settling.pursue(root(app))

    ended = ana.get(polled(lines))

    assert f"No CRM: Anotação “Ninguém atende” nº {crm.rows(TABLE)[-1]['id']}" in ended.text
    assert ended.response.headers["HX-Trigger-After-Swap"] == "moved, settled"


def test_trying_it_now_sends_it_once(ana: Visitor, crm: Emulator, app: Flask) -> None:
    with_a_note_on_its_way(ana, crm)
    key = root(app)
    crm.control(ip_blocked=False)

    ana.post(f"{PENDING}/{key}/again", {})
    ana.post(f"{PENDING}/{key}/again", {})

    assert sum("Ninguém atende" in row["anotacao"] for row in crm.rows(TABLE)) == 1


def test_who_shows_another_contact_neither_sees_nor_moves_it(
    ana: Visitor, crm: Emulator, app: Flask
) -> None:
    with_a_note_on_its_way(ana, crm)
    crm.control(ip_blocked=False)
    rui = Visitor(app.test_client(), RUI)
    rui.open(HENRIQUE)

    answer = rui.post(f"{PENDING}/{root(app)}/again", {})

    assert "Ninguém atende" not in answer.text
    assert services_of(app).journal.open()


def test_what_was_refused_is_let_go_by_the_first_and_nothing_is_said_to_the_second(
    ana: Visitor, crm: Emulator, app: Flask
) -> None:
    with_a_note_on_its_way(ana, crm)
    key = root(app)
    crm.control(ip_blocked=False, not_permitted=[TABLE])
    services_of(app).settling.pursue(key)

    assert "Anotação “Ninguém atende” · recusada" in ana.get(PENDING).text
    answers = [ana.post(f"{PENDING}/{key}/seen", {}) for _ in range(2)]

    assert [(answer.status, answer.text) for answer in answers] == [(200, ""), (200, "")]


# -- while the CRM is away
# -----------------------------------------------------------------------------------------


def away(screen: Screen) -> str:
    """The line that says since when nothing is heard of the CRM, and asks by itself."""
    line = screen.html.css_first("#away")
    return f"{line.text().strip()} {line.attributes['hx-get']}" if line else ""


def until_back(app: Flask) -> None:
    """The probe has noticed."""
    deadline = time.monotonic() + 60
    guarded = services_of(app).guarded
    while guarded and guarded.trouble and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_card_of_a_crm_that_is_away_says_since_when_and_looks_for_it(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    ana.open(RAFAEL)
    crm.control(fault="reset")

    card = ana.get("/tab/contact", fresh="now")

    guarded = services_of(app).guarded
    assert guarded
    assert guarded.trouble
    since = time_of_day(guarded.trouble.since)
    assert (
        away(card) == f"O CRM não responde desde {since}; tentamos de novo sozinhos. {PENDING}/back"
    )
    assert "Rafael Nunes Prado" in card.text


def test_while_it_is_away_the_line_brings_nothing_and_once_it_is_back_everything(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    ana.open(RAFAEL)
    crm.control(fault="reset")
    ana.get("/tab/contact", fresh="now")
    still = ana.get(f"{PENDING}/back")
    asked = len(crm.calls)
    ana.get(f"{PENDING}/back")
    assert len(crm.calls) - asked <= 3  # a probe or two, it may be, but not the line
    crm.control(fault="none")
    until_back(app)

    back = ana.get(f"{PENDING}/back")

    assert (still.status, still.response.text) == (204, "")
    assert (back.status, back.response.headers["HX-Trigger-After-Swap"]) == (200, "moved, settled")
    assert away(ana.get("/tab/contact/card")) == ""


def test_somebody_unknown_while_the_crm_is_away_is_looked_for_again_by_itself(
    ana: Visitor, crm: Emulator
) -> None:
    crm.control(fault="reset")

    down = ana.open(RAFAEL)

    assert away(down)
    assert down.html.css_first('[hx-trigger="settled from:body"][hx-target="#view"]')


def test_trouble_that_is_no_outage_is_not_looked_for(ana: Visitor, crm: Emulator) -> None:
    ana.open(RAFAEL)
    crm.control(fault="401")

    assert away(ana.get("/tab/contact", fresh="now")) == ""
