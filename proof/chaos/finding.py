"""What became of one save."""

from __future__ import annotations

from dataclasses import dataclass

from proof.chaos.record import Fate, Save


@dataclass
class Finding:
    """How often a save is there, at which place first, and what is wrong with it.

    ``stands``: at the end the record that it changed holds what was asked for last.

    ``called_done``: the journal says so, and it is not there. ``alarmed``: the CRM lost or doubled
    it, and the attendant is shown that.
    """

    save: Save
    fate: Fate
    times: int = 0
    place: int = 0
    arrived_at: float = 0.0
    stands: bool = False
    lost: bool = False
    doubled: bool = False
    out_of_order: bool = False
    there_though_refused: bool = False
    in_wrong_record: bool = False
    called_done: bool = False
    alarmed: bool = False
    held: bool = False

    @property
    def wrong(self) -> bool:
        """Whether the product broke its promise."""
        return any(
            (
                self.lost,
                self.doubled,
                self.out_of_order,
                self.there_though_refused,
                self.in_wrong_record,
                self.called_done,
            )
        )

    def saw(self, place: int, at: float) -> None:
        """Its first arrival counts for order."""
        if not self.place or place < self.place:
            self.place, self.arrived_at = place, at
