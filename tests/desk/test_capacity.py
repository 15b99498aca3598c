"""What the CRM would not keep of a text is said at its field, before anything is sent."""

import pytest
from flask import Flask

from tests.product import (
    BEATRIZ,
    HENRIQUE,
    LUCIA,
    MARINA,
    NOBODY,
    Screen,
    Visitor,
    asked,
    behind,
    services_of,
)
from widget.crm.ixc.people import MOST_BYTES
from widget.crm.port import Place
from widget.desk import capacity
from widget.domain import errors
from widget.emulator.crm.cast import BEATRIZ as BEATRIZ_ID
from widget.emulator.crm.server import Emulator

NOTES, NEW_CONTACT, EDIT = "/tab/notes", "/tab/contact/new", "/tab/contact/edit"
NEW_DEAL, INTERACT = "/tab/negotiation/new", "/tab/interact/2"
HEAD = "[ref ABC123 - Ana Souza]\n"
LONG = "Um texto de quarenta e dois caracteres. :)"


def limited(app: Flask, table: str, column: str, longest: int = 20) -> None:
    """The CRM was seen to cut a text there."""
    services_of(app).capacities.learn(table, column, "x" * (longest + 1), "x" * longest)


def plain(app: Flask, table: str, column: str) -> None:
    """The CRM was seen to cut a text at an emoji."""
    services_of(app).capacities.learn(table, column, "x 🚀", "x")


def refused(screen: Screen, field: str, sentence: str, typed: str, crm: Emulator) -> None:
    form = screen.form(".composer") if field == "text" else screen.form()
    assert (screen.status, screen.wrong(field), form[field]) == (422, sentence, typed)
    assert [call for call in asked(crm) if call["kind"] != "list"] == []


def test_a_note_over_the_limit_is_refused_and_its_signature_counts(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    limited(app, "crm_prospeccao_anotacoes", "anotacao", len(HEAD) + 20)
    ana.open(LUCIA)
    opened = ana.get(NOTES)
    answer = ana.fill(NOTES, text=LONG)

    refused(answer, "text", "O CRM guarda no máximo 20 caracteres aqui.", LONG, crm)
    assert (
        opened.html.css_first("#text").attributes["data-count"]  # type: ignore[union-attr]
        == "20"
    )
    assert ana.fill(NOTES, text=LONG[:20]).status == 200


def test_a_note_with_an_emoji_is_refused_where_the_crm_holds_none(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    plain(app, "crm_prospeccao_anotacoes", "anotacao")
    ana.open(LUCIA)
    answer = ana.fill(NOTES, text="Ligar 🚀 já 🎉 🚀")

    refused(answer, "text", "O CRM não guarda emojis neste campo: 🚀🎉", "Ligar 🚀 já 🎉 🚀", crm)
    assert ana.fill(NOTES, text="Ligar já ção —").status == 200


def test_a_note_in_remarks_has_the_room_that_is_left_there(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    before = "Cliente antiga."
    behind(crm, "contato", BEATRIZ_ID, obs=before)
    around = len(before) + 2 + len("[30/11/2026 10:00 - ref ABC123 - Ana Souza]\n\n[fim ABC123]")
    limited(app, "contato", "obs", around + 10)
    ana.open(BEATRIZ)

    answer = ana.fill(NOTES, text=LONG)
    refused(answer, "text", "O CRM guarda no máximo 10 caracteres aqui.", LONG, crm)

    saved = ana.fill(NOTES, text="Primeira.")
    full = ana.fill(NOTES, text="Segunda.")
    assert (saved.status, full.wrong("text")) == (200, "O CRM não tem mais espaço neste campo.")


def test_remarks_take_no_more_than_any_base_holds(ana: Visitor, crm: Emulator) -> None:
    behind(crm, "contato", BEATRIZ_ID, obs="ç" * (MOST_BYTES // 2 - 20))
    ana.open(BEATRIZ)

    refused(ana.fill(NOTES, text=LONG), "text", "O CRM não tem mais espaço neste campo.", LONG, crm)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "Otávio Augusto Brandt Filho", "O CRM guarda no máximo 20 caracteres aqui."),
        ("name", "🌸 Otávio", "O CRM não guarda emojis neste campo: 🌸"),
        ("email", "otavio.brandt@exemplo.example", "O CRM guarda no máximo 20 caracteres aqui."),
    ],
)
def test_a_new_contact_that_would_be_cut_is_refused(
    ana: Visitor, app: Flask, crm: Emulator, field: str, typed: str, sentence: str
) -> None:
    for column in ("nome", "email"):
        limited(app, "contato", column)
        plain(app, "contato", column)
    ana.open(NOBODY)
    whole = {
        "name": "Otávio",
        "phone": "47991230045",
        "owner": "1",
        "branch": "1",
    }

    refused(ana.fill(NEW_CONTACT, **{**whole, field: typed}), field, sentence, typed, crm)


@pytest.mark.parametrize(
    ("who", "table", "column"), [(MARINA, "contato", "nome"), (LUCIA, "crm_canditados", "razao")]
)
def test_a_changed_name_that_would_be_cut_is_refused(
    ana: Visitor, app: Flask, crm: Emulator, who: dict[str, object], table: str, column: str
) -> None:
    limited(app, table, column, 8)
    ana.open(who)
    typed = "Um nome mais longo"

    refused(
        ana.fill(EDIT, name=typed), "name", "O CRM guarda no máximo 8 caracteres aqui.", typed, crm
    )


def test_a_name_that_nobody_touched_keeps_nobody_from_saving(ana: Visitor, app: Flask) -> None:
    limited(app, "contato", "nome", 3)
    ana.open(MARINA)

    assert ana.fill(EDIT, email="outra@exemplo.example").status == 200


def test_a_title_that_would_be_cut_is_refused(ana: Visitor, app: Flask, crm: Emulator) -> None:
    limited(app, "crm_negociacoes", "descricao")
    ana.open(MARINA)

    refused(
        ana.fill(NEW_DEAL, title=LONG),
        "title",
        "O CRM guarda no máximo 20 caracteres aqui.",
        LONG,
        crm,
    )


def test_a_remark_on_a_loss_that_would_be_cut_is_refused(
    ana: Visitor, app: Flask, crm: Emulator
) -> None:
    plain(app, "crm_negociacoes", "obs")
    ana.open(HENRIQUE)
    answer = ana.fill(INTERACT, status="D", loss_reason="1", loss_remark="Foi 🚀")

    refused(answer, "loss_remark", "O CRM não guarda emojis neste campo: 🚀", "Foi 🚀", crm)


def test_what_was_accepted_before_is_not_refused_by_what_was_learned_since(
    ana: Visitor, app: Flask
) -> None:
    ana.open(LUCIA)
    form = {**ana.get(NOTES).form(".composer"), "text": LONG}
    ana.post(NOTES, form)
    limited(app, "crm_prospeccao_anotacoes", "anotacao")

    assert ana.post(NOTES, form).status == 200


def test_where_nothing_is_known_everything_is_taken(app: Flask) -> None:
    services = services_of(app)
    capacity.check(
        services, "k" * 20, {"name": capacity.Text(Place("contato", "nome"), "🚀" * 10_000)}
    )
    plain(app, "contato", "nome")

    with pytest.raises(errors.Invalid):
        capacity.check(services, "k" * 20, {"name": capacity.Text(Place("contato", "nome"), "🚀")})
