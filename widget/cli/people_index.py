"""Commands about the people index: fill it, say how far it is, erase from it.

They fill it now or from the start, and erase all or one person.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from widget.cli.kinds import kind_of
from widget.desk.services import Services
from widget.domain import errors
from widget.domain.integrations import MAIN
from widget.domain.model import Ref
from widget.domain.settings import Settings
from widget.store.engine import migrations
from widget.store.engine.database import Database
from widget.store.people.fills import GONE, NO_COLUMN, Filling, Fills, Progress
from widget.store.people.people import People
from widget.sync.crew import mirror
from widget.sync.mirror import Mirror
from widget.sync.odd import EMPTIES, TWICE

BAR = 30
# So often it is shown, in seconds: on a terminal, and where each time is another line.
OFTEN, SELDOM = 0.5, 10.0
# A CRM that does not answer for so long will not answer soon.
PATIENCE = 60.0
INTERRUPTED = 130
# What is wrong and the one thing to do, by the code of the error.
HOPELESS = {
    errors.CredentialsRefused.code: (
        "the CRM refuses the token: make a new one there, set VINCULO_CRM_TOKEN"
    ),
    errors.AddressRefused.code: (
        "the CRM refuses this server's address: add it to the group's Redes permitidas"
    ),
    errors.Misconfigured.code: (
        "the address is not that of the CRM's webservice: set VINCULO_CRM_URL right"
    ),
    errors.ResourceUnavailable.code: (
        "the CRM does not release its tables of people: ask its support to release them"
    ),
    errors.PermissionDenied.code: (
        "the token's user may not list the CRM's people: give the group that permission"
    ),
}
PASSING = {
    errors.Busy.code: "the CRM asks us to wait",
    errors.Unreachable.code: "the CRM does not answer",
    errors.Unexpected.code: "the CRM answers in a way that is not understood",
    NO_COLUMN: (
        "the CRM does not tell what has changed: only new people come at once, changes with a "
        "pass each 6 hours"
    ),
    GONE: (
        "more than a tenth would vanish at once, so nobody was dropped: if the token has lost no "
        "rights, --rebuild"
    ),
}

ODD = {
    EMPTIES: (
        "number {} empties every page of the CRM that would hold it: it is left out until the CRM "
        "mends it"
    ),
    TWICE: "number {} comes twice in its page",
}


def fill(services: Services, *, rebuild: bool = False) -> int:
    """Fills the index in the foreground, or shows how a server that already does goes on.

    The exit status.
    """
    works = mirror(services)
    if works is None:
        print(
            "The index is switched off: set VINCULO_INDEX and VINCULO_CRM_ACTIVE to 1.",
            file=sys.stderr,
        )
        return 1
    works.is_quiet = lambda: True  # whoever waits here wants to hear of trouble
    try:
        if rebuild:
            works.people.erase(but_barred=True)
        return _filled(works, Show(sys.stdout))
    except errors.StorageFailed as failure:
        return _undone("The index cannot be written:", failure)
    except KeyboardInterrupt:
        print("\nStopped. What was read is kept; the same command goes on from here.")
        return INTERRUPTED


def status(settings: Settings, integration: str = MAIN) -> int:
    """One table: how many people, how far, how old; changes nothing. The exit status."""
    if not _file(settings).exists():
        print("There is no index yet.")
        return 0
    tables = kind_of(settings, integration).mirroring.resources
    try:
        with closing(_database(settings)) as database:
            print(
                _table(
                    settings,
                    Fills(database, integration, time.time, tables.values()),
                    People(database, integration),
                    tables,
                )
            )
    except errors.StorageFailed as failure:
        return _undone("The index cannot be read:", failure)
    return 0


def erase(settings: Settings, integration: str = MAIN) -> int:
    """Erases everybody who is mirrored from the integration; the exit status."""
    if _file(settings).exists():
        try:
            with closing(_database(settings)) as database:
                People(database, integration).erase()
        except errors.StorageFailed as failure:
            return _undone("Nothing was erased:", failure)
    print("ok: the index is empty")
    if settings.main.index:
        print(
            "A server fills it anew, unless VINCULO_INDEX=0 is set and the server is started again."
        )
    return 0


def forget(settings: Settings, who: Ref, integration: str = MAIN) -> int:
    """Erases one person from the index, who stays out until all is erased; the exit status."""
    try:
        with closing(_database(settings)) as database:
            was_there = People(database, integration).bar(who.source, who.id)
    except errors.StorageFailed as failure:
        return _undone("Nothing was erased:", failure)
    print(
        f"ok: {who} is {'no longer' if was_there else 'not'} in the index, and will not be; the "
        "CRM keeps its record"
    )
    return 0


def person(text: str) -> Ref:
    """``lead:12`` or ``client:7``; raises ValueError."""
    found = Ref.parse(text.replace(":", "-", 1))
    if found is None or found.source == Ref.NEW:
        raise ValueError(text)
    return found


@dataclass
class Show:
    """Progress as one line that renews itself, or, where nobody watches, a line now and then."""

    out: TextIO
    clock: Callable[[], float] = time.monotonic
    _shown_at: float = float("-inf")
    _since: tuple[float, int] | None = None
    _width: int = field(default=0)

    def __call__(self, progress: Progress, *, is_last: bool = False) -> None:
        """Shows it, unless that was a moment ago."""
        now = self.clock()
        self._since = self._since or (now, progress.done)
        if not is_last and now - self._shown_at < (OFTEN if self.out.isatty() else SELDOM):
            return
        self._shown_at = now
        line = told(progress, self._speed(progress, now))
        if self.out.isatty():
            print(
                f"\r{line.ljust(self._width)}",
                end="\n" if is_last else "",
                file=self.out,
                flush=True,
            )
            self._width = len(line)
        else:
            print(line, file=self.out, flush=True)

    def _speed(self, progress: Progress, now: float) -> float:
        began, done = self._since or (now, progress.done)
        return max(0, progress.done - done) / max(now - began, 0.001)


def told(progress: Progress, speed: float) -> str:
    """Share, people, people a second, time left, and what is in the way."""
    full = int(BAR * progress.share)
    line = (
        f"[{'#' * full}{'.' * (BAR - full)}] {int(100 * progress.share):3d}% {progress.done} of "
        f"{progress.total} people"
    )
    if speed >= 1 and progress.share < 1:
        line += f", {speed:.0f}/s, {_span((progress.total - progress.done) / speed)} left"
    return line + (f" ({_reason(progress.why)})" if progress.why else "")


def _filled(works: Mirror, show: Show) -> int:
    began, paused = works.clock(), None
    while not _is_done(works.fills, began):
        wait = works.turn() if works.take() else OFTEN
        progress = works.fills.progress()
        show(progress)
        paused = (paused or time.monotonic()) if progress.state is Filling.PAUSED else None
        if paused and _is_hopeless(progress, time.monotonic() - paused):
            show(progress, is_last=True)
            print("The index cannot be filled:", _reason(progress.why), file=sys.stderr)
            return 1
        time.sleep(min(wait, OFTEN))
    show(works.fills.progress(), is_last=True)
    print(f"ok: {works.people.count()} people")
    return 0


def _is_done(fills: Fills, began: float) -> bool:
    """Whether all were read once, and whatever changed until we began."""
    progress = fills.progress()
    return fills.is_complete and max(progress.finished_at, progress.checked_at) >= began


def _is_hopeless(progress: Progress, seconds: float) -> bool:
    return progress.why in HOPELESS or (seconds > PATIENCE and progress.why != errors.Busy.code)


def _reason(why: str) -> str:
    return "; ".join(_one_reason(part) for part in why.split(";"))


def _one_reason(why: str) -> str:
    kind, _, number = why.partition(":")
    if kind in ODD:
        return ODD[kind].format(number)
    return {
        **HOPELESS,
        **PASSING,
    }.get(why, why)


def _table(settings: Settings, fills: Fills, people: People, tables: Mapping[str, str]) -> str:
    zone = ZoneInfo(settings.timezone)

    def when(at: float) -> str:
        return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}" if at else "never"

    lines = [("table", "people", "read", "of", "state", "read whole", "changes looked for")]
    for source, resource in tables.items():
        f = fills.of(resource)
        counts = (str(people.count(source)), str(f.seen), str(f.total))
        lines.append((resource, *counts, f.state, when(f.finished_at), when(f.checked_at)))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    reasons = {f.why for f in map(fills.of, tables.values()) if f.why}
    off = (
        [] if settings.main.index else ["The index is switched off; --erase removes what it holds."]
    )
    return "\n".join([*rows, *map(_reason, sorted(reasons)), *off])


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _undone(what: str, why: errors.StorageFailed) -> int:
    print(what, "; ".join(filter(None, (str(why), why.remedy))), file=sys.stderr)
    return 1


def _database(settings: Settings) -> Database:
    return Database(_file(settings), migrations.people)


def _file(settings: Settings) -> Path:
    return Path(settings.data) / "people.db"
