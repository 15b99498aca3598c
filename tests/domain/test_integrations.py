"""One connected CRM as a value."""

import pytest

from widget.domain.integrations import Integration


@pytest.mark.parametrize(("wait", "settle", "has_time"), [(8, 16, True), (8, 15, False)])
def test_a_late_write_is_looked_for_only_when_it_has_arrived_or_failed(
    wait: int, settle: int, has_time: bool
) -> None:
    assert Integration("a", wait=wait, settle_seconds=settle).has_time_to_settle is has_time


def test_an_authority_is_a_text_or_a_file() -> None:
    assert Integration("a").authority == ""
    assert Integration("a", ca_file="/etc/ca.pem").authority == "/etc/ca.pem"
    assert Integration("a", ca="-----BEGIN", ca_file="/data/ca-a.pem").authority == "-----BEGIN"


def test_a_token_is_never_printed() -> None:
    assert "s3cr3t" not in repr(Integration("a", token="7:s3cr3t"))
