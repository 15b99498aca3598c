"""The engines that the tests of the stores run on. One more is a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from widget.store.engine import copies
from widget.store.engine.database import Database
from widget.store.engine.port import Processes, Store
from widget.store.engine.presence import Presence

FILE = "vinculo.db"


@dataclass(frozen=True)
class Engine:
    """How an engine is opened over a folder of the test's own, and how it is copied."""

    store: Callable[[Path], Store]
    processes: Callable[[Path], Processes]
    back_up: Callable[[Path, Path], object]
    restore: Callable[[Path, Path], object]


ENGINES = {
    "sqlite": Engine(
        lambda folder: Database(folder / FILE),
        lambda folder: Presence(folder / "run"),
        lambda folder, target: copies.back_up(folder / FILE, target),
        lambda folder, source: copies.restore(folder / FILE, source),
    ),
}
