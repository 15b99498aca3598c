"""Tests of the way of a new integrator, in the browser.

It leads from an empty start to a panel that knows who is writing.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT
from tests.browser.panel import AXE
from widget.emulator.crm.server import TOKEN

pytestmark = pytest.mark.browser

PASSWORD = "uma frase que ninguém adivinha"
PAGES = (
    "integrations",
    "integrations/new",
    "attendants",
    "attendants/new",
    "departments",
    "consoles",
    "people",
    "account",
    "transfer",
    "diagnosis",
    "diagnosis/guide",
    "data",
    "integrations/inmapsales",
    "integrations/inmapsales/delete",
)
FIVE_MINUTES = 300.0


@dataclass
class Empty:
    """A server to which nothing is connected.

    It holds the server's address, its CRM's address, and the link into the set-up.
    """

    address: str
    crm: str
    link: str


@contextmanager
def empty(data: Path) -> Iterator[Empty]:
    """`server.py run --empty`, ready."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("VINCULO_")
    }
    with (
        (data / "complaints.txt").open("w") as complaints,
        subprocess.Popen(
            [sys.executable, "server.py", "run", "--empty"],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**environment, "PORT": "0", "VINCULO_DATA": str(data)},
        ) as process,
    ):
        said = ""
        while process.stdout and "code=" not in said:
            line = process.stdout.readline()
            assert line, (data / "complaints.txt").read_text()
            said += line
        address, crm = re.search(  # type: ignore[union-attr]
            r"The demo: (\S+)/demo   its CRM: (\S+)", said
        ).groups()
        try:
            yield Empty(
                address,
                crm,
                re.search(r"\S+/setup/first\?code=\S+", said)[0],  # type: ignore[index]
            )
        finally:  # who fails must not wait for a server that nobody ends
            process.terminate()


def flaws(page: Page) -> list[str]:
    """What axe finds, and pixels that are too many for a phone."""
    page.set_viewport_size({"width": 320, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    page.set_viewport_size({"width": 1180, "height": 860})
    return [
        f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]
    ] + ([f"{page.url} is {wide} pixels too wide"] if wide > 0 else [])


def test_from_an_empty_start_to_a_working_panel_by_keyboard(
    browser: Browser, tmp_path: Path
) -> None:
    with empty(tmp_path) as server:
        page = browser.new_context(
            viewport={"width": 1180, "height": 860}, locale="pt-BR"
        ).new_page()
        began = time.monotonic()
        page.goto(server.link)
        found = flaws(page)
        expect(page.get_by_label("Nome")).to_be_focused()
        for text in ("maria", PASSWORD, PASSWORD):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="Integrações")).to_be_visible()
        page.get_by_role("link", name="Nova integração").press("Enter")
        expect(page.get_by_label("Nome")).to_be_focused()
        page.keyboard.type("Inmap Sales")
        page.get_by_label("URL").press_sequentially(f"{server.crm}/adm.php")
        expect(page.locator("#url-live")).to_have_text(f"Vira {server.crm}/webservice/v1")
        page.get_by_role("textbox", name="Token").fill(f"Basic {TOKEN}")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("A conexão não se fecha")
        found += flaws(page)
        page.get_by_label("O CRM está em uma rede interna").press("Space")
        page.keyboard.press("Enter")

        expect(page.get_by_text("Integração criada")).to_be_visible()
        page.get_by_role("link", name="Configurar um console").press("Enter")
        page.get_by_label("Endereços do console").fill(f"{server.address}/demo")
        page.get_by_role("button", name="Salvar").press("Enter")
        expect(page.locator(".given")).to_contain_text("/panel/chatwoot?start=")
        found += flaws(page)
        page.goto(f"{server.address}/demo#1")
        panel = page.frame_locator('iframe[title="Inmap Sales CRM"]')
        expect(panel.get_by_role("heading", name="Marina Teles Andrade")).to_be_visible(
            timeout=15_000
        )
        took = time.monotonic() - began

        for name in PAGES:
            page.goto(f"{server.address}/setup/{name}")
            found += flaws(page)
            page.emulate_media(color_scheme="dark")
            found += flaws(page)
            page.emulate_media(color_scheme="light")
        page.get_by_role("button", name="Sair").press("Enter")
        expect(page.get_by_text("Você saiu.")).to_be_visible()
        found += flaws(page)
        page.goto(server.link)  # used already
        found += flaws(page)
        page.context.close()
    assert found == []
    assert took < FIVE_MINUTES
