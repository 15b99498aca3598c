"""The plan of mishaps: drawn by chance that a seed repeats, for single calls or for a while."""

import json
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
import requests

from tests.emulator.client import Api, lead
from tests.emulator.crm.test_faults import wait_until
from widget.emulator.crm.plan import MISHAPS, Ordered, Planner
from widget.emulator.crm.server import Emulator


def drawn(seed: int, plan: dict[str, float], calls: int, share: float = 1.0) -> list[str]:
    planner = Planner(seed, clock=lambda: 0.0)
    return [planner.draw(plan, share=share, wait=1, while_seconds=0).mishap for _ in range(calls)]


def met(crm: Emulator) -> list[tuple[str, str, str]]:
    with crm._base.reading() as connection:
        return list(
            connection.execute("SELECT mishap, committed, summary FROM emulator_met ORDER BY id")
        )


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    plan = {"reset": 0.3, "503": 0.3}

    assert drawn(1, plan, 50) == drawn(1, plan, 50)
    assert drawn(1, plan, 50) != drawn(2, plan, 50)


def test_each_mishap_comes_about_as_often_as_its_chance_says() -> None:
    counted = Counter(drawn(3, {"reset": 0.1, "503": 0.3}, 4000))

    assert counted["reset"] == pytest.approx(400, rel=0.2)
    assert counted["503"] == pytest.approx(1200, rel=0.2)
    assert counted[""] == pytest.approx(2400, rel=0.2)


def test_reads_meet_the_share_that_was_ordered() -> None:
    assert Counter(drawn(3, {"reset": 0.8}, 4000, share=0.25))["reset"] == pytest.approx(
        800, rel=0.2
    )


def test_a_mishap_that_lasts_meets_every_call_until_it_is_over() -> None:
    now = [0.0]
    planner = Planner(1, clock=lambda: now[0])
    seen = []
    for moment in (0.0, 1.0, 1.9, 2.1):
        now[0] = moment
        plan = {"401": 1.0} if moment == 0 else {}
        seen.append(planner.draw(plan, share=1, wait=1, while_seconds=2).fault)

    assert seen == ["401", "401", "401", "none"]


def test_a_late_commit_comes_after_one_wait_and_before_one_and_a_half() -> None:
    planner = Planner(1)
    late = [planner.draw({"late": 1.0}, share=1, wait=4, while_seconds=0).late for _ in range(200)]

    assert min(late) >= 4
    assert max(late) <= 6


@pytest.mark.parametrize(
    "name", [name for name, mishap in MISHAPS.items() if mishap.commit is None]
)
def test_a_coin_decides_where_nothing_is_said(name: str) -> None:
    planner = Planner(1)
    coins = [planner.draw({name: 1.0}, share=1, wait=1, while_seconds=0).commit for _ in range(100)]

    assert 20 < sum(coins) < 80


def test_nothing_is_drawn_without_a_plan() -> None:
    assert Planner(1).draw({}, share=1, wait=1, while_seconds=1) == Ordered()


@pytest.mark.parametrize(
    "plan",
    [
        {"nonsense": 0.1},
        {"reset": "often"},
        {"reset": 0.6, "503": 0.6},
        {"reset": -0.1},
        ["reset"],
        "reset",
    ],
)
def test_a_plan_that_cannot_be_is_refused(crm: Emulator, plan: Any) -> None:
    answer = requests.post(f"{crm.url}/control", json={"plan": plan}, timeout=10)

    assert answer.status_code == 400
    assert requests.get(f"{crm.url}/control", timeout=10).json()["plan"] == {}


@pytest.mark.parametrize(
    ("mishap", "happened"),
    [
        ("reset", 0),
        ("reset_after_commit", 1),
        ("truncated", 1),
        ("error", 0),
        ("redirect", 0),
        ("lie", 0),
        ("wrong_number", 1),
        ("error_after_commit", 1),
        ("400_after_commit", 1),
        ("401_after_commit", 1),
        ("404_after_commit", 1),
        ("429_after_commit", 1),
    ],
)
def test_a_write_meets_the_plan_and_the_file_keeps_what_it_met(
    api: Api, crm: Emulator, mishap: str, happened: int
) -> None:
    crm.control(plan={mishap: 1.0})
    with suppress(requests.RequestException):
        api.insert("contato", **lead(nome="Nach Plan"))

    [(name, committed, summary)] = met(crm)
    assert (name, committed, json.loads(summary)["nome"]) == (
        mishap,
        str(bool(happened)),
        "Nach Plan",
    )
    assert len(crm.rows("contato", nome="Nach Plan")) == happened


