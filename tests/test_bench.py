"""Tests of the bench in small: it measures.

Its last line has every figure with its goal, and it can say that one is missed.
"""

import json
import re
import subprocess
import sys
from itertools import islice

import pytest

from proof.bench.__main__ import ROOMS
from proof.bench.figures import Figure, last_line, table
from proof.bench.paired import Timings, paired
from proof.bench.population import population
from tests.conftest import ROOT
from widget.brazil import documents
from widget.brazil.names import words
from widget.crm.ixc.mirrored import mirrored
from widget.store.people.people import Clue

# What each of these kinds of figures costs beside the bare thing has a goal.
JUDGED = (
    "durable_accept",
    "card_rps",
    "radar",
    "proxy",
    "calls",
    "index_name",
    "index_recognition",
    "journal_growth",
)
# These take their time however little they measure: a browser, a CRM that hangs, an hour's traffic.
LONG = {"hang", "frame", "memory"}


def test_a_tiny_run_measures_all_that_is_quick_and_ends_with_its_line() -> None:
    rooms = [argument for name in sorted(ROOMS.keys() - LONG) for argument in ("--only", name)]
    command = [sys.executable, "-m", "proof.bench", "--share", "0.001", *rooms]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    figures = json.loads(ran.stdout.splitlines()[-1])
    assert all(
        set(figure) == {"value", "goal"} and figure["value"] != 0 for figure in figures.values()
    )
    rows = {
        row.split()[0]: row for row in ran.stdout.splitlines() if row and not row.startswith("{")
    }
    judged = {name for name, row in rows.items() if re.search(r"\b(met|MISSED)\b", row)}
    assert rows.keys() == figures.keys()
    assert judged == {name for name, figure in figures.items() if figure["goal"] is not None}
    assert all(any(name in judged for name in figures if name.startswith(kind)) for kind in JUDGED)


@pytest.mark.parametrize(
    ("value", "goal", "at_least", "verdict"),
    [
        (1.9, 2.0, False, "met"),
        (2.0, 2.0, False, "met"),
        (2.1, 2.0, False, "MISSED"),
        (2.1, 2.0, True, "met"),
        (1.9, 2.0, True, "MISSED"),
        (1.9, None, False, ""),
    ],
)
def test_a_figure_is_held_against_its_goal(
    value: float, goal: float | None, at_least: bool, verdict: str
) -> None:
    figure = Figure("some_ratio", value, "said in words", goal, at_least=at_least)

    assert [word for word in ("met", "MISSED") if word in table([figure])] == [verdict][
        : bool(verdict)
    ]
    assert json.loads(last_line([figure])) == {"some_ratio": {"value": value, "goal": goal}}


def test_works_are_measured_in_turn_and_warming_up_does_not_count() -> None:
    done: list[str] = []
    timings = paired(
        20, lambda _: lambda: done.append("a"), lambda _: lambda: done.append("b"), warm_up=3
    )

    assert [len(timing.taken) for timing in timings] == [20, 20]
    assert all({*done[place : place + 2]} == {"a", "b"} for place in range(0, len(done), 2))
    assert len(done) == 46


def test_times_are_told_by_their_share_and_compared_by_their_medians() -> None:
    slow, fast = Timings([4.0, 2.0, 100.0]), Timings([2.0])

    assert (slow.at(0.5), slow.at(0.95), slow.over(fast)) == (4.0, 100.0, 2.0)


def test_synthetic_people_come_again_from_one_seed_and_one_at_a_time() -> None:
    first = [*islice(population(10**9, 7), 50)]

    assert [*population(50, 7)] == first
    assert [*population(50, 8)] != first
    assert len({(source, row["id"]) for source, row in first}) == 50


def test_synthetic_people_are_named_and_reached_as_brazilians_are() -> None:
    people = [mirrored(source, row) for source, row in population(3000, 7)]
    surnames = [words(person.name)[-1] for person in people]
    written = [row["cnpj_cpf"] for _, row in population(3000, 7) if row["cnpj_cpf"]]

    assert 0.05 < surnames.count("silva") / len(people) < 0.2
    assert len(set(surnames)) > 500  # the rare ones are many
    assert all(map(documents.find, written))
    assert (
        min(sum(clue == wanted for p in people for clue, _ in p.clues) for wanted in Clue)
        > len(people) / 3
    )
