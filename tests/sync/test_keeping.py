"""The daily purge: what is old goes, what is open stays, and one process does it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from tests.product import ANA, HENRIQUE, MARINA, Hour, Visitor, services_of
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.privacy.retention import DAY, Limits
from widget.store.engine.presence import Presence
from widget.sync.keeping import AFTER_TROUBLE, STANDBY, Keeping, keeping


@pytest.fixture
def later(crm: Emulator, hour: Hour, tmp_path: Path) -> tuple[Flask, Hour]:
    return hour.app(crm, tmp_path / "data"), hour


def count(found: Services, table: str, where: str = "1") -> int:
    return int(
        found.journal.database.rows(f"SELECT count(*) AS n FROM {table} WHERE {where}")[0]["n"]
    )


def test_every_limit_is_a_setting_with_its_default() -> None:
    assert {f.name: getattr(Settings(), f"keep_{f.name}_days") for f in fields(Limits)} == vars(
        Limits()
    )


def test_a_worked_in_file_is_empty_of_people_once_its_time_is_over(
    later: tuple[Flask, Hour], crm: Emulator
) -> None:
    app, clock = later
    ana, found = Visitor(app.test_client()), services_of(app)
    ana.open(MARINA)
    ana.fill("/tab/notes", text="Quer 500 Mega")
    ana.fill("/tab/contact/edit", name="Marina T. Andrade")
    crm.control(fault="503")
    ana.fill("/tab/notes", text="Ainda não foi")
    ana.post("/tab/draft/note-contact", {"text": "rascunho", "key": "k" * 22})
    before = keeping(found).retention.purge()
    clock.now += 2000 * DAY
    gone = keeping(found).retention.purge()
    written = " ".join(
        str(row)
        for row in found.journal.database.rows("SELECT * FROM journal WHERE state = 'done'")
    )
    personal = [
        row["personal"]
        for row in found.ledger._database.rows("SELECT personal FROM ledger ORDER BY seq")
    ]

    assert set(before.values()) == {0}
    assert (gone["drafts"], gone["conversations"], gone["writes"]) == (1, 1, 2)
    assert gone["cache"] > 5
    assert [count(found, table) for table in ("cache", "drafts", "conversations")] == [0, 0, 0]
    assert ("Mega" in written, "Marina" in written, ANA["name"] in written) == (False, False, False)
    assert (
        count(found, "journal", "state <> 'done'") == 1
    )  # what was accepted still has to reach the CRM
    assert "Ainda não foi" in str(found.journal.open()[0].words)
    assert personal[:-1] == [None] * (len(personal) - 1)
    assert found.ledger.verify() is None


def test_what_was_purged_shows_as_nothing_and_its_form_cannot_come_again(
    later: tuple[Flask, Hour],
) -> None:
    app, clock = later
    ana, found = Visitor(app.test_client()), services_of(app)
    ana.open(HENRIQUE)
    form = ana.get("/tab/notes").form(".composer")
    ana.post("/tab/notes", {**form, "text": "Um texto"})
    clock.now += 100 * DAY
    keeping(found).retention.purge()
    ana.open(HENRIQUE)
    again = ana.post("/tab/notes", {**form, "text": "Um texto"})
    screens = [
        ana.get(path) for path in ("/tab/contact", "/tab/notes", "/tab/history", "/tab/pending")
    ]

    assert again.status == 409
    assert [screen.status for screen in screens] == [200] * 4
    assert found.journal.find(form["key"]).is_blank  # type: ignore[union-attr]


def test_what_is_kept_for_good_is_kept(crm: Emulator, hour: Hour, tmp_path: Path) -> None:
    forever = {f"keep_{f.name}_days": 0 for f in fields(Limits)}
    app = hour.app(crm, tmp_path / "data", **forever)
    Visitor(app.test_client()).open(MARINA)
    hour.now += 40_000 * DAY

    assert set(keeping(services_of(app)).retention.purge().values()) == {0}


def test_what_was_purged_is_in_no_byte_of_the_file_or_its_log(
    later: tuple[Flask, Hour], tmp_path: Path
) -> None:
    app, clock = later
    ana = Visitor(app.test_client())
    ana.open(MARINA)
    ana.post("/tab/draft/note-contact", {"text": "Geheimnis-4711", "key": "k" * 22})

    def holds() -> bool:
        return any(
            b"Geheimnis-4711" in path.read_bytes()
            for path in (tmp_path / "data").glob("vinculo.db*")
        )

    before = holds()
    clock.now += 31 * DAY
    keeping(services_of(app)).retention.purge()

    assert (before, holds()) == (True, False)


def test_copies_that_a_restore_left_go_in_time(later: tuple[Flask, Hour], tmp_path: Path) -> None:
    app, clock = later
    folder = tmp_path / "data"
    names = [
        "vinculo-before-restore-20260101-101010.db",
        "vinculo-damaged-20260101-101010.db",
        "other.db",
    ]
    for name in names:
        (folder / name).write_text("x")
    young = keeping(services_of(app)).retention.purge()["copies"]
    clock.now += 31 * DAY
    old = keeping(services_of(app)).retention.purge()["copies"]

    assert (young, old, [(folder / name).exists() for name in names]) == (
        0,
        2,
        [False, False, True],
    )


def test_one_process_purges_the_others_stand_by_until_it_ends(app: Flask, tmp_path: Path) -> None:
    found = services_of(app)
    retention = keeping(found).retention
    first, second = (Keeping(retention, Presence(tmp_path / "run")) for _ in range(2))
    waits = [first.turn(), second.turn(), first.turn()]
    first.presence.leave()

    assert (waits, second.turn()) == ([DAY, STANDBY, DAY], DAY)


def test_a_disk_that_takes_nothing_is_asked_again_later(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = keeping(services_of(app))

    def full(*_: object) -> None:
        raise errors.DiskFull("x")

    monkeypatch.setattr(services_of(app).journal.database, "run", full)

    assert works.turn() == AFTER_TROUBLE
