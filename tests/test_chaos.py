"""Tests of the proof by chaos in small: nothing is lost or doubled.

The proof notices whatever protection is taken out.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from proof.chaos import report
from proof.chaos.evidence import Arrival, Evidence, Place, places
from proof.chaos.finding import Finding
from proof.chaos.matching import Step, align
from proof.chaos.record import Fate, History, Kind, Save
from proof.chaos.report import Run
from proof.chaos.run import Options, run
from proof.chaos.verdict import judge
from widget.emulator.crm import base

A, B, C = "c0000001", "c0000002", "c0000003"
HEALTHY = Run(
    wanted=1, seed=1, kills=0, events={}, mishaps=0, seconds=1.0, unsettled=0, stopped_early=False
)


def saved(mark: str, kind: Kind = Kind.NOTE, order: int = 0, **what: Any) -> Save:
    fate = what.pop("fate", Fate.ACCEPTED)
    return Save(
        mark,
        kind,
        "1",
        what.pop("contact", "client-8"),
        order=order or int(mark[1:]),
        fate=fate,
        **what,
    )


def arrived(*commits: tuple[str, str, str, Mapping[str, str]]) -> list[Arrival]:
    return [Arrival(place, 0.0, *commit) for place, commit in enumerate(commits, 1)]


def note(mark: str) -> tuple[str, str, str, Mapping[str, str]]:
    return "insert", "crm_prospeccao_anotacoes", "1", {"anotacao": f"Falamos {mark}"}


def mailed(mark: str) -> tuple[str, str, str, Mapping[str, str]]:
    return "update", "contato", "5", {"email": f"{mark}@chaos.example"}


def moved(stage: str) -> tuple[str, str, str, Mapping[str, str]]:
    return "update", "crm_negociacoes", "9", {"id_estagio": stage}


def opened(stage: str) -> tuple[str, str, str, Mapping[str, str]]:
    return (
        "insert",
        "crm_negociacoes",
        "9",
        {"descricao": f"Fibra {C}", "id_estagio": stage, "status": "N"},
    )


def shut(status: str = "V") -> tuple[str, str, str, Mapping[str, str]]:
    return "update", "crm_negociacoes", "9", {"status": status, "data_vencemos": "2026-11-30"}


def held(*commits: tuple[str, str, str, Mapping[str, str]], **more: Any) -> Evidence:
    texts = Counter(
        mark for *_, fields in commits for mark in (A, B, C) if mark in str(fields.get("anotacao"))
    )
    usual: dict[str, Any] = {
        "texts": texts,
        "emails": {},
        "deals": {},
        "links": {},
        "states": {},
        "met": [],
    }
    usual["leads"] = {"5": C}
    return Evidence(arrivals=arrived(*commits), **{**usual, **more})


def said(finding: Finding) -> str:
    names = (
        "lost",
        "doubled",
        "out_of_order",
        "there_though_refused",
        "in_wrong_record",
        "called_done",
        "alarmed",
    )
    return " ".join(name for name in names if getattr(finding, name))


def mail(mark: str) -> dict[str, str]:
    return {"5": f"{mark}@chaos.example"}


NOTES = [saved(A), saved(B)]
MAILS = [saved(A, Kind.UPDATE, contact=C), saved(B, Kind.UPDATE, contact=C)]
STAGES = [saved(A, Kind.STAGE, deal=C, value="2"), saved(B, Kind.STAGE, deal=C, value="3")]
LINKS = [saved(A, Kind.LINK, value="client-8"), saved(B, Kind.LINK, value="client-9")]
NO, DOUBT = Fate.REFUSED, Fate.DOUBT
DEAL = {"9": C}


def step(fate: Fate) -> Callable[[str], Step]:
    return lambda value: Step(value, fate)


YES, MAYBE, NEVER = step(Fate.ACCEPTED), step(DOUBT), step(NO)


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
)
def test_the_verdict_compares_what_was_told_with_what_is_there(
    saves: list[Save], evidence: Evidence, words: list[str]
) -> None:
    assert [said(finding) for finding in judge(saves, evidence)] == words


def interacted(
    mark: str, kind: Kind = Kind.STAGE, stage: str = "3", status: str = "N", **what: Any
) -> Save:
    posted = {"stage": stage, "status": status, "before_status": "N"}
    value = status if kind is Kind.WIN else stage
    return saved(
        mark,
        kind,
        deal=C,
        value=value,
        key=what.pop("key", "k"),
        posted=posted,
        **what,
    )


def won(mark: str, **what: Any) -> Save:
    return interacted(mark, Kind.WIN, status="V", **what)


BACK: dict[str, Any] = {"fate": NO, "returned": True}
CLOSING_REFUSED = {"k": "done", "k.close": "refused"}


@pytest.mark.parametrize(
    ("saves", "commits", "states", "words"),
    [
        # A form that came back is saved with another change: it carries the first one too.
        ([interacted(A, **BACK), won(B)], (moved("3"), shut()), {}, ["", ""]),
        ([won(A, **BACK), interacted(B, status="V")], (moved("3"), shut()), {}, ["", ""]),
        ([interacted(A, **BACK), won(B, fate=DOUBT)], (moved("3"), shut()), {}, ["", ""]),
        ([interacted(A, **BACK), won(B, fate=DOUBT)], (), {}, ["", ""]),
        (
            [interacted(A, **BACK), interacted(B, stage="2")],
            (moved("3"), moved("2")),
            {},
            ["there_though_refused", ""],
        ),
        ([interacted(A, **BACK), won(B, fate=NO)], (moved("3"),), {}, ["there_though_refused", ""]),
        ([won(A, **BACK), interacted(B)], (moved("3"), shut()), {}, ["there_though_refused", ""]),
        # What stands already needs no send.
        ([interacted(A, stage="1")], (), {}, [""]),
        ([interacted(A), won(B, key="l")], (moved("3"), shut()), {}, ["", ""]),
        ([interacted(A), interacted(B, key="l")], (moved("3"),), {}, ["", ""]),
        (
            [won(A, fate=DOUBT), interacted(B, key="l", stage="2", status="V")],
            (moved("3"), shut(), moved("2")),
            {},
            ["", ""],
        ),
        ([interacted(A), interacted(B, key="l", stage="1")], (moved("3"),), {}, ["", "lost"]),
        # Every value that was posted must be there, and once.
        ([won(A)], (shut(),), {}, ["lost"]),
        ([won(A)], (moved("3"),), {}, ["lost"]),
        ([won(A)], (moved("3"), moved("1"), moved("3"), shut()), {}, ["doubled"]),
        ([interacted(A, fate=NO)], (moved("3"),), {}, ["there_though_refused"]),
        # Of a win that was refused the stage is there: the CRM's form was saved, its button was
        # not.
        ([won(A)], (moved("3"),), CLOSING_REFUSED, [""]),
        ([won(A, fate=NO)], (moved("3"),), CLOSING_REFUSED, [""]),
        ([won(A)], (moved("3"), shut()), CLOSING_REFUSED, ["there_though_refused"]),
        (
            [won(A, **BACK), interacted(B, stage="2", status="V")],
            (moved("3"), moved("2"), shut()),
            {},
            ["", ""],
        ),
        # What was saved again is accepted at no time that we know.
        (
            [interacted(A, resaved=True, order=3), interacted(B, key="l", stage="2")],
            (moved("3"), moved("2")),
            {},
            ["", ""],
        ),
    ],
)
def test_a_step_is_judged_by_all_that_its_form_posted(
    saves: list[Save],
    commits: tuple[tuple[str, str, str, Mapping[str, str]], ...],
    states: Mapping[str, str],
    words: list[str],
) -> None:
    evidence = held(opened("1"), *commits, deals=DEAL, states=states)

    assert [said(finding) for finding in judge(saves, evidence)] == words


def wrote(mark: str, **what: Any) -> Save:
    """A note that the journal calls done."""
    return saved(mark, key=mark, **what)


DONE = {A: "done", B: "done"}
REPEATED = [("repeated", "crm_prospeccao_anotacoes", "", {"anotacao": A})]
LATE = [("late_success", "crm_prospeccao_anotacoes", "", {"anotacao": A})]


@pytest.mark.parametrize(
    ("saves", "evidence", "words"),
    [
        # Where it stands.
        ([wrote(A)], held(note(A), places={A: [Place("client-8")]}), [""]),
        ([wrote(A)], held(note(A), places={A: [Place("client-9")]}), ["in_wrong_record"]),
        ([wrote(A)], held(note(A), places={A: [Place("")]}), ["in_wrong_record"]),
        (
            [wrote(A, fate=DOUBT)],
            held(note(A), places={A: [Place("client-9")]}),
            ["in_wrong_record"],
        ),
        (
            [wrote(A)],
            held(note(A), note(A), places={A: [Place("client-8"), Place("client-9")]}),
            ["doubled in_wrong_record"],
        ),
        ([wrote(A, deal=C)], held(note(A), places={A: [Place("client-8", C)]}), [""]),
        (
            [wrote(A, deal=C)],
            held(note(A), places={A: [Place("client-8", B)]}),
            ["in_wrong_record"],
        ),
        ([wrote(A, deal=C)], held(note(A), places={A: [Place("client-8")]}), ["in_wrong_record"]),
        ([wrote(A)], held(note(A), places={A: [Place("client-8", B)]}), [""]),
        (
            [saved(A, Kind.NEGOTIATION, deal=A)],
            held(note(A), places={A: [Place("client-8", A)]}),
            [""],
        ),
        (
            [saved(A, Kind.NEGOTIATION, deal=A)],
            held(note(A), places={A: [Place("client-9", A)]}),
            ["in_wrong_record"],
        ),
        (
            [saved(A, Kind.UPDATE, contact=C)],
            held(mailed(A), emails=mail(A), leads={"5": B}),
            ["in_wrong_record"],
        ),
        # What it is called.
        ([wrote(A)], held(states=DONE), ["lost called_done"]),
        ([wrote(A, fate=DOUBT)], held(states=DONE), ["called_done"]),
        ([wrote(A, fate=NO)], held(states=DONE), [""]),
        ([wrote(A, fate=DOUBT, returned=True)], held(states=DONE), [""]),
        ([wrote(A)], held(states={A: "unknown"}), ["lost"]),
        (
            [won(A)],
            held(opened("1"), moved("3"), deals=DEAL, states={"k": "done", "k.close": "done"}),
            ["lost called_done"],
        ),
        # What somebody is told of.
        ([wrote(A)], held(states=DONE, alarms={A: frozenset({"anotacao"})}), ["alarmed"]),
        ([wrote(A)], held(states=DONE, alarms={A: frozenset({"twins"})}), ["lost called_done"]),
        ([wrote(A)], held(states=DONE, alarms={B: frozenset({"anotacao"})}), ["lost called_done"]),
        (
            [wrote(A)],
            held(note(A), note(A), states=DONE, alarms={A: frozenset({"twins"})}),
            ["doubled"],
        ),
        ([wrote(A)], held(note(A), note(A), states=DONE, met=REPEATED), ["doubled"]),
        (
            [wrote(A)],
            held(note(A), note(A), states=DONE, met=REPEATED, alarms={A: frozenset({"twins"})}),
            ["alarmed"],
        ),
        (
            [wrote(A, fate=NO)],
            held(note(A), met=REPEATED, alarms={A: frozenset({"twins"})}),
            ["there_though_refused"],
        ),
        # What came later than the CRM said has no place of its own.
        ([wrote(A), wrote(B)], held(note(B), note(A), states=DONE, met=LATE), ["", ""]),
    ],
)
def test_the_verdict_tells_where_a_save_stands_and_what_it_is_called(
    saves: list[Save], evidence: Evidence, words: list[str]
) -> None:
    assert [said(finding) for finding in judge(saves, evidence)] == words


def once_more(*commits: tuple[str, str, str, Mapping[str, str]], **more: Any) -> Evidence:
    met = [("repeated", "crm_negociacoes", "9", {"id_estagio": "3"})]
    return held(
        opened("1"), moved("3"), moved("2"), moved("3"), *commits, deals=DEAL, met=met, **more
    )


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (once_more(), ["doubled", ""]),
        (once_more(alarms={"l": frozenset({"id_estagio"})}), ["alarmed", ""]),
        (once_more(moved("2")), ["", ""]),
    ],
)
def test_a_step_that_the_crm_repeats_is_told_of_or_set_right(
    evidence: Evidence, words: list[str]
) -> None:
    saves = [interacted(A), interacted(B, key="l", stage="2")]
    saves += [interacted("c0000004", key="m", stage="2")] if not words[0] else []

    assert [said(finding) for finding in judge(saves, evidence)][:2] == words


def test_of_a_negotiation_that_is_there_twice_either_may_be_moved() -> None:
    evidence = held(opened("1"), moved("3"), deals={"9": C, "10": C})

    assert [said(finding) for finding in judge([interacted(A)], evidence)] == [""]


def test_a_mark_stands_in_the_record_of_whoever_it_belongs_to(tmp_path: Path) -> None:
    crm = base.Base(str(tmp_path / "crm.db")).open()
    base.create(crm)
    leads = [
        base.insert(crm, "contato", {"nome": f"Pessoa {A}", "obs": text})
        for text in (f"Falamos {B}", "")
    ]
    deal = base.insert(
        crm, "crm_negociacoes", {"descricao": f"Fibra {C}", "id_contato": leads[1], "obs": B}
    )
    base.insert(
        crm, "crm_prospeccao_anotacoes", {"anotacao": B, "id_negociacao": deal, "id_cliente": "0"}
    )
    base.insert(
        crm, "crm_prospeccao_anotacoes", {"anotacao": B, "id_negociacao": "0", "id_cliente": "8"}
    )
    base.insert(
        crm, "crm_prospeccao_anotacoes", {"anotacao": B, "id_negociacao": "77", "id_cliente": "0"}
    )

    found = places(crm)

    expected = [Place(A), Place(A, C), Place(A, C), Place("client-8"), Place("", "77")]
    assert sorted(map(str, found[B])) == sorted(map(str, expected))
    assert found[C] == [Place(A, C)]


@pytest.mark.parametrize(("stage", "words"), [("2", ""), ("5", "lost")])
def test_a_negotiation_that_the_crm_made_twice_may_be_moved_under_either_number(
    stage: str, words: str
) -> None:
    twin = (
        "insert",
        "crm_negociacoes",
        "10",
        {"descricao": f"Fibra {C}", "id_estagio": "1", "status": "N"},
    )
    other = ("update", "crm_negociacoes", "10", {"status": "V"})
    commits = (opened("1"), moved(stage), twin, other)

    found = judge(
        [saved(A, Kind.STAGE, deal=C, value="2"), won(B, stage="1")],
        held(*commits, deals={"9": C, "10": C}),
    )

    assert [said(finding) for finding in found] == [words, ""]


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
        ([YES("1"), YES("2")], ["1", "2"], {0: 0, 1: 1}, []),
        ([YES("1"), MAYBE("2"), YES("3")], ["1", "3"], {0: 0, 2: 1}, []),
        ([YES("1")], ["1", "1"], {0: 0}, [1]),
        ([YES("1")], [], {}, []),
        ([], ["1"], {}, [0]),
        ([NEVER("1"), YES("1")], ["1"], {1: 0}, []),
        ([NEVER("1")], ["1"], {0: 0}, []),
        ([YES("1"), YES("1"), YES("2")], ["1", "2"], {0: 0, 2: 1}, []),
    ],
)
def test_sequences_are_laid_side_by_side(
    expected: list[Step], seen: list[str], matched: dict[int, int], extra: list[int]
) -> None:
    def stands(value: str, place: int) -> bool:
        return seen[place - 1 : place] == [value]

    found = align(expected, seen, stands)

    assert (found.matched, found.extra) == (matched, extra)


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
    findings, happened = run(
        Options(
            writes=150,
            kills=4,
            seed=7,
            attendants=8,
        ),
        tmp_path,
        quiet=True,
    )

    print(report.table(findings))  # noqa: T201 -- shown when it fails
    assert [(found.save.mark, said(found)) for found in findings if found.wrong] == []
    assert (happened.kills, happened.unsettled, happened.stopped_early) == (4, 0, False)
    assert sum(found.fate is Fate.ACCEPTED for found in findings) > 100


def test_every_kill_comes_though_the_attendants_are_done_sooner(tmp_path: Path) -> None:
    hasty = Options(
        writes=6,
        kills=3,
        attendants=3,
        processes=1,
        plan={},
    )

    findings, happened = run(hasty, tmp_path, quiet=True)

    assert (happened.kills, happened.unsettled) == (3, 0)
    assert [found.save.mark for found in findings if found.wrong] == []


@pytest.mark.parametrize(
    ("protection", "seen", "weather"),
    [
        ("reading back", "doubled", {"plan": {"reset_after_commit": 0.6}}),
        ("settling", "doubled", {"plan": {"late_504": 0.6}, "wait": 3, "settle": 6, "writes": 40}),
        ("unique key", "doubled", {"plan": {}, "doubles": 0.5}),
        ("durable insert", "lost", {"plan": {}, "kills": 3, "writes": 40}),
        ("turns", "out_of_order", {"plan": {"hang": 0.4}, "writes": 40}),
        ("honest refusal", "there_though_refused", {"plan": {"error_after_commit": 0.4}}),
        ("right number", "in_wrong_record", {"plan": {}, "attendants": 2, "writes": 14}),
        ("sending", "called_done", {"plan": {}, "attendants": 2, "writes": 14}),
    ],
)
def test_a_protection_that_is_taken_out_is_missed(
    tmp_path: Path, protection: str, seen: str, weather: dict[str, Any]
) -> None:
    usual: dict[str, Any] = {
        "writes": 20,
        "kills": 0,
        "attendants": 6,
        "processes": 1,
        "patience": 10.0,
    }

    findings, _ = run(Options(sabotage=protection, **{**usual, **weather}), tmp_path, quiet=True)

    assert any(getattr(found, seen) for found in findings), report.table(findings)
