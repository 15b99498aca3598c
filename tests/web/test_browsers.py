"""Browsers are told apart by the names that people know."""

import pytest

from widget.web.browsers import name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/156.0.0.0 Safari/537.36",
            "Chrome, Windows",
        ),
        (
            (
                f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/156.0.0.0 Safari/537.36 "
                "Edg/156.0.0.0"
            ),
            "Edge, Linux",
        ),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64) {WEBKIT} Chrome/156.0.0.0 Safari/537.36 OPR/120.0",
            "Opera, ChromeOS",
        ),
        (
            "Mozilla/5.0 (Android 15; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0",
            "Firefox, Android",
        ),
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/19 "
                "Safari/605.1"
            ),
            "Safari, macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Safari/604.1",
            "Safari, iOS",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; SM-A) {WEBKIT} Chrome/156.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("python-requests/2.34.2", "python-requests/2.34.2"),
        ("Linux", "Linux"),
        ("", ""),
    ],
)
def test_a_browser_has_the_name_that_people_know(user_agent: str, told: str) -> None:
    assert name(user_agent) == told
