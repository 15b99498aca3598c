"""The journalling ring: on disk before the call, one record for one key, and what became of each write."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Barrier, Event, Thread

import pytest

from tests.crm.bench import ORIGIN, Bench, Wrapped, reason, together
from widget import errors
from widget.crm.journaled import Journaled
from widget.crm.protocol import Freshness, Query, Transport, Write
from widget.emulator.server import Emulator
from widget.model import State, Written
from widget.store.journal import Entry

KEY = "key-of-the-form-1"


def entry(bench: Bench, key: str = KEY) -> Entry:
    found = bench.journal.find(key)
    assert found is not None
    return found


def records(crm: Emulator, text: str = "Mudou de cidade") -> int:
    return len(crm.rows("crm_substatus", descricao=text))


def update(text: str, key: str = KEY) -> Write:
    return Write("crm_substatus", {"id": "1", "descricao": text, "cor_mapa": "#c0003f"}, key, ORIGIN, id="1")


# -- one key, one record -------------------------------------------------------------------------------------------


def test_a_write_is_done_and_says_its_number(bench: Bench) -> None:
    written = bench.journaled.write(reason())

    assert written == Written("8")
    assert (entry(bench).state, entry(bench).crm_id) == (State.DONE, "8")


def test_the_same_key_twice_makes_one_record_and_gives_the_first_answer(bench: Bench) -> None:
    first = bench.journaled.write(reason())
    second = bench.journaled.write(reason())

    assert second == Written(first.id, repeated=True)
    assert records(bench.crm) == 1


def test_another_key_is_another_record(bench: Bench) -> None:
    bench.journaled.write(reason())
    bench.journaled.write(reason(key="key-of-the-form-2"))

    assert records(bench.crm) == 2


def test_twenty_threads_with_one_key_make_one_record_and_agree_on_its_number(bench: Bench) -> None:
    bench.crm.control(delay_seconds=0.1)
    start, seen = Barrier(20), []

    def click() -> None:
        start.wait(10)
        seen.append(bench.journaled.write(reason()))

    together([Thread(target=click) for _ in range(20)])

    assert records(bench.crm) == 1
    assert [written.id for written in seen] == ["8"] * 20
    assert sum(not written.repeated for written in seen) == 1


def test_twenty_threads_whose_answers_are_lost_still_make_one_record(bench: Bench) -> None:
    bench.crm.control(fault="reset_after_commit", fault_on="write", delay_seconds=0.02)
    start, seen = Barrier(20), []

    def click() -> None:
        start.wait(10)
        try:
            seen.append(bench.journaled.write(reason()).id)
        except errors.OutcomeUnknown:
            seen.append("unknown")

    together([Thread(target=click) for _ in range(20)])

    assert records(bench.crm) == 1
    assert sorted(seen) == ["8"] * 19 + ["unknown"]


def test_different_keys_do_not_wait_for_each_other(bench: Bench) -> None:
    slow = Held(bench.http, hold="key-of-the-form-1")
    ring = Journaled(slow, bench.journal)
    first = Thread(target=ring.write, args=(reason(),))
    first.start()
    assert slow.sending.wait(10)

    assert ring.write(reason("Outro motivo", key="key-of-the-form-2")).id == "8"

    slow.may_go.set()
    first.join(10)


def test_the_locks_of_finished_keys_are_forgotten(bench: Bench) -> None:
    bench.journaled.write(reason())
    bench.crm.control(fault="500")
    with pytest.raises(errors.OutcomeUnknown):
        bench.journaled.write(reason(key="key-of-the-form-2"))

    assert bench.journaled._turns._locks == {}
    assert not bench.journaled._turns._waiting


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


# -- on disk before the call ---------------------------------------------------------------------------------------


class Watching(Wrapped):
    """Looks into the journal at the moment of the call."""

    def __init__(self, inner: Transport, bench: Bench) -> None:
        super().__init__(inner)
        self.bench = bench
        self.seen: list[Entry] = []

    def write(self, write: Write) -> Written:
        self.seen.append(entry(self.bench, write.key))
        return self.inner.write(write)


def test_the_write_is_on_disk_as_sending_before_the_crm_is_called(bench: Bench) -> None:
    watching = Watching(bench.http, bench)

    Journaled(watching, bench.journal).write(reason())

    (kept,) = watching.seen
    assert kept.state is State.SENDING
    assert kept.record == {"descricao": "Mudou de cidade"}
    assert kept.origin == ORIGIN
    assert (kept.resource, kept.kept_at) == ("crm_substatus", bench.clock.at)


def test_the_journal_keeps_no_secrets(bench: Bench) -> None:
    record = {"nome": "X", "email": "x@serranet.example", "senha": "hash-of-x"}

    written = bench.journaled.write(Write("usuarios", record, KEY, ORIGIN))

    assert bench.crm.rows("usuarios", id=written.id)[0]["senha"] == "hash-of-x"
    assert "senha" not in entry(bench).record
    assert "hash-of-x" not in str(bench.database.rows("SELECT * FROM journal"))


# -- how it ends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "error", "state"),
    [
        ({"fault": "401"}, errors.CredentialsRefused, State.KEPT),
        ({"fault": "404"}, errors.Misconfigured, State.KEPT),
        ({"fault": "429"}, errors.Busy, State.KEPT),
        ({"ip_blocked": True}, errors.AddressRefused, State.KEPT),
        ({"not_released": ["crm_substatus"]}, errors.ResourceUnavailable, State.REFUSED),
        ({"not_permitted": ["crm_substatus"]}, errors.PermissionDenied, State.REFUSED),
        ({"fault": "500"}, errors.OutcomeUnknown, State.UNKNOWN),
        ({"fault": "html200"}, errors.OutcomeUnknown, State.UNKNOWN),
        ({"fault": "reset"}, errors.OutcomeUnknown, State.UNKNOWN),
        ({"fault": "redirect"}, errors.OutcomeUnknown, State.UNKNOWN),
    ],
)
def test_a_write_that_fails_is_written_down_as_what_it_is(
    bench: Bench, trouble: dict[str, object], error: type[errors.CRMError], state: State
) -> None:
    bench.crm.control(**trouble)

    with pytest.raises(error):
        bench.journaled.write(reason())

    assert (entry(bench).state, entry(bench).why) == (state, error.code)
    assert records(bench.crm) == 0


def test_a_crm_that_is_away_leaves_the_write_kept(bench: Bench) -> None:
    bench.crm.stop()

    with pytest.raises(errors.Unreachable):
        bench.journaled.write(reason())

    assert entry(bench).state is State.KEPT


@pytest.mark.parametrize("trouble", [{"fault": "429"}, {"not_permitted": ["crm_substatus"]}, {"fault": "500"}])
def test_after_the_trouble_the_same_form_is_saved_once(bench: Bench, trouble: dict[str, object]) -> None:
    bench.crm.control(**trouble)
    with pytest.raises(errors.CRMError):
        bench.journaled.write(reason())
    bench.crm.control(fault="none", not_permitted=[])

    assert bench.journaled.write(reason()) == Written("8")
    assert bench.journaled.write(reason()) == Written("8", repeated=True)
    assert records(bench.crm) == 1


def test_a_refused_form_is_sent_again_as_it_was_corrected(bench: Bench) -> None:
    nameless = replace(reason(), record={"descricao": ""})
    with pytest.raises(errors.Rejected):
        bench.journaled.write(nameless)
    assert entry(bench).state is State.REFUSED

    bench.journaled.write(reason())

    assert entry(bench).record == {"descricao": "Mudou de cidade"}
    assert records(bench.crm) == 1


# -- reading back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", ["reset_after_commit", "empty200", "braces200", "half_headers", "cut_body", "truncated"]
)
def test_a_write_whose_answer_was_lost_is_found_again_by_its_marker(bench: Bench, fault: str) -> None:
    bench.crm.control(fault=fault, fault_on="write", fault_times=1)
    with pytest.raises(errors.OutcomeUnknown):
        bench.journaled.write(reason())

    assert bench.journaled.write(reason()) == Written("8", repeated=True)
    assert (entry(bench).state, entry(bench).crm_id) == (State.DONE, "8")
    assert records(bench.crm) == 1


def test_a_write_that_never_arrived_is_sent_again(bench: Bench) -> None:
    bench.crm.control(fault="reset", fault_on="write", fault_times=1)
    with pytest.raises(errors.OutcomeUnknown):
        bench.journaled.write(reason())

    assert bench.journaled.write(reason()) == Written("8")
    assert records(bench.crm) == 1


@pytest.mark.parametrize("fault", ["braces200", "empty200", "html200", "500", "reset", "truncated"])
def test_while_nobody_can_read_back_nothing_is_sent_again(bench: Bench, fault: str) -> None:
    bench.crm.control(fault="reset_after_commit", fault_on="write", fault_times=1)
    with pytest.raises(errors.OutcomeUnknown):
        bench.journaled.write(reason())
    bench.crm.control(fault=fault, fault_on="read", fault_times=None)

    with pytest.raises(errors.CRMError):
        bench.journaled.write(reason())

    assert entry(bench).state is State.UNKNOWN
    assert records(bench.crm) == 1


def test_a_write_in_doubt_stays_in_doubt_when_the_next_try_does_not_get_through(bench: Bench) -> None:
    bench.crm.control(fault="reset", fault_on="write", fault_times=1, commit=True, commit_delay_seconds=0.3)
    with pytest.raises(errors.OutcomeUnknown):
        bench.journaled.write(reason())
    bench.crm.control(fault="429", fault_on="write", fault_times=1, commit=False, commit_delay_seconds=0)
    with pytest.raises(errors.Busy):
        bench.journaled.write(reason())
    assert entry(bench).state is State.UNKNOWN
    deadline = time.monotonic() + 5
    while not records(bench.crm):
        assert time.monotonic() < deadline

    assert bench.journaled.write(reason()) == Written("8", repeated=True)
    assert records(bench.crm) == 1


def test_reading_back_asks_the_crm_and_not_what_is_known(bench: Bench) -> None:
    write = reason()
    assert write.marker is not None
    bench.journaled.read(write.marker)  # from before: not there
    bench.crm.control(fault="reset_after_commit", fault_on="write", fault_times=1)
    with pytest.raises(errors.OutcomeUnknown):
        bench.http.write(write)
    bench.journal.keep(KEY, ORIGIN, verb="insert", resource="crm_substatus", id="", record=write.record)
    bench.journal.send(KEY, write.record)

    assert bench.journaled.write(write) == Written("8", repeated=True)


@pytest.mark.parametrize("arrived", [True, False])
def test_what_a_process_that_died_was_sending_is_settled_by_the_next_one(bench: Bench, arrived: bool) -> None:
    write = reason()
    bench.journal.keep(KEY, ORIGIN, verb="insert", resource="crm_substatus", id="", record=write.record)
    bench.journal.send(KEY, write.record)
    if arrived:
        bench.http.write(write)

    after = Bench(bench.crm, bench.folder)

    assert after.journaled.write(write) == Written("8", repeated=arrived)
    assert records(bench.crm) == 1


def test_a_mistake_of_our_own_while_sending_leaves_the_write_to_be_read_back(bench: Bench) -> None:
    class Dying(Wrapped):
        def write(self, write: Write) -> Written:
            self.inner.write(write)
            raise RuntimeError("between the CRM's answer and our journal")

    with pytest.raises(RuntimeError):
        Journaled(Dying(bench.http), bench.journal).write(reason())

    assert entry(bench).state is State.SENDING
    assert bench.journaled.write(reason()) == Written("8", repeated=True)
    assert records(bench.crm) == 1


# -- updates -------------------------------------------------------------------------------------------------------


def test_an_update_of_unknown_outcome_is_simply_done_again(bench: Bench) -> None:
    bench.crm.control(fault="reset_after_commit", fault_on="write", fault_times=1)
    with pytest.raises(errors.OutcomeUnknown):
        bench.journaled.write(update("Preço"))

    assert bench.journaled.write(update("Preço")) == Written("1")
    assert bench.crm.rows("crm_substatus", id="1")[0]["descricao"] == "Preço"


def test_a_finished_update_is_not_sent_twice(bench: Bench) -> None:
    bench.journaled.write(update("Preço"))

    assert bench.journaled.write(update("Preço")) == Written("1", repeated=True)
    assert bench.asked("crm_substatus", "update") == 1


def test_a_finished_update_that_was_changed_since_is_sent_as_it_is_now(bench: Bench) -> None:
    """A form of two writes comes back when the second is refused; what is corrected then belongs to the first."""
    bench.journaled.write(update("Preço"))

    bench.journaled.write(update("Prazo"))

    assert bench.crm.rows("crm_substatus", id="1")[0]["descricao"] == "Prazo"
    assert entry(bench).record["descricao"] == "Prazo"


def test_reads_pass_through(bench: Bench) -> None:
    assert len(bench.journaled.read(Query("crm_funil", freshness=Freshness.NOW)).value.rows) == 3


def test_a_form_saved_before_that_says_something_else_now_is_not_taken_for_the_same(bench: Bench) -> None:
    bench.journaled.write(replace(reason(), words=("descricao",)))

    with pytest.raises(errors.AlreadySaved):
        bench.journaled.write(replace(reason("Outro motivo"), words=("descricao",)))

    assert (records(bench.crm), records(bench.crm, "Outro motivo")) == (1, 0)


def test_other_words_after_a_lost_answer_are_not_taken_for_the_ones_that_arrived(bench: Bench) -> None:
    first = replace(reason(), words=("descricao",))
    bench.crm.control(fault="reset_after_commit", fault_on="write", fault_times=1)
    with pytest.raises(errors.OutcomeUnknown):
        bench.journaled.write(first)

    with pytest.raises(errors.AlreadySaved):
        bench.journaled.write(replace(first, record={"descricao": "Outro motivo"}))

    assert entry(bench).state is State.DONE
    assert (records(bench.crm), records(bench.crm, "Outro motivo")) == (1, 0)
