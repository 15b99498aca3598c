"""What can be switched while the emulator runs.

That is quirks of real bases, and faults with their scope.
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from widget.emulator.crm.checks import checked
from widget.emulator.crm.plan import MISHAPS, Ordered, Planner

FAULTS = (
    "none",
    "html200",
    "empty200",
    "braces200",
    "truncated",
    "400",
    "401",
    "403",
    "404",
    "429",
    "500",
    "502",
    "503",
    "504",
    "redirect",
    "error",
    "reset",
    "reset_after_commit",
    "cut_body",
    "drip",
    "drip_headers",
    "half_headers",
    "huge",
    "hang",
    "lie",
    "wrong_number",
    "late_success",
    "repeated",
)
# Faults of writes alone, which seem to succeed: their own names say what is committed, and when.
DECEPTIVE = frozenset({"lie", "wrong_number", "late_success", "repeated"})
# Faults that spoil an answer that was made: unless told otherwise the write behind it has happened.
SPOILING = frozenset(
    {
        "empty200",
        "braces200",
        "truncated",
        "reset_after_commit",
        "cut_body",
        "drip",
        "drip_headers",
        "half_headers",
    }
)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "fault": FAULTS,
    "fault_on": ("read", "write", "all"),
    "put_missing": ("html", "blank"),
    "long_notes": ("accept", "cut", "refuse"),
    "charset": ("utf-8", "cp1252", "broken"),
    "zero_date": ("0000-00-00", "", "-0001-11-30", "1899-11-30", "0001-01-01"),
    "date_format": ("iso", "br"),
}


@dataclass(frozen=True)
class Switches:
    """Every switch with the value of a healthy, usual base."""

    delay_seconds: float = 0.0
    jitter: float = 0.0
    not_released: tuple[str, ...] = ()
    not_permitted: tuple[str, ...] = ()
    not_writable: tuple[str, ...] = ()
    require_branch: bool = False
    require_client: bool = False
    total_as_number: bool = False
    id_as_number: bool = False
    empty_insert_answer: bool = False
    ip_blocked: bool = False
    drop_fields: tuple[str, ...] = ()
    hide_fields: tuple[str, ...] = ()
    unfilterable: tuple[str, ...] = ()
    unheeded: tuple[str, ...] = ()
    put_missing: str = "html"
    unique: tuple[str, ...] = ()
    reuse_numbers: bool = False
    frozen_fields: tuple[str, ...] = ()
    stale_reads: bool = False
    column_limits: Mapping[str, int] = field(default_factory=dict)
    cut_at_emoji: bool = False
    preamble: str = ""
    ascii_json: bool = True
    charset: str = "utf-8"
    refusals_as_html: bool = False
    rp_cap: int = 0
    bad_rows: tuple[str, ...] = ()
    double_rows: tuple[str, ...] = ()
    rows_as_object: bool = False
    bare_columns: bool = False
    query_string: bool = False
    zero_date: str = "0000-00-00"
    decimal_comma: bool = False
    date_format: str = "iso"
    long_notes: str = "accept"
    note_limit: int = 4000
    fault: str = "none"
    fault_on: str = "all"
    fault_resources: tuple[str, ...] = ()
    fault_times: int | None = None
    commit: bool | None = None
    commit_delay_seconds: float = 0.0
    retry_after_seconds: int = 2
    drip_seconds: float = 0.05
    huge_bytes: int = 20_000_000
    plan: Mapping[str, float] = field(default_factory=dict)
    plan_seed: int = 0
    plan_read_share: float = 0.25
    plan_wait_seconds: float = 1.0
    plan_while_seconds: float = 1.0


_TYPES = {item.name: item.type for item in fields(Switches)}


class Switchboard:
    """The switches of a running emulator, safe to change from any thread.

    `turned` hears of each change.
    """

    def __init__(
        self, seed: int, turned: Callable[[Switches, Switches], None] = lambda _before, _now: None
    ) -> None:
        self._turned = turned
        self._lock = threading.Lock()
        self._switches = Switches()
        self._random = random.Random(seed)
        self._planner = Planner(0)

    @property
    def switches(self) -> Switches:
        return self._switches

    def state(self) -> dict[str, Any]:
        return asdict(self._switches)

    def changed(self) -> list[tuple[str, str]]:
        """The switches that are not as in a usual base, as text."""
        usual = asdict(Switches())
        changed = [(name, value) for name, value in self.state().items() if value != usual[name]]
        return [
            (name, ", ".join(value) if isinstance(value, tuple) else str(value))
            for name, value in changed
        ]

    def change(self, changes: Mapping[str, Any]) -> None:
        """Sets the given switches, all or none. Raises WrongSwitchError."""
        taken = {name: checked(name, value, _TYPES, _CHOICES) for name, value in changes.items()}
        with self._lock:
            self._turn(replace(self._switches, **taken))
            if "plan" in taken or "plan_seed" in taken:
                self._planner = Planner(self._switches.plan_seed)

    def reset(self) -> None:
        with self._lock:
            self._turn(Switches())
            self._planner = Planner(0)

    def delay(self) -> float:
        """Seconds to wait before the next answer."""
        switches = self._switches
        return max(0.0, switches.delay_seconds + self._random.uniform(-1, 1) * switches.jitter)

    def take(self, *, write: bool, resource: str) -> Ordered:
        """What this request meets, mostly nothing.

        It is the ordered fault, which is counted down, else one of the plan.
        """
        with self._lock:
            now = self._switches
            if not _reaches(now, write=write, resource=resource):
                return self._planned(now, write=write)
            if now.fault_times is not None:
                self._switches = replace(now, fault_times=now.fault_times - 1)
            return Ordered(now.fault, commits(now, now.fault), now.commit_delay_seconds)

    def _turn(self, now: Switches) -> None:
        before, self._switches = self._switches, now
        self._turned(before, now)

    def _planned(self, now: Switches, *, write: bool) -> Ordered:
        if not now.plan:
            return Ordered()
        share = 1.0 if write else now.plan_read_share
        drawn = self._planner.draw(
            now.plan, share=share, wait=now.plan_wait_seconds, while_seconds=now.plan_while_seconds
        )
        spared = "read" if write else "write"
        return Ordered() if drawn.mishap and MISHAPS[drawn.mishap].on == spared else drawn


def _reaches(now: Switches, *, write: bool, resource: str) -> bool:
    """Whether the ordered fault is meant for this request."""
    if (
        now.fault == "none"
        or now.fault_times == 0
        or now.fault_on == ("read" if write else "write")
    ):
        return False
    if now.fault in DECEPTIVE and not write:
        return False
    return not now.fault_resources or resource in now.fault_resources


def commits(switches: Switches, fault: str) -> bool:
    """Whether a write that meets this fault happens all the same."""
    return fault in SPOILING if switches.commit is None else switches.commit
