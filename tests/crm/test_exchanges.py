"""What is noted of an exchange: its shape, never its content."""

from typing import Any

import pytest

from tests.product import integration
from widget.crm.ixc.answers import shape
from widget.crm.ixc.transport import Webservice
from widget.crm.wire import Filter, Query
from widget.domain import errors
from widget.domain.traffic import Call
from widget.emulator.crm.server import Emulator

MARINA = Query("contato", (Filter("nome", "contains", "Marina"), Filter("lead", "=", "S")))


def noted(crm: Emulator) -> tuple[Webservice, list[Call]]:
    calls: list[Call] = []
    return Webservice(integration(crm.url, crm.token, wait=1.0), lambda: 5.0, calls.append), calls


def test_a_read_is_noted_without_a_word_of_what_was_asked_or_answered(crm: Emulator) -> None:
    http, calls = noted(crm)

    http.read(MARINA)

    [call] = calls
    assert (call.resource, call.verb, call.columns, call.status, call.code) == (
        "contato",
        "list",
        "nome,lead",
        200,
        "",
    )
    assert call.shape.startswith("{page, total, registros[")
    assert "arina" not in str(call)


@pytest.mark.parametrize(
    ("switches", "status", "told", "code"),
    [
        ({"fault": "html200"}, 200, "crm-error-page", "VNC-203"),
        ({"fault": "401"}, 401, "token-refused", "VNC-205"),
        ({"fault": "braces200"}, 200, "{}", "VNC-203"),
        ({"not_permitted": ["contato"]}, 200, "read-denied", "VNC-209"),
        ({"fault": "reset"}, 0, "nothing", "VNC-201"),
        ({"fault": "hang"}, 0, "nothing", "VNC-201"),
    ],
)
def test_an_exchange_that_became_an_error_is_noted_with_its_code(
    crm: Emulator, switches: dict[str, Any], status: int, told: str, code: str
) -> None:
    http, calls = noted(crm)
    crm.control(**switches)

    with pytest.raises(errors.CRMError):
        http.read(MARINA)

    [call] = calls
    assert (call.status, call.shape.partition(" ")[0], call.code) == (status, told, code)


def test_names_that_are_not_the_webservices_own_are_only_counted() -> None:
    told = shape(
        {
            "type": "success",
            "id": "5",
            "Marina Lopes": 1,
            "registros": [{"a": 1, "b": 2}],
        }
    )

    assert told == "{registros[1×2], type=success, id, +1}"
