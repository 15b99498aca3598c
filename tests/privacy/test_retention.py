"""The purge by kinds: only what is older than its limit, each by its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crm.bench import ANA, TALK, Clock
from widget.domain.model import Origin
from widget.privacy.retention import DAY, Limits, Retention
from widget.store.engine.database import Database
from widget.store.ledger.ledger import RECEIPT, Ledger
from widget.store.records.cache import Cache
from widget.store.records.conversations import Conversations
from widget.store.records.drafts import Drafts


@pytest.mark.parametrize("kind", ["cache", "drafts", "conversations", "ledger"])
def test_each_kind_goes_by_its_own_limit_and_not_a_day_before(
    database: Database, clock: Clock, tmp_path: Path, kind: str
) -> None:
    ledger = Ledger(database, "key", clock)
    Cache(database, "main").put("q", "contato", [{"id": "1"}], total=1, at=clock())
    Drafts(database, clock).keep(TALK, "note", {"text": "x"})
    Conversations(database, clock).remember(TALK)
    ledger.append(
        "accepted", Origin(TALK.key, ANA, "lead-1", "note.add"), key="k", facts={"text": "x"}
    )
    limits = Limits(**{**dict.fromkeys(vars(Limits()), 0), kind: 10})
    retention = Retention(database, ledger, tmp_path, limits, clock)
    gone = []
    for days in (9, 2, 1):
        clock.at += days * DAY
        gone.append({name: number for name, number in retention.purge().items() if number})

    assert gone == [{}, {kind: 1}, {}]


def test_the_chain_stays_whole_and_receipts_last(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    ledger = Ledger(database, "key", clock)
    for event in ("accepted", RECEIPT, "done"):
        ledger.append(event, Origin(TALK.key, ANA, "lead-1", "x"), key="k", facts={"text": "x"})
    clock.at += 2 * DAY
    retention = Retention(database, ledger, tmp_path, Limits(ledger=1), clock)
    gone = [retention.purge()["ledger"] for _ in range(2)]
    facts = database.rows("SELECT event, personal IS NULL AS blank FROM ledger ORDER BY seq")

    assert gone == [2, 0]
    assert [(row["event"], row["blank"]) for row in facts] == [
        ("accepted", 1),
        ("receipt", 0),
        ("done", 1),
        ("erased", 0),
    ]
    assert ledger.verify() is None
