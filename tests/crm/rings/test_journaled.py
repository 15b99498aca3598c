"""Tests of the journalling ring: a write is accepted on disk before the call.

One key has one effect, and an answer comes within the longest wait.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from tests.crm.bench import ANA, ORIGIN, RUI, Bench, Wrapped, http, reason, together
from tests.product import behind
from widget.crm.rings.journaled import Journaled
from widget.crm.wire import Query, Transport, Verb, Write
from widget.domain import errors
from widget.domain.model import Attendant, Freshness, State, Written
from widget.emulator.crm.server import Emulator
from widget.store.journal.entries import Entry

KEY, OTHER = "key-of-the-form-1", "key-of-the-form-2"
DONE = Written("8", State.DONE, "", KEY)


def entry(bench: Bench, key: str = KEY) -> Entry:
    found = bench.journal.find(key)
    assert found is not None
    return found


def records(crm: Emulator, text: str = "Mudou de cidade") -> int:
    return len(crm.rows("crm_substatus", descricao=text))


def of(contact: str, write: Write) -> Write:
    """The write for another contact."""
    return replace(write, origin=replace(ORIGIN, contact=contact))


def change(text: str, key: str = KEY, **more: object) -> Write:
    record = {"descricao": text}
    whole = Write("crm_substatus", record, key, ORIGIN, id="1", verb=Verb.CHANGE, words=record)
    return replace(whole, **more)  # type: ignore[arg-type]


# -- one key, one effect
# -------------------------------------------------------------------------------------------


def test_a_write_is_done_and_says_its_number(bench: Bench) -> None:
    assert bench.journaled.save(reason()) == DONE
    assert (entry(bench).state, entry(bench).crm_id) == (State.DONE, "8")


def test_the_same_key_twice_makes_one_record_and_gives_the_first_answer(bench: Bench) -> None:
    assert [bench.journaled.save(reason()) for _ in range(2)] == [DONE, DONE]
    assert records(bench.crm) == 1


def test_another_key_is_another_record(bench: Bench) -> None:
    bench.journaled.save(reason())
    bench.journaled.save(reason(key=OTHER))

    assert records(bench.crm) == 2


@pytest.mark.parametrize("fault", ["none", "reset_after_commit"])
def test_fifty_threads_with_one_key_make_one_record_and_have_one_answer(
    crm: Emulator, tmp_path: Path, fault: str
) -> None:
    bench = Bench(crm, tmp_path / "data", wait=10)
    crm.control(
        fault=fault,
        fault_on="write",
        fault_times=1,
        delay_seconds=0.1,
    )
    start, seen = Barrier(50), []

    def click() -> None:
        start.wait(10)
        seen.append(bench.journaled.save(reason()))

    together([Thread(target=click) for _ in range(50)])

    assert seen == [DONE] * 50
    assert records(crm) == 1
    assert bench.asked("crm_substatus", "insert") == 1
    assert len(bench.database.rows("SELECT * FROM journal")) == 1


def test_of_fifty_threads_with_other_words_under_one_key_only_the_first_words_count(
    bench: Bench,
) -> None:
    start, seen = Barrier(50), []

    def click(number: int) -> None:
        start.wait(10)
        try:
            seen.append(bench.journaled.save(reason(f"Motivo {number}")).id)
        except errors.AlreadySaved as error:
            seen.append(error.code)

    together([Thread(target=click, args=(number,)) for number in range(50)])

    assert sorted(seen) == ["8"] + ["VNC-106"] * 49
    assert bench.asked("crm_substatus", "insert") == 1


def test_two_processes_with_one_key_make_one_record_and_have_one_answer(
    crm: Emulator, tmp_path: Path
) -> None:
    first, second = (Bench(crm, tmp_path / "data", wait=10) for _ in range(2))
    crm.control(delay_seconds=0.1)
    start, seen = Barrier(10), []

    def click(bench: Bench) -> None:
        start.wait(10)
        seen.append(bench.journaled.save(reason()))

    together([Thread(target=click, args=(bench,)) for bench in [first, second] * 5])

    assert seen == [DONE] * 10
    assert first.asked("crm_substatus", "insert") == 1


@pytest.mark.parametrize("trouble", ["none", "429", "500"])
def test_a_form_that_was_accepted_and_says_something_else_now_is_not_taken_for_the_same(
    bench: Bench, trouble: str
) -> None:
    bench.crm.control(fault=trouble, fault_on="write", fault_times=1)
    bench.journaled.save(reason())

    with pytest.raises(errors.AlreadySaved):
        bench.journaled.save(reason("Outro motivo"))

    bench.settles()
    assert (records(bench.crm), records(bench.crm, "Outro motivo")) == (1, 0)


class Held(Wrapped):
    """Sends the writes of one key only when it may."""

    def __init__(self, inner: Transport, hold: str) -> None:
        super().__init__(inner)
        self.hold, self.sending, self.may_go = hold, Event(), Event()

    def write(self, write: Write) -> Written:
        if write.key == self.hold:
            self.sending.set()
            assert self.may_go.wait(10)
        return self.inner.write(write)


def test_another_contact_is_not_held_up(bench: Bench) -> None:
    bench.settling.inner = slow = Held(bench.http, hold=KEY)
    first = Thread(target=bench.journaled.save, args=(reason(),))
    first.start()
    assert slow.sending.wait(10)

    assert bench.journaled.save(of("lead-2", reason("Outro motivo", key=OTHER))).state is State.DONE

    slow.may_go.set()
    first.join(10)


def test_the_same_contact_waits_for_what_came_before(bench: Bench) -> None:
    # However busy the machine is: neither a call nor the save may run out of time.
    bench.settling.inner = slow = Held(http(bench.crm, 30), hold=KEY)
    patient = Journaled(bench.cached, bench.journal, bench.settling, 30)
    seen: list[Written] = []
    threads = [
        Thread(target=lambda k=key: seen.append(patient.save(reason(k, key=k))))
        for key in (KEY, OTHER)
    ]
    threads[0].start()
    assert slow.sending.wait(10)
    threads[1].start()
    while bench.journal.find(OTHER) is None:
        threads[1].join(0.01)
    assert entry(bench, OTHER).state is State.KEPT

    slow.may_go.set()
    for thread in threads:
        thread.join(10)

    assert {(w.key, w.id, w.state) for w in seen} == {
        (KEY, "8", State.DONE),
        (OTHER, "9", State.DONE),
    }


# -- on disk before the call
# ---------------------------------------------------------------------------------------


class Watching(Wrapped):
    """Looks into the journal, from a connection of its own, at the moment of the call."""

    def __init__(self, inner: Transport, bench: Bench) -> None:
        super().__init__(inner)
        self.bench = bench
        self.seen: list[Entry] = []

    def write(self, write: Write) -> Written:
        self.seen.append(entry(self.bench, write.key))
        return self.inner.write(write)


def test_the_write_is_on_disk_as_sending_before_the_crm_is_called(bench: Bench) -> None:
    bench.settling.inner = watching = Watching(bench.http, bench)

    bench.journaled.save(reason())

    (kept,) = watching.seen
    assert (kept.state, kept.sends) == (State.SENDING, 1)
    assert kept.owner.startswith(bench.presence.name)
    assert kept.work["record"] == {"descricao": "Mudou de cidade"}
    assert (kept.origin, kept.work["resource"], kept.kept_at) == (
        ORIGIN,
        "crm_substatus",
        bench.clock.at,
    )


def test_nothing_is_sent_that_could_not_be_put_on_disk(bench: Bench) -> None:
    pages = bench.database.connection.execute("PRAGMA page_count").fetchone()[0]
    bench.database.connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(errors.DiskFull):
        bench.journaled.save(reason("x" * 100_000))

    assert bench.crm.calls == []
    assert bench.journal.open() == []


def test_of_a_form_with_several_writes_all_are_accepted_or_none(bench: Bench) -> None:
    bench.journaled.save(reason("Primeiro", key=f"{KEY}.b"))

    with pytest.raises(errors.AlreadySaved):
        bench.journaled.save(reason("Novo", key=f"{KEY}.a"), reason("Segundo", key=f"{KEY}.b"))

    assert bench.journal.find(f"{KEY}.a") is None
    assert records(bench.crm, "Novo") == 0


def test_while_the_integration_is_switched_off_nothing_is_accepted(bench: Bench) -> None:
    off = Journaled(bench.cached, bench.journal, bench.settling, bench.wait, active=False)

    with pytest.raises(errors.SwitchedOff):
        off.save(reason())

    assert bench.journal.find(KEY) is None
    assert bench.crm.calls == []


def test_reads_pass_through(bench: Bench) -> None:
    assert len(bench.journaled.read(Query("crm_funil", freshness=Freshness.NOW)).value.rows) == 3


# -- what is answered
# ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "state", "why"),
    [
        ({"fault": "401"}, State.KEPT, "VNC-205"),
        ({"fault": "404"}, State.KEPT, "VNC-207"),
        ({"fault": "429"}, State.KEPT, "VNC-204"),
        ({"ip_blocked": True}, State.KEPT, "VNC-206"),
        ({"fault": "500"}, State.UNKNOWN, "VNC-202"),
        ({"fault": "reset"}, State.UNKNOWN, "VNC-202"),
    ],
)
def test_what_is_no_end_is_answered_with_how_far_it_is(
    bench: Bench, trouble: dict[str, object], state: State, why: str
) -> None:
    bench.crm.control(**trouble)

    assert bench.journaled.save(reason()) == Written("", state, why, KEY)

    bench.crm.control(fault="none", ip_blocked=False)
    bench.settles()
    assert bench.journaled.save(reason()) == DONE
    assert records(bench.crm) == 1


def test_while_the_crm_is_away_what_is_saved_is_kept_and_comes_later(bench: Bench) -> None:
    bench.crm.stop()
    assert bench.journaled.save(reason()) == Written("", State.KEPT, "VNC-201", KEY)

    bench.crm.start()
    bench.settles()

    assert records(bench.crm) == 1


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ({"fault": "error", "fault_on": "write"}, errors.Rejected),
        ({"not_released": ["crm_substatus"]}, errors.ResourceUnavailable),
        ({"not_permitted": ["crm_substatus"]}, errors.PermissionDenied),
    ],
)
def test_a_refusal_is_raised_and_the_form_may_be_saved_again_as_it_is_then(
    bench: Bench, trouble: dict[str, object], error: type[errors.CRMError]
) -> None:
    bench.crm.control(**trouble)
    with pytest.raises(error):
        bench.journaled.save(reason("Muda de cidade"))
    assert (entry(bench).state, entry(bench).why, entry(bench).seen) == (
        State.REFUSED,
        error.code,
        True,
    )
    bench.crm.control(fault="none", not_released=[], not_permitted=[])

    assert bench.journaled.save(reason()) == DONE
    assert entry(bench).words == {"descricao": "Mudou de cidade"}
    assert (records(bench.crm), records(bench.crm, "Muda de cidade")) == (1, 0)


@pytest.mark.parametrize("fault", ["hang", "drip", "drip_headers"])
def test_nobody_waits_longer_than_the_longest_wait(
    crm: Emulator, tmp_path: Path, fault: str
) -> None:
    bench = Bench(crm, tmp_path / "data", wait=0.4)
    crm.control(fault=fault)
    began = time.monotonic()

    written = bench.journaled.save(reason())

    assert time.monotonic() - began < 0.4 + 0.5
    assert written.state in {State.SENDING, State.UNKNOWN}


def test_who_does_not_wait_any_more_finds_it_done(crm: Emulator, tmp_path: Path) -> None:
    """The request has answered, and the call goes on in the background.

    The call is written down when it ends.
    """
    bench = Bench(crm, tmp_path / "data", wait=10)
    bench.settling.inner = slow = Held(bench.cached, hold=KEY)
    hasty = Journaled(bench.cached, bench.journal, bench.settling, wait=0.1)

    assert hasty.save(reason()).state is State.SENDING
    slow.may_go.set()

    assert bench.journaled.save(reason()) == DONE
    assert records(crm) == 1


# -- forms of several writes
# ---------------------------------------------------------------------------------------


def test_the_writes_of_a_form_are_done_in_their_order_and_the_last_one_is_the_answer(
    bench: Bench,
) -> None:
    second = reason("Segundo", key=f"{KEY}.close")

    assert bench.journaled.save(change("Preço"), replace(second, needs=(KEY,))) == replace(
        DONE, key=second.key
    )
    assert [c["kind"] for c in bench.crm.calls if c["kind"] != "list"] == ["update", "insert"]


def test_of_a_form_whose_second_write_was_refused_the_first_may_be_corrected_too(
    bench: Bench,
) -> None:
    wrong, right = (reason(text, key=f"{KEY}.close") for text in ("", "Segundo"))
    with pytest.raises(errors.Rejected):
        bench.journaled.save(change("Preço"), wrong)

    bench.journaled.save(change("Prazo"), right)

    assert bench.crm.rows("crm_substatus", id="1")[0]["descricao"] == "Prazo"
    assert records(bench.crm, "Segundo") == 1


def test_what_needs_a_refused_write_is_not_sent(bench: Bench) -> None:
    with pytest.raises(errors.Rejected):
        bench.journaled.save(
            reason(""), replace(reason("Segundo", key=f"{KEY}.close"), needs=(KEY,))
        )

    assert entry(bench, f"{KEY}.close").state is State.KEPT
    assert records(bench.crm, "Segundo") == 0


# -- a form that was drawn while an own save landed
# -----------------------------------------------------------------


def shown(text: str, before: str, key: str, attendant: Attendant = ANA) -> Write:
    """A change that was typed against ``before``."""
    origin = replace(ORIGIN, attendant=attendant)
    return change(text, key, expected={"descricao": (before, text)}, origin=origin)


def stands(bench: Bench) -> str:
    return bench.crm.rows("crm_substatus", id=1)[0]["descricao"]


@pytest.mark.parametrize("saves", [1, 2, 3])
def test_what_the_same_attendant_saved_since_the_form_was_read_is_no_conflict(
    bench: Bench, saves: int
) -> None:
    first = stands(bench)
    for number in range(saves):
        bench.journaled.save(shown(f"Motivo {number}", stands(bench), f"key-of-the-form-a{number}"))

    assert bench.journaled.save(shown("Motivo novo", first, KEY)).state is State.DONE
    assert stands(bench) == "Motivo novo"


def test_what_somebody_else_saved_since_the_form_was_read_is_a_conflict(bench: Bench) -> None:
    first = stands(bench)
    bench.journaled.save(shown("Motivo de Rui", first, OTHER, RUI))

    with pytest.raises(errors.Conflict):
        bench.journaled.save(shown("Motivo novo", first, KEY))
    assert stands(bench) == "Motivo de Rui"


def test_what_somebody_else_saved_between_is_a_conflict(bench: Bench) -> None:
    first = stands(bench)
    bench.journaled.save(shown("Motivo A", first, OTHER))
    bench.journaled.save(shown("Motivo de Rui", "Motivo A", "key-of-the-form-3", RUI))
    bench.journaled.save(shown("Motivo B", "Motivo de Rui", "key-of-the-form-4"))

    with pytest.raises(errors.Conflict):
        bench.journaled.save(shown("Motivo novo", first, KEY))


def test_what_was_changed_in_the_crm_after_the_own_save_is_a_conflict(bench: Bench) -> None:
    first = stands(bench)
    bench.journaled.save(shown("Motivo A", first, OTHER))
    behind(bench.crm, "crm_substatus", "1", descricao="Motivo do CRM")

    with pytest.raises(errors.Conflict) as raised:
        bench.journaled.save(shown("Motivo novo", first, KEY))
    assert raised.value.theirs == {"descricao": "Motivo do CRM"}


def test_an_own_save_that_replaced_something_else_than_the_form_showed_excuses_nothing(
    bench: Bench,
) -> None:
    first = stands(bench)
    bench.journaled.save(shown("Motivo A", first, OTHER))
    behind(bench.crm, "crm_substatus", "1", descricao="Motivo do CRM")
    drawn = stands(bench)
    behind(bench.crm, "crm_substatus", "1", descricao="Motivo A")

    with pytest.raises(errors.Conflict):
        bench.journaled.save(shown("Motivo novo", drawn, KEY))
