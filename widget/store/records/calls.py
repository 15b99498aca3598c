"""The last calls to the CRM: what was asked, how long it took, what shape came back.

Never what was in it.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

from widget.domain.traffic import Call
from widget.store.engine.lines import MOST, Tail

_NAMES = {field.name for field in fields(Call)}


class Calls:
    """The calls of all processes of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._tail = Tail(folder / "calls.jsonl")

    def add(self, call: Call) -> None:
        """Notes a call."""
        self._tail.add({name: value for name, value in asdict(call).items() if value != ""})

    def last(self, most: int = MOST) -> list[Call]:
        """The newest calls, oldest first."""
        return [
            Call(**{k: v for k, v in told.items() if k in _NAMES}) for told in self._tail.last(most)
        ]
