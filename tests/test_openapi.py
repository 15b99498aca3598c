"""The JSON addresses hold to docs/openapi.yaml, whatever they are sent.

And no other address answers JSON.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.product import HENRIQUE, Visitor
from tests.setup.desk import OURS, Desk, arrived, office_of
from widget.app import manifest
from widget.domain import permissions
from widget.domain.integrations import Integration
from widget.domain.permissions import Role
from widget.emulator.crm.server import Emulator
from widget.setup import guard
from widget.store.records.accounts import Account

DESCRIPTION = schemathesis.openapi.from_path(Path(__file__).parent.parent / "docs/openapi.yaml")
OPERATIONS = [found.ok() for found in DESCRIPTION.get_all_operations()]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SEEN = {
    "administrator": {
        ("exportSetup", 200),
        ("supportBundle", 200),
        ("keptWrites", 200),
        ("keptWrites", 404),
        ("exportPerson", 200),
        ("exportPerson", 422),
    },
    "support": {
        ("exportSetup", 403),
        ("supportBundle", 200),
        ("keptWrites", 403),
        ("exportPerson", 403),
    },
    "stranger": {
        ("exportSetup", 303),
        ("supportBundle", 303),
        ("keptWrites", 303),
        ("exportPerson", 303),
    },
    "an administrator's page elsewhere": {
        ("exportSetup", 200),
        ("supportBundle", 200),
        ("keptWrites", 200),
        ("keptWrites", 404),
        ("exportPerson", 403),
    },
}
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
FEW = settings(
    max_examples=12, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def furnished(app: Flask, ana: Visitor, crm: Emulator) -> Flask:
    """A house in which no list is empty.

    It has a write on its way, a second CRM, a console, departments and calls.
    """
    ana.open(HENRIQUE)
    crm.control(fault="500")
    ana.post("/tab/notes", {**ana.get("/tab/notes").form(".composer"), "text": "Ligar amanhã"})
    running = office_of(app).running
    running.integrations.add(
        replace(Integration("second", "Segunda"), url="https://second.invalid/webservice/v1")
    )
    running.accounts.put(Account("chatwoot", "9", "main", ("https://console.invalid",)))
    running.shared.attendants.allow("Vendas", frozenset({permissions.Permission.SEE}))
    return app


@pytest.fixture
def desk(furnished: Flask, who: str) -> Desk:
    """The browser of ``who``."""
    if who == "stranger":
        return Desk(furnished.test_client())
    return arrived(furnished, Role.SUPPORT, "rosa") if who == "support" else arrived(furnished)


@pytest.mark.parametrize("who", SEEN)
def test_answers_are_as_described(desk: Desk, who: str) -> None:
    headers = (
        {"Origin": "https://other.invalid"} if who == "an administrator's page elsewhere" else OURS
    )
    answers = set[tuple[str, int]]()

    def ask(case: Case) -> None:
        answer = desk.client.open(
            case.formatted_path,
            method=case.method,
            headers=headers,
            query_string=case.query,
            data=case.body if isinstance(case.body, dict) else None,
        )
        answers.add((case.operation.definition.raw["operationId"], answer.status_code))
        case.validate_response(answer, checks=CHECKS)

    for operation in OPERATIONS:
        takes_something = operation.body or list(operation.iter_parameters())
        for mode in MODES if takes_something else MODES[:1]:
            FEW(given(case=operation.as_strategy(generation_mode=mode))(ask))()
        for case in operation.get_strategies_from_examples():
            FEW(given(case=case)(ask))()
    assert answers == {("health", 200), ("manifest", 200), *SEEN[who]}


def test_no_other_address_answers_json(furnished: Flask) -> None:
    maria, described = arrived(furnished), {operation.path for operation in OPERATIONS}
    rules = {rule.rule for rule in furnished.url_map.iter_rules()}
    others = sorted(
        rule
        for rule in rules
        if re.sub(r"<(?:\w+:)?(\w+)>", "{integration}", rule) not in described
    )
    answers = [
        (
            maria.client.open(re.sub("<.+?>", "main", rule), method=method, headers=OURS).mimetype,
            rule,
            method,
        )
        for rule in others
        if rule != "/setup/sign-out"
        for method in ("GET", "POST")
    ]

    assert len(described) + len(others) == len(rules)
    assert [answer for answer in answers if "json" in answer[0]] == []


def test_the_description_is_of_this_version_and_of_its_cookie() -> None:
    raw = DESCRIPTION.raw_schema

    assert raw["info"]["version"] == manifest()["version"]
    assert raw["components"]["securitySchemes"]["session"]["name"] == guard.COOKIE
