"""The walk along the chain."""

from collections.abc import Iterator

from widget.crm.ixc.kind import Examined
from widget.diagnosis.findings import Finding
from widget.diagnosis.subject import Check, Scene, walk

KIND = Examined()


def finds(slug: str) -> Check:
    def check(_: Scene) -> Iterator[Finding]:
        yield Finding("token", slug)

    return check


def breaks(_: Scene) -> Iterator[Finding]:
    raise RuntimeError("a mistake of ours")


def test_behind_a_broken_link_nothing_is_checked() -> None:
    found = walk(
        Scene(KIND, "", "", 1.0),
        {"name": finds("name-ok"), "token": finds("token-empty"), "fields": breaks},
    )

    assert [f.slug for f in found] == ["name-ok", "token-empty", "skipped"]


def test_a_check_that_fails_by_our_own_mistake_does_not_hide_the_others() -> None:
    first, second = walk(Scene(KIND, "", "", 1.0), {"name": breaks, "token": finds("token-ok")})

    assert [first.slug, second.slug] == ["check-broken", "token-ok"]
    assert "a mistake of ours" in first.evidence
