"""The demo's console and panel in a real browser, in an attendant's words."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

from widget.store.engine.database import sqlite3

# The conversations of the demo, by the name in its list.
TALKS = {
    "Marina": 1,
    "Rafael Prado": 2,
    "Beatriz Lemos": 3,
    "Otávio Brandt": 4,
    "Família Moura": 5,
    "Padaria": 6,
    "Serra Azul": 7,
    "Henrique": 8,
    "Lúcia": 9,
    "Visitante sem nome": 10,
    "Jonas Siqueira": 11,
    "Emma Clarke": 12,
}
# What is asked of every CRM alike; the tests keep it from one to the next, as a panel that has run
# for an hour has it.
LOOKUPS = (
    "crm_funil",
    "crm_negociacoes_estagios",
    "crm_planos_negociacoes",
    "crm_substatus",
    "crm_tipo_candidato",
    "filial",
    "cidade",
    "uf",
    "usuarios",
    "funcionarios",
)
ROOT = Path(__file__).parent.parent.parent
KEPT = "Guardado aqui; segue sozinho para o CRM."
SAVED = re.compile(r"salv[ao]\b|atualizad[ao]\b")
PATIENT = 60_000  # milliseconds; the pauses of the worker grow while the CRM is away
AXE = Path(Axe.__init__.__globals__["__file__"]).parent / "axe.min.js"


@dataclass(frozen=True)
class CRM:
    """The emulator in a process of its own.

    Its switches are reached over HTTP; its records are read straight from its file.
    """

    url: str
    file: Path

    def rows(self, table: str, **where: str) -> list[dict[str, str]]:
        """The records whose columns equal these values, oldest first."""
        condition = " AND ".join(f'"{column}" = ?' for column in where) or "1"
        with closing(sqlite3.connect(self.file)) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(
                f'SELECT * FROM "{table}" WHERE {condition} ORDER BY id', tuple(where.values())
            )
            return [{name: str(value) for name, value in dict(row).items()} for row in found]

    def only(self, table: str, **where: str) -> dict[str, str]:
        """The one record with these values; there may not be a second one."""
        found = self.rows(table, **where)
        assert len(found) == 1, f"{len(found)} records in {table} with {where}"
        return found[0]

    def change(self, table: str, number: str, **values: str) -> None:
        """Changes a record as somebody else would who works in the CRM."""
        columns = ", ".join(f'"{name}" = ?' for name in values)
        with closing(sqlite3.connect(self.file, timeout=20)) as connection, connection:
            connection.execute(
                f'UPDATE "{table}" SET {columns} WHERE id = ?', (*values.values(), number)
            )

    def control(self, **switches: Any) -> None:
        """Turns the emulator's switches."""
        requests.post(f"{self.url}/control", json=switches, timeout=20).raise_for_status()

    def calls(self) -> list[dict[str, Any]]:
        """What has been asked since the test began, oldest first."""
        found: list[dict[str, Any]] = requests.get(f"{self.url}/control/calls", timeout=20).json()
        return found

    def reset(self) -> None:
        """The first day again: data, switches, calls."""
        requests.post(f"{self.url}/control/reset", timeout=10).raise_for_status()