def test_a_planned_late_commit_happens_after_the_client_has_gone(api: Api, crm: Emulator) -> None:
    crm.control(plan={"late": 1.0}, plan_wait_seconds=0.1)
    with pytest.raises(requests.ReadTimeout):
        api.send("POST", "contato", json=lead(nome="Tarde"), timeout=0.05)

    assert [committed for _, committed, _ in met(crm)] == ["late"]
    wait_until(lambda: crm.rows("contato", nome="Tarde"))


def test_an_ordered_fault_goes_before_the_plan(api: Api, crm: Emulator) -> None:
    crm.control(plan={"500": 1.0}, fault="503", fault_on="write")

    assert api.insert("contato", **lead()).status_code == 503
    assert met(crm) == []


def test_an_error_for_a_while_speaks_as_the_crm_does(api: Api, crm: Emulator) -> None:
    crm.control(plan={"error": 1.0})

    assert api.insert("contato", **lead()).json()["type"] == "error"


def test_resetting_forgets_plan_and_what_was_met(api: Api, crm: Emulator) -> None:
    crm.control(plan={"error": 1.0})
    api.insert("contato", **lead())

    crm.reset()

    assert met(crm) == []
    assert api.insert("contato", **lead()).json()["type"] == "success"


@pytest.mark.parametrize(
    ("mishap", "status"),
    [
        ("error_after_commit", 200),
        ("400_after_commit", 400),
        ("401_after_commit", 401),
        ("404_after_commit", 404),
        ("429_after_commit", 429),
    ],
)
def test_a_planned_refusal_of_what_was_committed_reads_as_one_and_is_over_at_once(
    api: Api, crm: Emulator, mishap: str, status: int
) -> None:
    crm.control(plan={mishap: 1.0}, plan_read_share=1.0, plan_while_seconds=60.0)

    answer = api.insert("contato", **lead())

    assert (answer.status_code, "sucesso" in answer.text) == (status, False)
    assert api.find("filial").json()["total"] == "4"


@pytest.mark.parametrize("mishap", ["lie", "wrong_number", "late_success", "repeated"])
def test_what_seems_to_succeed_meets_writes_alone(api: Api, crm: Emulator, mishap: str) -> None:
    crm.control(plan={mishap: 1.0}, plan_read_share=1.0, plan_wait_seconds=60.0)

    assert api.find("filial").json()["total"] == "4"
    assert api.insert("contato", **lead()).json()["type"] == "success"
    assert [name for name, *_ in met(crm)] == [mishap]


@pytest.mark.parametrize(("mishap", "first", "last"), [("late_success", 0, 1), ("repeated", 1, 2)])
def test_a_planned_late_success_or_repetition_comes_after_the_wait(
    api: Api, crm: Emulator, mishap: str, first: int, last: int
) -> None:
    crm.control(plan={mishap: 1.0}, plan_wait_seconds=0.3)
    number = api.insert("contato", **lead(nome="Später")).json()["id"]

    assert len(crm.rows("contato", nome="Später")) == first
    wait_until(lambda: len(crm.rows("contato", nome="Später")) == last)
    assert crm.rows("contato", nome="Später")[0]["id"] == number
    assert [committed for _, committed, _ in met(crm)] == [
        "late" if mishap == "late_success" else "True"
    ]


def test_a_planned_stale_read_is_of_before_the_last_writes(api: Api, crm: Emulator) -> None:
    def seen() -> list[str]:
        return [
            row["nome"]
            for row in api.records("contato", qtype="contato.id_filial", query="77", oper="=")
        ]

    crm.control(plan={"stale": 1.0}, plan_read_share=1.0, plan_while_seconds=60.0)
    before = seen()
    for name in ("Um", "Dois"):
        api.insert("contato", **lead(nome=name, id_filial="77"))
    stale = seen()
    crm.control(plan_while_seconds=0.0)
    old = seen()
    crm.control(plan={})

    assert (before, stale, old, seen()) == ([], [], ["Um", "Dois"], ["Um", "Dois"])


def test_a_stale_read_of_an_older_moment_than_a_while_is_the_present(
    api: Api, crm: Emulator
) -> None:
    crm.control(plan={"stale": 1.0}, plan_read_share=1.0, plan_while_seconds=0.0)
    for name in ("Um", "Dois"):
        api.insert("contato", **lead(nome=name, id_filial="77"))

    assert len(api.records("contato", qtype="contato.id_filial", query="77", oper="=")) == 2
