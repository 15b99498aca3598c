"""The catalogue of the diagnosis: complete, and told in every language."""

import json
from collections.abc import Iterator

import pytest

from widget.diagnosis.findings import KNOWN, Finding, broken, worst
from widget.diagnosis.known import By, Verdict
from widget.domain import errors, texts
from widget.domain.errors import VinculoError


def kinds(kind: type[VinculoError] = errors.VinculoError) -> Iterator[type[VinculoError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from kinds(narrower)


CODES = {
    kind.code
    for kind in kinds()
    if kind.__module__ in {"widget.domain.errors", "widget.domain.trouble"}
}


def test_whoever_reads_that_something_is_broken_reads_what_to_do_where_and_by_whom() -> None:
    speechless = [
        slug
        for slug, known in KNOWN.items()
        if known.verdict is Verdict.FAILING
        and not (known.remedy and known.where and known.by is not By.NOBODY)
    ]

    assert speechless == []


def test_a_code_is_one_that_attendants_see() -> None:
    assert {known.code for known in KNOWN.values()} - CODES - {""} == set()


def test_a_value_that_nobody_could_tell_leaves_no_hole() -> None:
    assert Finding("name", "name-unresolved").seen == "O nome ? não existe para este servidor."


def test_a_finding_is_told_in_the_language_of_whoever_reads_it() -> None:
    finding = Finding("name", "name-unresolved", {"host": "crm.example"})

    texts.speak("en")

    assert finding.seen == "The name crm.example does not exist for this server."
    assert finding.by_whom == "whoever set up the integration"


def test_a_finding_is_told_to_programs_too() -> None:
    told = json.loads(
        json.dumps(Finding("token", "token-empty", seconds=0.12345, subject="main").told())
    )

    assert (told["verdict"], told["slug"], told["code"]) == ("failing", "token-empty", "VNC-205")
    assert (told["by"], told["integration"], told["seconds"]) == ("integrator", "main", 0.123)
    assert told["link"].endswith("#token-empty")


@pytest.mark.parametrize(
    ("slugs", "verdict"),
    [
        ([], Verdict.SKIPPED),
        (["skipped", "token-ok"], Verdict.OK),
        (["token-ok", "tls-soon"], Verdict.WARNING),
        (["tls-soon", "token-empty", "skipped"], Verdict.FAILING),
    ],
)
def test_the_gravest_decides(slugs: list[str], verdict: Verdict) -> None:
    findings = [Finding("token", slug) for slug in slugs]

    assert worst(findings) is verdict
    assert [f.slug for f in broken(findings)] == [s for s in slugs if s == "token-empty"]
