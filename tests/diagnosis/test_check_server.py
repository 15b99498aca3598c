"""Our own side."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.product import RAFAEL, Visitor, mirrored, product, services_of
from tests.setup.installation import inhabited, settings, slugs
from widget.diagnosis import check_server
from widget.diagnosis.installation import Installation, installation_of
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS
from widget.store.engine.database import sqlite3


def test_a_healthy_house_is_healthy(crm: Emulator, tmp_path: Path) -> None:
    installation = inhabited(crm, tmp_path / "data")

    assert slugs(check_server.settings(installation)) == ["settings-ok"]
    assert slugs(check_server.storage(installation)) == ["storage-ok"]
    assert slugs(check_server.on_the_way(installation)) == ["writes-none"]


def test_options_that_cannot_be_read_are_said_with_their_mistakes(tmp_path: Path) -> None:
    [found] = check_server.settings(
        installation_of(CRMS, Settings(data=str(tmp_path)), mistakes="VINCULO_X: no such option")
    )

    assert "VINCULO_X" in found.seen


def test_a_house_where_nobody_was_yet_is_not_in_trouble(crm: Emulator, tmp_path: Path) -> None:
    assert slugs(check_server.storage(installation_of(CRMS, settings(crm, tmp_path / "new")))) == [
        "storage-new"
    ]


def test_keys_that_others_may_read_are_named(crm: Emulator, tmp_path: Path) -> None:
    installation = inhabited(crm, tmp_path / "data")
    (installation.data / "start_key.txt").write_text("secret")
    (installation.data / "start_key.txt").chmod(0o644)

    [found] = check_server.settings(installation)

    assert (found.slug, found.values["files"]) == ("keys-open", "start_key.txt")


def damage(file: Path) -> None:
    for path in (file, file.with_name(f"{file.name}-wal")):
        path.write_bytes(b"\xff" * path.stat().st_size)


def hold(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    HELD.append(other)


HELD: list[object] = []


def test_a_file_that_is_gone_from_among_its_things_is_lost(crm: Emulator, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").touch()

    assert slugs(check_server.storage(installation_of(CRMS, settings(crm, tmp_path)))) == [
        "storage-lost"
    ]


@pytest.mark.parametrize(
    ("befall", "slug"), [(damage, "storage-damaged"), (hold, "storage-locked")]
)
def test_a_file_that_cannot_be_used_is_told_apart(
    crm: Emulator, tmp_path: Path, befall: Callable[[Path], None], slug: str
) -> None:
    installation = inhabited(crm, tmp_path / "data")
    befall(installation.file)

    assert slugs(check_server.storage(installation)) == [slug]
    HELD.clear()


def test_the_worker_is_missed_only_where_a_server_runs(crm: Emulator, tmp_path: Path) -> None:
    installation = installation_of(CRMS, settings(crm, tmp_path / "data"))
    [integration] = installation.integrations
    before = slugs(check_server.worker(installation, integration))
    presence = services_of(product(crm, tmp_path / "data")).journal.presence
    running = slugs(check_server.worker(installation, integration))
    presence.take("worker")

    assert (before, running) == (["server-absent"], ["worker-dead"])
    assert slugs(check_server.worker(installation, integration)) == ["worker-ok"]
    assert slugs(check_server.worker(installation, replace(integration, id="second"))) == [
        "worker-dead"
    ]
    assert slugs(check_server.worker(installation, replace(integration, active=False))) == []


def test_what_is_on_its_way_is_told_with_its_age_and_why_it_waits(
    crm: Emulator, app: Flask, ana: Visitor, tmp_path: Path
) -> None:
    installation = installation_of(CRMS, settings(crm, tmp_path / "data"))
    ana.open(RAFAEL)
    ana.get("/tab/notes")
    crm.control(fault="reset")
    ana.fill("/tab/notes", text="Volta amanhã.")

    moving = slugs(check_server.on_the_way(installation))
    later: Installation = replace(installation, clock=lambda: installation.clock() + 3600)
    [stuck] = check_server.on_the_way(later)

    assert (moving, stuck.slug, stuck.values["count"]) == (["writes-moving"], "writes-stuck", 1)
    assert stuck.values["why"] in {"VNC-201", "VNC-202"}


def test_whether_the_token_may_write_is_known_from_what_the_crm_said_last(
    crm: Emulator, app: Flask, ana: Visitor, tmp_path: Path
) -> None:
    installation = installation_of(CRMS, settings(crm, tmp_path / "data"))
    [integration] = installation.integrations
    before = slugs(check_server.writable(installation, integration))
    ana.open(RAFAEL)
    crm.control(not_writable=["crm_prospeccao_anotacoes"])
    ana.fill("/tab/notes", text="Volta amanhã.")
    [denied] = check_server.writable(installation, integration)
    crm.control(not_writable=[])
    ana.fill("/tab/notes", text="Volta depois de amanhã.")

    assert (before, denied.slug) == (["writes-unknown"], "write-denied")
    assert denied.values["resources"] == "crm_prospeccao_anotacoes"
    assert slugs(check_server.writable(installation, integration)) == ["writes-ok"]


def test_the_index_tells_how_far_it_is(crm: Emulator, app: Flask, tmp_path: Path) -> None:
    installation = installation_of(CRMS, settings(crm, tmp_path / "data"))
    [integration] = installation.integrations
    before = slugs(check_server.index(installation, integration))
    mirrored(app)
    [after] = check_server.index(installation, integration)
    damage(installation.data / "people.db")

    assert (before, after.slug) == (["index-filling"], "index-ok")
    assert int(str(after.values["count"])) > 10
    assert slugs(check_server.index(installation, integration)) == ["index-damaged"]
    assert slugs(check_server.index(installation, replace(integration, index=False))) == [
        "index-off"
    ]
