"""Other ways to do a refused write, since bases differ in what they allow and demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from widget.crm.ixc import negotiations, notes, shapes
from widget.crm.ixc.notes import Notes
from widget.crm.ixc.people import People
from widget.crm.port import NewNote
from widget.crm.wire import Verb, Write
from widget.domain import errors
from widget.domain.model import Kind, Ref


class Detours:
    """Asked by the ring that sends, whenever the CRM has said no for good.

    Nothing means that the no stands.
    """

    def __init__(self, people: People, book: Notes) -> None:
        self._people = people
        self._notes = book

    def instead(self, write: Write, error: errors.VinculoError) -> Sequence[Write]:
        """The writes that take its place, the last one under its own key.

        May read, and raise CRMError.
        """
        if isinstance(error, errors.ResourceUnavailable):
            return self._elsewhere(write)
        if (
            isinstance(error, errors.Rejected)
            and write.resource == negotiations.RESOURCE
            and write.verb is Verb.INSERT
        ):
            return self._with_prospect(write, error)
        return ()

    def _elsewhere(self, write: Write) -> Sequence[Write]:
        """Returns the write in another resource.

        A note goes into remarks where its table is not released. A prospect goes through the form
        of customers.
        """
        if write.resource == notes.RESOURCE:
            return (self._remark(write),)
        if write.resource == "crm_canditados" and write.verb is Verb.CHANGE:
            table = shapes.RESOURCES[Ref.CLIENT]
            markers = tuple(replace(m, resource=table) for m in write.markers)
            return (replace(write, resource=table, markers=markers),)
        return ()

    def _remark(self, write: Write) -> Write:
        new = NewNote(write.words["text"], "", write.words["corrects"])
        deal = write.record["id_negociacao"]
        if deal:
            return self._notes.in_remarks(negotiations.RESOURCE, deal, new, write.origin, write.key)
        client = Ref(Ref.CLIENT, write.record["id_cliente"])
        is_prospect = (
            shapes.form(Ref.CLIENT, self._people.known(client)) != shapes.RESOURCES[Ref.CLIENT]
        )
        kind = Kind.PROSPECT if is_prospect else Kind.CUSTOMER
        return self._notes.remark(client, kind, new, write.key, write.origin)

    def _with_prospect(self, write: Write, error: errors.Rejected) -> Sequence[Write]:
        """Where the base insists on a client, the lead becomes a prospect first."""
        asks = any("cliente" in m.casefold() or "prospec" in m.casefold() for m in error.messages)
        if write.record["id_cliente"] or not asks:
            return ()
        made, tie = self._people.prospect(
            write.record["id_contato"], write.key, write.origin, write.record["cidade_negociacao"]
        )
        deal = replace(
            write,
            record={
                **write.record,
                "id_cliente": f"@{made.key}",
            },
            needs=(*write.needs, made.key, tie.key),
        )
        return made, tie, deal
