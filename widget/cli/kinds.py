"""Which kind of CRM an integration is, for commands that serve nothing."""

from __future__ import annotations

import json
from pathlib import Path

from widget.crm.port import Kind
from widget.domain.integrations import USUAL_KIND
from widget.domain.settings import Settings
from widget.registry import CRMS
from widget.store.engine.reading import reading


def kind_of(settings: Settings, integration: str) -> Kind:
    """The kind that is stored.

    The integration of the options is no row of the file, and has the usual kind.
    """
    path = Path(settings.data) / "vinculo.db"
    if not path.exists():
        return CRMS[USUAL_KIND]
    with reading(path) as reader:
        if not reader.has_table("integrations"):
            return CRMS[USUAL_KIND]
        row = reader.row("SELECT body FROM integrations WHERE id = ?", integration)
    return CRMS[json.loads(row["body"]).get("kind", USUAL_KIND) if row else USUAL_KIND]
