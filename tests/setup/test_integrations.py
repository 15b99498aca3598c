"""An integration is added, tested, changed and deleted in the browser.

Its token is never shown again.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.product import MARINA, START_KEY, TEMPLATES, Visitor, asked, product
from tests.setup.desk import Desk, arrived, office_of
from tests.setup.test_integration_form import HASH
from widget.app import create_app
from widget.desk.shared import Keys
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator


@pytest.fixture
def empty(tmp_path: Path) -> Flask:
    """A server to which no CRM is connected."""
    settings = Settings(data=str(tmp_path / "empty"), parents=("http://localhost",))
    app = create_app(settings, Keys("secret-of-the-tests-is-long-enough-too", START_KEY))
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


@pytest.fixture
def joana(empty: Flask) -> Desk:
    """An administrator before the empty server."""
    return arrived(empty, name="joana")


def typed(crm: Emulator, **other: str) -> dict[str, str]:
    """What one types for this CRM."""
    return {
        "name": "Vendas",
        "url": crm.url,
        "token": crm.token,
        "private": "1",
        "wait": "3",
        **other,
    }


def added(desk: Desk, crm: Emulator) -> None:
    """The integration is there."""
    page = desk.fill("/integrations/new", ".beside form", **typed(crm))
    assert "Integração criada" in page.text, page.text


def test_from_an_empty_start_to_a_panel_that_knows_who_is_writing(
    empty: Flask, joana: Desk, crm: Emulator
) -> None:
    ana = Visitor(empty.test_client())
    before = ana.open(MARINA)
    added(joana, crm)

    assert "Nenhum CRM" in before.text
    assert "Marina" in ana.open(MARINA).text


def test_the_token_is_shown_by_its_last_four_only(joana: Desk, crm: Emulator) -> None:
    added(joana, crm)
    pages = [
        joana.get("/integrations"),
        joana.get("/integrations/vendas"),
        joana.get("/integrations/vendas/delete"),
    ]

    assert all(crm.token not in page.response.text for page in pages)
    assert f"…{crm.token[-4:]}" in pages[0].text


def test_a_test_before_saving_tells_what_was_found_and_keeps_the_token_locked(
    joana: Desk, crm: Emulator
) -> None:
    form = joana.get("/integrations/new").form(".beside form")
    page = joana.post("/integrations/new", {**form, **typed(crm), "do": "test"})
    again = page.form(".beside form")

    assert (page.status, "A conexão funciona" in page.text) == (200, True)
    assert "127.0.0.1" in page.text
    assert crm.token not in page.response.text
    assert joana.get("/integrations").html.css_first("table") is None
    assert joana.post("/integrations/new", {**again, "do": "save"}).status == 303
    assert f"…{crm.token[-4:]}" in joana.get("/integrations").text


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"token": f"7:{HASH[::-1]}"}, "token"),
        ({"url": "http://127.0.0.1:1"}, "Conexão"),
        ({"private": ""}, "rede interna"),
    ],
)
def test_what_does_not_work_is_not_saved_but_told(
    joana: Desk, crm: Emulator, other: dict[str, str], said: str
) -> None:
    form = joana.get("/integrations/new").form(".beside form")
    page = joana.post("/integrations/new", {**form, **typed(crm, **other)})

    assert page.status == 422
    assert said in page.text
    assert joana.get("/integrations").html.css_first("table") is None


def test_it_is_saved_all_the_same_if_that_is_wanted_but_never_to_an_inner_network(
    joana: Desk, crm: Emulator
) -> None:
    form = joana.get("/integrations/new").form(".beside form") | {"do": "force"}

    assert joana.post("/integrations/new", {**form, **typed(crm, private="")}).status == 422
    assert (
        joana.post("/integrations/new", {**form, **typed(crm, url="http://127.0.0.1:1")}).status
        == 303
    )


def test_a_new_token_is_tested_and_used_at_once(empty: Flask, joana: Desk, crm: Emulator) -> None:
    added(joana, crm)
    ana = Visitor(empty.test_client())
    ana.open(MARINA)
    crm.stop()
    crm.token = f"7:{HASH[::-1]}"
    crm.start()
    refused = joana.fill("/integrations/vendas", ".beside form", token=f"8:{HASH}")
    changed = joana.fill("/integrations/vendas", ".beside form", token=crm.token)

    assert refused.status == 422
    assert "Integração salva" in changed.text
    assert "VNC-205" not in ana.get("/tab/contact", again="1").text


def test_a_change_that_leaves_the_way_alone_asks_nothing(joana: Desk, crm: Emulator) -> None:
    added(joana, crm)
    crm.stop()

    assert (
        "Integração salva"
        in joana.fill("/integrations/vendas", ".beside form", name="Vendas Sul").text
    )
    assert "Vendas Sul" in joana.get("/integrations").text


def test_deleting_wants_the_name_and_says_what_hangs_on_it(joana: Desk, crm: Emulator) -> None:
    added(joana, crm)
    wrong = joana.fill("/integrations/vendas/delete", name="outra")
    page = joana.fill("/integrations/vendas/delete", name="Vendas")

    assert (wrong.status, bool(wrong.wrong("name"))) == (422, True)
    assert "0 vínculos" in wrong.text
    assert "Integração excluída" in page.text
    assert joana.get("/integrations/vendas").status == 404


def test_deleting_waits_for_what_is_on_its_way_unless_it_is_kept_elsewhere(
    empty: Flask, joana: Desk, crm: Emulator
) -> None:
    added(joana, crm)
    ana = Visitor(empty.test_client())
    ana.open(MARINA)
    crm.control(fault="html200")
    assert ana.fill("/tab/notes", text="ligar amanhã", owner="1").status == 200
    refused = joana.fill("/integrations/vendas/delete", name="Vendas")
    kept = json.loads(joana.get("/integrations/vendas/kept.json").response.text)
    done = joana.fill("/integrations/vendas/delete", name="Vendas", kept="1")

    assert (refused.status, bool(refused.wrong("kept"))) == (422, True)
    assert [write["action"] for write in kept["writes"]] == ["note.add"]
    assert "ligar amanhã" in str(kept)
    assert "Integração excluída" in done.text
    assert office_of(empty).running.hanging("vendas")["open"] == 0


def test_the_integration_of_the_options_can_be_tested_but_not_changed(
    maria: Desk, crm: Emulator, app: Flask
) -> None:
    page = maria.get("/integrations/main")
    tested = maria.post(
        "/integrations/main", {"do": "test", "name": "x", "url": "http://127.0.0.1:1"}
    )

    assert "opções do servidor" in page.text
    assert "A conexão funciona" in tested.text
    assert maria.post("/integrations/main/delete", {"name": "Inmap Sales CRM"}).status == 404
    assert len(asked(crm)) > 0


def test_nobody_makes_the_server_test_without_end(maria: Desk, crm: Emulator) -> None:
    limits = office_of(maria.client.application).limits
    while not limits.take("check", "maria", 20, 300):
        pass

    assert maria.post("/integrations/main", {"do": "test"}).status == 429
    assert asked(crm) == []


def test_another_server_of_the_same_folder_takes_it_up(crm: Emulator, tmp_path: Path) -> None:
    first, second = (product(crm, tmp_path / "shared") for _ in range(2))
    added(arrived(first), crm)

    assert [stored.id for stored in office_of(second).running.integrations.all()] == [
        "main",
        "vendas",
    ]
    assert office_of(second).running.named("vendas")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ixc.provedor.example/adm.php", "Vira https://ixc.provedor.example/webservice/v1"),
        ("ftp://x", "Isto não é um endereço"),
    ],
)
def test_an_address_is_understood_while_it_is_typed(maria: Desk, text: str, said: str) -> None:
    answer = maria.get("/integrations/understood", text=text).response

    assert said in answer.text
    assert answer.mimetype == "text/plain"


def test_who_has_connected_a_crm_is_told_the_next_step(joana: Desk, crm: Emulator) -> None:
    added(joana, crm)

    assert (
        "Falta um passo" not in joana.get("/integrations").text
    )  # the options name a parent already


def test_a_department_that_is_gone_can_be_seen_and_taken_away(
    empty: Flask, joana: Desk, crm: Emulator
) -> None:
    added(joana, crm)
    known = office_of(empty).integrations
    stored = known.find("vendas")
    assert stored
    known.change(replace(stored, departments=("Dissolvido",)))
    page = joana.get("/integrations/vendas")
    form = page.form(".beside form")
    joana.post(
        "/integrations/vendas",
        {name: value for name, value in form.items() if name != "departments"},
    )
    after = known.find("vendas")

    assert form["departments"] == "Dissolvido"
    assert after
    assert after.departments == ()


def test_a_stored_token_is_never_sent_to_other_ears(
    joana: Desk, crm: Emulator, tmp_path: Path
) -> None:
    added(joana, crm)
    with Emulator(str(tmp_path / "thief.db")) as thief:
        form = joana.get("/integrations/vendas").form(".beside form")
        for does in ("test", "save", "force"):
            page = joana.post(
                "/integrations/vendas",
                {
                    **form,
                    "url": thief.url,
                    "token": "",
                    "do": does,
                },
            )
            assert (page.status, bool(page.wrong("token"))) == (422, True), does

        assert thief.calls == []
