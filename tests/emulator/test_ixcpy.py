"""Somebody else's client, the package ixcpy 2.0.0 as published, works on the emulator."""

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.certificate import write_certificate
from widget.emulator.crm.server import Emulator

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator behind TLS: the package knows no plain http."""
    folder = tmp_path_factory.mktemp("ixcpy")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(write_certificate(folder / "emulator.pem"))
    with Emulator(str(folder / "crm.db"), tls=context) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def seen(crm: Emulator) -> dict[str, Any]:
    """What the session saw.

    The package takes its settings from the environment, so it gets a process of its own.
    """
    environment = os.environ | {
        "IXC_SERVER_DOMAIN": crm.url.removeprefix("https://"),
        "IXC_ACCESS_TOKEN": crm.token,
        "REQUESTS_CA_BUNDLE": str(Path(crm.path).parent / "emulator.pem"),
        "PYTHON_DOTENV_DISABLED": "1",
        "NO_PROXY": "127.0.0.1",
    }
    session = ROOT / "tests/emulator/ixcpy_session.py"
    run = subprocess.run(
        [sys.executable, session], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    result: dict[str, Any] = json.loads(run.stdout)
    return result


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (
            "listed",
            [
                4,
                [
                    "Serra Net Chapecó",
                    "Serra Net Xanxerê",
                    "Serra Net Concórdia",
                    "Serra Net Xaxim",
                ],
            ],
        ),
        ("page", ["5567", "5566", "5565"]),
        ("equal", ["5"]),
        ("several", ["2", "3", "4"]),
        ("greater", ["3", "4"]),
        ("at least", ["2", "3", "4"]),
        ("like", ["1"]),
        ("nothing", []),
        ("unknown table", []),
        ("one", "390.533.447-05"),
        ("none", None),
        ("inserted", ["Registro inserido com sucesso!", "204"]),
        ("updated", [True, "Registro atualizado com sucesso!", "204"]),
        ("refused", [False, "Preencha Nome!<br />", ""]),
    ],
)
def test_ixcpy_sees_what_it_would_see_on_the_crm(
    seen: dict[str, Any], asked: str, answer: Any
) -> None:
    assert seen[asked] == answer


def test_what_ixcpy_wrote_is_in_the_file_once(crm: Emulator, seen: dict[str, Any]) -> None:
    written = [row for row in crm.rows("contato") if row["nome"].endswith("ixcpy")]

    assert [(row["id"], row["nome"]) for row in written] == [
        (seen["inserted"][1], "Mudada pelo ixcpy")
    ]
    assert written[0]["data_cadastro"] == "2026-11-21 00:00:00"
