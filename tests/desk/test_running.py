"""Tests of several CRMs side by side.

Each conversation is served by the CRM of its console's account, and by no other.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.product import ANA, MARINA, SECRET, START_KEY, Visitor, asked, product
from tests.store.writes import new
from widget.app import create_app
from widget.desk.running import Running
from widget.desk.services import Services
from widget.desk.shared import Keys
from widget.domain import errors
from widget.domain.integrations import Integration
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.store.records.accounts import Account

PARENT = "https://chat.example"


@pytest.fixture
def second(first_day: Path, tmp_path: Path) -> Iterator[Emulator]:
    """Another firm's CRM."""
    with Emulator(str(shutil.copy(first_day, tmp_path / "second.db"))) as emulator:
        yield emulator


@pytest.fixture
def app(crm: Emulator, tmp_path: Path) -> Flask:
    return product(crm, tmp_path / "data", index=False)


@pytest.fixture
def running(app: Flask) -> Running:
    found: Running = app.extensions["vinculo"]
    return found


def connect(running: Running, crm: Emulator, account: str = "2", **values: object) -> Integration:
    """A second integration, which that account of the console uses."""
    stored = replace(
        Integration(
            "sales", "Segunda firma", crm.url, crm.token, index=False, wait=3, private=True
        ),
        **values,
    )
    running.integrations.add(stored)
    running.accounts.put(Account("chatwoot", account, stored.id, (PARENT,)))
    return stored


def empty(folder: Path) -> Flask:
    """The product on its first day."""
    return create_app(Settings(data=str(folder)), Keys(SECRET, START_KEY))


def test_before_a_crm_is_connected_a_panel_says_so(tmp_path: Path) -> None:
    visitor = Visitor(empty(tmp_path).test_client())
    opened = visitor.open(MARINA)

    assert opened.status == 503
    assert "VNC-122" in opened.text


def test_an_integration_is_served_as_soon_as_it_is_there_to_every_account(
    tmp_path: Path, crm: Emulator
) -> None:
    app = empty(tmp_path)
    running: Running = app.extensions["vinculo"]
    Visitor(app.test_client()).open(MARINA)
    running.integrations.add(
        Integration("sales", "Vendas", crm.url, crm.token, index=False, private=True)
    )
    opened = Visitor(app.test_client()).open(MARINA, account="7")

    assert "Marina Teles Andrade" in opened.text
    assert "Vendas" in opened.text


def test_each_account_has_its_own_crm_and_nothing_of_the_other(
    app: Flask, running: Running, crm: Emulator, second: Emulator
) -> None:
    connect(running, second)
    one, other = Visitor(app.test_client()), Visitor(app.test_client())
    one.open(MARINA)
    other.open(MARINA, account="2")
    other.fill("/tab/notes", text="Only in the second", owner="1")

    assert "Only in the second" not in one.get("/tab/notes").text
    assert "Only in the second" in other.get("/tab/notes").text
    assert [asked(crm, kind=kind) for kind in ("insert", "update")] == [[], []]
    assert len(asked(second, kind="insert") + asked(second, kind="update")) == 1


def test_with_several_an_account_that_nobody_set_up_opens_nothing(
    app: Flask, running: Running, second: Emulator
) -> None:
    connect(running, second)

    assert Visitor(app.test_client()).open(MARINA, account="3").status == 503


def test_a_token_of_the_crm_that_an_account_had_before_reads_and_writes_nothing(
    app: Flask, running: Running, crm: Emulator, second: Emulator
) -> None:
    ana = Visitor(app.test_client())
    ana.open(MARINA)
    form = ana.get("/tab/notes").form(".composer")
    connect(running, second, account="1")
    before = len(crm.calls)
    refused = [ana.get("/tab/contact"), ana.post("/tab/notes", {**form, "text": "For whom?"})]

    assert [screen.status for screen in refused] == [401, 401]
    assert crm.calls[before:] == []
    assert second.calls == []


