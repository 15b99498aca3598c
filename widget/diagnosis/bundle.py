"""The support bundle: one file that tells what happened.

It holds no secrets and nobody's data.
"""

from __future__ import annotations

import json
import platform
import re
import ssl
import sys
from collections import Counter
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from widget.diagnosis.findings import Finding
from widget.diagnosis.installation import Installation
from widget.domain import logs, settings
from widget.domain.errors import StorageFailed
from widget.store.engine.sqlite import SQLITE_VERSION
from widget.store.journal.entries import MANY
from widget.store.journal.survey import survey

FORMAT = 1
MOST_CALLS, MOST_ARRIVALS, MOST_WRITES = 500, 100, 300
PACKAGES = (
    "flask",
    "gunicorn",
    "requests",
    "urllib3",
    "pyjwt",
    "cryptography",
    "sqlite-utils",
    "pysqlite3",
)
ADDRESS = re.compile(r"((?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\d.]))")
MANIFEST = Path(__file__).parent.parent.parent / "manifest.json"


def bundle(installation: Installation, findings: list[Finding]) -> str:
    """The bundle as JSON text."""
    told = {
        "format": FORMAT,
        "made_at": round(installation.clock(), 1),
        "versions": _versions(),
        "settings": settings.told(installation.settings),
        "integrations": [
            {
                "id": t.id,
                "url": t.url,
                "wait": t.wait,
                "active": t.active,
                "index": t.index,
                "own_authority": bool(t.authority),
            }
            for t in installation.integrations
        ],
        "diagnosis": [
            {
                **finding.told(),
                "values": dict(finding.values),
            }
            for finding in findings
        ],
        "calls": [asdict(call) for call in installation.calls.last(MOST_CALLS)],
        "arrivals": [asdict(arrival) for arrival in installation.arrivals.last(MOST_ARRIVALS)],
        "writes": _writes(installation),
    }
    return json.dumps(_cleaned(told), ensure_ascii=False, indent=1)


def _versions() -> dict[str, str]:
    found = {name: _version(name) for name in PACKAGES}
    return {
        "vinculo": str(json.loads(MANIFEST.read_text())["version"]),
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "sqlite": SQLITE_VERSION,
        "openssl": ssl.OPENSSL_VERSION,
        **found,
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _writes(installation: Installation) -> dict[str, Any]:
    """How many are in which state, and the open ones: numbers, states, codes, subjects.

    No word of what was typed.
    """
    if not installation.file.exists():
        return {}
    try:
        found = survey(installation.file, MANY)
    except StorageFailed as failure:
        return {"unreadable": failure.code}
    return {
        "states": dict(Counter(one.entry.state.value for one in found)),
        "left": [
            {
                "number": one.entry.seq,
                "action": one.entry.origin.action,
                "subject": one.entry.table,
                "verb": one.entry.work["verb"],
                "state": one.entry.state.value,
                "why": one.entry.why,
                "attempts": one.entry.attempts,
                "sends": one.entry.sends,
                "kept_at": round(one.entry.kept_at),
                "waits_for": one.waits_for,
                "needs_a_person": one.needs_a_person,
            }
            for one in found[:MOST_WRITES]
        ],
    }


def _cleaned(value: Any) -> Any:
    """Masks what slipped in against all care.

    That is what looks like a secret or like somebody's number.
    """
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    return _masked(value) if isinstance(value, str) else value


def _masked(text: str) -> str:
    """Masks a text but for addresses of machines.

    These look like phone numbers and are what support must see.
    """
    parts = ADDRESS.split(text)
    return "".join(part if number % 2 else logs.masked(part) for number, part in enumerate(parts))
