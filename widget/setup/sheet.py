"""A form of the set-up pages as it is drawn: what was typed, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Sheet:
    """Values and problems by the names of the fields."""

    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
