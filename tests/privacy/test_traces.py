"""What is found of a person in the tables, of one integration only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.crm.bench import ANA, TALK, Clock
from widget.crm.ixc.kind import Personal
from widget.domain.model import Origin, Ref
from widget.privacy.traces import Found, Traces, opened
from widget.store.engine.database import Database
from widget.store.engine.migrations import people
from widget.store.ledger.ledger import Ledger
from widget.store.records.cache import Cache
from widget.store.records.conversations import Conversations
from widget.store.records.drafts import Drafts
from widget.store.records.links import Links


def test_each_integration_is_erased_by_itself(database: Database, clock: Clock) -> None:
    for name in ("main", "other"):
        Cache(database, name).put("q", "contato", [{"id": "1", "nome": "X"}], total=1, at=1.0)
        Links(database, name, clock).link("p1", Ref(Ref.LEAD, "1"), "Ana")
    ledger = Ledger(database, "key", clock)
    found = Found(("lead-1",), frozenset(), frozenset(), frozenset(), frozenset())
    gone = Traces(database, None, "main", ledger, Personal()).erase(
        found, Origin("", ANA, "lead-1", "x"), ["cidade"], []
    )
    other = Traces(database, None, "other", ledger, Personal())

    assert (gone["cache"], gone["links"]) == (1, 1)
    assert ([*other.records("contato")], len(other.links(["lead-1"]))) == (
        [{"id": "1", "nome": "X"}],
        1,
    )


def test_conversations_and_drafts_of_another_integration_are_not_seen(
    database: Database, clock: Clock
) -> None:
    other = replace(TALK, integration="sales")
    for talk in (TALK, other):
        Conversations(database, clock).remember(talk)
        Drafts(database, clock).keep(talk, "note", {"contact": "lead-1"})
    ledger = Ledger(database, "key", clock)
    seen = {
        name: (
            [r["key"] for r in traces.conversations()],
            [r["conversation"] for r in traces.drafts()],
        )
        for name in ("main", "sales")
        for traces in [Traces(database, None, name, ledger, Personal())]
    }

    assert seen == {
        "main": ([f"{TALK.key}@{ANA.id}"], [TALK.key]),
        "sales": ([f"{other.key}@{ANA.id}"], [other.key]),
    }
    assert TALK.key != other.key


def test_lookup_tables_stay_in_the_cache(database: Database, clock: Clock) -> None:
    Cache(database, "main").put("q", "cidade", [{"id": "1", "nome": "Chapecó"}], total=1, at=1.0)
    traces = Traces(database, None, "main", Ledger(database, "key", clock), Personal())
    found = Found((), frozenset(), frozenset(), frozenset(), frozenset())
    traces.erase(found, Origin(TALK.key, ANA, "lead-1", "x"), ["cidade"], [])

    assert [*traces.records("cidade")] == [{"id": "1", "nome": "Chapecó"}]


def test_an_index_that_is_not_there_or_damaged_is_none(tmp_path: Path) -> None:
    damaged = tmp_path / "people.db"
    missing = opened(tmp_path / "nothing.db", people)
    damaged.write_text("no database at all, but text")

    assert (missing, opened(damaged, people)) == (None, None)
