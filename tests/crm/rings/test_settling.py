"""Tests of the way from accepted to settled: every way a call can end.

A call can end at the first send, at the next one, and while reading back.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from tests.crm.bench import ANA, ORIGIN, SETTLE, Bench, Wrapped, reason
from tests.product import behind
from widget.crm.rings.evidence import holds
from widget.crm.rings.settling import item
from widget.crm.wire import Filter, Query, Rows, Verb, Write
from widget.domain import errors
from widget.domain.model import Fetched, State, Written
from widget.emulator.crm.server import Emulator
from widget.store.journal.entries import Entry

KEY, OTHER = "key-of-the-form-1", "key-of-the-form-2"
TABLE = "crm_substatus"
NUMBERS = count()


@pytest.fixture(scope="module")
def shared(first_day: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One CRM for all cases; each has a text of its own in it."""
    data = tmp_path_factory.mktemp("crm") / "crm.db"
    shutil.copy(first_day, data)
    with Emulator(str(data)) as emulator:
        yield emulator


@pytest.fixture
def bench(shared: Emulator, tmp_path: Path) -> Iterator[Bench]:
    yield Bench(shared, tmp_path / "data", wait=1.0)
    shared._board.reset()
    shared._calls.clear()


@pytest.fixture
def write() -> Write:
    return reason(f"Motivo {next(NUMBERS)}")


def entry(bench: Bench, key: str = KEY) -> Entry:
    found = bench.journal.find(key)
    assert found is not None
    return found


def numbers(bench: Bench, write: Write) -> list[str]:
    """The numbers of the records that the CRM has of it."""
    return [row["id"] for row in bench.crm.rows(TABLE, descricao=write.record["descricao"])]


def try_to_save(bench: Bench, write: Write) -> State:
    """Accepts it and takes it as far as it goes now; nobody waits meanwhile."""
    bench.journal.accept([item(write)])
    bench.settling.pursue(write.key)
    return entry(bench, write.key).state


class Deaf(Wrapped):
    """No answer comes to a write, and after that nobody can read whether it arrived."""

    def __init__(self, bench: Bench, *, arrived: bool) -> None:
        super().__init__(bench.cached)
        self.crm, self.arrived, self.is_sent = bench.crm, arrived, False

    def read(self, query: Query) -> Fetched[Rows]:
        if self.is_sent:
            raise errors.Unreachable("x")
        return super().read(query)

    def write(self, write: Write) -> Written:
        self.crm.control(
            fault="reset",
            fault_on="write",
            fault_times=1,
            commit=self.arrived,
        )
        self.is_sent = True
        return super().write(write)


def lose_the_first(bench: Bench, write: Write, *, arrived: bool) -> None:
    """Sends it once, and leaves everybody in doubt."""
    bench.settling.inner = Deaf(bench, arrived=arrived)
    assert try_to_save(bench, write) is State.UNKNOWN
    bench.settling.inner = bench.cached
    bench.crm._board.reset()


# -- the first send
# ------------------------------------------------------------------------------------------------

DEFINITE: list[dict[str, object]] = [
    {"fault": "401"},
    {"fault": "403"},
    {"fault": "404"},
    {"fault": "429"},
    {"ip_blocked": True},
]
REFUSED: list[dict[str, object]] = [
    {"fault": "error", "fault_on": "write"},
    {"not_released": [TABLE]},
    {"not_permitted": [TABLE]},
    {"not_writable": [TABLE]},
]
LOST = (
    "500",
    "502",
    "503",
    "504",
    "html200",
    "empty200",
    "braces200",
    "redirect",
    "reset",
    "truncated",
    "cut_body",
    "half_headers",
    "hang",
    "drip",
    "drip_headers",
    "huge",
)


def named(switches: dict[str, object]) -> str:
    arrives = {True: "arrived", False: "lost"}.get(
        switches.get("commit"),  # type: ignore[call-overload]
        "",
    )
    return f"{switches.get('fault', next(iter(switches)))} {arrives}".strip()


