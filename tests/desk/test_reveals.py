"""Personal data in clear: nowhere until somebody asks, and then sealed before it is shown."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import personal
from tests.every_screen import every_screen
from tests.product import (
    ANA,
    HENRIQUE,
    MARINA,
    RAFAEL,
    RUI,
    SERRA_AZUL,
    TEO,
    Hour,
    Visitor,
    behind,
    services_of,
    settled,
)
from widget.domain import errors
from widget.domain.permissions import ALL as ALL_ACTIONS
from widget.domain.permissions import Permission
from widget.emulator.crm.server import Emulator

PHONE, DOCUMENT, EMAIL = "(49) 99903-2288", "812.447.530-09", "rafael.prado@example.com"
ALL = "/tab/contact/reveal/all"


@pytest.fixture
def forbidden(app: Flask, ana: Visitor) -> None:
    """Ana's department may do everything but see personal data in clear."""
    ana.open(RAFAEL)
    attendants = services_of(app).shared.attendants
    attendants.allow("Suporte", ALL_ACTIONS - {Permission.REVEAL})
    attendants.move("chatwoot", "1", ANA["sub"], "Suporte")


def sealed(app: Flask) -> list[dict[str, Any]]:
    """The ledger's lines about what was revealed."""
    database = services_of(app).ledger._database
    return database.rows(
        "SELECT contact, conversation, author, personal FROM ledger WHERE event = 'revealed' "
        "ORDER BY seq"
    )


def seen(text: str) -> list[str]:
    return [
        value for value in (PHONE, DOCUMENT, EMAIL, "5549999032288", "99032288") if value in text
    ]


def test_no_screen_has_anybodys_data_in_clear_before_somebody_asks_for_it(
    app: Flask, crm: Emulator, hour: Hour, tmp_path: Path
) -> None:
    teo, needles = Visitor(app.test_client(), TEO), personal.hidden(Path(crm.path))
    told = "(49) 99177-6031, 49991776031, 620.518.347-70, henrique@example.com"
    behind(
        crm,
        "crm_prospeccao_anotacoes",
        "900",
        id_cliente="5",
        anotacao=told,
        data="2026-11-01 10:00:00",
        id_responsavel="1",
    )
    behind(crm, "crm_negociacoes", "2", descricao=f"Chácara, ligar {told}")
    behind(crm, "cliente", "5", email="henrique@example.com")
    needles |= {"henrique@example.com"}
    leaks: dict[str, set[str]] = {}
    for name, screen in every_screen(crm, teo, hour.passes):
        if name.startswith("edit"):  # opened in order to see them
            teo.post("/tab/contact/hide", {})
            continue
        typed = {"390.533.447-05", "39053344705", "53344705"} if name == "duplicates" else set()
        if found := personal.seen(screen.response.text, needles) - typed:
            leaks[name] = found

    assert leaks == {}
    assert len(personal.hidden(Path(crm.path))) > 500


def test_one_press_shows_one_kind_or_all_and_seals_it_before(app: Flask, ana: Visitor) -> None:
    hidden = ana.open(RAFAEL)
    phone = ana.post("/tab/contact/reveal/phone", {})
    everything = ana.post(ALL, {})
    lines = sealed(app)

    assert seen(hidden.response.text) == []
    assert (seen(phone.text), phone.html.css_first("[data-say]").text()) == ([PHONE], PHONE)
    assert seen(everything.text) == [PHONE, DOCUMENT, EMAIL]
    assert [line["contact"] for line in lines] == ["client-1", "client-1"]
    assert [
        '"kinds": "phone"' in lines[0]["personal"],
        '"document, email"' in lines[1]["personal"],
    ] == [True, True]
    assert "Ana Souza" in lines[0]["author"]
    assert seen("".join(line["personal"] for line in lines)) == []


def test_what_was_revealed_stays_so_and_is_sealed_once(app: Flask, ana: Visitor) -> None:
    ana.open(RAFAEL)
    for _ in range(3):
        ana.post(ALL, {})

    assert (
        seen(ana.open(RAFAEL).text)
        == seen(ana.get("/tab/contact/card").text)
        == [PHONE, DOCUMENT, EMAIL]
    )
    assert len(sealed(app)) == 1


