"""Notes and history: kept in the CRM's own table, or signed inside the remarks where it has none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from widget import errors
from widget.crm.ixc import shapes, signature
from widget.crm.ixc.desk import Desk, Rows, like, together
from widget.crm.ixc.people import writable
from widget.crm.protocol import Filter, Freshness, Query, Row, Write
from widget.crm.turns import Turns
from widget.model import Choice, Contact, Event, Fetched, Negotiation, Note, Origin, Ref, Written

RESOURCE = "crm_prospeccao_anotacoes"
HISTORY = "crm_historico"
LONGEST = 10_000
Notebook = Fetched[tuple[Note, ...]]


@dataclass(frozen=True)
class NewNote:
    """A note to be written; ``corrects`` is the reference or number of the note it sets right."""

    text: str
    owner_id: str
    corrects: str = ""


class Notes:
    """Notes are added and read, never changed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turns = Turns()

    def of(
        self, contact: Contact, negotiations: Iterable[Negotiation], owners: list[Choice], freshness: Freshness
    ) -> Notebook:
        """All notes of a contact and its negotiations, newest first."""
        deals = list(negotiations)
        answer = self._rows(RESOURCE, "data", contact, deals, freshness)
        names = {owner.id: owner.name for owner in owners}
        notes = [_note(row, names) for row in {row["id"]: row for row in answer.value}.values()]
        notes += _in_remarks(contact.remarks, "")
        notes += [note for deal in deals for note in _in_remarks(deal.remarks, deal.id)]
        return like(answer, tuple(sorted(notes, key=lambda n: n.at, reverse=True)))

    def history(
        self, contact: Contact, negotiations: Iterable[Negotiation], owners: list[Choice], freshness: Freshness
    ) -> Fetched[tuple[Event, ...]]:
        """What the CRM itself wrote down, newest first; empty where the base does not release its history."""
        answer = self._rows(HISTORY, "data", contact, list(negotiations), freshness)
        names = {owner.id: owner.name for owner in owners}
        events = tuple(
            Event(shapes.date(r, "data"), shapes.text(r, "tipo"), shapes.text(r, "descricao"),
                  names.get(shapes.key(r, "responsavel"), ""), negotiation_id=shapes.key(r, "id_negociacao"))
            for r in {row["id"]: row for row in answer.value}.values()
        )  # fmt: skip
        return like(answer, tuple(sorted(events, key=lambda e: e.at, reverse=True)))

    def add(self, contact: Contact, negotiation_id: str, new: NewNote, key: str, origin: Origin) -> Written:
        """Keeps a note: in the notes table, else inside the remarks of what it belongs to."""
        client = contact.ref.id if contact.ref.source == Ref.CLIENT else contact.client_id
        if negotiation_id or client:
            try:
                return self._insert(client, negotiation_id, new, key, origin)
            except errors.ResourceUnavailable:
                pass
        if negotiation_id:
            return self._append("crm_negociacoes", negotiation_id, new, key, origin)
        return self._append(shapes.RESOURCES[contact.ref.source], contact.ref.id, new, key, origin)

    def _insert(self, client: str, negotiation_id: str, new: NewNote, key: str, origin: Origin) -> Written:
        record = {
            "anotacao": signature.sign(new.text, origin.attendant.name, key, new.corrects),
            "id_responsavel": new.owner_id, "data": shapes.written_time(self._desk.now()),
            "id_cliente": client, "id_negociacao": negotiation_id, "modelo_anotacao": "0",
        }  # fmt: skip
        marker = Query(RESOURCE, (Filter("anotacao", "L", f"ref {signature.reference_of(key)}"),), size=1)
        return self._desk.transport.write(Write(RESOURCE, record, key, origin, marker=marker, words=("anotacao",)))

    def _append(self, resource: str, number: str, new: NewNote, key: str, origin: Origin) -> Written:
        mark = Filter("obs", "L", f"ref {signature.reference_of(key)}")
        at = self._desk.now().strftime("%d/%m/%Y %H:%M")
        with self._turns.take(f"{resource} {number}"):  # two notes at once: the second must not overwrite the first
            form, record = writable(self._desk, resource, number)
            marker = Query(form, (Filter("id", "=", number), mark), size=1)
            if "obs" not in record:
                raise errors.ResourceUnavailable(f"{resource}.obs")
            before = shapes.text(record, "obs")
            remarks = signature.append(before, new.text, origin.attendant.name, key, at, new.corrects)
            touches = (resource, form)
            return self._desk.transport.write(
                Write(form, {**record, "obs": remarks}, key, origin, id=number, marker=marker, touches=touches)
            )

    def _rows(self, resource: str, time: str, contact: Contact, deals: list[Negotiation], freshness: Freshness) -> Rows:
        client = contact.ref.id if contact.ref.source == Ref.CLIENT else contact.client_id
        conditions = [Filter("id_cliente", "=", client)] if client else []
        conditions += [Filter("id_negociacao", "=", d.id) for d in deals if not client or d.client_id != client]
        try:
            return self._desk.gather(
                Query(resource, (condition,), sort=time, descending=True, freshness=freshness)
                for condition in conditions
            )
        except (errors.ResourceUnavailable, errors.PermissionDenied):
            return together([])


def _note(row: Row, names: dict[str, str]) -> Note:
    signed = signature.read(shapes.text(row, "anotacao"))
    return Note(
        text=signed.text,
        author=signed.author or names.get(shapes.key(row, "id_responsavel"), ""),
        at=shapes.date(row, "data"),
        id=row["id"],
        reference=signed.reference,
        corrects=signed.corrects,
        negotiation_id=shapes.key(row, "id_negociacao"),
    )


def _in_remarks(remarks: str, negotiation_id: str) -> list[Note]:
    return [
        Note(
            text=signed.text,
            author=signed.author,
            at=_iso(signed.at),
            reference=signed.reference,
            corrects=signed.corrects,
            negotiation_id=negotiation_id,
        )
        for signed in signature.blocks(remarks)[0]
    ]


def _iso(written: str) -> str:
    """The time inside a block as ISO; somebody may have typed there, so nonsense is possible."""
    try:
        return datetime.strptime(written, "%d/%m/%Y %H:%M").isoformat(" ")  # noqa: DTZ007 -- the CRM's local time
    except ValueError:
        return ""
