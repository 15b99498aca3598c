"""What a save must be beyond being there once.

It must stand in the right record, be rightly called done, or be told of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from proof.chaos.evidence import INSERTED, TWINS, Evidence, Place, marks
from proof.chaos.finding import Finding
from proof.chaos.record import Fate, Kind, Save

REPEATED = "repeated"
MOVES = frozenset({Kind.STAGE, Kind.WIN})


def find_places(findings: Mapping[str, Finding], evidence: Evidence) -> None:
    """Looks in whose records the words of each save stand."""
    for mark, finding in findings.items():
        if finding.save.kind in {Kind.NOTE, Kind.NEGOTIATION}:
            places = evidence.places.get(mark, [])
            finding.in_wrong_record = not all(_belongs(finding.save, place) for place in places)
    for arrival in evidence.arrivals:
        if arrival.table == "contato" and arrival.what == "update":
            for mark in marks(arrival.fields.get("email", "")):
                if (
                    mark in findings
                    and evidence.leads.get(arrival.record, "") != findings[mark].save.contact
                ):
                    findings[mark].in_wrong_record = True


def is_called_done(finding: Finding, evidence: Evidence) -> bool:
    """Whether the journal calls done what is not there.

    Of a form that came back it speaks of the later save.
    """
    save = finding.save
    if finding.times or save.returned or finding.fate is Fate.REFUSED or save.kind is Kind.LINK:
        return False
    if finding.fate is Fate.DOUBT and save.kind not in INSERTED:
        return False  # a later one may have taken its place before it was looked at
    states = [evidence.states.get(save.key), evidence.states.get(f"{save.key}.close", "done")]
    return states == ["done", "done"]


def alarm(findings: Iterable[Finding], evidence: Evidence) -> None:
    """Sets apart what the CRM itself lost or doubled, and the attendant is told of."""
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[_group(finding.save)].append(finding)
    for group in groups.values():
        for finding in group:
            dropped = evidence.alarms.get(finding.save.key, frozenset()) - {TWINS}
            if dropped and (finding.lost or finding.called_done):
                finding.lost = finding.called_done = False
                finding.alarmed = True
            if finding.doubled and REPEATED in finding.save.met:
                finding.alarmed = _is_told(finding, group, evidence)
                finding.doubled = not (finding.alarmed or finding.stands)


def _belongs(save: Save, place: Place) -> bool:
    is_there = save.kind is Kind.NEGOTIATION or not save.deal or place.deal == save.deal
    return is_there and place.contact == save.contact


def _group(save: Save) -> tuple[str, str]:
    """What is changed by turns, and so may be changed back by a request that comes twice."""
    if save.kind in MOVES:
        return "deal", save.deal
    return ("contact", save.contact) if save.kind is Kind.UPDATE else ("mark", save.mark)


def _is_told(finding: Finding, group: list[Finding], evidence: Evidence) -> bool:
    """Of a record that is there twice the twins; of a change that came twice what it took back."""
    alarms = [evidence.alarms.get(other.save.key, frozenset()) for other in group]
    return any(TWINS in named if finding.save.kind in INSERTED else named for named in alarms)
