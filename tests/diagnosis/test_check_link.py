"""The first links of the chain."""

from tests.product import integration
from widget.crm.ixc.kind import Examined
from widget.diagnosis import check_link
from widget.diagnosis.examination import Examination
from widget.domain.integrations import Integration
from widget.emulator.crm.server import Emulator

KIND = Examined()


def test_what_was_pasted_is_shown_as_what_it_becomes() -> None:
    [found] = check_link.address(
        Examination(KIND, Integration("main", url="ixc.example/adm.php?x=1"))
    )

    assert found.values["url"] == "https://ixc.example/webservice/v1"


def test_an_address_of_an_inner_network_is_not_even_connected_to_unless_allowed(
    crm: Emulator,
) -> None:
    examination = Examination(KIND, integration(crm.url, crm.token, private=False))
    list(check_link.address(examination))

    [found] = check_link.name(examination)

    assert found.slug == "address-private"


def test_whoever_answers_is_not_shown_the_token_before_it_is_known_to_be_the_crm(
    crm: Emulator,
) -> None:
    examination = Examination(KIND, integration(crm.url, crm.token))
    for check in (
        check_link.address,
        check_link.name,
        check_link.connection,
        check_link.tls,
        check_link.http,
    ):
        list(check(examination))

    assert examination.first is not None
    assert examination.first.status == 401
    assert [f.slug for f in check_link.path(examination)] == ["path-ok"]
