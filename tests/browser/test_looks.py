"""Tests that every screen is readable for everybody (axe), in light and dark.

No screen scrolls sideways at any width.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import tour
from tests.browser.panel import Desk

pytestmark = pytest.mark.browser

WIDEST_READ = 320  # wider is only easier


@pytest.mark.parametrize("screen", tour.SCREENS, ids=lambda screen: screen.__name__)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_panel(
    desk: Desk, screen: Callable[[Desk], None]
) -> None:
    screen(desk)
    desk.at_rest()

    for theme, width in [("claro", 420), ("claro", 280), ("claro", 320), ("escuro", 320)]:
        desk.theme(theme)
        desk.width(width)
        assert desk.overflow() <= 0, (theme, width)
        # What is there is the same in the dark; only its colours differ.
        rules = ["color-contrast"] if theme == "escuro" else None
        assert width > WIDEST_READ or desk.axe(rules=rules) == [], (theme, width)


def test_the_screen_that_waits_for_a_silent_console_is_readable(desk: Desk) -> None:
    start = desk.page.request.get(f"{desk.demo.address}/demo/start?attendant=1").json()["src"]
    desk.page.set_viewport_size({"width": 320, "height": 640})
    desk.page.clock.install()

    desk.page.goto(start)
    desk.page.clock.fast_forward(9_000)

    expect(desk.page.get_by_role("heading")).to_have_text("O console ainda não disse quem é")
    assert desk.axe(desk.page.main_frame) == []


def test_the_panel_follows_the_consoles_theme_and_the_systems(desk: Desk) -> None:
    desk.open("Marina", "Marina Teles Andrade")

    def paper() -> str:
        return str(desk.frame.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = paper()
    desk.theme("escuro")
    dark = paper()
    desk.page.emulate_media(color_scheme="dark")
    desk.theme("claro")

    assert dark != light
    assert paper() == light


@pytest.mark.parametrize(
    ("language", "lang", "words"),
    [
        ("English", "en", ["Branch", "Owner", "Deals"]),
        ("Español", "es", ["Sucursal", "Responsable", "Negociaciones"]),
    ],
)
def test_the_panel_speaks_the_consoles_language_and_fits(
    desk: Desk, language: str, lang: str, words: list[str]
) -> None:
    desk.open("Marina", "Marina Teles Andrade")
    desk.page.get_by_label("Idioma do painel").select_option(language)
    expect(desk.panel.locator("html")).to_have_attribute("lang", lang)
    desk.on("Marina Teles Andrade")
    desk.sees(*words)
    desk.width(280)
    desk.panel.get_by_role("tab").first.focus()

    for opens in ("", "Alt+a", "Alt+h", "Alt+e", "Escape", "Alt+n", "Escape", "Alt+i"):
        if opens:
            desk.page.keyboard.press(opens)
        desk.at_rest()
        assert desk.overflow() <= 0, opens
        assert desk.axe() == [], opens


def test_a_tab_that_is_chosen_stays_under_the_hand(desk: Desk) -> None:
    desk.open("Henrique", "Henrique Paz Duarte")
    before = desk.panel.get_by_role("tab", name="Histórico").bounding_box()

    desk.tab("Histórico")
    desk.sees("Negociação aberta")
    desk.at_rest()

    assert desk.panel.get_by_role("tab", name="Histórico").bounding_box() == before


def test_an_open_list_of_cities_is_readable(desk: Desk) -> None:
    tour.negotiation(desk)
    expect(desk.panel.get_by_role("listbox")).to_be_visible()

    assert desk.axe() == []
    assert desk.overflow() <= 0
