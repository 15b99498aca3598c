"""Who may open the set-up invites others, and removes them."""

import re

from flask import Flask

from tests.setup.desk import PASSWORD, Desk, arrived, office_of


def test_a_link_lets_somebody_of_the_support_in(app: Flask, maria: Desk, stranger: Desk) -> None:
    page = maria.post("/people", {"role": "support"})
    link = re.search(r"http://localhost/setup(/first)\?code=([\w-]+)", page.text)
    assert link
    typed = {
        "code": link[2],
        "name": "rosa",
        "password": PASSWORD,
        "again": PASSWORD,
    }

    assert stranger.post("/first", typed).status == 303
    assert stranger.get("/people").status == 403
    assert "rosa" in maria.get("/people").text
    assert link[2] not in maria.get("/people").response.text


def test_who_is_removed_is_out_at_once(maria: Desk, rosa: Desk) -> None:
    maria.post("/people", {"remove": "rosa"})

    assert rosa.client.get("/setup/account").status_code == 303
    assert "rosa" not in maria.get("/people").text


def test_nobody_removes_themselves(app: Flask, maria: Desk) -> None:
    arrived(app, name="joana")
    page = maria.follow(maria.post("/people", {"remove": "MARIA"}))

    assert "não podem ser removidos" in page.text
    assert [admin.name for admin in office_of(app).admins.all()] == ["joana", "maria"]
