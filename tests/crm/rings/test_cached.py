"""Tests of the caching ring: fresh, stale, fallen back.

One flight serves many, and nothing old is passed off as new.
"""

from __future__ import annotations

import json
from threading import Barrier, Event, Thread

import pytest

from tests.crm.bench import ORIGIN, Bench, Wrapped, reason, together
from widget.crm.rings.cached import Cached
from widget.crm.wire import Filter, Query, Rows, Transport, Write
from widget.domain import errors
from widget.domain.model import Fetched, Freshness, Written
from widget.emulator.crm.server import Emulator

FUNNELS = Query("crm_funil")
REASONS = Query("crm_substatus")


def ask(freshness: Freshness, resource: str = "crm_substatus") -> Query:
    return Query(resource, freshness=freshness)


# -- ages
# --------------------------------------------------------------------------------------------------


def test_what_was_read_a_moment_ago_is_not_asked_again(bench: Bench) -> None:
    first = bench.cached.read(REASONS)
    bench.clock.at += 100

    second = bench.cached.read(REASONS)

    assert second == first
    assert not second.stale
    assert bench.asked("crm_substatus") == 1


@pytest.mark.parametrize(
    ("resource", "seconds", "times"),
    [
        ("crm_substatus", 119, 1),
        ("crm_substatus", 121, 2),  # the age of everything else
        ("crm_funil", 121, 1),  # lookups last longer
        ("crm_funil", 3601, 2),
    ],
)
def test_an_answer_counts_as_fresh_as_long_as_its_resource_allows(
    bench: Bench, resource: str, seconds: int, times: int
) -> None:
    bench.cached.read(Query(resource))
    bench.clock.at += seconds

    answer = bench.cached.read(Query(resource))

    assert bench.asked(resource) == times
    assert not answer.stale


def test_a_refreshed_answer_has_its_own_time(bench: Bench) -> None:
    bench.cached.read(REASONS)
    bench.clock.at += 500

    assert bench.cached.read(REASONS).at == bench.clock.at


def test_who_takes_any_age_is_not_kept_waiting_and_is_told_that_it_is_old(bench: Bench) -> None:
    bench.cached.read(REASONS)
    bench.clock.at += 86_400

    answer = bench.cached.read(ask(Freshness.ANY))

    assert answer.stale
    assert answer.at == bench.clock.at - 86_400
    assert bench.asked("crm_substatus") == 1


def test_who_takes_any_age_is_answered_by_the_crm_when_nothing_is_known(bench: Bench) -> None:
    assert len(bench.cached.read(ask(Freshness.ANY)).value.rows) == 7


def test_right_now_means_right_now(bench: Bench) -> None:
    bench.cached.read(REASONS)
    bench.cached.read(ask(Freshness.NOW))

    assert bench.asked("crm_substatus") == 2


def test_an_empty_answer_is_known_too(bench: Bench) -> None:
    nobody = Query("contato", (Filter("nome", "=", "Ninguém Assim"),))

    first, second = bench.cached.read(nobody), bench.cached.read(nobody)

    assert first.value == second.value == Rows((), 0)
    assert bench.asked("contato") == 1


def test_pages_sizes_and_filters_are_different_questions(bench: Bench) -> None:
    for query in (
        FUNNELS,
        Query("crm_funil", page=2, size=1),
        Query("crm_funil", size=1),
        Query("crm_funil", sort="funil"),
    ):
        bench.cached.read(query)

    assert bench.asked("crm_funil") == 4


# -- when the CRM fails
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("reset", "VNC-201"),
        ("html200", "VNC-203"),
        ("braces200", "VNC-203"),
        ("429", "VNC-204"),
        ("401", "VNC-205"),
    ],
)
def test_when_the_crm_fails_the_known_comes_back_with_its_age_and_the_trouble(
    bench: Bench, fault: str, code: str
) -> None:
    read_at = bench.cached.read(REASONS).at
    bench.clock.at += 500
    bench.crm.control(fault=fault)

    answer = bench.cached.read(REASONS)

    assert (answer.stale, answer.trouble, answer.at) == (True, code, read_at)
    assert len(answer.value.rows) == 7


def test_when_the_crm_fails_and_nothing_is_known_the_error_is_told(bench: Bench) -> None:
    bench.crm.control(fault="reset")

    with pytest.raises(errors.Unreachable):
        bench.cached.read(REASONS)


def test_right_now_never_falls_back(bench: Bench) -> None:
    bench.cached.read(REASONS)
    bench.crm.stop()

    with pytest.raises(errors.Unreachable):
        bench.cached.read(ask(Freshness.NOW))


