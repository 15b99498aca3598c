"""What is installed: every tab and every console can be reached, and nothing else is."""

import re
from pathlib import Path

import pytest
from flask import Flask, request

from tests.every_screen import every_screen
from tests.product import ANA, TEO, Hour, Visitor, start_token
from widget.emulator.crm.server import Emulator
from widget.registry import CONSOLES, TABS


def test_the_names_of_tabs_are_unique() -> None:
    assert len({tab.name for tab in TABS}) == len(TABS)


@pytest.mark.parametrize("tab", [tab.name for tab in TABS])
def test_every_tab_lives_under_its_name_behind_the_token(app: Flask, tab: str) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(f"{tab}.")]

    assert rules
    assert all(rule.rule.startswith(f"/tab/{tab.replace('_', '/')}") for rule in rules)


def test_every_screen_of_every_tab_is_among_those_that_are_looked_at(
    crm: Emulator, tmp_path: Path
) -> None:
    """Whether it masks whom it shows, is translated and bears hostile text: ``every_screen``."""
    hour, seen = Hour(), set()
    app = hour.app(crm, tmp_path / "data", index=False)
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.add(request.endpoint))
    names = {tab.name for tab in TABS}
    drawn = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in names and "GET" in (rule.methods or set())
    }

    for _ in every_screen(crm, Visitor(app.test_client(), TEO), hour.passes):
        pass

    assert len(drawn) > 15
    assert drawn - seen == set()


@pytest.mark.parametrize("host", sorted(CONSOLES))
def test_every_console_has_its_page_and_its_script(app: Flask, host: str) -> None:
    client = app.test_client()
    stranger = client.get(f"/panel/{host}")
    page = client.get(f"/panel/{host}", query_string={"start": start_token(ANA, host=host)})

    assert (stranger.status_code, page.status_code) == (401, 200)
    [script] = re.findall(rf'src="(/static/[^"]+/{host}\.js)"', page.text)
    assert client.get(script).status_code == 200


@pytest.mark.parametrize("host", ["zendesk", "", "../chatwoot", "CHATWOOT", "<script>"])
def test_a_console_that_is_not_installed_is_not_found(ana: Visitor, host: str) -> None:
    answer = ana.client.get(f"/panel/{host}")

    assert answer.status_code == 404
    assert "<script>" not in answer.text.replace("&lt;", "")
