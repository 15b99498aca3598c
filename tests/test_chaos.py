"""The proof by chaos in small: nothing is lost or doubled, and whatever protection is taken out, the proof notices."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chaos import report
from chaos.evidence import Arrival, Evidence
from chaos.matching import align
from chaos.record import Fate, History, Kind, Save
from chaos.report import Run
from chaos.run import Options, run
from chaos.verdict import Finding, judge

A, B, C = "c0000001", "c0000002", "c0000003"
HEALTHY = Run(wanted=1, seed=1, kills=0, events={}, mishaps=0, seconds=1.0, unsettled=0, stopped_early=False)


def saved(mark: str, kind: Kind = Kind.NOTE, order: int = 0, **what: Any) -> Save:
    fate = what.pop("fate", Fate.ACCEPTED)
    return Save(mark, kind, "1", what.pop("contact", "client-8"), order=order or int(mark[1:]), fate=fate, **what)


def arrived(*commits: tuple[str, str, str, Mapping[str, str]]) -> list[Arrival]:
    return [Arrival(place, 0.0, *commit) for place, commit in enumerate(commits, 1)]


def note(mark: str) -> tuple[str, str, str, Mapping[str, str]]:
    return "insert", "crm_prospeccao_anotacoes", "1", {"anotacao": f"Falamos {mark}"}


def mailed(mark: str) -> tuple[str, str, str, Mapping[str, str]]:
    return "update", "contato", "5", {"email": f"{mark}@chaos.example"}


def moved(stage: str) -> tuple[str, str, str, Mapping[str, str]]:
    return "update", "crm_negociacoes", "9", {"id_estagio": stage}


def held(*commits: tuple[str, str, str, Mapping[str, str]], **more: Any) -> Evidence:
    texts = Counter(mark for *_, fields in commits for mark in (A, B, C) if mark in str(fields.get("anotacao")))
    usual: dict[str, Any] = {"texts": texts, "emails": {}, "deals": {}, "links": {}, "states": {}, "met": []}
    return Evidence(arrivals=arrived(*commits), **{**usual, **more})


def said(finding: Finding) -> str:
    names = ("lost", "doubled", "out_of_order", "there_though_refused")
    return " ".join(name for name in names if getattr(finding, name))


def mail(mark: str) -> dict[str, str]:
    return {"5": f"{mark}@chaos.example"}


NOTES = [saved(A), saved(B)]
MAILS = [saved(A, Kind.UPDATE, contact=C), saved(B, Kind.UPDATE, contact=C)]
STAGES = [saved(A, Kind.STAGE, deal=C, value="2"), saved(B, Kind.STAGE, deal=C, value="3")]
LINKS = [saved(A, Kind.LINK, value="client-8"), saved(B, Kind.LINK, value="client-9")]
NO, DOUBT = Fate.REFUSED, Fate.DOUBT
DEAL = {C: "9"}


@pytest.mark.parametrize(
    ("saves", "evidence", "words"),
    [
        (NOTES, held(note(A), note(B)), ["", ""]),
        (NOTES, held(note(A)), ["", "lost"]),
        (NOTES, held(note(A), note(A), note(B)), ["doubled", ""]),
        (NOTES, held(note(B), note(A)), ["", "out_of_order"]),
        ([saved(A, fate=NO)], held(note(A)), ["there_though_refused"]),
        ([saved(A, fate=NO)], held(), [""]),
        ([saved(A, fate=DOUBT)], held(), [""]),
        ([saved(A, fate=DOUBT)], held(note(A)), [""]),
        ([saved(A, fate=DOUBT)], held(note(A), note(A)), ["doubled"]),
        ([saved(A, key="k")], held(states={"k": "refused"}), [""]),
        ([saved(A, key="k")], held(note(A), states={"k": "refused"}), ["there_though_refused"]),
        ([saved(A, returned=True)], held(), [""]),
        (MAILS, held(mailed(A), mailed(B), emails=mail(B)), ["", ""]),
        (MAILS, held(mailed(A), mailed(B), emails=mail(A)), ["", "lost"]),
        (MAILS, held(mailed(A), mailed(B), mailed(A), emails=mail(A)), ["doubled", "lost"]),
        (MAILS, held(mailed(B), emails=mail(B)), ["lost", ""]),
        (STAGES, held(moved("2"), moved("3"), deals=DEAL), ["", ""]),
        (STAGES, held(moved("2"), deals=DEAL), ["", "lost"]),
        (STAGES, held(moved("2"), moved("3"), moved("2"), deals=DEAL), ["doubled", ""]),
        (STAGES, held(moved("3"), moved("2"), deals=DEAL), ["out_of_order", "out_of_order"]),
        (LINKS, held(links={"chatwoot:1:p1": "client-9"}), ["", ""]),
        (LINKS, held(links={"chatwoot:1:p1": "client-8"}), ["", "lost"]),
    ],
)  # fmt: skip
def test_the_verdict_compares_what_was_told_with_what_is_there(
    saves: list[Save], evidence: Evidence, words: list[str]
) -> None:
    assert [said(finding) for finding in judge(saves, evidence)] == words


def test_what_hangs_on_something_refused_waits_and_is_not_lost() -> None:
    saves = [saved(A, Kind.NEGOTIATION, fate=NO, deal=A), saved(B, deal=A)]

    [_, waiting] = judge(saves, held())

    assert (waiting.held, waiting.lost, waiting.fate) == (True, False, Fate.REFUSED)


def test_nothing_may_come_before_what_it_belongs_to() -> None:
    lead = ("insert", "contato", "5", {"nome": f"Pessoa {A}"})
    saves = [saved(A, Kind.LEAD, contact=A, resaved=True), saved(B, contact=A)]

    found = judge(saves, held(note(B), lead, texts=Counter({A: 1, B: 1})))

    assert [said(finding) for finding in found] == ["", "out_of_order"]


@pytest.mark.parametrize(
    ("expected", "seen", "matched", "extra"),
    [
        ([("1", True), ("2", True)], ["1", "2"], {0: 0, 1: 1}, []),
        ([("1", True), ("2", False), ("3", True)], ["1", "3"], {0: 0, 2: 1}, []),
        ([("1", True)], ["1", "1"], {0: 0}, [1]),
        ([("1", True)], [], {}, []),
        ([], ["1"], {}, [0]),
    ],
)
def test_sequences_are_laid_side_by_side(
    expected: list[tuple[str, bool]], seen: list[str], matched: dict[int, int], extra: list[int]
) -> None:
    assert align(expected, seen) == (matched, extra)


def test_a_form_that_is_used_anew_gives_its_first_save_back() -> None:
    history = History(2)
    first, second = saved(A, key="k"), saved(B, key="k")
    history.begin(first)
    history.begin(second)

    assert (first.returned, second.returned) == (True, False)
    assert history.begin(saved(C)) is False


@pytest.mark.parametrize("wrong", [{"lost": True}, {"doubled": True}, {"out_of_order": True}])
def test_one_wrong_save_fails_the_run(wrong: dict[str, bool]) -> None:
    assert report.passed([Finding(saved(A), Fate.ACCEPTED)], HEALTHY)
    assert not report.passed([Finding(saved(A), Fate.ACCEPTED, **wrong)], HEALTHY)


def test_a_short_run_loses_and_doubles_nothing(tmp_path: Path) -> None:
    findings, happened = run(Options(writes=150, kills=4, seed=7, attendants=8), tmp_path, quiet=True)

    print(report.table(findings))  # noqa: T201 -- shown when it fails
    assert [(found.save.mark, said(found)) for found in findings if found.wrong] == []
    assert (happened.kills, happened.unsettled, happened.stopped_early) == (4, 0, False)
    assert sum(found.fate is Fate.ACCEPTED for found in findings) > 100


@pytest.mark.parametrize(
    ("protection", "seen", "weather"),
    [
        ("reading back", "doubled", {"plan": {"reset_after_commit": 0.5}}),
        ("settling", "doubled", {"plan": {"late_504": 0.6}, "wait": 3, "settle": 6, "writes": 20}),
        ("unique key", "doubled", {"plan": {}, "doubles": 0.5}),
        ("durable insert", "lost", {"plan": {}, "kills": 3}),
    ],
)
def test_a_protection_that_is_taken_out_is_missed(
    tmp_path: Path, protection: str, seen: str, weather: dict[str, Any]
) -> None:
    usual: dict[str, Any] = {"writes": 40, "kills": 0, "attendants": 6, "processes": 1, "patience": 10.0}

    findings, _ = run(Options(sabotage=protection, **{**usual, **weather}), tmp_path, quiet=True)

    assert any(getattr(found, seen) for found in findings), report.table(findings)
