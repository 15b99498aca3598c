"""The list of writes: kept before they are sent, one entry for a key, and how each ended."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import pytest

from tests.crm.bench import ORIGIN, Clock, together
from widget.model import State
from widget.store.database import Database
from widget.store.journal import Entry, Journal

RECORD = {"anotacao": "Quer 500 Mega 🚀", "id_cliente": "5"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(database: Database, clock: Clock) -> Journal:
    return Journal(database, "main", clock)


def keep(journal: Journal, key: str = "k", contact: str = "lead-1", record: dict[str, str] = RECORD) -> Entry:
    origin = replace(ORIGIN, contact=contact, negotiation="7", summary="Quer 500")
    return journal.keep(key, origin, verb="insert", resource="notas", id="", record=record)


def test_what_is_kept_comes_back_whole(journal: Journal, clock: Clock) -> None:
    entry = keep(journal)

    assert entry == journal.find("k")
    assert entry.state is State.KEPT
    assert entry.record == RECORD
    assert entry.origin == replace(ORIGIN, negotiation="7", summary="Quer 500")
    assert (entry.resource, entry.crm_id, entry.why, entry.kept_at) == ("notas", "", "", clock.at)


def test_an_unknown_key_has_no_entry(journal: Journal) -> None:
    assert journal.find("nobody's") is None


def test_a_second_entry_of_one_key_cannot_exist(journal: Journal, database: Database) -> None:
    keep(journal)
    journal.settle("k", State.DONE, crm_id="9")

    again = keep(journal, record={"anotacao": "something else"})

    assert (again.state, again.crm_id, again.record) == (State.DONE, "9", RECORD)
    assert len(database.rows("SELECT * FROM journal")) == 1


def test_many_threads_that_keep_one_key_make_one_entry(journal: Journal, database: Database) -> None:
    together([Thread(target=keep, args=(journal,)) for _ in range(20)])

    assert len(database.rows("SELECT * FROM journal")) == 1


def test_sending_notes_what_is_sent(journal: Journal) -> None:
    keep(journal)

    journal.send("k", {"anotacao": "corrected"})

    entry = journal.find("k")
    assert entry is not None
    assert (entry.state, entry.record) == (State.SENDING, {"anotacao": "corrected"})


@pytest.mark.parametrize("state", [State.DONE, State.REFUSED, State.UNKNOWN, State.KEPT])
def test_settling_notes_how_it_ended_and_when(journal: Journal, database: Database, clock: Clock, state: State) -> None:
    keep(journal)
    clock.at += 3

    journal.settle("k", state, crm_id="9", why="VNC-202")

    entry = journal.find("k")
    assert entry is not None
    assert (entry.state, entry.crm_id, entry.why) == (state, "9", "VNC-202")
    assert database.rows("SELECT settled_at FROM journal") == [{"settled_at": clock.at}]


def test_a_contacts_entries_come_newest_first_and_only_its_own(journal: Journal, clock: Clock) -> None:
    for number, contact in enumerate(("lead-1", "client-1", "lead-1", "lead-1")):
        clock.at += 1
        keep(journal, f"k{number}", contact)

    assert [entry.key for entry in journal.of_contact("lead-1")] == ["k3", "k2", "k0"]
    assert [entry.key for entry in journal.of_contact("lead-1", limit=2)] == ["k3", "k2"]


def test_another_integrations_entries_are_not_shown(journal: Journal, database: Database) -> None:
    keep(journal)

    assert Journal(database, "other").of_contact("lead-1") == []


def test_no_secret_is_kept_neither_before_nor_while_sending(journal: Journal, database: Database) -> None:
    keep(journal, record={**RECORD, "senha": "s3cr3t"})
    assert "s3cr3t" not in str(database.rows("SELECT * FROM journal"))

    journal.send("k", {**RECORD, "hotsite_email": "s3cr3t"})

    assert "s3cr3t" not in str(database.rows("SELECT * FROM journal"))
