"""Whether our own files can be used: looked at beside running servers, and left as they are."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from widget.domain.integrations import MAIN
from widget.store.engine.presence import TASK, is_held
from widget.store.engine.sqlite import connect, look_for_damage, translated

# As much as a busy minute writes.
TRIAL = 256 * 1024
LOCK_SECONDS = 2.0
WORKER = "worker"


@dataclass(frozen=True)
class Disk:
    """How much is free, in bytes, and how long a sync takes, in seconds.

    A sync ends when something surely lies on the disk.
    """

    free: int
    sync: float


def try_disk(folder: Path) -> Disk:
    """Writes a little, waits until it lies there, takes it away again; raises StorageFailed."""
    trial = folder / f".trial-{secrets.token_hex(4)}"
    with translated(folder):
        started = time.perf_counter()
        try:
            with trial.open("wb") as file:
                file.write(secrets.token_bytes(TRIAL))
                file.flush()
                os.fsync(file.fileno())
        finally:
            with suppress(OSError):
                trial.unlink()
        return Disk(shutil.disk_usage(folder).free, time.perf_counter() - started)


def try_file(path: Path) -> None:
    """Whether the database is whole and takes writes; raises StorageFailed. Nothing is changed."""
    with translated(path), closing(connect(path, "rw", LOCK_SECONDS)) as connection:
        look_for_damage(connection)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def open_keys(folder: Path) -> list[str]:
    """The files of keys that others on this machine may read."""
    return sorted(
        path.name
        for path in folder.glob("*.txt")
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )


def servers(folder: Path, but: str = "") -> int:
    """How many processes of ours live on this data folder, without the one of this name."""
    names = [
        path.name for path in _files(folder / "run") if path.suffix != TASK and path.name != but
    ]
    return sum(is_held(folder / "run" / name) for name in names)


def has_task(folder: Path, task: str) -> bool:
    """Whether one of them does this task."""
    return is_held(folder / "run" / f"{task}{TASK}")


def worker_of(integration: str) -> str:
    """The task of whoever settles the writes of this integration."""
    return WORKER if integration == MAIN else f"{WORKER}-{integration}"


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
