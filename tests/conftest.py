"""What every test gets: no way out to the network, and a browser's path for those who ask."""

import ipaddress
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from werkzeug.routing import Rule

from tests.product import Hour, Visitor, product
from widget.domain import texts
from widget.emulator.crm.server import Emulator
from widget.store.records import admins

ROOT = Path(__file__).parent.parent
# A busy machine is no mistake of ours.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
SWITCHES = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]


# The files that take longest: begun last, one of them would keep the others waiting at the end.
SLOW_FIRST = (
    "test_chaos",
    "test_mirror",
    "test_main",
    "test_bench",
    "test_wrong_customer",
    "test_exactly_once",
    "test_collection",
)


class NetworkRefused(BaseException):
    """A test reached for another machine; no handler of the product may swallow this."""


def _check(host: object) -> None:
    """Lets localhost pass and refuses every other machine.

    A name that can never exist fails as a resolver would fail it.
    """
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name.endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if name != "localhost" and not _is_local(name):
        message = f"tests may not reach {name!r}: only localhost is there for them"
        raise NetworkRefused(message)


def _is_local(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the slowest files first, and spreads the browser's files among the rest.

    Four browsers at once are slow.
    """
    files = dict.fromkeys(item.path for item in items)
    slow = [file for file in files if file.stem in SLOW_FIRST]
    browsers = [file for file in files if file.parent.name == "browser" and file not in slow]
    rest = [file for file in files if file not in {*slow, *browsers}]
    place = {
        file: number / len(group) for group in (browsers, rest) for number, file in enumerate(group)
    }
    items.sort(key=lambda item: place.get(item.path, -1.0))


@pytest.fixture(scope="session", autouse=True)
def _only_localhost() -> Iterator[None]:
    """Guards this process.

    The browser and the servers that tests start have flags of their own for that.
    """
    guarded = pytest.MonkeyPatch()
    connect, connect_ex, resolve = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def checked_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check(address[0])
        connect(self, address)

    def checked_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check(address[0])
        return connect_ex(self, address)

    def checked_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        _check(host)
        return resolve(host, *args, **kwargs)

    guarded.setattr(socket.socket, "connect", checked_connect)
    guarded.setattr(socket.socket, "connect_ex", checked_connect_ex)
    guarded.setattr(socket, "getaddrinfo", checked_resolve)
    yield
    guarded.undo()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """What makes guessing a password dear would make the tests slow.

    Test_admins.py looks at the real one.
    """
    patched = pytest.MonkeyPatch()
    patched.setattr(admins, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patched.undo()


@pytest.fixture(scope="session", autouse=True)
def _addresses_compiled_once() -> Iterator[None]:
    """Lets what werkzeug compiles for one application serve all with the same addresses.

    The tests make thousands of such applications, and half of the time in which one is made goes
    into compiling. Without this method of werkzeug's own, nothing is lost but the time.
    """
    compile_builder = getattr(Rule, "_compile_builder", None)
    made: dict[tuple[Any, ...], Any] = {}

    def compiled(self: Rule, append_unknown: bool = True) -> Any:
        assert compile_builder
        names = tuple(sorted((name, type(of)) for name, of in self._converters.items()))
        what = (self.rule, self.subdomain, self.host, repr(self.defaults), names, append_unknown)
        if what not in made:
            made[what] = compile_builder(self, append_unknown)
        return made[what]

    patched = pytest.MonkeyPatch()
    if compile_builder:
        patched.setattr(Rule, "_compile_builder", compiled)
    yield
    patched.undo()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser that `make test` found or CHROMIUM names.

    Without one the test fails, it is never skipped.
    """
    found = subprocess.run(
        [ROOT / "tools/chromium.sh", "--find"],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        pytest.fail(found.stderr.strip())
    return found.stdout.strip()


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One browser for everybody: two of Playwright's loops cannot run in one thread."""
    with sync_playwright() as playwright:
        yield (browser := playwright.chromium.launch(executable_path=chromium_path, args=SWITCHES))
        browser.close()


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CRM's data as made from the seed, once; tests work on copies."""
    path = tmp_path_factory.mktemp("crm") / "first-day.db"
    with Emulator(str(path)):
        pass
    return path


@pytest.fixture(autouse=True)
def _portuguese() -> None:
    """Whatever language a request of the test before spoke in this thread."""
    texts.speak(texts.SOURCE)


@pytest.fixture
def crm(first_day: Path, tmp_path: Path) -> Iterator[Emulator]:
    """A CRM of the test's own, with the cast in it."""
    with Emulator(str(shutil.copy(first_day, tmp_path / "crm.db"))) as emulator:
        yield emulator


@pytest.fixture
def app(crm: Emulator, tmp_path: Path) -> Flask:
    """The product over that CRM."""
    return product(crm, tmp_path / "data")


@pytest.fixture
def ana(app: Flask) -> Visitor:
    """Ana Souza, an attendant whom the CRM knows as an employee."""
    return Visitor(app.test_client())


@pytest.fixture
def hour() -> Hour:
    """A clock for tests of age."""
    return Hour()
