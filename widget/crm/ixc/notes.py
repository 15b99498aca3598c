"""Notes and history: kept in the table of notes, or signed inside the remarks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime

from widget.brazil import meaning
from widget.crm import signature
from widget.crm.ixc import shapes
from widget.crm.ixc.base import Desk, Rows, like, together
from widget.crm.ixc.people import change, number_of, size_of
from widget.crm.ixc.words import RESOURCES
from widget.crm.port import NewNote, Notebook, Place
from widget.crm.wire import Filter, Query, Row, Write
from widget.domain import errors
from widget.domain.model import (
    Choice,
    Contact,
    Event,
    Fetched,
    Freshness,
    Kind,
    Negotiation,
    Note,
    Origin,
    Ref,
    Written,
    nothing,
)

RESOURCE = "crm_prospeccao_anotacoes"
COLUMN = "anotacao"
REMARKS = "obs"
HISTORY = "crm_historico"
LONGEST = 10_000
MOST = 200


class Notes:
    """Notes are added and read, never changed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of(
        self,
        contact: Contact,
        negotiations: Iterable[Negotiation],
        owners: list[Choice],
        freshness: Freshness,
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
        self,
        contact: Contact,
        negotiations: Iterable[Negotiation],
        owners: list[Choice],
        freshness: Freshness,
    ) -> Fetched[tuple[Event, ...]]:
        """What the CRM itself wrote down, newest first.

        Empty where the base does not release its history.
        """
        answer = self._rows(HISTORY, "data", contact, list(negotiations), freshness)
        names = {owner.id: owner.name for owner in owners}
        events = tuple(
            Event(
                shapes.date(r, "data"),
                shapes.text(r, "tipo"),
                shapes.prose(r, "descricao"),
                names.get(shapes.key(r, "responsavel"), ""),
                negotiation_id=shapes.key(r, "id_negociacao"),
            )
            for r in {row["id"]: row for row in answer.value}.values()
        )
        return like(answer, tuple(sorted(events, key=lambda e: e.at, reverse=True)))

    def add(
        self,
        contact: Contact,
        negotiation_id: str,
        new: NewNote,
        key: str,
        origin: Origin,
        *,
        also: Callable[[], None] = nothing,
    ) -> Written:
        """Keeps a note: in the notes table, else inside the remarks of what it belongs to.

        ``negotiation_id`` may name one that is still to be made, as a Ref does. ``also`` is
        accepted with the note.
        """
        client = _client_of(contact)
        if self.is_remark(contact, negotiation_id):
            return self._desk.transport.save(
                self.remark(contact.ref, contact.kind, new, key, origin), also=also
            )
        deal, needs = number_of(Ref.parse(negotiation_id) or Ref("", negotiation_id))
        record = {
            COLUMN: signature.sign(new.text, origin.attendant.name, key, new.corrects),
            "id_responsavel": new.owner_id,
            "data": shapes.written_time(self._desk.now()),
            "id_cliente": client,
            "id_negociacao": deal,
            "modelo_anotacao": "0",
        }
        write = Write(RESOURCE, record, key, origin, words=new.words, needs=needs)
        return self._desk.transport.save(replace(write, markers=note_of(write)), also=also)

    @property
    def longest(self) -> int:
        """The most characters of one note."""
        return LONGEST

    def place(self, contact: Contact, negotiation_id: str, author: str, corrects: str) -> Place:
        """Where a note would stand, with what stands around it there."""
        if not self.is_remark(contact, negotiation_id):
            signed = signature.sign("", author, "any", corrects)
            return Place(RESOURCE, COLUMN, size_of(COLUMN), signed)
        resource = shapes.RESOURCES.get(contact.ref.source, shapes.RESOURCES[Ref.LEAD])
        block = signature.block("", author, "any", self._minute(), corrects)
        around = f"{contact.remarks}\n\n{block}" if contact.remarks else block
        return Place(resource, REMARKS, size_of(REMARKS), around)

    def under(self, numbers: Collection[str]) -> dict[str, Note] | None:
        """The notes that the table has under these numbers; None when the answer proves nothing.

        A base that takes no notice of the question answers with other rows, and a page may not hold
        all of them.
        """
        wanted = sorted(set(numbers), key=lambda number: (len(number), number))[-MOST:]
        query = Query(RESOURCE, (Filter("id", "in", ",".join(wanted)),), size=MOST)
        answer = self._desk.transport.read(query)
        rows = {row["id"]: row for row in answer.value.rows}
        is_whole = answer.value.total == len(answer.value.rows) and set(wanted) == set(numbers)
        if answer.stale or answer.trouble or not is_whole or not rows.keys() <= set(wanted):
            return None
        return {number: _note(row, {}) for number, row in rows.items()}

    def remarks_of(self, subject: str, number: str) -> str | None:
        """The remarks of a record as they are now; None when they cannot be told."""
        answer = self._desk.one(RESOURCES[subject, ""], number, Freshness.RECENT)
        if answer.stale or answer.trouble or [row["id"] for row in answer.value] != [number]:
            return None
        return answer.value[0].get(REMARKS)

    def is_remark(self, contact: Contact, negotiation_id: str) -> bool:
        """Whether a note goes into the contact's remarks.

        The table of notes has no column for leads.
        """
        return not negotiation_id and not _client_of(contact)

    def remark(self, ref: Ref, kind: Kind, new: NewNote, key: str, origin: Origin) -> Write:
        """The note as a block in the remarks of a contact."""
        number, needs = number_of(ref)
        resource = (
            "crm_canditados"
            if kind is Kind.PROSPECT
            else shapes.RESOURCES.get(ref.source, "contato")
        )
        return self.in_remarks(resource, number, new, replace(origin, negotiation=""), key, needs)

    def in_remarks(
        self,
        resource: str,
        number: str,
        new: NewNote,
        origin: Origin,
        key: str,
        needs: tuple[str, ...] = (),
    ) -> Write:
        """The note as a block in the remarks of a record, found again by its reference."""
        block = signature.block(new.text, origin.attendant.name, key, self._minute(), new.corrects)
        write = change(
            resource,
            number,
            {},
            key,
            origin,
            append={REMARKS: block},
            words=new.words,
            needs=needs,
            touches=(resource, shapes.TABLES.get(resource, resource)),
        )
        return replace(write, markers=remark_of(write))

    def _minute(self) -> str:
        return self._desk.now().strftime("%d/%m/%Y %H:%M")

    def _rows(
        self,
        resource: str,
        time: str,
        contact: Contact,
        deals: list[Negotiation],
        freshness: Freshness,
    ) -> Rows:
        client = _client_of(contact)
        conditions = [Filter("id_cliente", "=", client)] if client else []
        conditions += [
            Filter("id_negociacao", "=", d.id) for d in deals if not client or d.client_id != client
        ]
        try:
            return self._desk.gather(
                Query(resource, (condition,), sort=time, descending=True, freshness=freshness)
                for condition in conditions
            )
        except (errors.ResourceUnavailable, errors.PermissionDenied):
            return together([])


