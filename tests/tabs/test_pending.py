"""Tests of what is on its way: said until it is done, tried again when somebody asks, and left at that."""

import pytest
from flask import Flask

from tests.product import HENRIQUE, LUCIA, MARINA, RUI, Screen, Visitor, asked, services_of, settled
from widget.emulator.server import Emulator

PENDING, NOTES = "/tab/pending", "/tab/notes"
TABLE = "crm_prospeccao_anotacoes"


@pytest.fixture
def key(ana: Visitor, crm: Emulator) -> str:
    """A note of Ana's for Lúcia, kept while the CRM was away."""
    ana.open(LUCIA)
    form = {**ana.get(NOTES).form(".composer"), "text": "Quer 500"}
    crm.stop()
    ana.post(NOTES, form)
    crm.start()
    return form["key"]


def refused(app: Flask, crm: Emulator) -> None:
    """The CRM says no when nobody is looking."""
    crm.control(not_writable=[TABLE])
    settled(app)
    crm.control(not_writable=[])


def notes(crm: Emulator) -> int:
    return sum("Quer 500" in row["anotacao"] for row in crm.rows(TABLE))


def drawn(screen: Screen) -> dict[str, str]:
    """What the lines ask with the next time."""
    node = screen.html.css_first("#pending")
    assert node is not None, screen.text
    address = node.attributes["hx-get"] or ""
    return dict(part.split("=") for part in address.partition("?")[2].split("&"))


def test_what_is_on_its_way_is_said_and_asked_for_again(ana: Visitor, key: str) -> None:
    screen = ana.get(PENDING)

    assert "Guardado aqui; segue sozinho para o CRM. O CRM está fora do ar." in screen.text
    assert "Anotação “Quer 500” · guardada" in screen.text
    assert "every 2s" in screen.response.text
    assert drawn(screen)["open"] == key


def test_lines_that_look_the_same_are_left_in_peace(ana: Visitor, key: str) -> None:
    again = ana.get(PENDING, **drawn(ana.get(PENDING)))

    assert (again.status, again.response.text) == (204, "")


def test_what_has_come_to_its_end_is_said_with_its_number_and_the_screen_looks_anew(
    ana: Visitor, app: Flask, crm: Emulator, key: str
) -> None:
    seen = drawn(ana.get(PENDING))
    settled(app)
    screen = ana.get(PENDING, **seen)

    assert f"No CRM: Anotação “Quer 500” nº {crm.rows(TABLE)[-1]['id']}" in screen.text
    assert screen.response.headers["HX-Trigger-After-Swap"] == "settled"
    assert "every 2s" not in screen.response.text


def test_where_nothing_is_on_its_way_nothing_is_said(ana: Visitor) -> None:
    ana.open(MARINA)

    assert ana.get(PENDING).text == ""


def test_a_refusal_says_why_and_where_it_is_put_right(ana: Visitor, app: Flask, crm: Emulator, key: str) -> None:
    refused(app, crm)
    screen = ana.get(PENDING)

    assert "Anotação “Quer 500” · recusada" in screen.text
    assert "permissão" in screen.text
    (mend,) = screen.html.css(f"#mend-{key}")
    assert ana.get(mend.attributes["hx-get"] or "").form(".composer")["text"] == "Quer 500"


def test_somebody_may_leave_a_refusal_at_that_and_it_is_written_down(
    ana: Visitor, app: Flask, crm: Emulator, key: str
) -> None:
    refused(app, crm)
    screen = ana.post(f"{PENDING}/{key}/seen", {})

    assert (screen.status, screen.text) == (200, "")
    assert ana.get(PENDING).text == ""
    assert services_of(app).ledger.of(["client-6", ""])
    assert notes(crm) == 0


def test_what_is_still_on_its_way_cannot_be_waved_away(ana: Visitor, app: Flask, crm: Emulator, key: str) -> None:
    ana.post(f"{PENDING}/{key}/seen", {})
    settled(app)

    assert notes(crm) == 1


def test_somebody_who_wants_it_now_gets_it_tried_at_once(ana: Visitor, crm: Emulator, key: str) -> None:
    seen = drawn(ana.get(PENDING))
    screen = ana.post(f"{PENDING}/{key}/again", {})

    assert screen.status == 200
    assert notes(crm) == 1
    assert "No CRM:" in ana.get(PENDING, **seen).text


@pytest.mark.parametrize("act", ["again", "seen"])
def test_another_conversations_writes_are_nobodys_to_move(
    ana: Visitor, app: Flask, crm: Emulator, key: str, act: str
) -> None:
    rui = Visitor(app.test_client(), RUI)
    rui.open(HENRIQUE)
    before = len(asked(crm, TABLE, "insert"))

    assert rui.get(PENDING).text == ""
    assert rui.post(f"{PENDING}/{key}/{act}", {}).status < 500
    assert len(asked(crm, TABLE, "insert")) == before
    assert [e.key for e in services_of(app).journal.open()] == [key]


def test_a_colleague_at_the_same_contact_sees_it_too(app: Flask, key: str) -> None:
    rui = Visitor(app.test_client(), RUI)
    rui.open(LUCIA, conversation=777)

    assert "Quer 500" in rui.get(PENDING).text


def test_after_many_tries_a_person_is_asked_to_look(ana: Visitor, app: Flask, crm: Emulator, key: str) -> None:
    found = services_of(app)
    crm.control(fault="429", fault_on="write")
    for _ in range(8):
        found.settling.pursue(key)
    screen = ana.get(PENDING)
    crm.control(fault="none")
    ana.post(f"{PENDING}/{key}/again", {})

    assert "Precisa de você:" in screen.text
    assert "O CRM pediu para esperar." in screen.text
    assert notes(crm) == 1


def test_what_the_crm_did_not_keep_is_named_until_somebody_has_seen_it(
    ana: Visitor, app: Flask, crm: Emulator, key: str
) -> None:
    settled(app)
    found = services_of(app)
    entry = found.journal.find(key)
    assert entry is not None
    found.journal.checked(entry, dropped=["anotacao"], twins=[entry.crm_id, "999"])
    told = ana.get(PENDING).text
    ana.post(f"{PENDING}/{key}/seen", {})

    assert f"Salvo com o nº {entry.crm_id}, mas o CRM não guardou tudo: Anotação." in told
    assert f"Há registros iguais no CRM: {entry.crm_id}, 999. Nada foi apagado" in told
    assert ana.get(PENDING).text == ""
