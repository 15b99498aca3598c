"""The consoles' side, as the panel's door remembers it."""

from pathlib import Path

import pytest

from tests.setup.installation import settings, slugs
from widget.diagnosis import check_console
from widget.diagnosis.installation import Installation, installation_of
from widget.domain.traffic import Why
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS
from widget.store.records.arrivals import Arrivals

NOW = 1_000_000.0


@pytest.fixture
def installation(crm: Emulator, tmp_path: Path) -> Installation:
    return installation_of(
        CRMS, settings(crm, tmp_path, parents=("https://chat.example",)), clock=lambda: NOW
    )


def note(
    installation: Installation, ago: float, why: Why, issued_ago: float = 0.0, origin: str = ""
) -> None:
    now = NOW - ago
    issued = now - issued_ago if issued_ago else 0.0
    Arrivals(installation.data, lambda: now).note("chatwoot", why, "1", origin, issued)


def test_before_anybody_came_nothing_is_said(installation: Installation) -> None:
    assert slugs(check_console.console(installation)) == ["console-none"]
    assert slugs(check_console.origins(installation)) == ["origins-ok"]


def test_without_an_origin_the_panel_is_blank_everywhere(crm: Emulator, tmp_path: Path) -> None:
    assert slugs(check_console.origins(installation_of(CRMS, settings(crm, tmp_path)))) == [
        "origins-none"
    ]


@pytest.mark.parametrize(
    ("arrivals", "slug"),
    [
        ([(90, Why.IN, 0)], "console-ok"),
        ([(90, Why.SIGNATURE, 0)], "signature-wrong"),
        ([(90, Why.SIGNATURE, 0), (60, Why.IN, 0)], "console-ok"),
        ([(90, Why.IN, 0), (60, Why.SIGNATURE, 0)], "signature-wrong"),
        ([(100_000, Why.SIGNATURE, 0)], "console-none"),
        ([(90, Why.START, 0)], "start-wrong"),
        ([(90, Why.CONTEXT, 0)], "context-wrong"),
        ([(90, Why.AHEAD, -600)], "clock-off"),
        ([(90, Why.EXPIRED, 640)], "start-expired"),
        ([(90, Why.EXPIRED, 640), (30, Why.EXPIRED, 641)], "clock-off"),
        ([(90, Why.EXPIRED, 640), (30, Why.EXPIRED, 700)], "start-expired"),
        ([(9000, Why.EXPIRED, 640), (30, Why.EXPIRED, 4000)], "start-expired"),
    ],
)
def test_the_last_who_came_to_a_console_decides(
    installation: Installation, arrivals: list[tuple[float, Why, float]], slug: str
) -> None:
    for ago, why, issued_ago in arrivals:
        note(installation, ago, why, issued_ago)

    assert slugs(check_console.console(installation)) == [slug]


def test_a_clock_is_told_with_how_far_it_is_off(installation: Installation) -> None:
    note(installation, 90, Why.EXPIRED, 600)
    note(installation, 30, Why.EXPIRED, 601)

    [found] = check_console.console(installation)

    assert "10 min" in found.seen


def test_an_origin_that_tried_is_named_until_it_is_allowed(installation: Installation) -> None:
    note(installation, 60, Why.ORIGIN, origin="https://other.example")
    note(installation, 30, Why.ORIGIN, origin="https://chat.example")

    [found] = check_console.origins(installation)

    assert (found.slug, found.values["origin"]) == ("origin-refused", "https://other.example")
