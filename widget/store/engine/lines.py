"""A bounded file of lines to which all our processes add; a failure to add is no error."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

# Two files of this size at most, the older one a generation behind: some thousands of lines.
LARGEST = 512 * 1024
MOST = 2000


class Tail:
    """The file of lines: a short append is whole, so no process waits; failures are ignored."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file = -1

    def add(self, told: Mapping[str, object]) -> None:
        """Notes a line, and turns the files over when the newer one is full."""
        line = json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
        with self._lock, suppress(OSError):
            self._take()
            os.write(self._file, line.encode())

    def last(self, most: int = MOST) -> list[dict[str, Any]]:
        """The newest lines, oldest first; one that was cut off is left out."""
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


def _read(lines: list[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict):
            yield told
