"""The whole walk from here to the CRM."""

import base64
from typing import Any

import pytest

from tests.product import integration
from widget.diagnosis.diagnosis import CHAIN, check_integration
from widget.diagnosis.findings import TITLES, broken
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS


def test_where_all_is_well_nothing_is_to_be_done(crm: Emulator) -> None:
    findings = check_integration(CRMS["ixc"], integration(crm.url, crm.token))

    assert [f.slug for f in findings if f.verdict != "ok"] == ["attendants-none"]
    assert set(CHAIN) - {f.check for f in findings} == {"tls"}


def test_every_check_has_a_title() -> None:
    assert set(CHAIN) <= set(TITLES)


@pytest.mark.parametrize(
    ("switches", "slug"),
    [
        ({"fault": "html200"}, "crm-error-page"),
        ({"fault": "empty200"}, "body-empty"),
        ({"fault": "truncated"}, "body-cut"),
        ({"fault": "cut_body"}, "body-cut"),
        ({"fault": "401"}, "token-refused"),
        ({"fault": "403"}, "token-old"),
        ({"fault": "404"}, "path-absent"),
        ({"fault": "429"}, "busy"),
        ({"fault": "502"}, "gateway"),
        ({"fault": "redirect"}, "path-panel"),
        ({"fault": "reset"}, "http-reset"),
        ({"fault": "hang"}, "too-slow"),
        ({"fault": "drip_headers"}, "too-slow"),
        ({"delay_seconds": 2.0}, "too-slow"),
        ({"ip_blocked": True}, "address-refused"),
    ],
)
def test_a_fault_is_named_and_nothing_behind_it_is_blamed(
    crm: Emulator, switches: dict[str, Any], slug: str
) -> None:
    crm.control(**switches)

    findings = check_integration(CRMS["ixc"], integration(crm.url, crm.token, wait=1))

    assert [f.slug for f in broken(findings)] == [slug]
    assert findings[-1].slug == "skipped"


@pytest.mark.parametrize(
    ("token", "slug", "calls"),
    [
        ("", "token-empty", 1),
        (" 7:" + "ab" * 32, "token-blanks", 1),
        (base64.b64encode(b"7:" + b"ab" * 32).decode(), "token-encoded", 1),
        ("7:" + "ab" * 32, "token-refused", 2),
    ],
)
def test_a_token_that_cannot_be_right_is_never_sent(
    crm: Emulator, token: str, slug: str, calls: int
) -> None:
    findings = check_integration(CRMS["ixc"], integration(crm.url, token))

    assert [f.slug for f in broken(findings)] == [slug]
    assert len(crm.calls) == calls
