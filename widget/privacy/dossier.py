"""Everything that is kept of one person (LGPD): found, told as JSON, erased with a receipt.

It is found wherever it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from widget.brazil import documents, phones
from widget.brazil.names import fold
from widget.domain import errors
from widget.domain.model import Attendant, Contact, Origin, Ref
from widget.domain.texts import mark
from widget.privacy.traces import Found, Traces
from widget.store.ledger.ledger import EXPORTED

Row = Mapping[str, Any]


class StillOpen(errors.Stale):
    """Writes of the person have not reached the CRM."""

    code = "VNC-140"
    sentence = mark("Há gravações desta pessoa a caminho do CRM. Nada foi apagado.")
    advice = mark("Espere que cheguem, ou confirme que devem ser abandonadas.")


@dataclass(frozen=True)
class Dossier:
    """What was found.

    ``elsewhere`` counts texts about other contacts that mention the person: for people to judge.
    """

    refs: tuple[Ref, ...]
    found: Found
    told: Mapping[str, list[Any]]
    open: int
    elsewhere: int


def collect(traces: Traces, ref: Ref) -> Dossier:
    """Finds the contact, the lead or client that is the same person, and all that mentions them."""
    refs, contacts = _same_person(traces, ref)
    names, entries = traces.names(refs), traces.entries()
    clues = _Clues.of(contacts, [row["words"] for row in entries if row["contact"] in names])
    talks = [
        row
        for row in traces.conversations()
        if row["contact"] in names or clues.are_in(row["body"])
    ]
    keys = {_talk(row) for row in talks}
    lost = [
        r
        for r in entries
        if r["contact"].startswith("new-") and r["state"] == "refused" and r["conversation"] in keys
    ]
    mine = [row for row in entries if row["contact"] in names] + lost
    names = [*dict.fromkeys([*names, *(row["contact"] for row in lost)])]
    lines = traces.lines(names)
    numbers = {number for row in [*mine, *lines] if (number := row["negotiation"]).isdecimal()}
    kind = traces.kind
    numbers |= {row["id"] for row in traces.records(kind.negotiations) if kind.belongs(row, refs)}
    drafts = [
        r
        for r in traces.drafts()
        if r["conversation"] in keys or _drawn_for(r, names) or clues.are_in(r["body"])
    ]
    found = Found(
        names=tuple(names),
        talks=frozenset(row["key"] for row in talks),
        entries=frozenset(row["key"] for row in mine),
        drafts=frozenset((row["conversation"], row["form"], row["attendant"]) for row in drafts),
        negotiations=frozenset(numbers),
    )
    told = {
        "index": [row for one in refs for row in traces.mirrored(one)],
        "cache": [*_distinct(_cached(traces, refs, numbers))],
        "conversations": [json.loads(row["body"]) for row in talks],
        "links": traces.links(names),
        "reveals": traces.reveals(names),
        "drafts": [
            {
                **row,
                "body": json.loads(row["body"]),
            }
            for row in drafts
        ],
        "writes": [_readable(row) for row in mine],
        "qualifications": traces.qualifications(numbers),
        "ledger": [_readable(row) for row in lines],
    }
    others = [
        row for row in entries if row["key"] not in found.entries and clues.are_in(row["words"])
    ]
    is_open = [row for row in mine if row["state"] in {"kept", "sending", "unknown"}]
    return Dossier(refs, found, told, len(is_open), len(others))


def export(traces: Traces, ref: Ref, by: Attendant) -> dict[str, Any]:
    """All of it by table, for the person to read; that it was given out is sealed."""
    dossier = collect(traces, ref)
    counts = {name: str(len(rows)) for name, rows in dossier.told.items()}
    traces.note(EXPORTED, _origin(ref, by, "person.export"), counts)
    return {
        "person": [str(one) for one in dossier.refs],
        **dossier.told,
        "mentioned_elsewhere": dossier.elsewhere,
    }


def erase(traces: Traces, ref: Ref, by: Attendant, *, abandon: bool = False) -> dict[str, int]:
    """Erases all of it and keeps the person out of the index; the receipt's numbers.

    The CRM keeps its record.

    Raises StillOpen as long as something of it is on its way to the CRM, unless that is to be
    abandoned.
    """
    dossier = collect(traces, ref)
    if dossier.open and not abandon:
        raise StillOpen(f"{dossier.open} open")
    gone = traces.erase(
        dossier.found, _origin(ref, by, "person.erase"), traces.kind.lookups, dossier.refs
    )
    return {
        **gone,
        "elsewhere": dossier.elsewhere,
    }


@dataclass(frozen=True)
class _Clues:
    """What a text about the person would hold.

    That is compact documents, phones with area code, e-mails, and whole names.
    """

    numbers: frozenset[str]
    texts: frozenset[str]

    @classmethod
    def of(cls, contacts: Iterable[Contact], words: Iterable[str]) -> _Clues:
        numbers, texts = set(), set()
        typed = [
            value for text in words for value in json.loads(text).values() if isinstance(value, str)
        ]
        known = [v for c in contacts for v in (c.document, *c.phones, *c.emails)]
        for value in [*known, *(value for value in typed if len(value) < 80)]:
            if document := documents.find(value):
                numbers.add(document.number)
            elif phone := phones.parse(value):
                numbers |= {phone.digits, phone.key} if len(phone.digits) >= 10 else set()
            elif re.fullmatch(r"\S+@\S+\.\S+", value):
                texts.add(value.casefold())
        return cls(
            frozenset(numbers),
            frozenset(texts | {fold(c.name) for c in contacts if " " in c.name.strip()}),
        )

    def are_in(self, text: str) -> bool:
        """Whether one of them stands in the text, however it is written."""
        bare = re.sub(r"(?<=[0-9A-Z])[ .()/+-]+(?=[0-9A-Z])", "", text.upper())
        return any(number in bare for number in self.numbers) or any(
            one in fold(text) for one in self.texts
        )


def _same_person(traces: Traces, ref: Ref) -> tuple[tuple[Ref, ...], list[Contact]]:
    """The contact, and the client or leads that the CRM says are the same.

    As index and cache know them.
    """
    cached = [
        traces.kind.contact(s, row)
        for s, resource in traces.kind.contacts.items()
        for row in traces.records(resource)
    ]

    def known(one: Ref) -> list[Contact]:
        return [
            *(traces.kind.contact(one.source, row) for row in traces.mirrored(one)),
            *(c for c in cached if c.ref == one),
        ]

    is_client = ref.source == Ref.CLIENT
    clients = [ref.id] if is_client else sorted({c.client_id for c in known(ref)} - {""})
    leads = [number for client in clients for number in traces.leads_of(client)]
    leads += [c.ref.id for c in cached if c.client_id in clients]
    same = [
        ref,
        *(Ref(Ref.CLIENT, client) for client in clients),
        *(Ref(Ref.LEAD, lead) for lead in leads),
    ]
    refs = tuple(dict.fromkeys(same))
    return refs, [contact for one in refs for contact in known(one)]


def _cached(
    traces: Traces, refs: Iterable[Ref], negotiations: set[str]
) -> Iterator[Mapping[str, str]]:
    refs = tuple(refs)
    for source, resource in traces.kind.contacts.items():
        yield from (
            {
                "table": resource,
                **row,
            }
            for row in traces.records(resource)
            if Ref(source, row["id"]) in refs
        )
    for resource in traces.kind.owned:
        for row in traces.records(resource):
            is_theirs = traces.kind.negotiation_of(row) in negotiations - {""}
            if is_theirs or traces.kind.belongs(row, refs):
                yield {
                    "table": resource,
                    **row,
                }


def _distinct(rows: Iterable[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    seen: set[str] = set()
    for row in rows:
        if (text := json.dumps(row, sort_keys=True)) not in seen:
            seen.add(text)
            yield row


def _talk(row: Row) -> str:
    """What the conversation is called by drafts and entries."""
    return str(row["key"]).removesuffix(f"@{json.loads(row['body'])['attendant']['id']}")


def _drawn_for(row: Row, names: list[str]) -> bool:
    return json.loads(row["body"]).get("contact") in names


def _readable(row: Row) -> dict[str, Any]:
    """A row with what is JSON in it unpacked."""
    packed = ("origin", "work", "words", "said", "dropped", "twins", "author", "personal")
    return {
        name: json.loads(value) if name in packed and value else value
        for name, value in row.items()
    }


def _origin(ref: Ref, by: Attendant, action: str) -> Origin:
    return Origin("", by, str(ref), action)
