"""One person, wherever they are in the files: found, told, and gone to the last byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.planting import planted
from tests.product import (
    ANA,
    HENRIQUE,
    MARINA,
    MOURA,
    Hour,
    Visitor,
    behind,
    mirrored,
    services_of,
    settled,
)
from widget.domain.model import Attendant, Ref
from widget.emulator.crm.server import Emulator
from widget.privacy import dossier
from widget.privacy.kept import tables
from widget.privacy.traces import Traces
from widget.store.engine.database import Database

# These hold whole documents, which only the work of an attendant fills as they are.
BY_FLOW = {"conversations", "journal", "ledger"}
MARINA_REF = Ref(Ref.LEAD, "1")
BY = Attendant("9", "Encarregado")
# Everything by which Marina could be known again, as it is written somewhere, and what was written
# about her.
HERS = [
    "marina teles",
    "teles andrade",
    "98812-4417",
    "88124417",
    "4988124417",
    "046.118.829-50",
    "04611882950",
    "marina@example.com",
    "nova@example.com",
    "Quer 500 Mega",
    "ainda pensa",
    "Rascunho dela",
    "wedding",
]


def traces(app: Flask) -> Traces:
    found = services_of(app)
    people: Database | None = found.people.database if found.people else None
    return Traces(found.journal.database, people, "main", found.ledger, found.kind.personal)


@pytest.fixture
def worked(crm: Emulator, tmp_path: Path, hour: Hour) -> Flask:
    """A server in which much was done for Marina, and something for others."""
    behind(crm, "contato", "1", email="marina@example.com")
    behind(
        crm,
        "crm_prospeccao_anotacoes",
        "900",
        id_negociacao="1",
        anotacao="wedding",
        data="2026-11-01 10:00:00",
    )
    app = hour.app(crm, tmp_path / "data")
    mirrored(app)
    ana = Visitor(app.test_client())
    ana.open(MARINA)
    ana.post("/tab/contact/reveal/all", {})
    ana.fill("/tab/notes", text="Quer 500 Mega")
    ana.fill("/tab/contact/edit", email="nova@example.com")
    ana.fill("/tab/interact/1", qualification="4")
    for path in ("/tab/history", "/tab/notes", "/tab/contact?fresh=now"):
        ana.get(path)
    ana.post(
        "/tab/draft/note-contact", {"text": "Rascunho dela", "key": "k" * 22, "contact": "lead-1"}
    )
    ana.open(MOURA)
    ana.get("/tab/link/search", ask="1", criterion="document", q="046.118.829-50")
    ana.link("lead-1")
    ana.post("/tab/link/remove", {"contact": "lead-1"})
    ana.open(HENRIQUE)
    ana.fill("/tab/notes", text="Henrique quer TV")
    settled(app)
    return app


def holding(folder: Path, needles: list[str]) -> set[str]:
    """Returns the needles that are in any byte of any file.

    They are also looked for as JSON writes them and without accents.
    """
    content = b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()

    def forms(text: str) -> set[bytes]:
        return {text.lower().encode(), json.dumps(text.lower())[1:-1].encode()}

    return {needle for needle in needles if any(form in content for form in forms(needle))}


def test_an_erased_person_is_in_no_byte_of_the_files_logs_and_indexes(
    worked: Flask, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    before = holding(folder, HERS)
    gone = dossier.erase(traces(worked), MARINA_REF, BY)

    assert before >= {
        "marina teles",
        "98812-4417",
        "046.118.829-50",
        "nova@example.com",
        "Quer 500 Mega",
        "wedding",
    }
    assert holding(folder, HERS) == set()
    assert {name for name, number in gone.items() if number} >= {
        "cache",
        "conversations",
        "drafts",
        "links",
        "reveals",
        "qualifications",
        "writes",
        "lines",
        "index",
    }
    assert "henrique quer tv" in str(holding(folder, ["henrique quer tv"]))


def test_what_stands_in_any_table_under_a_contact_is_told_and_erased(
    worked: Flask, tmp_path: Path
) -> None:
    """A row is planted in every table that names contacts.

    It has a word of its own in each personal column.
    """
    database = services_of(worked).journal.database
    hers = {"integration": "main", "contact": "lead-1"}
    words = [
        word
        for table in tables()
        if table.file == "vinculo.db" and "contact" in table.columns and table.name not in BY_FLOW
        for word in planted(database, table.name, hers, table.personal)
    ]
    told = json.dumps(dossier.export(traces(worked), MARINA_REF, BY), ensure_ascii=False)
    before = holding(tmp_path / "data", words)
    dossier.erase(traces(worked), MARINA_REF, BY)

    assert [word for word in words if word not in told] == []
    assert before == set(words)
    assert holding(tmp_path / "data", words) == set()


def test_the_chain_is_still_whole_and_holds_a_receipt_of_numbers(worked: Flask) -> None:
    ledger = services_of(worked).ledger
    head = ledger.head()
    gone = dossier.erase(traces(worked), MARINA_REF, BY)
    [receipt] = ledger._database.rows(
        "SELECT author, contact, action, personal FROM ledger WHERE event = 'receipt'"
    )
    facts = json.loads(receipt["personal"])["facts"]

    assert ledger.verify(head) is None
    assert (receipt["contact"], receipt["action"], "Encarregado" in receipt["author"]) == (
        "lead-1",
        "person.erase",
        True,
    )
    assert all(number.isdigit() for number in facts.values())
    assert facts["writes"] == str(gone["writes"])


def test_the_person_stays_out_of_the_index_and_others_are_untouched(worked: Flask) -> None:
    found = services_of(worked)
    before = found.people.count()  # type: ignore[union-attr]
    dossier.erase(traces(worked), MARINA_REF, BY)
    ana = Visitor(worked.test_client())

    assert found.people.count() == before - 1  # type: ignore[union-attr]
    assert "Henrique quer TV" in ana.open(HENRIQUE).text + ana.get("/tab/notes").text
    assert [
        ana.open(MARINA).status,
        ana.get("/tab/history").status,
        ana.get("/tab/notes").status,
    ] == [200, 200, 200]


def test_erasing_twice_finds_nothing_the_second_time(worked: Flask) -> None:
    dossier.erase(traces(worked), MARINA_REF, BY)
    again = dossier.erase(traces(worked), MARINA_REF, BY)

    assert {name for name, number in again.items() if number} <= {"writes", "lines", "cache"}


def test_as_long_as_something_is_on_its_way_nothing_is_erased_unless_it_is_abandoned(
    app: Flask, ana: Visitor, crm: Emulator
) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/notes").form(".composer")
    crm.stop()
    ana.post("/tab/notes", {**form, "text": "Quer 500 Mega"})
    with pytest.raises(dossier.StillOpen):
        dossier.erase(traces(app), MARINA_REF, BY)
    kept = services_of(app).journal.open()[0].words["text"]
    gone = dossier.erase(traces(app), MARINA_REF, BY, abandon=True)
    crm.start()
    settled(app)

    assert (kept, gone["open"]) == ("Quer 500 Mega", 1)
    assert services_of(app).journal.open() == []
    assert not [
        row
        for row in crm.rows("crm_prospeccao_anotacoes")
        if "500 Mega" in row["anotacao"] and row["id"] > "97"
    ]


def test_a_contact_that_never_got_a_number_goes_with_who_was_in_the_conversation(
    app: Flask, crm: Emulator, ana: Visitor, tmp_path: Path
) -> None:
    ana.open(MARINA)
    ana.post("/tab/link/remove", {"contact": "lead-1"})
    form = {
        **ana.get("/tab/contact/new").form(".form"),
        "name": "Marina Nova",
        "branch": "1",
        "owner": "1",
        "sure": "x",
    }
    crm.stop()
    ana.post("/tab/contact/new", {**form, "document": "", "phone": "(47) 99123-0045"})
    crm.start()
    crm.control(not_writable=["contato"])
    settled(app)
    ana.open(MARINA)
    before = holding(tmp_path / "data", ["Marina Nova", "99123-0045"])
    dossier.erase(traces(app), MARINA_REF, BY)

    assert before == {"Marina Nova", "99123-0045"}
    assert holding(tmp_path / "data", ["Marina Nova", "99123-0045"]) == set()


def test_a_lead_and_the_client_it_became_are_one_person(crm: Emulator, tmp_path: Path) -> None:
    behind(crm, "contato", "1", id_cliente="5")
    app = Hour().app(crm, tmp_path / "data")
    mirrored(app)

    for ref in (MARINA_REF, Ref(Ref.CLIENT, "5")):
        assert set(dossier.collect(traces(app), ref).refs) == {MARINA_REF, Ref(Ref.CLIENT, "5")}


def test_who_shares_a_phone_is_not_taken_for_the_same_person(
    crm: Emulator, tmp_path: Path, app: Flask
) -> None:
    """Cláudia (client 2) and Igor (lead 3) share one."""
    mirrored(app)
    ana = Visitor(app.test_client())
    ana.open(MOURA)
    ana.link("client-2")
    ana.fill("/tab/notes", text="Da Cláudia")
    dossier.erase(traces(app), Ref(Ref.LEAD, "3"), BY)

    assert holding(tmp_path / "data", ["da cláudia", "cláudia ferraz"]) == {
        "da cláudia",
        "cláudia ferraz",
    }


def test_texts_about_others_that_mention_the_person_are_counted_for_people_to_judge(
    app: Flask, ana: Visitor
) -> None:
    mirrored(app)
    ana.open(HENRIQUE)
    ana.fill("/tab/notes", text="Indicado por Marina, 49 98812 4417")

    assert dossier.collect(traces(app), MARINA_REF).elsewhere == 1
    assert dossier.erase(traces(app), MARINA_REF, BY)["elsewhere"] == 1


def test_an_export_holds_all_that_is_kept_and_is_sealed(worked: Flask) -> None:
    told: dict[str, Any] = dossier.export(traces(worked), MARINA_REF, BY)
    text = json.dumps(told, ensure_ascii=False).lower()
    rows = services_of(worked).ledger._database.rows(
        "SELECT personal FROM ledger WHERE event = 'exported'"
    )

    assert {name for name, rows in told.items() if rows} >= {
        "person",
        "index",
        "cache",
        "conversations",
        "links",
        "reveals",
        "drafts",
        "writes",
        "qualifications",
        "ledger",
    }
    assert [
        needle
        for needle in HERS
        if needle in {"Quer 500 Mega", "nova@example.com", "Rascunho dela", "wedding"}
        and needle.lower() not in text
    ] == []
    assert "henrique" not in text
    assert len(rows) == 1
    assert "Marina" not in rows[0]["personal"]


def test_nobody_known_by_that_number_is_nothing(app: Flask) -> None:
    told = dossier.export(traces(app), Ref(Ref.LEAD, "4711"), BY)

    assert {name: rows for name, rows in told.items() if rows} == {"person": ["lead-4711"]}
    assert ANA["name"] not in json.dumps(told)
