"""The verdict: what the CRM's own file holds against what the attendants were told.

The order in which the file holds it counts too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from proof.chaos.evidence import INSERTED, WITH_REMARKS, Arrival, Evidence, marks
from proof.chaos.finding import Finding
from proof.chaos.moves import DEALS, STAGE, STATUS, count_moves, said, steps
from proof.chaos.proofs import alarm, find_places, is_called_done
from proof.chaos.record import Fate, Kind, Save

# After these the CRM commits later than it said, and after others: such a commit has no place in
# any order.
LATER_THAN_SAID = frozenset({"late_success", "repeated"})


def judge(saves: Iterable[Save], evidence: Evidence) -> list[Finding]:
    """One finding for each save, in the order in which they were begun."""
    findings = {save.mark: Finding(save, _fate(save, evidence)) for save in saves}
    _blame(findings.values(), evidence)
    _count_texts(findings, evidence)
    _count_updates(findings, evidence)
    count_moves(findings.values(), evidence)
    _count_links(findings.values(), evidence)
    find_places(findings, evidence)
    _hold(findings)
    for finding in findings.values():
        _weigh(finding)
    _check_order(findings, evidence)
    for finding in findings.values():
        finding.called_done = is_called_done(finding, evidence)
    alarm(findings.values(), evidence)
    return list(findings.values())


def _blame(findings: Iterable[Finding], evidence: Evidence) -> None:
    """Tells each save which of the plan's mishaps it met.

    It does so as far as the save's words tell that it was this one.
    """
    known = {finding.save.mark: finding.save for finding in findings}
    moves: dict[tuple[str, str], list[Save]] = defaultdict(list)
    for save in known.values():
        if save.kind in {Kind.STAGE, Kind.WIN}:
            for column, value in steps(save).items():
                moves[save.deal, said(column, value)].append(save)
    for mishap, table, record, fields in evidence.met:
        deal = evidence.deals.get(record, "")
        if table.startswith(DEALS) and deal:
            step = said(STAGE, fields.get(STAGE, "")) if table == DEALS else said(STATUS, "V")
            for save in moves[deal, step]:
                save.met.add(mishap)
            continue
        newest = max((mark for text in fields.values() for mark in marks(text)), default="")
        if newest in known:
            known[newest].met.add(mishap)


def _fate(save: Save, evidence: Evidence) -> Fate:
    """What the attendant was told last.

    An accepted write may have been handed back later, with its form and the reason.
    """
    states = {evidence.states.get(key) for key in (save.key, f"{save.key}.close") if save.key}
    if save.fate is Fate.ACCEPTED and ("refused" in states or save.returned):
        return Fate.REFUSED
    return save.fate


def _count_texts(findings: Mapping[str, Finding], evidence: Evidence) -> None:
    """The marks of leads, negotiations and notes in the CRM.

    It tells how often each mark stands there, and which commit brought it first.
    """
    for mark, times in evidence.texts.items():
        if mark in findings and findings[mark].save.kind in INSERTED:
            findings[mark].times = times
    for arrival in evidence.arrivals:
        for mark in _brought(arrival):
            if mark in findings:
                findings[mark].saw(arrival.place, arrival.at)


def _brought(arrival: Arrival) -> list[str]:
    if arrival.what == "insert":
        columns = [column for table, column in INSERTED.values() if table == arrival.table]
        return [mark for column in columns for mark in marks(arrival.fields.get(column, ""))]
    return marks(arrival.fields.get("obs", "")) if arrival.table in WITH_REMARKS else []


def _count_updates(findings: Mapping[str, Finding], evidence: Evidence) -> None:
    """The addresses that the updates set, each one of its own.

    It tells how often each was set, and whether the last one still stands.
    """
    last: dict[str, Finding] = {}
    for finding in sorted(findings.values(), key=lambda found: found.save.order):
        if finding.save.kind is Kind.UPDATE and finding.fate is Fate.ACCEPTED:
            last[finding.save.contact] = finding
    records: dict[str, str] = {}
    for arrival in evidence.arrivals:
        if arrival.table == "contato" and arrival.what == "update":
            for mark in marks(arrival.fields.get("email", "")):
                if mark in findings:
                    findings[mark].times += 1
                    findings[mark].saw(arrival.place, arrival.at)
                    records[findings[mark].save.contact] = arrival.record
    for contact, finding in last.items():
        stands = marks(evidence.emails.get(records.get(contact, ""), ""))
        if finding.save.mark not in stands and not any(
            _in_doubt_after(findings, finding, mark) for mark in stands
        ):
            finding.times = 0
        for other in findings.values():
            other.stands = other.stands or (other.save.contact == contact and finding.times > 0)


def _in_doubt_after(findings: Mapping[str, Finding], last: Finding, mark: str) -> bool:
    """Whether what stands now is a later save of which the attendant was told nothing."""
    other = findings.get(mark)
    return other is not None and other.fate is Fate.DOUBT and other.save.order > last.save.order


def _count_links(findings: Iterable[Finding], evidence: Evidence) -> None:
    """Only the last link of a person is there to be seen."""
    by_person: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.save.kind is Kind.LINK:
            by_person[finding.save.person].append(finding)
    for person, links in by_person.items():
        now = evidence.links.get(f"chatwoot:1:p{person}", "")
        accepted = [found for found in links if found.fate is Fate.ACCEPTED]
        later = links[links.index(accepted[-1]) + 1 :] if accepted else []
        fits = {now} & {
            found.save.value
            for found in [*accepted[-1:], *(f for f in later if f.fate is Fate.DOUBT)]
        }
        for found in accepted:
            found.times = 1 if fits or found is not accepted[-1] else 0


def _hold(findings: Mapping[str, Finding]) -> None:
    """What hangs on something that was refused waits for a person, and is not lost."""
    for finding in findings.values():
        parents = {finding.save.contact, finding.save.deal} - {finding.save.mark, ""}
        refused = any(mark in findings and findings[mark].fate is Fate.REFUSED for mark in parents)
        if refused and finding.fate is Fate.ACCEPTED and not finding.times:
            finding.fate, finding.held = Fate.REFUSED, True


def _weigh(finding: Finding) -> None:
    finding.lost = finding.fate is Fate.ACCEPTED and finding.times == 0
    finding.doubled = finding.times > 1
    finding.there_though_refused = finding.fate is Fate.REFUSED and finding.times > 0


def _check_order(findings: Mapping[str, Finding], evidence: Evidence) -> None:
    """Everything of one contact is committed in the order of its acceptance.

    Nothing is committed before what it belongs to. What came back and was saved again was accepted
    a second time, at no time that we know. What needed it waited for a person, and let the rest
    pass by. It is not known either when the CRM does what it said that it had done already.
    """
    anew = _with_dependents(
        {finding.save.key for finding in findings.values() if finding.save.resaved}, evidence.needs
    )
    latest: dict[str, int] = defaultdict(int)
    for finding in sorted(findings.values(), key=lambda found: found.save.order):
        if finding.fate is not Fate.ACCEPTED or not finding.place:
            continue
        parents = {finding.save.contact, finding.save.deal} - {finding.save.mark}
        if any(mark in findings and findings[mark].place > finding.place for mark in parents):
            finding.out_of_order = True
        if finding.save.key not in anew and not finding.save.met & LATER_THAN_SAID:
            finding.out_of_order = (
                finding.out_of_order or finding.place < latest[finding.save.contact]
            )
            latest[finding.save.contact] = max(latest[finding.save.contact], finding.place)


def _with_dependents(keys: set[str], needs: Mapping[str, frozenset[str]]) -> set[str]:
    found = keys | {key for key, needed in needs.items() if needed & keys}
    return found if found == keys else _with_dependents(found, needs)
