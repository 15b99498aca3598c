"""Who comes to the panel's door, and what is remembered of it."""

from pathlib import Path
from typing import Any

from flask import Flask

from tests.product import ANA, RAFAEL, Visitor, services_of, start_token


def whys(app: Flask) -> list[str]:
    return [arrival.why for arrival in services_of(app).shared.arrivals.last()]


def test_who_comes_in_and_who_is_refused_are_remembered(app: Flask, ana: Visitor) -> None:
    ana.open(RAFAEL)
    ana.open(RAFAEL, key="another-key-that-is-long-enough-too")
    ana.client.post("/panel/chatwoot/context", data={"start": start_token(ANA), "context": "{}"})

    assert whys(app) == ["in", "signature", "context"]


def test_a_wrong_code_and_a_wrong_password_are_remembered_without_what_was_typed(
    app: Flask, ana: Visitor
) -> None:
    shared = {k: v for k, v in ANA.items() if k == "nobody"}
    ana.client.post(
        "/panel/chatwoot/pair", data={"start": start_token(shared, exp=None), "code": "WRONG-CODE"}
    )
    ana.client.post(
        "/setup/sign-in",
        data={"name": "maria", "password": "guess"},
        headers={"Origin": "http://localhost"},
    )

    assert whys(app) == ["pairing", "sign-in"]
    assert "WRONG" not in str(services_of(app).shared.arrivals.last())


def framed(visitor: Visitor, **headers: str) -> Any:
    return visitor.client.get(
        "/panel/chatwoot", query_string={"start": start_token(ANA)}, headers=headers
    )


def test_a_page_that_embeds_us_and_may_not_is_remembered(app: Flask, ana: Visitor) -> None:
    framed(ana, **{"Sec-Fetch-Dest": "iframe", "Referer": "https://other.example/app/1"})
    framed(ana, **{"Sec-Fetch-Dest": "iframe", "Referer": "http://localhost/app"})
    framed(ana, **{"Sec-Fetch-Dest": "document", "Referer": "https://other.example/"})
    framed(ana, **{"Sec-Fetch-Dest": "iframe"})

    assert [(a.why, a.origin) for a in services_of(app).shared.arrivals.last()] == [
        ("origin", "https://other.example")
    ]


def test_nothing_personal_is_remembered(app: Flask, ana: Visitor) -> None:
    ana.open(RAFAEL)
    text = (Path(services_of(app).shared.settings.data) / "arrivals.jsonl").read_text()

    assert "Rafael" not in text
    assert "ana" not in text.casefold()
