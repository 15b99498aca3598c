"""What is examined."""

from widget.diagnosis.installation import house_of
from widget.domain.settings import Settings
from widget.registry import CRMS


def test_the_options_name_one_integration() -> None:
    house = house_of(
        CRMS,
        Settings(
            data="x",
            crm_url="https://ixc.example",
            crm_token="7:abc",
            crm_wait=5,
        ),
    )

    [target] = house.targets
    assert (target.id, target.url, target.wait) == ("main", "https://ixc.example", 5)
    assert "7:abc" not in repr(house)


def test_a_demo_has_no_crm_to_examine() -> None:
    assert house_of(CRMS, Settings()).targets == ()
