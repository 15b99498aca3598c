"""What has been asked of the emulator: the last calls, in order."""

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

_KEPT = 1000


@dataclass(frozen=True)
class Call:
    """One request and the kind of its answer ("list", "insert", "error: ...", "fault: 503")."""

    moment: str
    method: str
    resource: str
    record: str
    query: dict[str, str]
    kind: str
    status: int
    answer: str
    seconds: float


class Calls:
    """The last thousand calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=_KEPT)

    def add(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()

    def listed(self) -> list[dict[str, Any]]:
        """Oldest first."""
        with self._lock:
            return [asdict(call) for call in self._calls]