@pytest.mark.parametrize("trouble", DEFINITE, ids=named)
def test_what_surely_did_not_happen_is_kept_and_sent_again_at_once(
    bench: Bench, write: Write, trouble: dict[str, object]
) -> None:
    bench.crm.control(**trouble)
    assert try_to_save(bench, write) is State.KEPT
    bench.crm.control(fault="none", ip_blocked=False)

    bench.settling.pursue(KEY)

    assert (entry(bench).state, numbers(bench, write)) == (State.DONE, [entry(bench).crm_id])


@pytest.mark.parametrize("trouble", REFUSED, ids=named)
def test_what_the_crm_refuses_goes_back_to_the_person_and_not_out_again(
    bench: Bench, write: Write, trouble: dict[str, object]
) -> None:
    bench.crm.control(**trouble)
    assert try_to_save(bench, write) is State.REFUSED
    bench.crm.control(
        fault="none",
        not_released=[],
        not_permitted=[],
        not_writable=[],
    )

    bench.settling.pursue(KEY)

    assert (entry(bench).state, numbers(bench, write)) == (State.REFUSED, [])


@pytest.mark.parametrize("fault", LOST)
def test_a_write_that_arrived_though_no_answer_came_is_found_at_once(
    bench: Bench, write: Write, fault: str
) -> None:
    bench.crm.control(fault=fault, fault_on="write", commit=True)

    assert try_to_save(bench, write) is State.DONE
    assert numbers(bench, write) == [entry(bench).crm_id]
    assert entry(bench).sends == 1


@pytest.mark.parametrize("fault", LOST)
def test_a_write_that_did_not_arrive_is_sent_again_once_it_cannot_come_by_itself(
    bench: Bench, write: Write, fault: str
) -> None:
    bench.crm.control(fault=fault, fault_on="write", commit=False)
    assert try_to_save(bench, write) is State.UNKNOWN
    bench.crm.control(fault="none", commit=None)

    bench.passes(SETTLE - 0.1)
    bench.settling.pursue(KEY)
    assert (entry(bench).state, entry(bench).sends) == (State.UNKNOWN, 1)

    bench.passes(0.2)
    bench.settling.pursue(KEY)
    assert (entry(bench).state, entry(bench).sends) == (State.DONE, 2)
    assert numbers(bench, write) == [entry(bench).crm_id]


def test_a_crm_that_is_away_has_surely_not_got_it(bench: Bench, write: Write) -> None:
    bench.crm.stop()
    try:
        state = try_to_save(bench, write)
    finally:
        bench.crm.start()

    assert (state, entry(bench).why) == (State.KEPT, "VNC-201")
    bench.settling.pursue(KEY)
    assert numbers(bench, write) == [entry(bench).crm_id]


# -- the next send
# -------------------------------------------------------------------------------------------------

AGAIN = [
    *((trouble, State.KEPT) for trouble in DEFINITE),
    *((trouble, State.REFUSED) for trouble in REFUSED),
    *(({"fault": fault, "commit": True}, State.DONE) for fault in LOST),
    *(({"fault": fault, "commit": False}, State.UNKNOWN) for fault in LOST),
]


@pytest.mark.parametrize(
    ("trouble", "state"), AGAIN, ids=lambda value: named(value) if isinstance(value, dict) else ""
)
def test_the_next_send_may_end_in_every_way_too(
    bench: Bench, write: Write, trouble: dict[str, object], state: State
) -> None:
    lose_the_first(bench, write, arrived=False)
    bench.passes(SETTLE)
    bench.settling.inner = OnlyWrites(bench, trouble)

    bench.settling.pursue(KEY)

    assert (entry(bench).state, entry(bench).sends) == (state, 2)
    assert len(numbers(bench, write)) == (state is State.DONE)
    if state in {State.KEPT, State.UNKNOWN}:
        bench.settling.inner = bench.cached
        bench.settles()
        assert numbers(bench, write) == [entry(bench).crm_id]


