"""The demo's CRM lives as long as the demo, and an empty demo connects nothing by itself."""

from __future__ import annotations

from pathlib import Path

import requests

from widget.cli.demo import Demo, demo, free_port
from widget.domain.settings import Settings
from widget.emulator.crm.server import TOKEN

CRM = "http://127.0.0.1:4000"


def answers(crm: str) -> bool:
    try:
        return requests.get(crm, timeout=5).status_code < 600
    except requests.ConnectionError:
        return False


def test_the_demo_connects_its_crm_and_lets_its_console_embed_the_panel() -> None:
    settings = Demo(CRM).around(Settings(port=5000, parents=("https://chat.example",)))

    assert (settings.main.url, settings.main.token) == (CRM, TOKEN)
    assert settings.parents == (
        "https://chat.example",
        "http://localhost:5000",
        "http://127.0.0.1:5000",
    )


def test_an_empty_demo_connects_nothing_and_tells_what_to_type() -> None:
    found = Demo(CRM, is_empty=True)

    assert found.around(Settings(port=5000)) == Settings(port=5000)
    assert all(
        word in found.told("http://localhost:5000") for word in (CRM, TOKEN, "account 1", "/demo")
    )


def test_its_crm_ends_with_it_and_is_found_at_the_same_address_the_next_time(
    tmp_path: Path,
) -> None:
    settings = Settings(data=str(tmp_path))
    with demo(settings, is_empty=True) as first:
        assert answers(first.crm)
    assert not answers(first.crm)

    with demo(settings, is_empty=True) as second:
        assert second.crm == first.crm
        with demo(settings, is_empty=True) as beside:
            assert beside.crm != first.crm  # somebody else listens there


def test_a_wanted_port_is_given_when_it_is_free() -> None:
    port = free_port("127.0.0.1")

    assert free_port("127.0.0.1", port) == port
