"""Who sent a request."""

import pytest
from flask import Flask

from tests.product import MARINA, Visitor, asked
from widget.emulator.crm.server import Emulator
from widget.web.origins import Sender, sender


@pytest.mark.parametrize(
    ("headers", "who"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, Sender.OURS),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, Sender.OURS),
        ({"Sec-Fetch-Site": "same-site"}, Sender.FOREIGN),
        ({"Sec-Fetch-Site": "cross-site"}, Sender.FOREIGN),
        ({"Sec-Fetch-Site": "none"}, Sender.FOREIGN),
        ({"Origin": "http://localhost"}, Sender.OURS),
        ({"Origin": "https://panel.example"}, Sender.OURS),
        ({"Origin": "https://evil.example"}, Sender.FOREIGN),
        ({"Origin": "null"}, Sender.FOREIGN),
        ({"Origin": ""}, Sender.FOREIGN),
        ({}, Sender.UNTOLD),
    ],
)
def test_a_sender_is_told_by_what_no_page_can_set(headers: dict[str, str], who: Sender) -> None:
    with Flask("x").test_request_context("/", headers=headers):
        assert sender("https://panel.example/") is who


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_does_nothing_even_with_a_good_token(
    ana: Visitor, crm: Emulator, headers: dict[str, str]
) -> None:
    ana.open(MARINA)
    form = ana.get("/tab/notes").form(".composer")
    sent = {"X-Panel-Token": ana.token, "HX-Request": "true", **headers}
    answer = ana.client.post("/tab/notes", data={**form, "text": "x"}, headers=sent)

    assert answer.status_code == 403
    assert "VNC-124" in answer.text
    assert asked(crm, kind="insert") == []
