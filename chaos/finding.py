"""What became of one save."""

from __future__ import annotations

from dataclasses import dataclass

from chaos.record import Fate, Save


@dataclass
class Finding:
    """How often a save is there, at which place first, and what is wrong with it."""

    save: Save
    fate: Fate
    times: int = 0
    place: int = 0
    arrived_at: float = 0.0
    lost: bool = False
    doubled: bool = False
    out_of_order: bool = False
    there_though_refused: bool = False
    held: bool = False

    @property
    def wrong(self) -> bool:
        """Whether the product broke its promise."""
        return self.lost or self.doubled or self.out_of_order or self.there_though_refused

    def saw(self, place: int, at: float) -> None:
        """Its first arrival counts for order."""
        if not self.place or place < self.place:
            self.place, self.arrived_at = place, at
