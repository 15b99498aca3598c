"""What both files hold at the end: the CRM's own tables and its log of commits, our journal and links."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from chaos.record import TOKEN, Kind

_CRM_ZONE = timezone(timedelta(hours=-3))
# Where the mark of each kind stands when it is inserted: (table, column).
INSERTED = {
    Kind.LEAD: ("contato", "nome"),
    Kind.NEGOTIATION: ("crm_negociacoes", "descricao"),
    Kind.NOTE: ("crm_prospeccao_anotacoes", "anotacao"),
}
WITH_REMARKS = ("contato", "cliente", "crm_negociacoes")
OPEN = ("kept", "sending", "unknown")


@dataclass(frozen=True)
class Arrival:
    """One committed write of the CRM; ``place`` counts them in their order."""

    place: int
    at: float
    what: str
    table: str
    record: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Evidence:
    """What both files hold at the end. ``texts`` are every mark's occurrences in notes, names, titles, remarks."""

    arrivals: list[Arrival]
    texts: Counter[str]
    emails: Mapping[str, str]
    deals: Mapping[str, str]
    links: Mapping[str, str]
    states: Mapping[str, str]
    met: list[tuple[str, str, str, Mapping[str, str]]]
    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)


def gather(crm_file: Path, store_file: Path) -> Evidence:
    """Reads both files, which nobody writes any more."""
    crm, store = sqlite3.connect(crm_file), sqlite3.connect(store_file)
    try:
        return Evidence(
            arrivals=[
                Arrival(number, _epoch(moment), what, table, record, json.loads(summary))
                for number, moment, what, table, record, summary in crm.execute(
                    "SELECT id, moment, what, tabela, record, summary FROM emulator_arrived ORDER BY id"
                )
            ],
            texts=_texts(crm),
            emails={str(number): email for number, email in crm.execute("SELECT id, email FROM contato")},
            deals=_marked(crm.execute("SELECT id, descricao FROM crm_negociacoes")),
            links=dict(store.execute("SELECT person, contact FROM links WHERE denied = 0")),
            states=dict(store.execute("SELECT key, state FROM journal")),
            needs={
                key: frozenset(json.loads(work)["needs"])
                for key, work in store.execute("SELECT key, work FROM journal")
            },
            met=[
                (mishap, table, record, json.loads(summary))
                for mishap, table, record, summary in crm.execute(
                    "SELECT mishap, tabela, record, summary FROM emulator_met ORDER BY id"
                )
            ],
        )
    finally:
        crm.close()
        store.close()


def still_open(store_file: Path) -> int:
    """How many writes the journal has not settled yet."""
    store = sqlite3.connect(store_file, timeout=30)
    try:
        marks = ", ".join("?" * len(OPEN))
        waits = "root IN (SELECT root FROM journal WHERE state = 'refused')"  # for a person, not for the worker
        sql = f"SELECT count(*) FROM journal WHERE state IN ({marks}) AND NOT {waits}"
        return int(store.execute(sql, OPEN).fetchone()[0])
    finally:
        store.close()


def refused_now(store_file: Path) -> set[str]:
    """The keys of what was accepted and then refused by the CRM: it waits for a person."""
    store = sqlite3.connect(store_file, timeout=30)
    try:
        return {key for (key,) in store.execute("SELECT key FROM journal WHERE state = 'refused'")}
    finally:
        store.close()


def marks(text: str) -> list[str]:
    """The marks of saves inside a text."""
    return [f"c{digits}" for digits in re.findall(TOKEN, text)]


def _texts(crm: sqlite3.Connection) -> Counter[str]:
    found: Counter[str] = Counter()
    columns = [*INSERTED.values(), *((table, "obs") for table in WITH_REMARKS)]
    for table, column in columns:
        for (text,) in crm.execute(f'SELECT "{column}" FROM "{table}"'):
            found.update(marks(text))
    return found


def _marked(rows: Iterable[tuple[int, str]]) -> dict[str, str]:
    return {mark: str(number) for number, text in rows for mark in marks(text)}


def _epoch(moment: str) -> float:
    return datetime.strptime(moment, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CRM_ZONE).timestamp()
