"""One running demo for all browser tests, and a fresh browser window for each test.

Nothing has happened yet in that window.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect

from tests import personal
from tests.browser.panel import CRM, Demo, Desk
from widget.emulator.crm.server import TOKEN

ROOT = Path(__file__).parent.parent.parent
REPORT = pytest.StashKey[pytest.TestReport]()
CRM_WAIT, SETTLE_SECONDS = "2", "4"

PATIENCE = 20_000  # milliseconds; a machine may be busy, and only what fails waits so long

expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[None, pytest.TestReport, pytest.TestReport]:
    """Lets a fixture know, when it ends, how the test went."""
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The product as in production, without the people index.

    The index would remember what another test did in the CRM.
    """
    with _running(tmp_path_factory.mktemp("demo"), VINCULO_INDEX="0") as demo:
        yield demo


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The same with the index, for tests that know what is in it."""
    with _running(tmp_path_factory.mktemp("indexed"), VINCULO_INDEX_CALLS="600") as demo:
        yield demo


@contextmanager
def _running(data: Path, **options: str) -> Iterator[Demo]:
    """The product in a process of its own; whatever it complains of fails the tests."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("VINCULO_")
    }
    environment |= {
        "PORT": "0",
        "VINCULO_DATA": str(data),
        "VINCULO_CRM_WAIT": CRM_WAIT,
        "VINCULO_SETTLE_SECONDS": SETTLE_SECONDS,
        **options,
    }
    with (
        (data / "complaints.txt").open("w") as complaints,
        subprocess.Popen(
            [sys.executable, "server.py", "run"],
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=complaints,
        ) as process,
    ):
        ready = process.stdout.readline() if process.stdout else ""
        found = re.search(r"The demo: (\S+)/demo   its CRM: (\S+)", ready)
        assert found, (data / "complaints.txt").read_text()
        requests.get(f"{found[1]}/healthz", timeout=10).raise_for_status()
        yield (demo := Demo(process, found[1], CRM(found[2], data / "demo-crm.db"), data))
        if demo.started:
            demo.kill_crm()
        process.send_signal(signal.SIGTERM)
    written = (data / "complaints.txt").read_text()
    assert "Traceback" not in written, written
    assert personal.seen(written, personal.everything(data / "demo-crm.db", TOKEN)) == set()


@pytest.fixture
def desk(
    browser: Browser, demo: Demo, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Desk]:
    """An attendant's window; whatever a page in it complains of fails the test."""
    yield from _window(browser, demo, request, tmp_path)


@pytest.fixture
def quick_desk(
    browser: Browser, indexed: Demo, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Desk]:
    """The same where the people index is on."""
    yield from _window(browser, indexed, request, tmp_path)


def _window(
    browser: Browser, demo: Demo, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Desk]:
    demo.start_anew()
    context = browser.new_context(
        viewport={"width": 1180, "height": 860}, color_scheme="light", locale="pt-BR"
    )
    context.set_default_timeout(PATIENCE)
    desk = Desk(context.new_page(), demo)
    desk.listen()
    yield desk
    report = request.node.stash.get(REPORT, None)
    if report is not None and report.failed:
        picture = tmp_path / "screen.png"
        next(page for page in context.pages if not page.is_closed()).screenshot(path=picture)
        sys.stderr.write(f"\nThe screen when it failed: {picture}\n")
    context.close()
    assert desk.complaints == []
