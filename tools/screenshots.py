"""Takes the pictures of README.md and docs/ from the running demo: ``make screenshots``."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import FrameLocator, Page, sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
]


@contextmanager
def demo(*arguments: str) -> Iterator[str]:
    """The demo on a free port with fresh data; what it says when it is ready."""
    with tempfile.TemporaryDirectory() as data:
        environment = {
            **os.environ,
            "PORT": "0",
            "VINCULO_DATA": data,
        }
        command = [sys.executable, str(ROOT / "server.py"), "run", *arguments]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as server:
            said = ""
            while server.stdout and "code=" not in said:
                said += server.stdout.readline()
            try:
                yield said
            finally:
                server.terminate()


def opened(page: Page, address: str, number: int) -> FrameLocator:
    """The panel beside a conversation."""
    page.goto("about:blank")
    page.goto(f"{address}#{number}")
    panel = page.frame_locator('iframe[title="Inmap Sales CRM"]')
    panel.locator("h1:not(.bone)").wait_for()
    return panel


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    """The picture of the panel, or of the whole console."""
    page.wait_for_load_state("networkidle")
    (page if whole else page.locator("iframe")).screenshot(
        path=IMAGES / f"{name}.png", animations="disabled"
    )


def take(page: Page, address: str) -> None:
    """The five moments of the README, in the order of a day."""
    opened(page, address, 1)
    keep(page, "demo", whole=True)
    panel = opened(page, address, 8)
    keep(page, "known")
    panel = opened(page, address, 11)
    panel.get_by_role("button", name="Adicionar contato").click()
    panel.get_by_label("CPF/CNPJ").fill("390.533.447-05")
    panel.get_by_label("E-mail").click()
    panel.locator("#duplicates .result").first.wait_for()
    keep(page, "duplicate")
    panel = opened(page, address, 4)
    panel.get_by_role("button", name="Vincular existente").click()
    panel.get_by_role("searchbox").fill("silva")
    panel.get_by_role("searchbox").press("Enter")
    panel.locator(".result").first.wait_for()
    keep(page, "search")
    page.emulate_media(color_scheme="dark")
    panel = opened(page, address, 9)
    panel.get_by_role("tab", name="Anotações").click()
    panel.get_by_label("Nova anotação").fill(
        "Cliente quer instalação na sexta à tarde; confirmar porta livre na caixa 12."
    )
    page.get_by_role("radio", name="Fora do ar").check()
    page.wait_for_load_state("networkidle")
    panel.get_by_role("button", name="Salvar").click()
    panel.get_by_text("O CRM", exact=False).first.wait_for()
    keep(page, "down")


def told(said: str, part: str) -> str:
    """What the demo says of something."""
    return re.findall(part, said)[0]


def set_up(page: Page, said: str) -> None:
    """The way of a new integrator, from an empty start to a working panel."""
    address, crm, token = (
        told(said, part) for part in (r"http://\S+/demo", r"its CRM: (\S+)", r"its token ([^;]+)")
    )
    page.goto(told(said, r"\S+code=\S+"))
    for label, text in (("Nome", "maria"), ("Senha", "uma frase que ninguém adivinha")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("A senha outra vez").fill("uma frase que ninguém adivinha")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Nova integração").click()
    page.get_by_label("Nome", exact=True).fill("Inmap Sales CRM")
    page.get_by_label("URL").press_sequentially(f"{crm}/adm.php")
    page.get_by_role("textbox", name="Token").fill(token)
    page.get_by_label("O CRM está em uma rede interna").check()
    page.get_by_role("button", name="Testar conexão").click()
    page.get_by_role("region", name="Teste da conexão").wait_for()
    keep(page, "set-up-crm", whole=True)
    page.get_by_role("button", name="Testar e salvar").click()
    page.get_by_text("Integração criada").wait_for()
    page.get_by_role("link", name="Consoles").click()
    page.get_by_label("Endereços do console").fill(address)
    page.get_by_role("button", name="Salvar").click()
    page.locator(".given").wait_for()
    keep(page, "set-up-console", whole=True)
    opened(page, address, 1)
    keep(page, "set-up-done", whole=True)


def main() -> None:
    """Starts the demo and a browser, and takes the pictures.

    With a part's name those of that part only.
    """
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        if "set-up" not in sys.argv:
            with demo() as said:
                narrow = browser.new_page(
                    viewport={
                        "width": 1280,
                        "height": 760,
                    },
                    color_scheme="light",
                )
                take(narrow, told(said, r"http://\S+/demo"))
        with demo("--empty") as said:
            set_up(
                browser.new_page(
                    viewport={
                        "width": 1180,
                        "height": 760,
                    },
                    color_scheme="light",
                    locale="pt-BR",
                ),
                said,
            )
        browser.close()


if __name__ == "__main__":
    main()
