"""The last calls to the CRM: what was asked, how long it took, what shape came back.

Never what was in it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from widget.store.engine.lines import MOST, Tail


@dataclass(frozen=True)
class Call:
    """One exchange.

    ``columns`` it asked by, ``status`` 0 for none, ``code`` of the error that it became, "" for
    none.

    ``request`` is the number that the attendant's screen shows beside the code.
    """

    at: float = 0.0
    integration: str = ""
    resource: str = ""
    verb: str = ""
    columns: str = ""
    status: int = 0
    ms: int = 0
    shape: str = ""
    code: str = ""
    request: str = ""


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