def test_when_the_crm_is_back_so_are_fresh_answers(bench: Bench) -> None:
    bench.cached.read(REASONS)
    bench.clock.at += 500
    bench.crm.control(fault="503", fault_times=1)
    bench.cached.read(REASONS)

    answer = bench.cached.read(REASONS)

    assert (answer.stale, answer.trouble) == (False, "")


def test_a_broken_answer_does_not_replace_the_known(bench: Bench) -> None:
    bench.cached.read(REASONS)
    bench.crm.control(fault="truncated", fault_times=1)
    with pytest.raises(errors.Unexpected):
        bench.cached.read(ask(Freshness.NOW))

    assert len(bench.cached.read(REASONS).value.rows) == 7


# -- after a write
# -------------------------------------------------------------------------------------------------


def test_after_a_write_its_resource_is_read_anew(bench: Bench) -> None:
    bench.cached.read(REASONS)
    bench.cached.write(reason())

    assert "Mudou de cidade" in [row["descricao"] for row in bench.cached.read(REASONS).value.rows]


def test_after_a_write_what_it_touches_is_out_of_date_and_nothing_else(bench: Bench) -> None:
    for resource in ("crm_substatus", "crm_funil", "crm_campanha"):
        bench.cached.read(Query(resource))

    bench.cached.write(
        Write(
            "crm_substatus", {"descricao": "x"}, "k", ORIGIN, touches=("crm_funil", "crm_substatus")
        )
    )

    stale = {
        r: bench.cached.read(ask(Freshness.ANY, r)).stale
        for r in ("crm_substatus", "crm_funil", "crm_campanha")
    }
    assert stale == {"crm_substatus": True, "crm_funil": True, "crm_campanha": False}


def test_after_a_write_of_unknown_outcome_nothing_counts_as_fresh(bench: Bench) -> None:
    bench.cached.read(REASONS)
    bench.crm.control(fault="reset_after_commit", fault_on="write")

    with pytest.raises(errors.OutcomeUnknown):
        bench.cached.write(reason())

    assert len(bench.cached.read(REASONS).value.rows) == 8


class Held(Wrapped):
    """Its reads have their answer, and bring it only when they may."""

    def __init__(self, inner: Transport) -> None:
        super().__init__(inner)
        self.asked, self.may_land = Event(), Event()

    def read(self, query: Query) -> Fetched[Rows]:
        answer = self.inner.read(query)
        self.asked.set()
        assert self.may_land.wait(10)
        return answer


def test_a_read_that_a_write_overtook_is_not_kept_as_fresh(bench: Bench) -> None:
    held = Held(bench.http)
    cached = Cached(held, bench.cache, {"": 120}, bench.clock)
    slow = Thread(target=cached.read, args=(REASONS,))
    slow.start()
    assert held.asked.wait(10)

    cached.write(reason())
    held.may_land.set()
    slow.join(10)

    assert len(cached.read(REASONS).value.rows) == 8


def test_who_asks_after_a_write_does_not_share_a_flight_that_left_before_it(bench: Bench) -> None:
    held = Held(bench.http)
    cached = Cached(held, bench.cache, {"": 120}, bench.clock)
    slow = Thread(target=cached.read, args=(REASONS,))
    slow.start()
    assert held.asked.wait(10)
    cached.write(reason())
    seen: list[int] = []
    late = Thread(target=lambda: seen.append(len(cached.read(REASONS).value.rows)))
    held.asked.clear()
    late.start()

    assert held.asked.wait(10)
    held.may_land.set()
    slow.join(10)
    late.join(10)

    assert seen == [8]


# -- one flight
# --------------------------------------------------------------------------------------------------


def test_fifty_who_ask_the_same_at_the_same_moment_make_one_call(bench: Bench) -> None:
    bench.crm.control(delay_seconds=0.3)
    start, seen = Barrier(50), []

    def one() -> None:
        start.wait(10)
        seen.append(bench.cached.read(REASONS))

    together([Thread(target=one) for _ in range(50)])

    assert bench.asked("crm_substatus") == 1
    assert len(seen) == 50
    assert all(answer == seen[0] for answer in seen)


def test_fifty_who_ask_a_crm_in_trouble_share_one_error(bench: Bench) -> None:
    bench.crm.control(delay_seconds=0.3, fault="500")
    start, seen = Barrier(50), []

    def one() -> None:
        start.wait(10)
        with pytest.raises(errors.Unexpected):
            bench.cached.read(REASONS)
        seen.append(1)

    together([Thread(target=one) for _ in range(50)])

    assert bench.asked("crm_substatus") == 1
    assert len(seen) == 50


def test_after_an_error_the_next_one_asks_again(bench: Bench) -> None:
    bench.crm.control(fault="500", fault_times=1)
    with pytest.raises(errors.Unexpected):
        bench.cached.read(REASONS)

    assert len(bench.cached.read(REASONS).value.rows) == 7