def note_of(write: Write) -> tuple[Query, ...]:
    """What finds a new note again: its reference, among the notes of where it belongs."""
    deal, client = write.record["id_negociacao"], write.record["id_cliente"]
    place = Filter("id_negociacao", "=", deal) if deal else Filter("id_cliente", "=", client)
    mark = Filter(COLUMN, "contains", f"ref {signature.reference_of(write.key)}")
    return (Query(RESOURCE, (place, mark), size=5),)


def remark_of(write: Write) -> tuple[Query, ...]:
    """What finds a note again inside the remarks of a record: its reference."""
    mark = Filter(REMARKS, "contains", f"ref {signature.reference_of(write.key)}")
    return (Query(write.resource, (Filter("id", "=", write.id), mark), size=1),)


def _client_of(contact: Contact) -> str:
    """The number of the client whom the contact is or belongs to, "" for none."""
    return contact.ref.id if contact.ref.source == Ref.CLIENT else contact.client_id


def _note(row: Row, names: dict[str, str]) -> Note:
    signed = signature.read(shapes.text(row, COLUMN))
    return Note(
        text=signed.text if signed.reference else meaning.prose(signed.text),
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
        # The CRM's local time, without a zone.
        found = datetime.strptime(written, "%d/%m/%Y %H:%M")  # noqa: DTZ007
        return found.isoformat(" ")
    except ValueError:
        return ""
