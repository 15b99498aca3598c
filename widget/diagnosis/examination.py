"""What the checks of one CRM work with.

That is what was configured, what they hand on to each other, and their time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from widget.crm.port import Examined
from widget.crm.probe import Answer, Line, Place
from widget.diagnosis.findings import Finding
from widget.diagnosis.known import Verdict
from widget.domain.integrations import Integration

# The whole walk of one CRM ends within so many seconds, whatever is broken.
LONGEST = 9.0


@dataclass
class Examination:
    """One integration under examination. ``emails`` are those that the CRM should know."""

    kind: Examined
    integration: Integration
    emails: Mapping[str, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    until: float = field(default_factory=lambda: time.monotonic() + LONGEST)
    place: Place | None = None
    addresses: list[str] = field(default_factory=list)
    first: Answer | None = None
    times: list[float] = field(default_factory=list)
    rows: dict[str, Mapping[str, object] | None] = field(default_factory=dict)

    @property
    def left(self) -> float:
        """Seconds that the next call may take."""
        return max(0.5, min(self.integration.wait, self.until - time.monotonic()))

    @property
    def is_over(self) -> bool:
        """Whether nobody waits any more."""
        return time.monotonic() >= self.until

    def line(self) -> Line:
        """The way to the place, whose name is known already."""
        if self.place is None:
            raise RuntimeError("the address comes first")
        return Line(self.place, self.left, self.integration.authority, self.addresses)

    def ask(self, resource: str) -> Answer:
        """Asks for one row with the token."""
        return self.kind.sample(self.line(), resource, self.integration.token)

    def employee(self, email: str) -> Answer:
        """Asks for the employee behind an e-mail."""
        return self.kind.employee(self.line(), email, self.integration.token)


Check = Callable[[Examination], Iterator[Finding]]


def walk(examination: Examination, checks: Mapping[str, Check]) -> Iterator[Finding]:
    """Runs one check after the other; what comes after a broken one is skipped."""
    is_broken = False
    for name, check in checks.items():
        if is_broken:
            yield Finding(name, "skipped")
            continue
        started = time.monotonic()
        for finding in guarded(name, partial(_all, check, examination)):
            yield _timed(finding, started)
            is_broken = is_broken or finding.verdict is Verdict.FAILING


def _all(check: Check, examination: Examination) -> list[Finding]:
    return list(check(examination))


def guarded(name: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    """What a check finds; a mistake of ours in one check must not hide what the others find."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 -- the diagnosis goes on, and says so
        return [Finding(name, "check-broken", evidence=f"{type(error).__name__}: {error}"[:200])]


def _timed(finding: Finding, started: float) -> Finding:
    seconds = finding.seconds or time.monotonic() - started
    return Finding(
        finding.check, finding.slug, finding.values, finding.evidence, seconds, finding.subject
    )
