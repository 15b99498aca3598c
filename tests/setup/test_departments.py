"""Departments are made, told what they may do, and dissolved."""

from flask import Flask

from tests.product import MARINA, Visitor
from tests.setup.desk import Desk, office_of
from widget.domain.permissions import ALL, Permission


def test_a_new_department_may_everything_until_somebody_takes_it_away(
    app: Flask, maria: Desk
) -> None:
    page = maria.follow(maria.post("/departments", {"do": "add", "name": " Suporte  N1 "}))
    known = office_of(app).running.shared.attendants

    assert "Departamento criado" in page.text
    assert known.departments()["Suporte N1"] == ALL
    rows = {
        "department": ["", "Suporte N1"],
        "may": ["0 see", "1 see", "1 edit", "1 invented", "9 close"],
    }
    maria.post("/departments", {"do": "save", **rows})
    assert known.departments() == {
        "": {Permission.SEE},
        "Suporte N1": {Permission.SEE, Permission.EDIT},
    }


def test_what_is_taken_away_holds_at_once(app: Flask, maria: Desk, ana: Visitor) -> None:
    ana.open(MARINA)
    maria.post("/departments", {"do": "save", "department": [""], "may": ["0 see"]})

    assert ana.get("/tab/contact/edit").status == 403
    assert ana.get("/tab/contact").status == 200


def test_a_name_is_given_once(maria: Desk) -> None:
    maria.post("/departments", {"do": "add", "name": "Vendas"})

    for name in ("vendas", " ", ""):
        answer = maria.post("/departments", {"do": "add", "name": name})
        assert (answer.status, bool(answer.wrong("name"))) == (422, True), name


def test_what_is_dissolved_leaves_its_attendants_without_one(
    app: Flask, maria: Desk, ana: Visitor
) -> None:
    ana.open(MARINA)
    known = office_of(app).running.shared.attendants
    known.allow("Vendas", ALL)
    known.move("chatwoot", "1", "1", "Vendas")
    maria.post("/departments", {"dissolve": "Vendas"})

    assert set(known.departments()) == {""}
    assert [one.department for one in known.all()] == [""]


def test_the_table_shows_what_is_allowed(app: Flask, maria: Desk) -> None:
    office_of(app).running.shared.attendants.allow("Vendas", [Permission.SEE])
    ticked = maria.get("/departments").html.css('input[name="may"][checked]')

    assert [box.attributes["value"] for box in ticked] == [
        *(f"0 {action}" for action in Permission),
        "1 see",
    ]
