"""What a check can find: a verdict, a sentence, and the one thing to do, where, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended.

    SKIPPED: a link before it is broken, or nothing is there to be judged yet.
    """

    OK = "ok"
    WARNING = "warning"
    FAILING = "failing"
    SKIPPED = "skipped"


class By(StrEnum):
    """Who can do the one thing.

    It is the person who uses the panel, who set it up, who keeps the CRM, or who keeps the network.
    """

    NOBODY = ""
    ATTENDANT = "attendant"
    INTEGRATOR = "integrator"
    CRM = "crm"
    NETWORK = "network"


@dataclass(frozen=True)
class Known:
    """One line of the catalogue.

    ``seen`` may have places for values, ``code`` is what attendants see for it.
    """

    verdict: Verdict
    seen: str
    remedy: str = ""
    where: str = ""
    by: By = By.NOBODY
    code: str = ""


def good(seen: str) -> Known:
    """All is well."""
    return Known(Verdict.OK, seen)


def unsure(
    seen: str, remedy: str = "", where: str = "", by: By = By.NOBODY, code: str = ""
) -> Known:
    """It works, or will soon not."""
    return Known(Verdict.WARNING, seen, remedy, where, by, code)


def bad(seen: str, remedy: str, where: str, by: By, code: str = "") -> Known:
    """A broken link."""
    return Known(Verdict.FAILING, seen, remedy, where, by, code)


def later(seen: str) -> Known:
    """Not judged."""
    return Known(Verdict.SKIPPED, seen)
