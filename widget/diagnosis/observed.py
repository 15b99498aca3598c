"""What our files say of attendants, consoles and the index.

They are read beside running servers, and left as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import cast

from widget.domain.integrations import Integration
from widget.store.engine.database import Database
from widget.store.engine.reading import reading
from widget.store.engine.vault import Vault
from widget.store.journal.register import IS_LEFT
from widget.store.people.fills import Fills, Progress
from widget.store.records.integrations import Integrations


def emails(path: Path, integration: str, most: int) -> dict[str, str]:
    """The e-mails of the attendants seen last who have not chosen their employee.

    Each stands under what may be shown of it.
    """
    with reading(path) as reader:
        rows = reader.rows(
            "SELECT host, account, number, email FROM attendants WHERE email <> '' AND host || "
            "':' || account || ':' ||"
            " number NOT IN (SELECT attendant FROM owners WHERE integration = ?) ORDER BY seen_at "
            "DESC LIMIT ?",
            integration,
            most,
        )
    return {f"{row['host']} {row['account']} nº {row['number']}": row["email"] for row in rows}


def parents(path: Path) -> dict[str, tuple[str, ...]]:
    """Which origins may embed the panel, by console and account."""
    with reading(path) as reader:
        rows = reader.rows("SELECT host, account, parents FROM accounts")
    return {f"{row['host']} {row['account']}": tuple(row["parents"].split()) for row in rows}


def index(path: Path, integration: str, tables: Collection[str]) -> tuple[int, Progress]:
    """How many people are mirrored, and how far the index is."""
    with reading(path) as reader:
        row = reader.row(
            "SELECT count(*) AS n FROM people WHERE block = (SELECT number FROM blocks WHERE "
            "integration = ?)",
            integration,
        )
        fills = Fills(cast(Database, reader), integration, lambda: 0.0, tables)
        return int(row["n"]) if row else 0, fills.progress()


def left(path: Path) -> dict[tuple[str, str], float]:
    """How many writes are on their way or wait for a person, by integration and state."""
    with reading(path) as reader:
        rows = reader.rows(
            f"SELECT integration, state, count(*) AS n FROM journal WHERE {IS_LEFT} "  # noqa: S608
            "GROUP BY integration, state"
        )
    return {(row["integration"], row["state"]): float(row["n"]) for row in rows}


def integrations(path: Path, vault_key: str) -> list[Integration]:
    """The CRMs that were set up; a file from before there were any has none."""
    with reading(path) as reader:
        if not reader.has_table("integrations"):
            return []
        return Integrations(cast(Database, reader), Vault(vault_key), None).all()
