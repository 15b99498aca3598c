"""Which kind of CRM an integration is, for commands that serve nothing."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from widget.crm.port import Kind
from widget.domain.settings import Settings
from widget.registry import CRMS
from widget.store.engine.sqlite import connect, translated
from widget.store.records.integrations import USUAL_KIND


def kind_of(settings: Settings, integration: str) -> Kind:
    """The kind that is stored.

    The integration of the options is no row of the file, and has the usual kind.
    """
    path = Path(settings.data) / "vinculo.db"
    if not path.exists():
        return CRMS[USUAL_KIND]
    sql = "SELECT body FROM integrations WHERE id = ?"
    with translated(path), closing(connect(path, "ro")) as connection:
        if not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'integrations'"
        ).fetchone():
            return CRMS[USUAL_KIND]
        row = connection.execute(sql, (integration,)).fetchone()
    return CRMS[json.loads(row[0]).get("kind", USUAL_KIND) if row else USUAL_KIND]
