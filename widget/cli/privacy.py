"""Commands about one person's data (LGPD): tell all of it, erase all of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from widget.cli.kinds import kind_of
from widget.domain.errors import StorageFailed
from widget.domain.model import Attendant, Ref
from widget.domain.settings import Settings
from widget.privacy import dossier
from widget.privacy.retention import COPIES
from widget.privacy.traces import Traces, opened
from widget.store.engine import migrations
from widget.store.engine.database import Database
from widget.store.ledger.ledger import Ledger

BY = Attendant("", "server.py")


def export(settings: Settings, key: str, who: Ref, integration: str) -> int:
    """Prints everything that is kept of the person as JSON; the exit status."""
    try:
        with _traces(settings, key, integration) as traces:
            print(json.dumps(dossier.export(traces, who, BY), ensure_ascii=False, indent=2))
    except StorageFailed as failure:
        return _undone("Nothing was exported:", failure)
    return 0


def erase(
    settings: Settings, key: str, who: Ref, integration: str, *, abandon: bool = False
) -> int:
    """Erases everything that is kept of the person, and returns the exit status.

    It works also while servers run, and prints the receipt.
    """
    try:
        with _traces(settings, key, integration) as traces:
            gone = dossier.erase(traces, who, BY, abandon=abandon)
    except dossier.StillOpen as refusal:
        print(
            f"Nothing was erased: {refusal}. Let it reach the CRM, or say --abandon.",
            file=sys.stderr,
        )
        return 1
    except StorageFailed as failure:
        return _undone("Not everything was erased, run it again:", failure)
    print(f"ok: {who} is erased, and stays out of the index; the CRM keeps its record")
    print(" ".join(f"{name}={number}" for name, number in gone.items()))
    if gone["elsewhere"]:
        print(
            f"{gone['elsewhere']} texts about other contacts mention the person: only people can "
            "judge these."
        )
    if copies := [path.name for pattern in COPIES for path in Path(settings.data).glob(pattern)]:
        print("These copies still hold what was there, and so do backups that you made:", *copies)
    return 0


@contextmanager
def _traces(settings: Settings, key: str, integration: str) -> Iterator[Traces]:
    folder = Path(settings.data)
    database = Database(folder / "vinculo.db")
    people = opened(folder / "people.db", migrations.people)
    try:
        ledger = Ledger(database, key, integration=integration)
        kind = kind_of(settings, integration).personal
        yield Traces(database, people, integration, ledger, kind)
    finally:
        database.close()
        if people:
            people.close()


def _undone(what: str, why: StorageFailed) -> int:
    print(what, "; ".join(filter(None, (str(why), why.remedy))), file=sys.stderr)
    return 1
