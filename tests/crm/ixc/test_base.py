"""Reads side by side, and several answers as one."""

from __future__ import annotations

import time

import pytest

from tests.crm.bench import Bench
from widget.crm.ixc.base import like, together
from widget.crm.wire import Query
from widget.domain import errors
from widget.domain.model import Fetched, Freshness

TABLES = ("crm_funil", "crm_substatus", "filial", "crm_campanha")


def test_several_questions_are_asked_side_by_side(bench: Bench) -> None:
    bench.crm.control(delay_seconds=0.3)
    began = time.monotonic()

    answers = bench.desk.each(Query(resource) for resource in TABLES)

    assert time.monotonic() - began < 1.15  # one after the other it would be 1.2
    assert [len(answer.value) for answer in answers] == [3, 7, 4, 3]


def test_no_more_than_eight_calls_are_under_way_at_once(bench: Bench) -> None:
    bench.crm.control(delay_seconds=0.2)
    began = time.monotonic()

    bench.desk.each(Query("crm_funil", size=size) for size in range(1, 17))

    assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize("freshness", [Freshness.KNOWN, Freshness.ANY, Freshness.RECENT])
def test_what_is_known_needs_no_thread_that_a_slow_crm_may_hold(
    bench: Bench, freshness: Freshness
) -> None:
    queries = [Query(resource, freshness=freshness) for resource in TABLES]
    bench.desk.each(Query(resource) for resource in TABLES)
    bench.desk.pool.shutdown(wait=True)

    bench.desk.ahead(queries[0])

    assert [len(answer.value) for answer in bench.desk.each(queries)] == [3, 7, 4, 3]


def test_what_is_known_but_old_is_asked_for(bench: Bench) -> None:
    bench.desk.each([Query("crm_funil")])
    bench.clock.at += 100_000

    [kept] = bench.desk.each([Query("crm_funil", freshness=Freshness.ANY)])
    [read] = bench.desk.each([Query("crm_funil")])

    assert (kept.stale, read.stale, bench.asked("crm_funil")) == (True, False, 2)


def test_what_is_read_ahead_and_asked_for_is_one_call(bench: Bench) -> None:
    bench.crm.control(delay_seconds=0.2)
    query = Query("crm_funil")

    bench.desk.ahead(query)
    answer = bench.desk.read(query)

    assert len(answer.value) == 3
    assert [call["resource"] for call in bench.crm.calls] == ["crm_funil"]


def test_what_is_read_ahead_may_fail_in_silence(bench: Bench) -> None:
    bench.crm.control(fault="500")

    bench.desk.ahead(Query("crm_funil"))
    bench.desk.pool.shutdown(wait=True)

    assert [call["resource"] for call in bench.crm.calls] == ["crm_funil"]


def test_when_one_of_them_fails_so_does_the_whole(bench: Bench) -> None:
    bench.crm.control(fault="500", fault_resources=["filial"])

    with pytest.raises(errors.Unexpected):
        bench.desk.each(Query(resource) for resource in TABLES)


def test_a_record_is_read_right_now(bench: Bench) -> None:
    bench.desk.one("crm_funil", "1", Freshness.RECENT)

    assert bench.desk.record("crm_funil", "1")["funil"] == "Vendas varejo"
    assert bench.asked("crm_funil") == 2


def test_a_record_that_is_not_there_is_not_found(bench: Bench) -> None:
    with pytest.raises(errors.NotFound):
        bench.desk.record("crm_funil", "999")


def answer(
    *rows: str, at: float = 5.0, stale: bool = False, trouble: str = ""
) -> Fetched[tuple[dict[str, str], ...]]:
    return Fetched(tuple({"id": row} for row in rows), at, stale, trouble)


def test_several_answers_are_as_old_as_the_oldest_and_in_trouble_when_one_is() -> None:
    whole = together(
        [answer("1", at=9), answer("2", at=3, stale=True, trouble="VNC-201"), answer("3", at=7)]
    )  # type: ignore[list-item]

    assert [row["id"] for row in whole.value] == ["1", "2", "3"]
    assert (whole.at, whole.stale, whole.trouble) == (3, True, "VNC-201")


def test_no_answers_at_all_are_an_empty_one() -> None:
    assert together([]) == Fetched((), 0.0)


def test_another_value_keeps_age_and_trouble() -> None:
    assert like(answer("1", at=3, stale=True, trouble="VNC-204"), "x") == Fetched(
        "x", 3, True, "VNC-204"
    )  # type: ignore[arg-type]