@dataclass(frozen=True)
class Demo:
    """`python server.py run` without settings: the product, its console, its CRM."""

    process: subprocess.Popen[str]
    address: str
    crm: CRM
    data: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def panel_origin(self) -> str:
        """Where the frame comes from: for the browser another site than the console's."""
        return self.address.replace("localhost", "127.0.0.1")

    def start_anew(self) -> None:
        """Nobody has worked here before; only the CRM's lookup tables are known already."""
        self.crm.reset()
        with (
            closing(sqlite3.connect(self.data / "vinculo.db", timeout=20)) as connection,
            connection,
        ):
            for table in (
                "conversations",
                "journal",
                "links",
                "drafts",
                "owners",
                "qualifications",
                "reveals",
            ):
                connection.execute(f"DELETE FROM {table}")
            marks = ", ".join("?" * len(LOOKUPS))
            connection.execute(f"DELETE FROM cache WHERE resource NOT IN ({marks})", LOOKUPS)

    @contextmanager
    def crm_stopped(self) -> Iterator[None]:
        """The CRM's process is killed; afterwards it is there again, with what it had."""
        self.kill_crm()
        try:
            yield
        finally:
            self._start_crm()

    def kill_crm(self) -> None:
        """Nobody answers at the CRM's address any more."""
        if self.started:
            ended = self.started.pop()
            ended.kill()
            ended.communicate()
        else:
            os.kill(_process(str(self.crm.file)), signal.SIGKILL)
        _until_refused(self.crm.url)

    def _start_crm(self) -> None:
        port = str(urlsplit(self.crm.url).port)
        command = [
            sys.executable,
            "server.py",
            "emulator",
            "--port",
            port,
            "--data",
            str(self.crm.file),
        ]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        self.started.append(process)
        assert process.stdout
        assert process.stdout.readline()

    def stored(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """What the product itself has kept."""
        with closing(sqlite3.connect(self.data / "vinculo.db", timeout=20)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def run(self, sql: str) -> None:
        """Makes time pass, or what else cannot be waited for."""
        with (
            closing(sqlite3.connect(self.data / "vinculo.db", timeout=20)) as connection,
            connection,
        ):
            connection.execute(sql)


@dataclass
class Desk:
    """An attendant at the console, with the panel beside the chat."""

    page: Page
    demo: Demo
    complaints: list[str] = field(default_factory=list)
    tolerated: set[int] = field(default_factory=set)

    def listen(self) -> None:
        """Keeps what a browser's console says from now on, and every address that is loaded."""
        self.page.on("console", lambda message: self._hear(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.page.on("request", lambda request: self._see(request.url))

    def tolerates(self, *statuses: int) -> None:
        """The test provokes these answers; Chromium's own line about them is no complaint."""
        self.tolerated |= set(statuses)

    @property
    def crm(self) -> CRM:
        return self.demo.crm

    @property
    def panel(self) -> FrameLocator:
        return self.page.frame_locator("#panel iframe")

    @property
    def lines(self) -> Locator:
        """What is on its way to the CRM, or came back."""
        return self.panel.locator("#pending")

    @property
    def frame(self) -> Frame:
        """The panel's frame as it is now, for what a locator cannot do."""
        handle = self.page.locator("#panel iframe").element_handle()
        found = handle.content_frame() if handle else None
        assert found
        return found

    # Moving about

    def open(self, who: str, heading: str = "") -> Desk:
        """Opens a conversation, and waits until the panel shows this heading."""
        number = TALKS[who]
        if "/demo" not in self.page.url:
            self.page.goto(f"{self.demo.address}/demo#{number}")
        else:
            self.page.locator(f'#list a[href="#{number}"]').click()
        if heading:
            self.on(heading)
        return self

    def reload(self) -> None:
        """As F5 in the console does."""
        self.page.reload()

    def another_window(self) -> Desk:
        """A further window of the browser; what it complains of fails the test too."""
        page = self.page.context.new_page()
        desk = Desk(page, self.demo, self.complaints, self.tolerated)
        desk.listen()
        return desk

    def width(self, pixels: int) -> None:
        """The panel as wide as this, by the console's grip."""
        grip = self.page.get_by_role("separator", name="Largura do painel")
        grip.press("Home")
        for _ in range((pixels - 280) // 20):
            grip.press("ArrowLeft")

    def theme(self, name: str) -> None:
        """Light ("claro") or dark ("escuro"), by the console's switch."""
        self.page.get_by_label(f"Tema {name}").check()
        expect(self.panel.locator("html")).to_have_attribute(
            "data-theme", {"claro": "light", "escuro": "dark"}[name]
        )

    def crm_is(self, state: str) -> None:
        """The CRM is "No ar", "Lento" or "Fora do ar", by the console's switch."""
        with self.page.expect_response("**/demo/crm"):
            self.page.get_by_label(state).check()

    def press(self, name: str, *, exact: bool = True) -> None:
        """Clicks the button (or tab) of this name in the panel."""
        self.button(name, exact=exact).click()

    def tab(self, name: str) -> None:
        self.panel.get_by_role("tab", name=name).click()

    def save(self) -> None:
        self.press("Salvar")

    # Filling

    def button(self, name: str, *, exact: bool = True) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=exact)

    def field(self, name: str) -> Locator:
        return self.panel.get_by_label(name, exact=True)

    def fill(self, **typed: str) -> None:
        """Types into fields by their labels; underscores stand for blanks."""
        for name, text in typed.items():
            self.field(name.replace("_", " ")).fill(text)

    def choose(self, name: str, option: str) -> None:
        """Chooses in a list by the words on the screen."""
        self.field(name).select_option(option)

    def pick(self, name: str) -> None:
        """Picks one of several chips."""
        self.panel.get_by_role("radio", name=name, exact=True).check(force=True)

    # Looking

    def on(self, heading: str) -> None:
        """The screen with this heading is there."""
        expect(self.panel.get_by_role("heading", level=1)).to_contain_text(heading)

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        """Each text is on the screen."""
        for text in texts:
            expect(self.panel.locator("#view")).to_contain_text(text)

    def sees_not(self, *texts: str) -> None:
        for text in texts:
            expect(self.panel.locator("#view")).not_to_contain_text(text)

    def hears(self, text: str) -> None:
        """The live region announced it.

        A write that a busy machine kept for a moment is waited for instead.
        """
        said = self.panel.locator("#say")
        if not SAVED.search(text):
            expect(said).to_contain_text(text)
            return
        expect(said).to_contain_text(re.compile(f"{re.escape(text)}|{re.escape(KEPT)}"))
        if text not in (said.text_content() or ""):
            expect(self.lines).not_to_contain_text(KEPT, timeout=PATIENT)

    def settled(self, *texts: str) -> None:
        """The lines of what is on its way say that it has come to its end.

        The worker takes its time for that.
        """
        for text in texts:
            expect(self.lines).to_contain_text(text, timeout=PATIENT)

    def wrong(self, name: str, why: str) -> None:
        """The field is marked, and says why."""
        expect(self.field(name)).to_have_attribute("aria-invalid", "true")
        expect(self.field(name)).to_have_accessible_description(why)

    def at_rest(self) -> None:
        """No request of the panel is on its way and nothing moves."""
        expect(self.panel.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)

    def axe(self, frame: Frame | None = None, rules: list[str] | None = None) -> list[str]:
        """What axe finds on the panel's screen, one line each; by all rules, or by these."""
        frame = frame or self.frame
        if not frame.evaluate("typeof axe !== 'undefined'"):
            frame.evaluate(AXE.read_text())
        only = {"runOnly": rules} if rules else {}
        found = frame.evaluate(
            "only => axe.run(document, { resultTypes: ['violations'], ...only })", only
        )
        return [
            f"{rule['id']}: {node['html']} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def overflow(self) -> int:
        """Pixels by which the panel's content is wider than its frame."""
        measured: int = self.frame.evaluate("document.documentElement.scrollWidth - innerWidth")
        return measured

    def _hear(self, text: str) -> None:
        if not any(
            f"the server responded with a status of {status} " in text for status in self.tolerated
        ):
            self.complaints.append(text)

    def _see(self, url: str) -> None:
        if urlsplit(url).scheme != "data" and urlsplit(url).hostname not in {
            "localhost",
            "127.0.0.1",
        }:
            self.complaints.append(f"loaded from elsewhere: {url}")


def _process(argument: str) -> int:
    """The process that was started with this argument."""
    [found] = [
        int(file.parent.name)
        for file in Path("/proc").glob("[0-9]*/cmdline")
        if argument in file.read_bytes().decode(errors="replace").split("\0")
    ]
    return found


def _until_refused(url: str) -> None:
    """Waits until nobody listens there any more."""
    address = urlsplit(url)
    refused = False
    while not refused:
        try:
            socket.create_connection((address.hostname, address.port), timeout=20).close()
        except ConnectionResetError:
            continue
        except ConnectionRefusedError:
            refused = True


def until(holds: Callable[[], bool], page: Page, seconds: float = 30) -> None:
    """Waits for what no locator can see."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(10)
