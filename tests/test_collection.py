"""Tests that every process finds the same tests under the same names.

The suite runs on several processes, so that each of them must.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_names_of_tests_depend_neither_on_the_clock_nor_on_the_order_of_sets(
    request: pytest.FixtureRequest,
) -> None:
    """Another process collects at least the tests that this one has.

    It runs later and with other hashes.
    """
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests",
    ]
    later = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert {item.nodeid for item in request.session.items} <= set(later.stdout.splitlines())
