"""Commands about what is stored: whether the ledger is whole, and the head that one keeps elsewhere."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from widget.errors import StorageFailed
from widget.settings import Settings
from widget.store.engine import connect, translated
from widget.store.proof import Finding, Head, first_bad
from widget.store.seal import Seals


def verify(settings: Settings, key: str, head: str = "") -> int:
    """Says whether every line of the ledger is as it was sealed, or which is the first that is not; the exit status.

    Servers may go on writing; the file is not changed. ``head`` is one that was exported before.
    """
    try:
        good, finding = _walked(settings, key, head)
    except StorageFailed as failure:
        return _unread(failure)
    print(finding or f"ok: {good.number} lines, head {good}")
    return 1 if finding else 0


def export_head(settings: Settings, key: str) -> int:
    """Prints the head of a ledger that is whole, else says on stderr what is wrong; the exit status."""
    try:
        good, finding = _walked(settings, key, "")
    except StorageFailed as failure:
        return _unread(failure)
    print(finding or good, file=sys.stderr if finding else sys.stdout)
    return 1 if finding else 0


def _walked(settings: Settings, key: str, head: str) -> tuple[Head, Finding | None]:
    path = Path(settings.data) / "vinculo.db"
    with translated(path), closing(connect(path, "ro")) as connection:
        return first_bad(connection, Seals(key), head)


def _unread(failure: StorageFailed) -> int:
    print("The ledger cannot be read:", failure, failure.remedy, file=sys.stderr)
    return 1
