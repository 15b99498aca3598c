"""A data folder under examination, with the product over it."""

from pathlib import Path
from typing import Any

from tests.product import product
from widget.diagnosis.findings import Finding
from widget.diagnosis.installation import House, house_of
from widget.domain.settings import Settings
from widget.emulator.crm.server import Emulator
from widget.registry import CRMS


def settings(crm: Emulator, folder: Path, **options: Any) -> Settings:
    """The options of a product over that CRM."""
    return Settings(
        **{
            "data": str(folder),
            "crm_url": crm.url,
            "crm_token": crm.token,
            "crm_wait": 3,
            **options,
        }
    )


def inhabited(crm: Emulator, folder: Path, **options: Any) -> House:
    """A house in which the product has started once."""
    product(crm, folder, **options)
    return house_of(CRMS, settings(crm, folder))


def slugs(findings: Any) -> list[str]:
    """What was found, by its names."""
    found: list[Finding] = list(findings)
    return [finding.slug for finding in found]
