"""Tests that the set-up leaves as a file and comes back.

The file is looked at first, then applied; secrets never leave.
"""

import io
import json

from flask import Flask

from tests.setup.desk import OURS, Desk, office_of
from widget.domain.integrations import Integration

TOKEN = "7:5e2a9c07d4b1f3868d0ce14b7fa92560c3d871ee4fb0962a5d13c8947be60f1a"
SALES = Integration(
    "vendas", "Vendas", url="https://ixc.provedor.example/webservice/v1", token=TOKEN
)


def exported(maria: Desk) -> str:
    """The file."""
    answer = maria.get("/transfer/setup.json").response
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.text


def test_the_file_is_the_same_each_time_and_holds_no_secret(app: Flask, maria: Desk) -> None:
    office_of(app).integrations.add(SALES)
    first, second = exported(maria), exported(maria)

    assert first == second
    assert TOKEN not in first
    assert [one["id"] for one in json.loads(first)["integrations"]] == ["vendas"]


def test_a_file_is_looked_at_before_it_is_applied(app: Flask, maria: Desk) -> None:
    office_of(app).integrations.add(SALES)
    text = exported(maria).replace('"Vendas"', '"Vendas Sul"')
    data = {"file": (io.BytesIO(text.encode()), "vinculo-setup.json"), "do": "look"}
    page = maria.client.post("/setup/transfer", data=data, headers=OURS)
    before = office_of(app).integrations.find("vendas")
    done = maria.post("/transfer", {"text": text, "do": "apply"})
    after = office_of(app).integrations.find("vendas")

    assert "Vendas Sul" in page.text
    assert before == SALES
    assert done.status == 303
    assert after
    assert (after.name, after.token) == ("Vendas Sul", TOKEN)


def test_what_changes_nothing_says_so(app: Flask, maria: Desk) -> None:
    office_of(app).integrations.add(SALES)

    assert "Nada muda" in maria.post("/transfer", {"text": exported(maria), "do": "look"}).text


def test_what_is_no_set_up_is_refused_and_changes_nothing(app: Flask, maria: Desk) -> None:
    for text in (
        "",
        "x",
        "[]",
        "[" * 50_000,
        '{"format": 1, "integrations": [{"id": "x", "token": "7:secret"}]}',
    ):
        answer = maria.post("/transfer", {"text": text, "do": "apply"})

        assert (answer.status, bool(answer.wrong("text"))) == (422, True), text[:20]
    assert [one.id for one in office_of(app).integrations.all()] == ["main"]
