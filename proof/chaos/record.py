"""What the attendants remember.

They remember every save with the words that name it, and what they were told of it.
"""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

TOKEN = re.compile(r"\bc(\d{7})\b")


class Kind(StrEnum):
    """What is saved. Links stay with us; everything else goes to the CRM."""

    LEAD = "lead"
    NOTE = "note"
    NEGOTIATION = "negotiation"
    UPDATE = "update"
    STAGE = "stage"
    WIN = "win"
    LINK = "link"


class Fate(StrEnum):
    """What the attendant was told.

    It was done or on its way, not done, or nothing that could be trusted.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DOUBT = "doubt"


@dataclass
class Save:
    """One press of a save button with all its repetitions.

    ``mark`` is in its words and nowhere else.

    ``contact`` and ``deal`` are the marks of what it belongs to (a client's reference for those
    known before); ``value`` is what was set where the words cannot carry a mark: a stage, a link.
    ``posted`` is all that its form sent: a form that came back brings along what was asked for
    then. ``returned``: its form came back and was used for something else; ``resaved``: it came
    back and was saved again.
    """

    mark: str
    kind: Kind
    person: str
    contact: str
    deal: str = ""
    value: str = ""
    key: str = ""
    fate: Fate = Fate.DOUBT
    order: int = 0
    tries: int = 0
    status: int = 0
    state: str = ""
    began: float = 0.0
    answered: float = 0.0
    returned: bool = False
    resaved: bool = False
    comebacks: int = 0
    posted: Mapping[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)


class History:
    """All saves of a run, in the order in which they were begun; safe for many attendants."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.saves: list[Save] = []
        self._lock = threading.Lock()
        self._marks = itertools.count(1)
        self._orders = itertools.count(1)
        self._by_key: dict[str, Save] = {}

    def mark(self) -> str:
        """A word that nothing else holds."""
        with self._lock:
            return f"c{next(self._marks):07d}"

    def begin(self, save: Save, *, extra: bool = False) -> bool:
        """Whether it is still wanted, as an extra one always is; from here on it counts."""
        with self._lock:
            if len(self.saves) >= self.wanted and not extra:
                return False
            self.saves.append(save)
            self._give_back(save)
        save.began = time.time()
        return True

    def answer(self, save: Save, fate: Fate) -> None:
        """What the attendant was told in the end."""
        with self._lock:
            save.fate, save.answered = fate, time.time()
            save.order = next(self._orders)

    def _give_back(self, save: Save) -> None:
        """Notes that a form came with the key of an earlier save, which was handed back.

        That save is over, and was not done.
        """
        before = self._by_key.get(save.key) if save.key else None
        if before is not None:
            before.returned = True
        self._by_key[save.key] = save
