"""The walk along the chain."""

from collections.abc import Iterator

from widget.crm.ixc.kind import Examined
from widget.diagnosis.examination import Check, Examination, walk
from widget.diagnosis.findings import Finding
from widget.domain.integrations import Integration

KIND = Examined()


def finds(slug: str) -> Check:
    def check(_: Examination) -> Iterator[Finding]:
        yield Finding("token", slug)

    return check


def breaks(_: Examination) -> Iterator[Finding]:
    raise RuntimeError("a mistake of ours")


def test_behind_a_broken_link_nothing_is_checked() -> None:
    found = walk(
        Examination(KIND, Integration("main")),
        {"name": finds("name-ok"), "token": finds("token-empty"), "fields": breaks},
    )

    assert [f.slug for f in found] == ["name-ok", "token-empty", "skipped"]


def test_a_check_that_fails_by_our_own_mistake_does_not_hide_the_others() -> None:
    first, second = walk(
        Examination(KIND, Integration("main")), {"name": breaks, "token": finds("token-ok")}
    )

    assert [first.slug, second.slug] == ["check-broken", "token-ok"]
    assert "a mistake of ours" in first.evidence