def test_it_is_masked_again_when_its_time_is_over_also_on_a_screen_that_nobody_touches(
    crm: Emulator, hour: Hour, tmp_path: Path
) -> None:
    ana = Visitor(hour.app(crm, tmp_path / "data", reveal_minutes=30).test_client())
    ana.open(RAFAEL)
    card = ana.post(ALL, {})
    hour.passes()

    assert "load delay:1800s" in card.html.css_first("#card").attributes["hx-trigger"]
    assert seen(ana.get("/tab/contact/card").response.text) == []


def test_it_can_be_hidden_again(ana: Visitor) -> None:
    ana.open(RAFAEL)
    shown = ana.post(ALL, {})
    hidden = ana.post("/tab/contact/hide", {})

    assert ("Ocultar dados" in shown.response.text, "Mostrar dados" in hidden.response.text) == (
        True,
        True,
    )
    assert seen(hidden.response.text) == seen(ana.get("/tab/contact").response.text) == []


def test_a_colleague_and_another_conversation_still_see_masks(app: Flask, ana: Visitor) -> None:
    ana.open(RAFAEL)
    ana.post(ALL, {})
    rui = Visitor(app.test_client(), RUI)

    assert seen(rui.open(RAFAEL).response.text) == []
    assert seen(ana.open(RAFAEL, 4711).response.text) == []