class OnlyWrites(Wrapped):
    """A CRM that is in trouble at writes, whatever kind of trouble."""

    def __init__(self, bench: Bench, trouble: dict[str, object]) -> None:
        super().__init__(bench.cached)
        self.crm, self.trouble = bench.crm, trouble

    def write(self, write: Write) -> Written:
        self.crm.control(**self.trouble)
        try:
            return super().write(write)
        finally:
            self.crm._board.reset()


# -- reading back
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize(
    "trouble", [*DEFINITE, *({"fault": f} for f in (*LOST, "error"))], ids=named
)
def test_while_nobody_can_read_back_nothing_is_sent_again(
    bench: Bench, write: Write, trouble: dict[str, object], arrived: bool
) -> None:
    lose_the_first(bench, write, arrived=arrived)
    bench.crm.control(**{"fault_on": "read", **trouble})
    bench.passes(SETTLE)

    bench.settling.pursue(KEY)

    assert (entry(bench).state, entry(bench).sends) == (State.UNKNOWN, 1)
    bench.crm.control(fault="none", ip_blocked=False)
    bench.settles()
    assert numbers(bench, write) == [entry(bench).crm_id]
    assert entry(bench).sends == (1 if arrived else 2)


def test_reading_back_asks_the_crm_and_not_what_is_known(bench: Bench, write: Write) -> None:
    bench.cached.read(write.markers[0])  # from before: not there
    lose_the_first(bench, write, arrived=True)

    bench.settling.pursue(KEY)

    assert (entry(bench).state, entry(bench).sends) == (State.DONE, 1)


@pytest.mark.parametrize("late", [0.2, 0.4])
def test_a_crm_that_commits_after_it_gave_up_is_waited_for(
    bench: Bench, write: Write, late: float
) -> None:
    bench.crm.control(
        fault="504", fault_on="write", fault_times=1, commit=True, commit_delay_seconds=late
    )
    assert try_to_save(bench, write) is State.UNKNOWN
    bench.settling.pursue(KEY)
    assert (entry(bench).state, entry(bench).sends) == (State.UNKNOWN, 1)

    while not numbers(bench, write):
        bench.settling.pursue(KEY)  # as often as one likes

    bench.settling.pursue(KEY)
    assert (entry(bench).state, entry(bench).sends) == (State.DONE, 1)
    assert len(numbers(bench, write)) == 1


def test_without_a_marker_what_is_in_doubt_is_never_sent_again(bench: Bench, write: Write) -> None:
    bench.crm.control(fault="reset", fault_on="write", fault_times=1)
    bench.journaled.save(replace(write, markers=()))
    bench.passes(24 * 3600)

    bench.settling.pursue(KEY)

    assert (entry(bench).state, entry(bench).sends) == (State.UNKNOWN, 1)


# -- time
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-1, 1])
def test_setting_the_wall_clock_changes_nothing(bench: Bench, write: Write, hours: int) -> None:
    lose_the_first(bench, write, arrived=False)
    bench.clock.at += hours * 3600
    bench.passed += SETTLE - 0.1
    bench.settling.pursue(KEY)
    assert entry(bench).sends == 1

    bench.passed += 0.2
    bench.settling.pursue(KEY)
    assert (entry(bench).sends, entry(bench).state) == (2, State.DONE)


def test_after_a_restart_of_the_machine_the_time_counts_from_when_it_was_first_looked_at(
    bench: Bench, write: Write
) -> None:
    lose_the_first(bench, write, arrived=False)
    bench.steady.boot = "the next start"
    bench.passed = -900.0  # the steady clock begins anew
    for passed, sends in ((0.0, 1), (SETTLE - 0.1, 1), (0.2, 2)):
        bench.passed += passed
        bench.settling.pursue(KEY)
        assert entry(bench).sends == sends