def test_a_changed_token_is_used_at_once(app: Flask, running: Running, second: Emulator) -> None:
    stored = connect(running, second, token="1:" + "0" * 64)
    refused = Visitor(app.test_client()).open(MARINA, account="2")
    running.integrations.change(replace(stored, token=second.token))
    opened = Visitor(app.test_client()).open(MARINA, account="2")

    assert "VNC-205" in refused.text
    assert "Marina Teles Andrade" in opened.text


def test_a_deleted_integration_is_served_no_more(
    app: Flask, running: Running, second: Emulator
) -> None:
    connect(running, second, account="1")
    before = Visitor(app.test_client()).open(MARINA)
    running.integrations.delete("sales")
    ana = Visitor(app.test_client())
    ana.open(MARINA)

    assert "Segunda firma" in before.text
    assert "Segunda firma" not in ana.get("/tab/contact").text
    assert running.named("sales") is None


def test_only_its_accounts_parents_may_embed_a_panel(
    app: Flask, running: Running, second: Emulator
) -> None:
    connect(running, second)
    pages = [Visitor(app.test_client(), ANA).page(account) for account in ("1", "2")]

    assert [
        f"frame-ancestors {PARENT}" in page.headers["Content-Security-Policy"] for page in pages
    ] == [False, True]
    assert [f'data-parents="{PARENT}"' in page.text for page in pages] == [False, True]


def test_the_departments_of_an_integration_say_who_may_link(
    app: Flask, running: Running, second: Emulator
) -> None:
    connect(running, second, departments=("Vendas",))
    ana = Visitor(app.test_client())
    ana.open(MARINA, account="2")
    refused = ana.get("/tab/link")
    running.shared.attendants.allow("Vendas", running.shared.attendants.departments()[""])
    running.shared.attendants.move("chatwoot", "2", ANA["sub"], "Vendas")

    assert (refused.status, ana.get("/tab/link").status) == (403, 200)


def test_whoever_works_for_an_integration_comes_and_goes_with_it(
    running: Running, second: Emulator
) -> None:
    told: list[str] = []

    def crew(services: Services) -> object:
        told.append(f"+{services.id}")
        return lambda: told.append(f"-{services.id}")

    running.staff(crew)  # type: ignore[arg-type]
    stored = connect(running, second)
    running.all()
    running.integrations.change(replace(stored, name="Outro"))
    running.all()
    running.integrations.delete("sales")
    running.all()

    assert told == ["+main", "+sales", "-sales", "+sales", "-sales"]


def test_an_authority_is_kept_as_a_file_for_its_owner_only(
    running: Running, second: Emulator, tmp_path: Path
) -> None:
    connect(running, second, ca="-----BEGIN CERTIFICATE-----")
    found = running.named("sales")
    assert found is not None
    path = Path(found.integration.ca_file)

    assert (path.read_text(), path.stat().st_mode & 0o777) == ("-----BEGIN CERTIFICATE-----", 0o600)


def test_an_unknown_account_of_several_is_said_to_be_not_connected(
    running: Running, second: Emulator
) -> None:
    connect(running, second)

    with pytest.raises(errors.NotConnected):
        running.of("chatwoot", "9")


def test_an_integration_of_a_kind_that_this_version_lacks_is_left_out_and_named_in_the_log(
    running: Running, crm: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    connect(running, crm, kind="unheard")

    assert [services.id for services in running.all()] == ["main"]
    assert "sales is not served: no kind of CRM is called 'unheard'" in caplog.text


def test_what_was_on_its_way_to_a_deleted_integration_is_refused_and_the_journal_stays(
    running: Running, crm: Emulator, second: Emulator
) -> None:
    connect(running, second)
    found = running.named("sales")
    assert found
    found.journal.accept([new(words="Ligar amanhã.")])
    hanging = running.hanging("sales")

    running.remove("sales")

    row = found.journal.database.row("SELECT state, why FROM journal")
    assert (hanging["open"], hanging["accounts"]) == (1, 1)
    assert row == {"state": "refused", "why": "VNC-102"}
    assert running.named("sales") is None
