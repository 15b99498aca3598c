"""Tests of the way from a clean clone to a running product.

They cover requirements, commands, and what must not stand in any file.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.conftest import ROOT

REQUIREMENTS = ["requirements", "requirements-dev"]
COMMANDS = ["run", "test", "check", "lint", "format", "coverage", "docs", "texts", "lock", "clean"]


def read(path: str) -> str:
    return (ROOT / path).read_text()


def wanted(path: str) -> set[str]:
    """The `name==version` lines of a requirements*.in, without markers."""
    lines = [re.sub(r"\s*[;#].*", "", line) for line in read(path).splitlines()]
    return {line.lower() for line in lines if line and not line.startswith("-")}


def pinned(path: str) -> dict[str, str]:
    """What a requirements*.txt pins: `name==version` with the hashes that follow it."""
    blocks = re.split(r"^(?=[a-z])", read(path), flags=re.MULTILINE)
    return {block.split()[0]: block for block in blocks if re.match(r"[a-z]", block)}


def written_files() -> Iterator[Path]:
    """Every text file that people wrote; not what set-up and runs leave behind."""
    made = {".git", ".venv", "data", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and parts[0] not in made and "__pycache__" not in parts:
            yield path


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_wanted_package_is_named_with_its_exact_version(name: str) -> None:
    assert [
        line for line in wanted(f"{name}.in") if not re.fullmatch(r"[a-z0-9.-]+==[0-9.]+", line)
    ] == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_wanted_package_is_pinned_as_wanted(name: str) -> None:
    assert wanted(f"{name}.in") <= set(pinned(f"{name}.txt"))


@pytest.mark.parametrize(
    "path", ["requirements.txt", "requirements-dev.txt", "tools/ixcpy/requirements.txt"]
)
def test_every_pinned_package_has_a_hash(path: str) -> None:
    assert pinned(path)
    assert [name for name, block in pinned(path).items() if "--hash=sha256:" not in block] == []


def test_tests_run_with_exactly_the_packages_that_users_get() -> None:
    assert set(pinned("requirements.txt")) <= set(pinned("requirements-dev.txt"))


def test_packages_that_are_never_imported_stay_out() -> None:
    names = {line.split("==")[0] for line in pinned("requirements-dev.txt")}

    assert names.isdisjoint({"asgiref", "django", "pip"})


def test_no_file_names_a_package_registry() -> None:
    host = re.compile(
        rb"\b(?:pypi|pythonhosted|npmjs|deb\.debian|archive\.ubuntu)\.(?:org|com|io)\b"
    )

    assert [str(path) for path in written_files() if host.search(path.read_bytes())] == []


@pytest.mark.parametrize(
    "path", ["requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt"]
)
def test_requirements_leave_it_to_the_machine_where_packages_come_from(path: str) -> None:
    assert "://" not in read(path)
    assert "index" not in read(path)


@pytest.mark.parametrize("command", COMMANDS)
def test_make_knows_the_command_and_lists_it(command: str) -> None:
    listed = subprocess.run(
        ["make", "-s", "-C", ROOT], capture_output=True, text=True, check=True
    ).stdout

    assert re.search(rf"^make {command} +\w", listed, re.MULTILINE)


@pytest.mark.parametrize("command", ["make run", "make test", "make check"])
def test_the_readme_names_the_command(command: str) -> None:
    assert command in read("README.md")


def test_ci_runs_what_the_readme_says() -> None:
    called = [line for line in read(".ci/run").splitlines() if line.startswith("make ")]

    assert called[0] == "make test"
    assert called[0] in read("README.md")


def test_the_carrier_of_htmx_has_its_file() -> None:
    [file] = [
        file for file in distribution("django-htmx").files or [] if file.name == "htmx-2.min.js"
    ]

    assert 'version:"2.0.10"' in file.read_text()


def test_the_source_of_ixcpy_builds_with_the_readme_that_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "setup.py").touch()
    (tmp_path / "ixcpy").mkdir()
    (tmp_path / "ixcpy/connection.py").touch()

    subprocess.run(
        [sys.executable, "-c", ""],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "tools/ixcpy")},
        check=True,
    )

    assert (tmp_path / "README_PyPI.md").read_text() == ""


def test_the_browser_that_browser_tests_get_runs(chromium_path: str) -> None:
    said = subprocess.run(
        [chromium_path, "--version"], capture_output=True, text=True, check=True
    ).stdout

    assert re.search(r"Chrom(e|ium) \d+", said)


@dataclass(frozen=True)
class Machine:
    """A copy of the set-up scripts, and a PATH.

    The PATH holds a few basic tools and what a test puts there.
    """

    root: Path

    def has(self, name: str, script: str) -> Path:
        command = self.root / "bin" / name
        command.write_text(f"#!/bin/sh\n{script}\n")
        command.chmod(0o755)
        return command

    def run(self, script: str, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": str(self.root / "bin"), "HOME": str(self.root), **environ}
        return subprocess.run(
            ["bash", self.root / "tools" / script, *args],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / "bin").mkdir()
    for tool in [
        "bash",
        "sh",
        "chmod",
        "cp",
        "dirname",
        "env",
        "find",
        "flock",
        "sort",
        "tail",
        "timeout",
    ]:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or "")
    made = Machine(tmp_path)
    made.has("id", "echo 0")
    return made


BROWSER = "echo Chromium 156"
NO_PYTHON = (
    "Python 3.11 or newer is needed, and {}: install one or name it with PYTHON=/path/to/python."
)


def test_a_browser_on_the_path_is_taken(machine: Machine) -> None:
    browser = machine.has("google-chrome", BROWSER)

    assert machine.run("chromium.sh").stdout == f"{browser}\n"


def test_a_named_browser_goes_before_the_one_on_the_path(machine: Machine) -> None:
    machine.has("chromium", BROWSER)
    named = machine.has("mine", BROWSER)

    assert machine.run("chromium.sh", CHROMIUM=str(named)).stdout == f"{named}\n"


def test_a_stub_that_only_recommends_a_snap_is_no_browser(machine: Machine) -> None:
    machine.has("chromium-browser", "exit 1")
    chrome = machine.has("google-chrome", BROWSER)

    assert machine.run("chromium.sh").stdout == f"{chrome}\n"


def test_the_headless_shell_goes_before_a_whole_browser(machine: Machine) -> None:
    machine.has("chromium", BROWSER)
    shell = machine.has("chromium-headless-shell", BROWSER)

    assert machine.run("chromium.sh").stdout == f"{shell}\n"


@pytest.mark.parametrize("there", ["chromium-headless-shell", "chromium"])
def test_a_missing_browser_is_installed(machine: Machine, there: str) -> None:
    """Not every system has the headless shell in a package."""
    packed = machine.has("packed", BROWSER)
    install = f"cp {packed} {machine.root}/bin/{there}"
    asked = f'case "$1 $*" in update*) ;; install*" {there}") {install};; *) exit 1; esac'
    machine.has("apt-get", asked)

    assert machine.run("chromium.sh").stdout == f"{machine.root}/bin/{there}\n"


@pytest.mark.parametrize(
    ("args", "environ", "sentence"),
    [
        (
            [],
            {},
            (
                "Browser tests need Chromium: there is no apt-get here. Install one or name it "
                "with CHROMIUM=/path."
            ),
        ),
        (
            ["--find"],
            {},
            "No Chromium runs here: 'make test' installs one, or name one with CHROMIUM=/path.",
        ),
        (
            [],
            {"CHROMIUM": "/none"},
            "CHROMIUM=/none does not run as a browser: name another or none.",
        ),
    ],
)
def test_without_a_browser_the_set_up_stops_with_one_sentence(
    machine: Machine, args: list[str], environ: dict[str, str], sentence: str
) -> None:
    stopped = machine.run("chromium.sh", *args, **environ)

    assert stopped.returncode == 1
    assert stopped.stderr.splitlines()[-1] == f"set-up stopped: {sentence}"


def test_without_root_and_sudo_the_sentence_says_so(machine: Machine) -> None:
    machine.has("id", "echo 1000")
    machine.has("apt-get", "exit 0")

    assert "that needs root, and there is no sudo here" in machine.run("chromium.sh").stderr


@pytest.mark.parametrize(
    ("python", "what"), [(None, "python3 is not there"), ("3.9.2", "python3 is Python 3.9.2")]
)
def test_without_a_new_enough_python_the_set_up_stops_with_one_sentence(
    machine: Machine, python: str | None, what: str
) -> None:
    if python:
        machine.has("python3", f"[ \"$1\" = --version ] && echo 'Python {python}'")

    stopped = machine.run("setup.sh", "run")

    assert stopped.returncode == 1
    assert stopped.stderr == f"set-up stopped: {NO_PYTHON.format(what)}\n"


def test_a_python_without_venv_that_cannot_be_completed_stops_the_set_up_with_one_sentence(
    machine: Machine,
) -> None:
    python = machine.has(
        "python3", f'case "$2" in \'import ensurepip\'*) exit 1;; esac; exec {sys.executable} "$@"'
    )

    stopped = machine.run("setup.sh", "run")

    package = f"python3.{sys.version_info.minor}-venv"
    assert stopped.returncode == 1
    assert stopped.stderr == (
        f"set-up stopped: {python.name} cannot make virtual environments, and the package "
        f"{package} "
        "could not be installed: there is no apt-get here.\n"
    )