class Stalls(Wrapped):
    """The machine stands still between the stamp and the bytes; then the answer is lost."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.cached)
        self.bench = bench

    def write(self, write: Write) -> Written:
        self.bench.passes(3 * SETTLE)
        self.bench.crm.control(
            fault="504", fault_on="write", fault_times=1, commit=True, commit_delay_seconds=0.5
        )
        return super().write(write)


def test_the_settling_time_counts_from_the_end_of_the_send(bench: Bench, write: Write) -> None:
    bench.settling.inner = Stalls(bench)
    assert try_to_save(bench, write) is State.UNKNOWN
    bench.settling.inner = bench.cached

    bench.settling.pursue(KEY)
    assert (entry(bench).state, entry(bench).sends) == (State.UNKNOWN, 1)
    while not numbers(bench, write):
        bench.settling.pursue(KEY)
    bench.settles()

    assert (entry(bench).sends, len(numbers(bench, write))) == (1, 1)


def test_the_settling_time_of_a_process_that_died_counts_from_when_it_was_taken_over(
    bench: Bench, write: Write
) -> None:
    bench.settling.inner = Dying(bench, after=False)
    with pytest.raises(SystemExit):
        bench.journaled.save(write)
    bench.presence.leave()
    heir = Bench(bench.crm, bench.folder, passed=3 * SETTLE)

    heir.settling.pursue(KEY)
    assert (entry(heir).state, entry(heir).sends) == (State.UNKNOWN, 1)
    heir.passes(SETTLE - 0.1)
    heir.settling.pursue(KEY)
    assert entry(heir).sends == 1
    heir.passes(0.2)
    heir.settling.pursue(KEY)

    assert (entry(heir).state, entry(heir).sends, len(numbers(heir, write))) == (State.DONE, 2, 1)


# -- whose record it is
# --------------------------------------------------------------------------------------------


def test_an_equal_record_that_another_form_has_made_does_not_show_that_this_one_has(
    bench: Bench, write: Write
) -> None:
    bench.journaled.save(replace(write, key=OTHER))
    bench.settles()
    lose_the_first(bench, write, arrived=False)

    bench.settles()

    assert (entry(bench).sends, entry(bench).state) == (2, State.DONE)
    assert sorted(numbers(bench, write)) == sorted(
        [entry(bench).crm_id, entry(bench, OTHER).crm_id]
    )


@pytest.mark.parametrize("arrived", [True, False])
def test_what_the_first_marker_cannot_show_the_second_one_does(
    bench: Bench, write: Write, arrived: bool
) -> None:
    nothing = Query(TABLE, (Filter("descricao", "=", "nobody's"),))
    lose_the_first(bench, replace(write, markers=(nothing, *write.markers)), arrived=arrived)

    bench.settles()

    assert entry(bench).sends == (1 if arrived else 2)
    assert numbers(bench, write) == [entry(bench).crm_id]


class Blind(Wrapped):
    """A base that can never be asked by one of the markers."""

    def read(self, query: Query) -> Fetched[Rows]:
        if query.filters and query.filters[0].column == "external_id":
            raise errors.Unexpected("HTTP 500, not JSON")
        return super().read(query)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_marker_that_a_base_can_never_be_asked_by_is_given_up_after_some_tries(
    bench: Bench, write: Write, arrived: bool
) -> None:
    blind = Query(TABLE, (Filter("external_id", "=", KEY),))
    lose_the_first(bench, replace(write, markers=(blind, *write.markers)), arrived=arrived)
    bench.settling.inner = Blind(bench.cached)

    bench.settles()

    assert numbers(bench, write) == [entry(bench).crm_id]
    assert entry(bench).sends == (1 if arrived else 2)


def test_with_no_marker_left_to_ask_by_nothing_is_sent_again(bench: Bench, write: Write) -> None:
    blind = Query(TABLE, (Filter("external_id", "=", KEY),))
    lose_the_first(bench, replace(write, markers=(blind,)), arrived=False)
    bench.settling.inner = Blind(bench.cached)
    for _ in range(10):
        bench.passes(SETTLE)
        bench.settling.pursue(KEY)

    assert (entry(bench).state, entry(bench).sends, numbers(bench, write)) == (State.UNKNOWN, 1, [])


# -- processes that die
# --------------------------------------------------------------------------------------------


class Dying(Wrapped):
    """The process ends in the middle of a call, before or after the CRM has done it."""

    def __init__(self, bench: Bench, *, after: bool) -> None:
        super().__init__(bench.http)
        self.after = after

    def write(self, write: Write) -> Written:
        if self.after:
            super().write(write)
        raise SystemExit


@pytest.mark.parametrize("after", [True, False])
def test_what_a_process_that_died_was_sending_the_next_one_reads_back_first(
    bench: Bench, write: Write, after: bool
) -> None:
    bench.settling.inner = Dying(bench, after=after)
    with pytest.raises(SystemExit):
        bench.journaled.save(write)
    bench.presence.leave()
    heir = Bench(bench.crm, bench.folder)

    heir.settling.pursue(KEY)
    assert (entry(heir).state, entry(heir).sends) == (State.DONE if after else State.UNKNOWN, 1)

    heir.settles()
    assert numbers(heir, write) == [entry(heir).crm_id]


def test_a_process_that_is_only_slow_keeps_what_it_has_in_hand(bench: Bench, write: Write) -> None:
    other = Bench(bench.crm, bench.folder)
    seen: list[State] = []

    class Slow(Wrapped):
        def write(self, write: Write) -> Written:
            other.passes(3 * SETTLE)
            other.settling.pursue(KEY)
            seen.append(entry(other).state)
            return super().write(write)

    bench.settling.inner = Slow(bench.cached)

    assert bench.journaled.save(write).state is State.DONE
    assert seen == [State.SENDING]
    assert len(numbers(bench, write)) == 1


# -- order
# --------------------------------------------------------------------------------------------------


def arrivals(bench: Bench) -> list[str]:
    """What the CRM has inserted, in its order."""
    return [call["query"]["descricao"] for call in bench.crm.calls if call["answer"] == "insert"]


def test_a_write_in_doubt_is_not_overtaken_by_a_later_one_of_its_contact(bench: Bench) -> None:
    first, second, other = (
        reason(f"Motivo {next(NUMBERS)}", key) for key in (KEY, OTHER, f"{OTHER}0")
    )
    lose_the_first(bench, first, arrived=False)

    kept = bench.journaled.save(second)
    passed = bench.journaled.save(replace(other, origin=replace(ORIGIN, contact="lead-2")))
    bench.settles()

    assert (kept.state, passed.state) == (State.KEPT, State.DONE)
    assert arrivals(bench) == [w.record["descricao"] for w in (other, first, second)]


# -- changes
# --------------------------------------------------------------------------------------------------


def change(text: str, number: str = "1", **more: object) -> Write:
    """Sets a loss reason's text."""
    record = {"descricao": text}
    whole = Write(TABLE, record, KEY, ORIGIN, id=number, verb=Verb.CHANGE, words=record)
    return replace(whole, **more)  # type: ignore[arg-type]


