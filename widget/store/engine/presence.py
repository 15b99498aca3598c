"""Which processes are alive, and how much time has really passed.

Both hold even when the clock is set back.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")
FORGOTTEN = 24 * 3600
TASK = ".task"


class Presence:
    """A process as the others see it: it holds a lock that the kernel releases at its death.

    A lease with a time on it would be wrong twice: when the clock is set, and when a process that
    slept past its lease goes on with what another has taken over.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.name = secrets.token_hex(8)
        self._forget()
        self._held = {self.name: self._lock(self.name)}

    def is_alive(self, name: str) -> bool:
        """Whether the process of this name still runs."""
        return is_held(self._folder / name)

    def take(self, name: str) -> bool:
        """Becomes the only one with this task until the process ends; False while another is."""
        try:
            self._held[name] = self._lock(f"{name}{TASK}")
        except BlockingIOError:
            return False
        return True

    def drop(self, name: str) -> None:
        """Leaves the task to the process that takes it next."""
        if name in self._held:
            os.close(self._held.pop(name))

    def leave(self) -> None:
        """Lets go of everything; for an orderly end, and for tests that let a process die."""
        held, self._held = self._held, {}  # a thread that takes a task right now disturbs nobody
        for descriptor in held.values():
            os.close(descriptor)

    def _lock(self, name: str) -> int:
        descriptor = os.open(self._folder / name, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise
        return descriptor

    def _forget(self) -> None:
        """Removes the files of processes that ended long ago.

        A young one may belong to a process that just begins.
        """
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if (
                    path.suffix != TASK
                    and abs(time.time() - path.stat().st_mtime) > FORGOTTEN
                    and not self.is_alive(path.name)
                ):
                    path.unlink()


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock on this file."""
    try:
        found = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(found)
    return False


class Steady:
    """Seconds since the machine started, and which start that was.

    Setting the wall clock changes neither.
    """

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self.boot = BOOT.read_text().strip() if BOOT.exists() else secrets.token_hex(8)
        self._now = now or (
            lambda: time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
        )
        self._seen: dict[str, float] = {}

    def now(self) -> float:
        """Seconds since this start of the machine."""
        return self._now()

    def since(self, key: str, boot: str, moment: float) -> float:
        """Seconds that have surely passed since the moment.

        Of another start only those since ``key`` was asked for.
        """
        if boot == self.boot:
            return self.now() - moment
        return self.now() - self._seen.setdefault(f"{key} {boot} {moment}", self.now())
