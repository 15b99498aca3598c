"""Commands for support from afar: the bundle, and a CRM that fails as a bundle shows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from widget.cli.doctor import stored
from widget.diagnosis.bundle import FORMAT, bundle
from widget.diagnosis.diagnosis import examine
from widget.diagnosis.installation import installation_of
from widget.diagnosis.replaying import switches_of
from widget.domain.settings import Settings
from widget.domain.texts import speak
from widget.registry import CRMS


def pack(settings: Settings, target: Path, *, mistakes: str = "", force: bool = False) -> int:
    """Writes the support bundle into a file; the exit status."""
    speak(settings.locale)
    installation = installation_of(CRMS, settings, stored=stored(settings), mistakes=mistakes)
    try:
        with target.open("w" if force else "x", encoding="utf-8") as file:
            file.write(bundle(installation, examine(installation)))
    except OSError as error:
        sys.stderr.write(f"No bundle was made: {error}\n")
        return 1
    sys.stdout.write(f"ok: {target}\n")
    return 0


def replayed(source: Path) -> dict[str, Any] | None:
    """The emulator's switches that show what a bundle shows.

    None, with the reason on stderr, if it is none.
    """
    try:
        told = json.loads(source.read_text("utf-8"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"It cannot be replayed: {error}\n")
        return None
    if isinstance(told, dict) and told.get("format") == FORMAT:
        return switches_of(told)
    sys.stderr.write("It cannot be replayed: it is no support bundle of this version\n")
    return None
