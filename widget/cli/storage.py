"""Commands about what is stored: what is on its way, the ledger, a backup and the way back.

They tell whether the ledger is whole.
"""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from widget.domain.errors import Lost, StorageFailed
from widget.domain.settings import Settings
from widget.store.engine import copies
from widget.store.engine.database import Database
from widget.store.engine.reading import reading
from widget.store.engine.sqlite import is_there
from widget.store.journal.entries import MANY
from widget.store.journal.survey import survey
from widget.store.ledger.ledger import RECEIPT
from widget.store.ledger.proof import Finding, Head, first_bad
from widget.store.ledger.seal import Seals


def verify(settings: Settings, key: str, head: str = "") -> int:
    """Says whether every line of the ledger is as it was sealed, and returns the exit status.

    Where a line is not, it says which is the first. Servers may go on writing; the
    file is not changed. ``head`` is one that was exported before.
    """
    try:
        good, finding = _walked(settings, key, head)
    except StorageFailed as failure:
        return _undone("The ledger cannot be read:", failure)
    if not finding and not good.number:
        print(
            "the ledger is empty: nothing was ever accepted in this file; --head tells if it was",
            file=sys.stderr,
        )
    print(finding or f"ok: {good.number} lines, head {good}")
    return 1 if finding else 0


def export_head(settings: Settings, key: str) -> int:
    """Prints the head of a ledger that is whole, else says on stderr what is wrong.

    The exit status.
    """
    try:
        good, finding = _walked(settings, key, "")
    except StorageFailed as failure:
        return _undone("The ledger cannot be read:", failure)
    print(finding or good, file=sys.stderr if finding else sys.stdout)
    return 1 if finding else 0


def writes(settings: Settings, *, everything: bool = False) -> int:
    """Lists what is on its way to the CRM or needs a person, or every write.

    The exit status is 1 for a person.

    Says nothing personal, so that it can be sent to whoever helps. Servers may go on writing; the
    file is not changed.
    """
    try:
        found = survey(_file(settings), MANY, everything=everything)
    except StorageFailed as failure:
        return _undone("The journal cannot be read:", failure)
    zone = ZoneInfo(settings.timezone)
    for one in found:
        print(one.told(f"{datetime.fromtimestamp(one.entry.kept_at, zone):%Y-%m-%d %H:%M:%S}"))
    waiting, needed = (
        sum(one.entry.is_open for one in found),
        sum(one.needs_a_person for one in found),
    )
    print(f"{waiting} on the way, {needed} that need a person")
    return 1 if needed else 0


def back_up(settings: Settings, target: Path, *, force: bool = False) -> int:
    """Copies the file, also while servers write it; the exit status."""
    try:
        copies.back_up(_file(settings), target, force=force)
    except (copies.Refused, StorageFailed) as refusal:
        return _undone("No backup was made:", refusal)
    print(
        f"ok: {target}\nThe keys are no part of it: keep the .txt files of {settings.data} too, "
        "somewhere else."
    )
    return 0


def restore(settings: Settings, source: Path) -> int:
    """Brings a backup back, also while servers run, and says what became of what was there.

    The exit status.
    """
    try:
        done = copies.restore(_file(settings), source)
    except (copies.Refused, StorageFailed) as refusal:
        return _undone("Nothing was restored:", refusal)
    if done.safety:
        print(f"What was there is kept in {done.safety}")
    if done.moved:
        print(f"The file could not be used; it is now {done.moved}")
        print(f"What was whole in it and goes on: {' and '.join(done.rescued) or 'nothing'}")
    print(
        f"ok: {done.added} entries came back, {done.doubted} of them will be looked for in the "
        "CRM before anything"
    )
    print(f"    is sent; the ledger is {done.ledger}")
    if erased := _erased(settings):
        print(
            "These were erased on request; if the backup is older, their data are back. Erase "
            "them again, each with"
        )
        print(f"    server.py erase NUMBER: {', '.join(erased)}")
    return 0


def _erased(settings: Settings) -> list[str]:
    """Whom the ledger has a receipt for."""
    with closing(Database(_file(settings))) as database:
        rows = database.rows(
            "SELECT DISTINCT contact FROM ledger WHERE event = ? ORDER BY contact", RECEIPT
        )
    return [row["contact"].replace("-", ":", 1) for row in rows]


def may_start(settings: Settings, *, anew: bool = False) -> bool:
    """Whether nothing would be lost by serving from the file as it is.

    Else says why, and what to do about it.

    Only where somebody says that it may begin ``anew`` is a file made in the place of one that is
    gone.
    """
    if anew and is_there(_file(settings)):
        print(
            f"--new begins with nothing, but {_file(settings)} is there: move it away first",
            file=sys.stderr,
        )
        return False
    try:
        Database(_file(settings), anew=anew).close()
    except StorageFailed as failure:
        _undone("The server does not start:", failure)
        return False
    return True


def _walked(settings: Settings, key: str, head: str) -> tuple[Head, Finding | None]:
    path = _file(settings)
    if not is_there(path):
        raise Lost(f"{path} is not there")
    with reading(path) as reader:
        return first_bad(reader, Seals(key), head)


def _undone(what: str, why: copies.Refused | StorageFailed) -> int:
    print(what, "; ".join(filter(None, (str(why), getattr(why, "remedy", "")))), file=sys.stderr)
    return 1


def _file(settings: Settings) -> Path:
    return Path(settings.data) / "vinculo.db"
