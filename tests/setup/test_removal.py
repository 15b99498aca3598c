"""What is on its way is written down before an integration goes, and nothing of it stays."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import SECRET, START_KEY
from tests.store.writes import new
from widget.crm.ixc.kind import Mirroring
from widget.desk.running import Running
from widget.desk.shared import Keys
from widget.domain.integrations import Integration
from widget.domain.settings import Settings
from widget.registry import CRMS
from widget.setup import removal
from widget.store.engine import migrations
from widget.store.engine.database import Database
from widget.store.people.fills import Fills
from widget.store.records.accounts import Account


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A server with one integration that is switched off."""
    found = Running(Settings(data=str(tmp_path)), Keys(SECRET, START_KEY), CRMS, time.time)
    found.integrations.add(
        Integration("vendas", "Vendas", "https://ixc.example/webservice/v1", "7:abc", active=False)
    )
    yield found
    found.shared.presence.leave()


def kept(running: Running, integration: str, text: str) -> None:
    """A write that waits."""
    served = running.named(integration)
    assert served
    served.journal.accept([new(words=text)])


def test_what_is_on_its_way_is_written_down(running: Running) -> None:
    kept(running, "vendas", "Mudou de cidade")
    told = json.loads(removal.written_down(running, "vendas"))

    assert [write["typed"] for write in told["writes"]] == [{"text": "Mudou de cidade"}]
    assert told["writes"][0]["attendant"] == "Ana Souza"


def test_nothing_of_it_stays(running: Running) -> None:
    running.accounts.put(Account("chatwoot", "1", "vendas"))
    kept(running, "vendas", "Mudou de cidade")
    removal.remove(running, "vendas")

    assert running.integrations.all() == []
    assert running.accounts.all() == []
    assert running.named("vendas") is None
    assert json.loads(removal.written_down(running, "vendas"))["writes"] == []


def test_who_was_mirrored_is_erased_also_when_the_index_is_off_by_now(
    running: Running, tmp_path: Path
) -> None:
    database = Database(tmp_path / "people.db", migrations.people)
    for integration in ("vendas", "norte"):
        Fills(database, integration, time.time, Mirroring.resources.values()).begin("cliente", "")
    removal.remove(running, "vendas")

    assert [row["integration"] for row in database.rows("SELECT integration FROM fills")] == [
        "norte"
    ]


def test_every_table_that_names_integrations_is_emptied_of_it(running: Running) -> None:
    database = running.shared.database
    names = [
        row["name"] for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    info = {name: database.rows(f"PRAGMA table_info({name})") for name in names}
    held = [
        name
        for name, columns in info.items()
        if "integration" in {column["name"] for column in columns}
    ]
    for table in set(held) - {"journal"}:
        values = ["vendas" if column["name"] == "integration" else 1 for column in info[table]]
        database.run(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", *values)
    removal.remove(running, "vendas")

    left = {
        table
        for table in held
        if database.row(f"SELECT 1 FROM {table} WHERE integration = 'vendas'")
    }
    assert left == set()
    assert len(held) > 5
