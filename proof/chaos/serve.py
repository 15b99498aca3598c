"""Starts the real server as the proof needs it.

It has a clock and a name service that can fail, or a protection taken out.
"""

from __future__ import annotations

import argparse
import socket
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from proof.chaos import sabotage
from proof.chaos.stage import CRM_NAME
from widget.app import create_app
from widget.cli import main as cli

_resolve = socket.getaddrinfo


def main() -> None:
    """``server.py run`` with these changes around it; the product itself knows nothing of them."""
    options = _options()
    vars(cli)["create_app"] = partial(create_app, clock=partial(_now, options.clock))
    socket.getaddrinfo = partial(_found, options.nameless)
    if options.sabotage:
        sabotage.SABOTAGES[options.sabotage]()
    sys.argv = ["server.py", "run"]
    cli.main()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--clock",
        type=Path,
        required=True,
        help="file with the seconds by which the clock is wrong",
    )
    parser.add_argument(
        "--nameless", type=Path, required=True, help="while this file is there no name is found"
    )
    parser.add_argument("--sabotage", choices=sorted(sabotage.SABOTAGES))
    return parser.parse_args()


def _now(clock: Path) -> float:
    try:
        return time.time() + float(clock.read_text() or 0)
    except OSError:
        return time.time()


def _found(nameless: Path, host: Any, *args: Any, **kwargs: Any) -> Any:
    """The CRM's name is one of our own; any other is looked up as ever."""
    if host != CRM_NAME:
        return _resolve(host, *args, **kwargs)
    if nameless.exists():
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return _resolve("127.0.0.1", *args, **kwargs)


if __name__ == "__main__":
    main()