@pytest.mark.parametrize("path", [ALL, "/tab/contact/reveal/phone"])
def test_a_ledger_that_takes_nothing_means_that_nothing_is_revealed(
    app: Flask, ana: Visitor, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise errors.DiskFull("ledger")

    ana.open(RAFAEL)
    monkeypatch.setattr(services_of(app).ledger, "append", full)
    answers = [ana.post(path, {}), ana.get("/tab/contact/edit")]
    monkeypatch.undo()

    assert [answer.status for answer in answers] == [507, 507]
    assert [seen(answer.response.text) for answer in answers] == [[], []]
    assert seen(ana.get("/tab/contact").response.text) == []


@pytest.mark.parametrize("what", ["remarks", "name", "", "x" * 500])
def test_only_what_is_masked_can_be_revealed(app: Flask, ana: Visitor, what: str) -> None:
    ana.open(RAFAEL)

    assert ana.post(f"/tab/contact/reveal/{what}", {}).status == 404
    assert sealed(app) == []


def test_what_a_contact_does_not_have_is_no_reveal(app: Flask, ana: Visitor) -> None:
    ana.open(SERRA_AZUL)

    assert ana.post("/tab/contact/reveal/email", {}).status == 404
    assert sealed(app) == []


def test_looking_at_an_address_reveals_nothing(app: Flask, ana: Visitor) -> None:
    ana.open(RAFAEL)

    assert ana.get(ALL).status == 405
    assert sealed(app) == []


@pytest.mark.parametrize(
    ("act", "selector"),
    [
        ("chat", 'a[href="https://wa.me/5549999032288"]'),
        ("call", 'a[href="tel:+5549999032288"]'),
        ("copy", f'button[data-copy="{PHONE}"].tool'),
    ],
)
def test_to_call_write_or_copy_the_number_is_revealed_first_and_then_used_once(
    app: Flask, ana: Visitor, act: str, selector: str
) -> None:
    before = ana.open(RAFAEL)
    after = ana.post(f"/tab/contact/reveal/phone?act={act}", {})
    later = ana.get("/tab/contact")

    assert (
        before.html.css_first(f'[hx-post="/tab/contact/reveal/phone?act={act}"]').id == f"do-{act}"
    )
    assert "data-act" in after.html.css_first(selector).attributes
    assert len(after.html.css("[data-act]")) == 1
    assert (later.html.css("[data-act]"), bool(later.html.css_first(selector))) == ([], True)
    assert len(sealed(app)) == 1


def test_what_changed_in_the_crm_is_told_by_masks_so_that_revealing_is_no_change(
    ana: Visitor,
) -> None:
    before = ana.open(RAFAEL).html.css("#card [data-fact]")
    after = ana.post(ALL, {}).html.css("#card [data-fact]")

    assert [node.attributes["data-fact"] for node in before] == [
        node.attributes["data-fact"] for node in after
    ]


def test_opening_the_contact_for_an_update_is_a_reveal_of_what_it_shows(
    app: Flask, ana: Visitor
) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    [line] = sealed(app)

    assert form["document"] == "046.118.829-50"
    assert (line["contact"], '"document, phone"' in line["personal"]) == ("lead-1", True)


def test_what_a_conflict_shows_of_the_crm_is_sealed_too(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/contact/edit").form(".form")
    behind(crm, "contato", "1", email="marina@example.com")
    asked = ana.post("/tab/contact/edit", {**form, "email": "m@example.com"})

    assert (asked.status, "marina@example.com" in asked.text) == (409, True)
    assert ['"email"' in line["personal"] for line in sealed(app)] == [False, True]


def test_a_form_that_came_back_to_a_colleague_is_sealed_as_shown_to_them(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    ana.open({"id": 120, "name": "Nova"})
    form = {
        **ana.get("/tab/contact/new").form(".form"),
        "name": "Nova Pessoa",
        "phone": "(47) 99123-0045",
    }
    crm.stop()
    ana.post("/tab/contact/new", {**form, "branch": "1", "owner": "1"})
    crm.start()
    crm.control(not_writable=["contato"])
    settled(app)
    rui = Visitor(app.test_client(), RUI)
    rui.open({"id": 120, "name": "Nova"})
    own, others = (
        ana.get("/tab/contact/new", entry=form["key"]),
        rui.get("/tab/contact/new", entry=form["key"]),
    )

    assert own.form(".form")["phone"] == others.form(".form")["phone"] == "(47) 99123-0045"
    assert ["Rui Matos" in line["author"] for line in sealed(app)] == [True]


@pytest.mark.usefixtures("forbidden")
def test_who_may_not_see_is_offered_nothing_and_gets_nothing(app: Flask, ana: Visitor) -> None:
    card = ana.open(RAFAEL)
    answers = [
        card,
        ana.post(ALL, {}),
        ana.get("/tab/contact/edit"),
        ana.get("/tab/notes"),
        ana.get("/tab/contact"),
    ]

    assert card.html.css('[hx-post*="/reveal/"]') == []
    assert [seen(answer.response.text) for answer in answers] == [[]] * 5
    assert sealed(app) == []


@pytest.mark.usefixtures("forbidden")
def test_who_may_not_see_still_edits_the_rest_and_learns_nothing_by_comparing(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    ana.open(RAFAEL)
    form = ana.get("/tab/contact/edit").form(".form")
    probe = {
        "document": "390.533.447-05",
        "before_document": "1",
        "phone": "(49) 98888-7777",
        "before_phone": "1",
    }
    saved = ana.post("/tab/contact/edit", {**form, **probe, "name": "Rafael N. Prado"})
    row = crm.rows("cliente", id="1")[0]

    assert not form.keys() & {
        "document",
        "before_document",
        "phone",
        "before_phone",
        "email",
        "before_email",
    }
    assert (saved.status, seen(saved.response.text)) == (200, [])
    assert (row["razao"], row["cnpj_cpf"], row["telefone_celular"]) == (
        "Rafael N. Prado",
        DOCUMENT,
        PHONE,
    )


def test_in_notes_and_history_it_is_in_clear_with_the_card(ana: Visitor, crm: Emulator) -> None:
    behind(
        crm,
        "crm_prospeccao_anotacoes",
        "901",
        id_cliente="5",
        anotacao="ligar (49) 99177-6031",
        data="2026-11-01 10:00:00",
        id_responsavel="1",
    )
    ana.open(HENRIQUE)
    masked = [ana.get(path).text for path in ("/tab/notes", "/tab/history")]
    revealed = ana.post("/tab/contact/reveal/phone", {})
    clear = [ana.get(path).text for path in ("/tab/notes", "/tab/history")]

    assert ["99177-6031" in text for text in [*masked, *clear]] == [False, False, True, True]
    assert revealed.response.headers["HX-Trigger-After-Settle"] == "unveiled"


def test_who_saw_what_is_no_contact_with_the_person(app: Flask, ana: Visitor) -> None:
    ana.open(RAFAEL)
    ana.post(ALL, {})

    assert services_of(app).ledger.of(["client-1"]) == []
    assert services_of(app).ledger.latest(["client-1"]) == {}
    assert services_of(app).ledger.verify() is None