def stands(bench: Bench, number: str = "1") -> str:
    return bench.crm.rows(TABLE, id=number)[0]["descricao"]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_change_without_an_answer_is_found_by_what_it_sets(bench: Bench, arrived: bool) -> None:
    text = f"Motivo {next(NUMBERS)}"
    lose_the_first(bench, change(text), arrived=arrived)

    bench.settles()

    assert (stands(bench), entry(bench).crm_id) == (text, "1")
    assert entry(bench).sends == (1 if arrived else 2)


def test_a_change_that_is_there_already_is_not_sent(bench: Bench) -> None:
    bench.journaled.save(change(stands(bench)))

    assert (entry(bench).state, entry(bench).sends) == (State.DONE, 0)
    assert bench.asked(TABLE, "update") == 0


def test_a_change_leaves_alone_what_it_does_not_set(bench: Bench) -> None:
    behind(bench.crm, TABLE, "1", cor_mapa="#abcdef")

    bench.journaled.save(change(f"Motivo {next(NUMBERS)}"))

    assert bench.crm.rows(TABLE, id=1)[0]["cor_mapa"] == "#abcdef"


@pytest.mark.parametrize("away", [False, True])
def test_what_is_not_as_the_form_showed_it_is_a_conflict_also_in_the_background(
    bench: Bench, away: bool
) -> None:
    before, theirs = stands(bench), f"Motivo {next(NUMBERS)}"
    write = change("Meu", expected={"descricao": (before, "Meu")})
    bench.crm.control(fault="429" if away else "none")
    if away:
        bench.journaled.save(write)
        bench.crm.control(fault="none")
    behind(bench.crm, TABLE, "1", descricao=theirs)

    if away:
        bench.settles()
    else:
        with pytest.raises(errors.Conflict):
            bench.journaled.save(write)

    assert (entry(bench).state, entry(bench).why, entry(bench).said) == (
        State.REFUSED,
        "VNC-107",
        {"descricao": theirs},
    )
    assert stands(bench) == theirs