class Broken(Wrapped):
    def read(self, query: Query) -> Fetched[Rows]:
        raise RuntimeError("a mistake of our own")


def test_a_mistake_of_our_own_leaves_nobody_waiting(bench: Bench) -> None:
    cached = Cached(Broken(bench.http), bench.cache, {"": 120}, bench.clock)

    for _ in range(2):
        with pytest.raises(RuntimeError):
            cached.read(REASONS)


def test_different_questions_do_not_wait_for_each_other(bench: Bench) -> None:
    held = Held(bench.http)
    cached = Cached(held, bench.cache, {"": 120}, bench.clock)
    slow = Thread(target=cached.read, args=(REASONS,))
    slow.start()
    assert held.asked.wait(10)
    held.asked.clear()
    other = Thread(target=cached.read, args=(FUNNELS,))
    other.start()

    assert held.asked.wait(10)
    held.may_land.set()
    slow.join(10)
    other.join(10)


# -- secrets
# --------------------------------------------------------------------------------------------------


def test_secrets_reach_who_asks_but_never_the_disk(bench: Bench) -> None:
    crm: Emulator = bench.crm
    written = bench.http.write(
        Write(
            "usuarios",
            {"nome": "X", "email": "x@serranet.example", "senha": "hash-of-x"},
            "k",
            ORIGIN,
        )
    )
    assert crm.rows("usuarios", id=written.id)[0]["senha"] == "hash-of-x"

    users = Query("usuarios", (Filter("id", "=", written.id),))
    now = bench.cached.read(users).value.rows[0]
    kept = bench.cached.read(users).value.rows[0]

    assert now["senha"] == "hash-of-x"
    assert "senha" not in kept
    assert kept["nome"] == "X"
    assert "hash-of-x" not in json.dumps(bench.database.rows("SELECT * FROM cache"), default=str)


def test_two_integrations_never_see_each_others_answers(bench: Bench) -> None:
    bench.cached.read(REASONS)
    other = Cached(bench.http, type(bench.cache)(bench.database, "other"), {"": 120}, bench.clock)

    other.read(REASONS)

    assert bench.asked("crm_substatus") == 2


def test_a_write_gives_the_inner_answer_on(bench: Bench) -> None:
    assert bench.cached.write(reason()) == Written("8")


# -- records met elsewhere
# -----------------------------------------------------------------------------------------


def by_number(freshness: Freshness, number: str = "1") -> Query:
    return Query("cliente", (Filter("id", "=", number),), size=1, freshness=freshness)


BY_NAME = Query("cliente", (Filter("razao", "contains", "Rafael Nunes"),))


@pytest.mark.parametrize("freshness", [Freshness.ANY, Freshness.RECENT])
def test_a_person_who_was_found_by_a_search_is_known_by_number_when_the_crm_is_down(
    bench: Bench, freshness: Freshness
) -> None:
    found = bench.cached.read(BY_NAME)
    bench.crm.stop()

    answer = bench.cached.read(by_number(freshness))

    assert answer.value.rows[0]["razao"] == found.value.rows[0]["razao"] == "Rafael Nunes Prado"
    assert (answer.at, answer.stale) == (found.at, True)


@pytest.mark.parametrize(
    "query",
    [
        by_number(Freshness.NOW),
        by_number(Freshness.ANY, "2"),
        Query("contato", by_number(Freshness.ANY).filters),
    ],
)
def test_nobody_else_is_known_by_that(bench: Bench, query: Query) -> None:
    bench.cached.read(BY_NAME)
    bench.crm.stop()

    with pytest.raises(errors.Unreachable):
        bench.cached.read(query)


def test_what_is_known_is_told_at_any_age_and_the_crm_is_never_asked_for_the_rest(
    bench: Bench,
) -> None:
    nothing = bench.cached.read(ask(Freshness.KNOWN))
    bench.cached.read(REASONS)
    bench.clock.at += 86_400
    known = bench.cached.read(ask(Freshness.KNOWN))

    assert (nothing.value, nothing.at, nothing.stale) == (Rows((), 0), 0.0, True)
    assert len(known.value.rows) == 7
    assert bench.asked("crm_substatus") == 1


def test_who_looked_before_an_answer_landed_and_sets_out_after_it_does_not_ask_again(
    bench: Bench,
) -> None:
    known, looks = bench.cached._known, []

    def late(query: Query) -> Fetched[Rows] | None:
        looks.append(query)
        return None if len(looks) == 1 else known(query)

    bench.cached.read(REASONS)
    bench.cached._known = late  # type: ignore[method-assign]

    assert len(bench.cached.read(REASONS).value.rows) == 7
    assert bench.asked("crm_substatus") == 1
