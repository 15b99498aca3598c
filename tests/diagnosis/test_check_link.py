"""The first links of the chain."""

from widget.crm.ixc.kind import Examined
from widget.diagnosis import check_link
from widget.diagnosis.subject import Scene
from widget.emulator.crm.server import Emulator

KIND = Examined()


def test_what_was_pasted_is_shown_as_what_it_becomes() -> None:
    [found] = check_link.address(Scene(KIND, "ixc.example/adm.php?x=1", "", 1.0))

    assert found.values["url"] == "https://ixc.example/webservice/v1"


def test_an_address_of_an_inner_network_is_not_even_connected_to_unless_allowed(
    crm: Emulator,
) -> None:
    scene = Scene(KIND, crm.url, crm.token, 1.0, private=False)
    list(check_link.address(scene))

    [found] = check_link.name(scene)

    assert found.slug == "address-private"


def test_whoever_answers_is_not_shown_the_token_before_it_is_known_to_be_the_crm(
    crm: Emulator,
) -> None:
    scene = Scene(KIND, crm.url, crm.token, 1.0)
    for check in (
        check_link.address,
        check_link.name,
        check_link.connection,
        check_link.tls,
        check_link.http,
    ):
        list(check(scene))

    assert scene.first is not None
    assert scene.first.status == 401
    assert [f.slug for f in check_link.path(scene)] == ["path-ok"]
