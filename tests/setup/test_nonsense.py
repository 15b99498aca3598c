"""Tests of nonsense that an administrator's browser sends.

No page of the set-up is a server error, and none shows a stack trace.
"""

import random
from typing import Any

import pytest
from flask import Flask

from tests.setup.desk import OURS, Desk
from tests.setup.test_guard import views
from tests.test_nonsense import STRANGE, filled

FIELDS = (
    "account",
    "act",
    "actions",
    "active",
    "again",
    "ca",
    "calls",
    "code",
    "current",
    "department",
    "departments",
    "dissolve",
    "do",
    "email",
    "file",
    "host",
    "id",
    "index",
    "integration",
    "kept",
    "key",
    "locked",
    "may",
    "name",
    "number",
    "parents",
    "password",
    "place",
    "private",
    "q",
    "qualification_field",
    "remove",
    "role",
    "said",
    "settle_seconds",
    "text",
    "to",
    "token",
    "wait",
    "what",
    "who",
)
EVERYWHERE = ["", "\0\ud800", "<script>alert(1)</script>", "revoke x", "[::1"]
# Names that can never be looked up, and addresses that are none.
URLS = (
    "",
    "http://nobody.invalid/adm.php",
    "javascript:x",
    "http://[",
    "http://127.0.0.1:1",
    "\x00",
    "nobody.invalid:x",
)
ROUNDS = 12


def addresses(app: Flask) -> list[str]:
    """Returns every address below /setup, with two exceptions.

    Those that end the session are left out, and those that wait for a CRM that is asked link by
    link.
    """
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/setup")}
    return sorted(
        rules - {"/setup/sign-out", "/setup/diagnosis", "/setup/diagnosis/bundle", "/setup/account"}
    )


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_no_nonsense_is_a_server_error(app: Flask, maria: Desk, method: str) -> None:
    chance = random.Random(method)  # noqa: S311 -- the same nonsense each time
    answers = []
    for route in addresses(app):
        for _ in range(ROUNDS if method != "DELETE" else 1):
            body: dict[str, Any] = {
                name: chance.choice(STRANGE) for name in chance.sample(FIELDS, 12)
            }
            body["url"] = chance.choice(URLS)
            sent: dict[str, Any] = {"query_string": body} if method == "GET" else {"data": body}
            answer = maria.client.open(filled(route, chance), method=method, headers=OURS, **sent)
            answers.append((answer.status_code, route, "Traceback" in answer.text))

    assert [answer for answer in answers if answer[0] >= 500 or answer[2]] == []
    assert len(answers) > 20


@pytest.mark.parametrize("strange", EVERYWHERE, ids=range(len(EVERYWHERE)))
def test_the_same_nonsense_everywhere_is_no_server_error_and_never_markup(
    app: Flask, maria: Desk, strange: str
) -> None:
    typed = {name: strange.encode("utf-8", "surrogatepass") for name in FIELDS} | {
        "url": "http://127.0.0.1:1"
    }
    for name, path, method in views(app):
        if name in {"entrance.leave", "entrance.begin"}:
            continue
        sent: dict[str, Any] = {"query_string": typed} if method == "GET" else {"data": typed}
        answer = maria.client.open(path.replace("/x", "/main"), method=method, headers=OURS, **sent)

        assert answer.status_code < 500, (name, method)
        assert "<script>alert" not in answer.text, (name, method)
