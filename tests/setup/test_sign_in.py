"""Coming in, going out, the first link, another password."""

import pytest
from flask import Flask

from tests.setup.desk import PASSWORD, Desk, office_of
from widget.domain.permissions import Role

OTHER = "outra frase que ninguém adivinha"


def test_the_first_link_makes_an_administrator_and_works_once(app: Flask, stranger: Desk) -> None:
    code = office_of(app).admins.invite(Role.ADMINISTRATOR)
    page = stranger.get("/first", code=code)
    answer = stranger.post(
        "/first",
        {
            **page.form(),
            "name": "maria",
            "password": PASSWORD,
            "again": PASSWORD,
        },
    )

    assert "administrador" in page.text
    assert answer.status == 303
    assert stranger.get("/account").status == 200
    assert "já foi usado" in Desk(app.test_client()).get("/first", code=code).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"password": "curta", "again": "curta"}, "password"),
        ({"password": "maria maria maria", "again": "maria maria maria"}, "password"),
        ({"again": "outra coisa"}, "again"),
        ({"code": "x"}, "name"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    app: Flask, stranger: Desk, typed: dict[str, str], field: str
) -> None:
    code = office_of(app).admins.invite(Role.ADMINISTRATOR)
    right = {
        "code": code,
        "name": "maria",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    answer = stranger.post("/first", {**right, **typed})

    assert answer.status == 422
    assert not office_of(app).admins.has_administrator()
    if "code" not in typed:
        assert answer.wrong(field)
    assert PASSWORD not in answer.response.text


def test_who_signs_in_comes_to_the_page_that_was_asked_for(
    app: Flask, maria: Desk, stranger: Desk
) -> None:
    form = stranger.get("/account").form()
    answer = stranger.post("/sign-in", {**form, "name": "Maria", "password": PASSWORD})

    assert (answer.status, answer.response.location) == (303, "/setup/account")


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example/setup/", "/setup/\\evil", "/panel/chatwoot", ""]
)
def test_nobody_is_sent_anywhere_else(app: Flask, maria: Desk, stranger: Desk, to: str) -> None:
    answer = stranger.post("/sign-in", {"name": "maria", "password": PASSWORD, "to": to})

    assert answer.response.location == "/setup"


def test_a_wrong_password_and_an_unknown_name_look_the_same(maria: Desk, stranger: Desk) -> None:
    wrong, unknown = (
        stranger.post("/sign-in", {"name": name, "password": "x"}) for name in ("maria", "nadia")
    )

    assert wrong.status == unknown.status == 422
    assert wrong.text == unknown.text


def test_who_tries_too_often_waits_and_others_do_not(
    app: Flask, maria: Desk, stranger: Desk
) -> None:
    answers = [stranger.post("/sign-in", {"name": "maria", "password": "x"}) for _ in range(6)]
    right = stranger.post("/sign-in", {"name": "maria", "password": PASSWORD})

    assert [answer.status for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].response.headers["Retry-After"]) > 0
    assert right.status == 429
    assert stranger.post("/sign-in", {"name": "joana", "password": "x"}).status == 422


def test_one_address_cannot_try_many_names(app: Flask, maria: Desk, stranger: Desk) -> None:
    limits = office_of(app).limits
    waits = [limits.take("sign-in-from", "127.0.0.1", 30, 600) for _ in range(29)]
    answers = [
        stranger.post("/sign-in", {"name": f"n{number}", "password": "x"}).status
        for number in range(2)
    ]

    assert set(waits) == {0}
    assert answers == [422, 429]


def test_who_leaves_is_out(maria: Desk) -> None:
    answer = maria.follow(maria.post("/sign-out"))

    assert "Você saiu" in answer.text
    assert "Entrar" in maria.get("/account").text


def test_another_password_signs_out_every_other_browser(
    app: Flask, maria: Desk, stranger: Desk
) -> None:
    stranger.post("/sign-in", {"name": "maria", "password": PASSWORD})
    changed = maria.fill("/account", current=PASSWORD, password=OTHER, again=OTHER)

    assert "Senha trocada" in changed.text
    assert maria.client.get("/setup/account").status_code == 200
    assert stranger.client.get("/setup/account").status_code == 303


def test_another_password_needs_the_one_before(maria: Desk) -> None:
    answer = maria.fill("/account", current="x", password=OTHER, again=OTHER)

    assert (answer.status, bool(answer.wrong("current"))) == (422, True)
