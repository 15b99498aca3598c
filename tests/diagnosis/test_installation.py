"""What is examined."""

from widget.diagnosis.installation import installation_of
from widget.domain.settings import Settings
from widget.registry import CRMS


def test_the_options_name_one_integration() -> None:
    installation = installation_of(
        CRMS,
        Settings(data="x").over("https://ixc.example", "7:abc", wait=5),
    )

    [integration] = installation.integrations
    assert (integration.id, integration.url, integration.wait) == ("main", "https://ixc.example", 5)
    assert "7:abc" not in repr(installation)


def test_a_demo_has_no_crm_to_examine() -> None:
    assert installation_of(CRMS, Settings()).integrations == ()
