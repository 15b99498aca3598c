"""The last calls to the CRM: what was asked, how long it took, what shape came back; never what was in it."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

# Two files of this size at most, the older one a generation behind: some thousands of calls.
LARGEST = 512 * 1024
MOST = 2000


@dataclass(frozen=True)
class Call:
    """One exchange. ``columns`` it asked by, ``status`` 0 for none, ``code`` of the error that it became, "" for none.

    ``request`` is the number that the attendant's screen shows beside the code.
    """

    at: float
    integration: str
    resource: str
    verb: str
    columns: str = ""
    status: int = 0
    ms: int = 0
    shape: str = ""
    code: str = ""
    request: str = ""


_NAMES = {field.name for field in fields(Call)}


class Calls:
    """A file of lines that every process of ours adds to: a short append is whole, so nobody waits for anybody.

    Nothing here is worth a failure: what cannot be noted is not noted.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self.clock = clock
        self._lock = threading.Lock()
        self._file = -1

    def add(self, call: Call) -> None:
        """Notes a call, and turns the files over when the newer one is full."""
        line = json.dumps({k: v for k, v in asdict(call).items() if v != ""}, separators=(",", ":")) + "\n"
        with self._lock, suppress(OSError):
            self._take()
            os.write(self._file, line.encode())

    def last(self, most: int = MOST) -> list[Call]:
        """The newest calls, oldest first."""
        lines: list[str] = []
        for path in (self._older, self._path):
            with suppress(OSError):
                lines += path.read_text("utf-8", errors="replace").splitlines()
        return list(_read(lines[-most:]))

    @property
    def _older(self) -> Path:
        return self._path.with_suffix(".1" + self._path.suffix)

    def _take(self) -> None:
        """Opens the file that is in place; another process may have turned it over."""
        if self._file >= 0:
            mine = os.fstat(self._file)
            if mine.st_size < LARGEST and mine.st_nlink:
                return
            self._let_go()
            with suppress(FileNotFoundError):
                now = self._path.stat()
                if now.st_ino == mine.st_ino and now.st_size >= LARGEST:
                    self._path.replace(self._older)
        self._file = os.open(self._path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)

    def _let_go(self) -> None:
        os.close(self._file)
        self._file = -1


def _read(lines: Iterable[str]) -> Iterable[Call]:
    return filter(None, map(_call, lines))


def _call(line: str) -> Call | None:
    """A line as it was noted; None for one that was cut off."""
    try:
        return Call(**{name: value for name, value in json.loads(line).items() if name in _NAMES})
    except (ValueError, TypeError, AttributeError):
        return None
