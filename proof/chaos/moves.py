"""The verdict over stages and wins, which have no words of their own.

All steps of a negotiation are laid beside what the CRM did to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from proof.chaos.evidence import Arrival, Evidence
from proof.chaos.finding import Finding
from proof.chaos.matching import Step, align
from proof.chaos.record import Fate, Kind, Save

DEALS = "crm_negociacoes"
STAGE, STATUS = "id_estagio", "status"
OPEN = "N"


@dataclass
class Part:
    """One column that a save set: how often that was done."""

    finding: Finding
    step: Step
    times: int = 0

    @property
    def column(self) -> str:
        return self.step.value.partition("=")[0]

    @property
    def is_missing(self) -> bool:
        return self.step.fate is Fate.ACCEPTED and not self.times


@dataclass(frozen=True)
class Move:
    """One column that the CRM changed in a negotiation."""

    value: str
    arrival: Arrival


def count_moves(findings: Iterable[Finding], evidence: Evidence) -> None:
    """Tells each stage and win how often it was done, and when first."""
    wanted: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda found: found.save.order):
        if finding.save.kind in {Kind.STAGE, Kind.WIN}:
            wanted[finding.save.deal].append(finding)
    made, moves = _begun(evidence), _moves(evidence)
    for deal, expected in wanted.items():
        parts = [part for finding in expected for part in _parts(finding, evidence.states)]
        begun, changed = made.get(deal, {}), moves.get(deal, [])
        if list(evidence.deals.values()).count(deal) > 1:
            _count_over_twins(expected, begun, changed)
            continue
        _lay(parts, begun, changed)
        last = {part.column: part.step.value for part in parts if part.step.fate is Fate.ACCEPTED}
        for finding in expected:
            finding.stands = set(last.values()) <= _standing(begun, changed)[-1]
            finding.times = _times(finding, [part for part in parts if part.finding is finding])


def _count_over_twins(expected: list[Finding], begun: Mapping[str, str], moves: list[Move]) -> None:
    """A negotiation that the CRM made twice.

    It was moved under either number, so there is no one sequence to lay beside.
    """
    there = {said(column, begun[column]) for column in (STAGE, STATUS) if column in begun}
    there |= {move.value for move in moves}
    for finding in expected:
        wanted = {said(column, value) for column, value in steps(finding.save).items()}
        finding.stands = wanted <= there
        finding.times = int(finding.stands and finding.fate is Fate.ACCEPTED)


def steps(save: Save) -> dict[str, str]:
    """The columns that a save sets. The form sends the stage with whatever else is changed."""
    stage = save.posted.get("stage", "") or (save.value if save.kind is Kind.STAGE else "")
    status = save.posted.get("status", "") or (save.value if save.kind is Kind.WIN else "")
    found = {STAGE: stage} if stage else {}
    if status and (status != OPEN or save.posted.get("before_status", OPEN) != OPEN):
        found[STATUS] = status
    return found


def said(column: str, value: str) -> str:
    """A step as one word."""
    return f"{column}={value}"


def _parts(finding: Finding, states: Mapping[str, str]) -> list[Part]:
    sets = steps(finding.save)
    return [
        Part(
            finding,
            Step(said(column, value), _fate(finding, column, sets, states), finding.save.resaved),
        )
        for column, value in sets.items()
    ]


def _fate(
    finding: Finding, column: str, sets: Mapping[str, str], states: Mapping[str, str]
) -> Fate:
    """The stage is saved before the button is pressed.

    The stage may therefore be there though the button was refused.
    """
    save = finding.save
    if finding.fate is not Fate.REFUSED or column != STAGE or STATUS not in sets:
        return finding.fate
    only_the_button = (states.get(save.key), states.get(f"{save.key}.close")) == ("done", "refused")
    return Fate.DOUBT if save.returned or only_the_button else finding.fate


def _begun(evidence: Evidence) -> dict[str, dict[str, str]]:
    """What each negotiation was made with."""
    return {
        evidence.deals.get(arrival.record, ""): {
            STATUS: OPEN,
            **arrival.fields,
        }
        for arrival in evidence.arrivals
        if arrival.table == DEALS and arrival.what == "insert"
    }


def _moves(evidence: Evidence) -> dict[str, list[Move]]:
    found: dict[str, list[Move]] = defaultdict(list)
    for arrival in evidence.arrivals:
        if arrival.table == DEALS and arrival.what == "update":
            deal = evidence.deals.get(arrival.record, "")
            changed = [column for column in (STAGE, STATUS) if column in arrival.fields]
            found[deal] += [
                Move(said(column, arrival.fields[column]), arrival) for column in changed
            ]
    return found


def _lay(parts: list[Part], begun: Mapping[str, str], moves: list[Move]) -> None:
    standing = _standing(begun, moves)
    seen = [move.value for move in moves]
    match = align(
        [part.step for part in parts], seen, lambda value, place: value in standing[place]
    )
    for part in match.stood:
        parts[part].times = 1 if parts[part].step.fate is Fate.ACCEPTED else 0
    for part, place in match.matched.items():
        parts[part].times = 1
        parts[part].finding.saw(moves[place].arrival.place, moves[place].arrival.at)
    for place in match.extra:
        _explain(parts, moves[place])


def _standing(begun: Mapping[str, str], moves: list[Move]) -> list[set[str]]:
    """The values that stood after none, one, two … of the moves."""
    now = {column: said(column, begun[column]) for column in (STAGE, STATUS) if column in begun}
    found = [set(now.values())]
    for move in moves:
        now[move.value.partition("=")[0]] = move.value
        found.append(set(now.values()))
    return found


def _explain(parts: list[Part], move: Move) -> None:
    """A move too many is a lost one at the wrong place, else some save done twice."""
    same = [part for part in parts if part.step.value == move.value]
    late = next((part for part in same if part.is_missing), None)
    if late is None:
        part = (same or parts)[0]
        part.times = max(2, part.times + 1)
        return
    late.times = 1
    late.finding.out_of_order = not late.step.anew
    late.finding.saw(move.arrival.place, move.arrival.at)


def _times(finding: Finding, parts: list[Part]) -> int:
    """Every part of an accepted save must be there.

    Of a save that was refused, none of the refused parts may be there.
    """
    if any(part.is_missing for part in parts):
        return 0
    counted = [part.times for part in parts if part.step.fate is finding.fate]
    return max(counted, default=0)
