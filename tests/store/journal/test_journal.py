"""The list of writes: accepted once, taken in hand by one, in order, and how each ended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.crm.bench import Clock, together
from tests.store.writes import (
    LEAD,
    A,
    B,
    C,
    claimed,
    fail,
    finish,
    found,
    new,
    process,
    refuse,
    sealed,
)
from widget.crm.wire import unpacked
from widget.domain import errors
from widget.domain.model import Attendant, Origin, Ref, State
from widget.store.journal.journal import Journal

# -- accepted
# --------------------------------------------------------------------------------------------------


def test_what_is_accepted_comes_back_whole(journal: Journal, clock: Clock) -> None:
    origin = Origin(
        "chatwoot:1:7",
        Attendant("1", "Ana", "a@b.example", proven=True),
        "lead-1",
        "note.add",
        summary="Quer 500",
        negotiation="7",
        link="lead-1 Ana 5",
        version="2026",
        form="note-contact",
        typed={"text": "Quer 500"},
    )
    wanted = replace(new(), origin=origin)

    journal.accept([wanted])

    entry = found(journal)
    assert (entry.key, entry.origin, entry.words) == (A, origin, wanted.words)
    assert unpacked(entry.work, A, origin) == unpacked(wanted.work, A, origin)
    assert (entry.state, entry.crm_id, entry.why, entry.attempts, entry.sends) == (
        State.KEPT,
        "",
        "",
        0,
        0,
    )
    assert (entry.kept_at, entry.owner) == (clock.at, "")
    assert sealed(journal) == [("accepted", A, "")]


def test_an_unknown_key_has_no_entry(journal: Journal) -> None:
    assert journal.find("nobody's") is None
    assert journal.claim("nobody's") is None


def test_a_second_entry_of_one_key_cannot_exist(journal: Journal) -> None:
    journal.accept([new()])
    finish(journal)

    journal.accept([new()])

    assert (found(journal).state, found(journal).crm_id) == (State.DONE, "9")
    assert len(journal.database.rows("SELECT * FROM journal")) == 1


@pytest.mark.parametrize("state", ["kept", "done"])
def test_other_words_under_an_accepted_key_are_refused(journal: Journal, state: str) -> None:
    journal.accept([new()])
    if state == "done":
        finish(journal)

    with pytest.raises(errors.AlreadySaved) as caught:
        journal.accept([new(words="Quer 700")])

    assert caught.value.code == "VNC-106"
    assert found(journal).words == {"text": "Quer 500 Mega 🚀"}


def test_fifty_threads_that_accept_one_key_make_one_entry(journal: Journal) -> None:
    together([Thread(target=journal.accept, args=([new()],)) for _ in range(50)])

    assert len(journal.database.rows("SELECT * FROM journal")) == 1
    assert sealed(journal) == [("accepted", A, "")]


def test_the_writes_of_one_form_are_accepted_all_or_none(journal: Journal) -> None:
    journal.accept([new(f"{A}.b")])

    with pytest.raises(errors.AlreadySaved):
        journal.accept([new(f"{A}.a"), new(f"{A}.b", words="x")])

    assert [entry.key for entry in journal.of_form(A)] == [f"{A}.b"]
    assert sealed(journal) == [("accepted", f"{A}.b", "")]


def test_what_was_refused_is_taken_anew_as_it_is_now(journal: Journal) -> None:
    journal.accept([new()])
    refuse(journal)

    journal.accept([new(words="Quer 700", contact="lead-2")])

    entry = found(journal)
    assert (entry.state, entry.why, entry.attempts, entry.sends) == (State.KEPT, "", 0, 0)
    assert (entry.words, entry.origin.contact) == ({"text": "Quer 700"}, "lead-2")
    assert [event for event, *_ in sealed(journal)] == ["accepted", "refused", "accepted"]


def test_no_two_acceptances_ever_have_the_same_place(journal: Journal) -> None:
    places = []
    for key, end in ((A, refuse), (B, finish), (A, refuse), (A, finish), (C, finish)):
        journal.accept([new(key)])
        places.append(found(journal, key).seq)
        end(journal, key)

    assert places == [1, 2, 3, 4, 5]


def test_no_secret_is_kept(journal: Journal) -> None:
    journal.accept([new(record={"nome": "X", "senha": "s3cr3t", "hotsite_email": "s3cr3t"})])
    entry = claimed(journal)
    journal.instead(entry, [new(record={"nome": "X", "senha": "s3cr3t"})])

    assert "s3cr3t" not in str(journal.database.rows("SELECT * FROM journal"))
    assert "s3cr3t" not in str(journal.database.rows("SELECT * FROM ledger"))


# -- in hand
# --------------------------------------------------------------------------------------------------


def test_an_entry_is_in_one_hand_at_a_time(journal: Journal) -> None:
    journal.accept([new()])

    entry = claimed(journal)
    assert journal.claim(A) is None
    assert journal.is_moving(A)

    journal.release(entry)
    assert not journal.is_moving(A)
    assert claimed(journal).key == A


def test_of_many_threads_in_two_processes_one_gets_it(tmp_path: Path) -> None:
    processes = [process(tmp_path) for _ in range(2)]
    processes[0].accept([new()])
    start, seen = Barrier(20), []

    def take(journal: Journal) -> None:
        start.wait(10)
        seen.append(journal.claim(A))

    together([Thread(target=take, args=(journal,)) for journal in processes * 10])

    assert sum(entry is not None for entry in seen) == 1


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("kept", State.KEPT), ("sending", State.UNKNOWN), ("unknown", State.UNKNOWN)],
)
def test_what_a_dead_process_had_in_hand_another_one_takes_over(
    tmp_path: Path, was: str, becomes: State
) -> None:
    dead, heir = process(tmp_path), process(tmp_path)
    dead.accept([new()])
    entry = claimed(dead)
    if was == "sending":
        dead.sending(entry)
    if was == "unknown":
        dead.failed(entry, State.UNKNOWN, "VNC-202")
    assert heir.claim(A) is None
    assert heir.is_moving(A)

    dead.presence.leave()

    assert not heir.is_moving(A)
    assert claimed(heir).state is becomes


def test_a_thread_that_fell_over_leaves_nothing_in_hand(journal: Journal) -> None:
    """Its entry stands as being sent, by a process that lives.

    It is free as soon as it is given back.
    """
    journal.accept([new()])
    entry = claimed(journal)
    journal.sending(entry)
    journal.release(entry)

    assert claimed(journal).state is State.UNKNOWN


@pytest.mark.parametrize("end", ["done", "refused"])
def test_what_has_come_to_its_end_is_nobodys(journal: Journal, end: str) -> None:
    journal.accept([new()])
    finish(journal) if end == "done" else refuse(journal)

    assert journal.claim(A) is None
    assert not journal.is_moving(A)


# -- how it ends
# --------------------------------------------------------------------------------------------------


def test_sending_is_counted_and_timed_by_the_steady_clock(journal: Journal) -> None:
    journal.accept([new()])
    taken = claimed(journal)
    for _ in range(2):
        journal.sending(taken)

    entry = found(journal)
    assert (entry.state, entry.sends, entry.boot, entry.sent_at) == (
        State.SENDING,
        2,
        journal.steady.boot,
        1000.0,
    )


def test_the_end_is_written_down_and_sealed(journal: Journal, clock: Clock) -> None:
    journal.accept([new()])
    fail(journal, State.UNKNOWN, "VNC-202")
    clock.at += 3

    finish(journal)

    entry = found(journal)
    assert (entry.state, entry.crm_id, entry.why, entry.settled_at) == (
        State.DONE,
        "9",
        "",
        clock.at,
    )
    assert sealed(journal) == [("accepted", A, ""), ("done", A, "9")]


@pytest.mark.parametrize(
    "error",
    [
        errors.Rejected(("Preencha Nome!", "Preencha Filial!")),
        errors.Conflict({"nome": "Rui"}),
        errors.Duplicate("contato"),
        errors.NotFound("contato 1"),
        errors.ResourceUnavailable("contato"),
        errors.PermissionDenied("sem permissão"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_refusal_comes_back_as_it_was(journal: Journal, error: errors.VinculoError) -> None:
    journal.accept([new()])
    refuse(journal, error=error)

    entry = found(journal)
    again = entry.refusal
    assert (entry.state, type(again), vars(again), str(again)) == (
        State.REFUSED,
        type(error),
        vars(error),
        str(error),
    )


def test_a_try_without_an_end_is_counted_and_gives_its_reason(journal: Journal) -> None:
    journal.accept([new()])
    for _ in range(3):
        fail(journal, State.KEPT, "VNC-201")

    assert (found(journal).attempts, found(journal).why, found(journal).is_open) == (
        3,
        "VNC-201",
        True,
    )
    journal.push(A)
    assert found(journal).attempts == 0


def test_a_contact_that_got_its_number_is_renamed_wherever_it_was_waited_for(
    journal: Journal,
) -> None:
    journal.accept([new(A, contact=str(LEAD), action="contact.create")])
    journal.accept([new(B, contact=str(LEAD), negotiation=f"new-{B}", action="negotiation.create")])
    journal.accept([new(C, contact=str(LEAD), negotiation=f"new-{B}")])
    assert journal.resolve(LEAD) == LEAD

    finish(journal, A, "31")
    finish(journal, B, "12")

    assert journal.resolve(LEAD) == Ref(Ref.LEAD, "31")
    assert [
        (e.key, e.origin.contact, e.origin.negotiation) for e in journal.of_contact("lead-31")
    ] == [
        (C, "lead-31", "12"),
        (B, "lead-31", "12"),
        (A, "lead-31", ""),
    ]
    assert journal.names(Ref(Ref.LEAD, "31")) == ["lead-31", str(LEAD)]


def test_what_comes_after_a_contact_got_its_number_is_filed_under_it(journal: Journal) -> None:
    journal.accept([new(A, contact=str(LEAD), action="contact.create")])
    finish(journal, A, "31")

    journal.accept([new(B, contact=str(LEAD), negotiation=f"new-{A}")])

    assert (found(journal, B).origin.contact, found(journal, B).origin.negotiation) == (
        "lead-31",
        "31",
    )


def test_another_way_takes_the_entrys_place(journal: Journal) -> None:
    journal.accept([new(A)])
    entry = claimed(journal)

    journal.instead(
        entry, [new(f"{A}.prospect"), new(A, needs=(f"{A}.prospect",), resource="cliente")]
    )
    journal.release(entry)

    assert (found(journal).state, found(journal).needs, found(journal).work["resource"]) == (
        State.KEPT,
        (f"{A}.prospect",),
        "cliente",
    )
    assert [e.key for e in journal.open() if journal.blocker(e) is None] == [f"{A}.prospect"]


def test_what_takes_an_entrys_place_stands_before_what_came_after_the_entry(
    journal: Journal,
) -> None:
    """Else each would wait for the other."""
    journal.accept([new(A)])
    journal.accept([new(B, needs=(A,))])
    entry = claimed(journal)
    journal.instead(entry, [new(f"{A}.prospect"), new(A, needs=(f"{A}.prospect",))])
    journal.release(entry)

    blockers = {e.key: b and b.key for e in journal.open() for b in [journal.blocker(e)]}
    assert blockers == {A: f"{A}.prospect", B: A, f"{A}.prospect": None}


# -- what is finished costs nothing
# --------------------------------------------------------------------------------


def steps_of_a_write(journal: Journal, key: str) -> int:
    """Returns the steps (in tens) that SQLite takes from an acceptance to the end of it.

    One look at what is pending is among them.
    """
    counted: list[int] = []
    journal.database.connection.set_progress_handler(lambda: counted.append(10), 10)
    journal.accept([new(key, contact="lead-2", negotiation="3", conversation="chatwoot:1:9")])
    journal.makers(key, "crm_substatus", "77")
    finish(journal, key, "77")
    journal.pending("chatwoot:1:9", "lead-2")
    journal.unchecked(1, 60.0, 5)
    journal.database.connection.set_progress_handler(None, 0)
    return sum(counted)


def test_a_write_takes_as_many_steps_however_many_were_finished_before(journal: Journal) -> None:
    journal.accept([new()])
    finish(journal)
    journal.checked(found(journal))
    alone = steps_of_a_write(journal, B)
    kept = (
        "integration, conversation, contact, negotiation, action, origin, work, words, state, "
        "kept_at, checks"
    )
    journal.database.run(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000) INSERT "
        "INTO journal"
        f" (key, root, crm_id, {kept}) SELECT key || n, root || n, n + 100, {kept} FROM journal, "
        f"n WHERE key = '{A}'"
    )

    assert steps_of_a_write(journal, C) < 1.5 * alone
