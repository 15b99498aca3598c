"""The product as its own server serves it, beside an empty Flask application.

Both are in the same process.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from proof.bench import stage
from widget.cli.main import _Server as Server
from widget.domain.settings import load
from widget.store.engine.database import Database

BARE = "/bare"
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True)
class Running:
    """The server's process, and where it listens."""

    process: subprocess.Popen[str]
    port: int


@contextmanager
def running(crm: stage.Crm, folder: Path, **options: str) -> Iterator[Running]:
    """The server over this CRM with its data in the folder, until the block ends."""
    settings = {
        "PORT": str(stage.free_port()),
        "VINCULO_DATA": str(folder),
        "VINCULO_CRM_URL": crm.url,
        "VINCULO_CRM_TOKEN": crm.token,
        "VINCULO_SECRET": stage.SECRET,
        "VINCULO_START_KEY": stage.START_KEY,
        **options,
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("VINCULO_")}
    command = [sys.executable, "-m", "proof.bench.served"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        cwd=stage.ROOT,
        env={
            **plain,
            **settings,
        },
    ) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://localhost:(\d+)", said)
            if not found:
                raise RuntimeError(f"the server does not start: {said!r}")
            yield Running(process, int(found[1]))
        finally:
            process.terminate()
            process.communicate()


def _bare() -> Flask:
    """What Flask costs by itself."""
    app = Flask("bare")

    @app.get(BARE)
    def empty() -> ResponseReturnValue:
        return jsonify(status="ok")

    return app


class _Both(Server):
    """The product's server, unchanged but for one address.

    The empty application is under an address that the product lacks.
    """

    def load(self) -> Any:
        product, bare = super().load(), _bare()

        def either(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            chosen: Wsgi = bare if environ["PATH_INFO"] == BARE else product
            return chosen(environ, start_response)

        return either


def main() -> None:
    """Serves as the environment says, until told to stop."""
    settings = load(os.environ)
    Database(
        Path(settings.data) / "vinculo.db", anew=True
    ).close()  # the index of its people may be there already
    _Both(settings, demo=None).run()


if __name__ == "__main__":
    main()