def test_a_change_of_what_is_gone_is_refused(bench: Bench) -> None:
    with pytest.raises(errors.NotFound):
        bench.journaled.save(change("Meu", "99999"))


@pytest.mark.parametrize(
    ("record", "is_there"),
    [
        ({"descricao": "Quer 500", "obs": "Antes.\r\n\r\nNova"}, True),
        ({"descricao": " Quer 500\r\n", "obs": "Nova"}, True),
        ({"descricao": "Quer 500", "obs": ""}, False),
        ({"descricao": "Quer 700", "obs": "Nova"}, False),
        ({"obs": "Nova"}, False),
    ],
)
def test_a_record_shows_a_change_when_all_of_it_is_there(
    record: dict[str, str], is_there: bool
) -> None:
    assert holds(change("Quer 500", append={"obs": "Nova"}), record) is is_there


# -- what must not be there before
# ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("there", "state"), [(True, State.REFUSED), (False, State.DONE)])
def test_what_somebody_else_has_made_meanwhile_is_not_made_again(
    bench: Bench, write: Write, there: bool, state: State
) -> None:
    guarded = replace(write, guard=write.markers)
    bench.crm.control(fault="429")
    bench.journaled.save(guarded)
    bench.crm.control(fault="none")
    if there:
        bench.http.write(write)

    bench.settles()

    assert entry(bench).state is state
    assert len(numbers(bench, write)) == 1
    assert entry(bench).why == ("VNC-108" if there else "")


def test_the_guard_does_not_take_what_arrived_late_for_somebody_elses(
    bench: Bench, write: Write
) -> None:
    lose_the_first(bench, replace(write, guard=write.markers), arrived=True)

    bench.settles()

    assert (entry(bench).state, len(numbers(bench, write))) == (State.DONE, 1)


# -- in another way
# ------------------------------------------------------------------------------------------------


def test_a_refused_write_is_done_in_another_way_where_there_is_one(
    bench: Bench, write: Write
) -> None:
    elsewhere = replace(
        write, resource="crm_campanha", record={"descricao": write.record["descricao"]}, markers=()
    )
    bench.settling.dialect.instead = lambda refused, _error: (  # type: ignore[method-assign]
        () if refused.resource == "crm_campanha" else (elsewhere,)
    )
    bench.crm.control(not_released=[TABLE])

    try_to_save(bench, write)

    assert entry(bench).work["resource"] == "crm_campanha"


def test_while_nobody_can_tell_another_way_the_write_is_kept(bench: Bench, write: Write) -> None:
    def unreachable(_write: Write, _error: errors.VinculoError) -> tuple[Write, ...]:
        raise errors.Unreachable("x")

    bench.settling.dialect.instead = unreachable  # type: ignore[method-assign]
    bench.crm.control(not_released=[TABLE])

    assert (try_to_save(bench, write), entry(bench).why) == (State.KEPT, "VNC-201")


# -- two at once
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [lambda w: w, lambda w: replace(w, origin=replace(w.origin, attendant=ANA))]
)
def test_two_steps_at_the_same_entry_send_once(
    bench: Bench, write: Write, make: Callable[[Write], Write]
) -> None:
    inner: list[State] = []

    class Again(Wrapped):
        def write(self, write: Write) -> Written:
            bench.settling.step(KEY)
            inner.append(entry(bench).state)
            return super().write(write)

    bench.settling.inner = Again(bench.cached)
    bench.journaled.save(make(write))

    assert inner == [State.SENDING]
    assert len(numbers(bench, write)) == 1
