"""The number of a request: the same in the header, in the log and beside the code."""

import logging
import re

import pytest
from flask import Flask

from tests.product import ANA, MARINA, Visitor, start_token
from widget.web.requests import HEADER

NUMBER = r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"


def fields(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = record.__dict__["fields"]
    return found


def test_every_answer_bears_a_number_of_its_own(app: Flask, ana: Visitor) -> None:
    answers = [
        app.test_client().get(path)
        for path in (
            "/healthz",
            "/nothing",
            "/tab/contact",
            "/panel/chatwoot",
            f"/panel/chatwoot?start={start_token(ANA)}",
        )
    ]
    numbers = [answer.headers[HEADER] for answer in answers]

    assert all(re.fullmatch(NUMBER, number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_nobody_else_chooses_the_number(app: Flask) -> None:
    answer = app.test_client().get("/healthz", headers={HEADER: "Marina-98812-4417"})

    assert re.fullmatch(NUMBER, answer.headers[HEADER])


@pytest.mark.parametrize("path", ["/tab/link/client-999999", "/panel/chatwoot"])
def test_a_screen_that_tells_of_an_error_tells_its_number_too(ana: Visitor, path: str) -> None:
    ana.open(MARINA)
    screen = ana.get(path)

    assert re.search(rf"VNC-\d+ · {screen.response.headers[HEADER]}", screen.text)


def test_the_line_of_a_request_names_the_route_the_code_and_the_time_it_took(
    ana: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    ana.open(MARINA)
    caplog.set_level(logging.INFO, logger="vinculo")
    ana.get("/tab/link/client-999999?q=Marina")
    told = fields(caplog.records[-1])

    assert (told["route"], told["method"], told["status"], told["code"]) == (
        "/tab/link/<ref>",
        "GET",
        404,
        "VNC-102",
    )
    assert isinstance(told["ms"], float)
    assert set(told) == {"route", "method", "status", "code", "ms"}


@pytest.mark.parametrize(
    ("path", "is_told"), [("/healthz", False), ("/tab/pending", False), ("/tab/contact", True)]
)
def test_what_screens_ask_by_themselves_is_told_only_to_who_wants_all(
    ana: Visitor, caplog: pytest.LogCaptureFixture, path: str, is_told: bool
) -> None:
    ana.open(MARINA)
    caplog.set_level(logging.INFO, logger="vinculo")
    ana.get(path)

    assert bool(caplog.records) is is_told
