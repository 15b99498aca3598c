"""What both files hold at the end.

They hold the CRM's own tables and its log of commits, and our journal and links.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from proof.chaos.record import TOKEN, Kind

_CRM_ZONE = timezone(timedelta(hours=-3))
# Where the mark of each kind stands when it is inserted: (table, column).
INSERTED = {
    Kind.LEAD: ("contato", "nome"),
    Kind.NEGOTIATION: ("crm_negociacoes", "descricao"),
    Kind.NOTE: ("crm_prospeccao_anotacoes", "anotacao"),
}
WITH_REMARKS = ("contato", "cliente", "crm_negociacoes")
OPEN = ("kept", "sending", "unknown")
TWINS = "twins"


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
class Place:
    """Whose record holds a mark: a contact and a negotiation, by their marks.

    A client by its reference.
    """

    contact: str
    deal: str = ""


@dataclass(frozen=True)
class Evidence:
    """What both files hold at the end.

    ``texts`` are every mark's occurrences in notes, names, titles, remarks; ``places`` tells whose
    records these are. ``leads`` and ``deals`` are marks by number: what is there twice has two.
    ``alarms`` are the columns that the CRM dropped, and "twins", by the form's key, as far as an
    attendant is shown them.
    """

    arrivals: list[Arrival]
    texts: Counter[str]
    emails: Mapping[str, str]
    deals: Mapping[str, str]
    links: Mapping[str, str]
    states: Mapping[str, str]
    met: list[tuple[str, str, str, Mapping[str, str]]]
    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, list[Place]] = field(default_factory=dict)
    alarms: Mapping[str, frozenset[str]] = field(default_factory=dict)


def gather(crm_file: Path, store_file: Path) -> Evidence:
    """Reads both files."""
    crm, store = sqlite3.connect(crm_file, timeout=30), sqlite3.connect(store_file, timeout=30)
    try:
        return Evidence(
            arrivals=_arrivals(crm),
            texts=_texts(crm),
            emails={
                str(number): email for number, email in crm.execute("SELECT id, email FROM contato")
            },
            deals=_marked(crm.execute("SELECT id, descricao FROM crm_negociacoes")),
            links=dict(store.execute("SELECT person, contact FROM links WHERE denied = 0")),
            states=dict(store.execute("SELECT key, state FROM journal")),
            met=_met(crm),
            needs=_needs(store),
            leads=_leads(crm),
            places=places(crm),
            alarms=_alarms(store),
        )
    finally:
        crm.close()
        store.close()


def still_open(store_file: Path) -> int:
    """How many writes the journal has not settled yet."""
    store = sqlite3.connect(store_file, timeout=30)
    try:
        marks = ", ".join("?" * len(OPEN))
        # for a person, not for the worker
        waits = "root IN (SELECT root FROM journal WHERE state = 'refused')"
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


def _arrivals(crm: sqlite3.Connection) -> list[Arrival]:
    sql = "SELECT id, moment, what, tabela, record, summary FROM emulator_arrived ORDER BY id"
    return [
        Arrival(number, _epoch(moment), what, table, record, json.loads(summary))
        for number, moment, what, table, record, summary in crm.execute(sql)
    ]


def _met(crm: sqlite3.Connection) -> list[tuple[str, str, str, Mapping[str, str]]]:
    sql = "SELECT mishap, tabela, record, summary FROM emulator_met ORDER BY id"
    return [
        (mishap, table, record, json.loads(summary))
        for mishap, table, record, summary in crm.execute(sql)
    ]


def _needs(store: sqlite3.Connection) -> dict[str, frozenset[str]]:
    found = store.execute("SELECT key, work FROM journal")
    return {key: frozenset(json.loads(work)["needs"]) for key, work in found}


def _alarms(store: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """What support alone sees is no alarm, nor is what somebody has seen."""
    found: dict[str, frozenset[str]] = {}
    for root, dropped, twins in store.execute(
        "SELECT root, dropped, twins FROM journal WHERE state = 'done' AND seen = 0"
    ):
        named = frozenset(json.loads(dropped)) | (
            frozenset({TWINS}) if json.loads(twins) else frozenset()
        )
        found[root] = found.get(root, frozenset()) | named
    return found


def _texts(crm: sqlite3.Connection) -> Counter[str]:
    found: Counter[str] = Counter()
    columns = [*INSERTED.values(), *((table, "obs") for table in WITH_REMARKS)]
    for table, column in columns:
        for (text,) in crm.execute(f'SELECT "{column}" FROM "{table}"'):
            found.update(marks(text))
    return found


def places(crm: sqlite3.Connection) -> dict[str, list[Place]]:
    """Where each mark stands. A number that names nobody we know is nobody's."""
    leads = _leads(crm)
    found: dict[str, list[Place]] = defaultdict(list)
    deals = {
        "0": Place(""),
        "": Place(""),
    }
    sql = "SELECT id, descricao, obs, id_contato, id_cliente FROM crm_negociacoes"
    for number, title, remarks, lead, client in crm.execute(sql):
        place = Place(_owner(leads, lead, client), next(iter(marks(title)), str(number)))
        deals[str(number)] = place
        for mark in [*marks(title), *marks(remarks)]:
            found[mark].append(place)
    for table, owner in (("contato", leads.get), ("cliente", "client-{}".format)):
        for number, remarks in crm.execute(f"SELECT id, obs FROM \"{table}\" WHERE obs <> ''"):
            for mark in marks(remarks):
                found[mark].append(Place(owner(str(number)) or ""))
    for text, deal, client in crm.execute(
        "SELECT anotacao, id_negociacao, id_cliente FROM crm_prospeccao_anotacoes"
    ):
        of_deal = deals.get(str(deal), Place("", str(deal)))
        contact = _owner(leads, "", client) or of_deal.contact
        for mark in marks(text):
            found[mark].append(Place(contact, of_deal.deal))
    return found


def _owner(leads: Mapping[str, str], lead: str, client: str) -> str:
    return leads.get(str(lead), "") or (f"client-{client}" if str(client) not in {"", "0"} else "")


def _leads(crm: sqlite3.Connection) -> dict[str, str]:
    return _marked(crm.execute("SELECT id, nome FROM contato"))


def _marked(rows: Iterable[tuple[int, str]]) -> dict[str, str]:
    return {str(number): mark for number, text in rows for mark in marks(text)}


def _epoch(moment: str) -> float:
    return datetime.strptime(moment, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CRM_ZONE).timestamp()
