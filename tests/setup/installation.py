"""A data folder under examination, with the product over it."""

from pathlib import Path
from typing import Any

from tests.product import product, settings_for
from widget.diagnosis.findings import Finding
from widget.diagnosis.installation import Installation, installation_of
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS


def settings(crm: Emulator, folder: Path, **options: Any) -> Settings:
    """The options of a product over that CRM."""
    return settings_for(crm, folder, **{"wait": 3, "parents": (), **options})


def inhabited(crm: Emulator, folder: Path, **options: Any) -> Installation:
    """A installation in which the product has started once."""
    product(crm, folder, **options)
    return installation_of(CRMS, settings(crm, folder))


def slugs(findings: Any) -> list[str]:
    """What was found, by its names."""
    found: list[Finding] = list(findings)
    return [finding.slug for finding in found]
