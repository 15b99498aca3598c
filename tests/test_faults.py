"""Faults injected for real, and whether the diagnosis names each and no other.

``make faults`` runs them all.
"""

import json

import pytest

from proof.faults.run import FAULTS, Outcome, last_line, run
from proof.faults.stage import Fault
from widget.diagnosis.findings import KNOWN
from widget.diagnosis.known import Verdict

QUICK = {
    "all well",
    "refused",
    "reset during TLS",
    "certificate expired",
    "certificate self-signed",
    "certificate of another name",
    "port speaks no TLS",
    "a proxy's sign-in page with 200",
    "scheme not Basic (400)",
    "not permitted to write",
    "clock 10 minutes ahead of the console's signature",
    "console origin not allowed",
    "signature wrong",
    "database damaged",
    "database gone",
    "two answers in one body",
    "worker dead",
    "attendant without a CRM employee",
}
# Broken links that no fault brings about: each has a test of its own, or needs more than this
# machine.
ELSEWHERE = {
    "address-empty",
    "address-wrong",
    "name-service-silent",
    "tls-authority-unreadable",
    "token-locked",
    "settings-wrong",
    "storage-failing",
}


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.name in QUICK], ids=lambda fault: fault.name
)
def test_a_fault_is_named_and_no_other(fault: Fault) -> None:
    [outcome] = run([fault])

    assert (outcome.found, outcome.is_exact) == (tuple(filter(None, [fault.expected])), True)


def test_every_quick_fault_is_there() -> None:
    assert {fault.name for fault in FAULTS} >= QUICK
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_every_broken_link_that_the_diagnosis_knows_is_broken_somewhere() -> None:
    failing = {slug for slug, known in KNOWN.items() if known.verdict is Verdict.FAILING}

    assert failing - {fault.expected for fault in FAULTS} <= ELSEWHERE


@pytest.mark.parametrize(
    ("found", "seconds", "exact"),
    [
        (("busy",), 1.0, True),
        (("busy",), 10.5, False),
        (("gateway",), 1.0, False),
        (("busy", "gateway"), 1.0, False),
        ((), 1.0, False),
    ],
)
def test_another_verdict_one_more_or_a_late_one_is_wrong(
    found: tuple[str, ...], seconds: float, exact: bool
) -> None:
    [fault] = [fault for fault in FAULTS if fault.name == "429"]
    outcome = Outcome(fault, found, seconds)

    assert outcome.is_exact is exact
    assert json.loads(last_line([outcome])) == {
        "total": 1,
        "exact": int(exact),
        "slowest_seconds": seconds,
    }
