"""Negotiations: listed, opened, moved, won, lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from widget.crm.ixc import shapes
from widget.crm.ixc.base import Desk, like
from widget.crm.ixc.people import change, number_of, size_of
from widget.crm.ixc.words import FORMS, NO_SIDE_EFFECTS
from widget.crm.port import Interaction, NewNegotiation, Place
from widget.crm.signature import line, reference_of
from widget.crm.wire import Filter, Query, Row, Verb, Write
from widget.domain import errors
from widget.domain.model import (
    Contact,
    Fetched,
    Freshness,
    Negotiation,
    Origin,
    Ref,
    Status,
    Written,
    nothing,
)

RESOURCE = "crm_negociacoes"
WON, LOST = "crm_negociacoes_simplificado", "crm_negociacoes_perdemos_data"
TOUCHES = (RESOURCE, "crm_historico")
COLUMNS = {word: column for column, word in FORMS[RESOURCE].fields.items()}
OWNERS = ("id_cliente", "id_contato")
WORDS = (
    "descricao",
    "id_plano_negocio",
    "id_funil",
    "id_estagio",
    "id_responsavel",
    "cidade_negociacao",
)


class Negotiations:
    """Rows of ``crm_negociacoes``.

    Moving one means writing its whole record; winning and losing have actions.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of(self, contact: Contact, freshness: Freshness) -> Fetched[tuple[Negotiation, ...]]:
        """The contact's negotiations, open ones first, newest first.

        None, with the trouble, where we may not read.
        """
        conditions = _belonging(contact)
        try:
            answer = self._desk.gather(
                Query(RESOURCE, (condition,), descending=True, freshness=freshness)
                for condition in conditions
            )
        except (errors.ResourceUnavailable, errors.PermissionDenied) as error:
            return Fetched((), 0.0, stale=True, trouble=error.code)
        rows = {row["id"]: row for row in answer.value}
        found = sorted(map(self._understand, rows.values()), key=lambda n: -int(n.id))
        found.sort(key=lambda n: n.status is not Status.OPEN)
        return like(answer, tuple(found))

    def count_open(self, contacts: Iterable[Contact], freshness: Freshness) -> dict[Ref, int]:
        """How many open negotiations each contact has, in two questions for all of them."""
        refs = [contact.ref for contact in contacts]
        columns = {
            Ref.CLIENT: "id_cliente",
            Ref.LEAD: "id_contato",
        }
        wanted = {source: ",".join(r.id for r in refs if r.source == source) for source in columns}
        answer = self._desk.gather(
            Query(
                RESOURCE,
                (Filter("status", "=", "N"), Filter(columns[source], "in", ids)),
                freshness=freshness,
            )
            for source, ids in wanted.items()
            if ids
        )
        rows = {row["id"]: row for row in answer.value}.values()
        return {
            ref: sum(shapes.key(row, columns[ref.source]) == ref.id for row in rows) for ref in refs
        }

    def one(self, number: str, freshness: Freshness) -> Negotiation:
        """The negotiation; raises NotFound."""
        if freshness is Freshness.NOW:
            return self._understand(self._desk.record(RESOURCE, number))
        return self._understand(self._known(number, freshness))

    def places(self) -> dict[str, Place]:
        """Where the texts of a negotiation stand, by field."""
        return {word: Place(RESOURCE, column, size_of(column)) for word, column in COLUMNS.items()}

    def _understand(self, row: Row) -> Negotiation:
        """A row as a negotiation, with the qualification if the base has a column for it."""
        column = self._desk.qualification_field
        return replace(
            shapes.negotiation(row), qualification=shapes.text(row, column) if column else ""
        )

    def _known(self, number: str, freshness: Freshness) -> Row:
        rows = self._desk.one(RESOURCE, number, freshness).value
        if not rows:
            raise errors.NotFound(f"negotiation {number}")
        return rows[0]

    def create(
        self,
        contact: Contact,
        new: NewNegotiation,
        key: str,
        origin: Origin,
        *,
        also: Callable[[], None] = nothing,
    ) -> Written:
        """Opens a negotiation; ``also`` is accepted with it."""
        person, needs = number_of(contact.ref)
        lead = "" if contact.ref.source == Ref.CLIENT else person
        client = person if contact.ref.source == Ref.CLIENT else contact.client_id
        now = self._desk.now()
        record = {
            "descricao": new.title,
            "id_cliente": client,
            "status": Status.OPEN.value,
            "id_funil": new.funnel_id,
            "id_contato": lead,
            "id_estagio": new.stage_id,
            "id_plano_negocio": new.plan_id,
            "valor_mensal": new.monthly,
            "id_responsavel": new.owner_id,
            "id_filial": contact.branch_id,
            "considera_endereco_cliente": "N" if new.city_id else "S",
            "cidade_negociacao": new.city_id,
            "data_inicio": shapes.written_date(now),
            "obs": line(origin.attendant.name, key),
            **NO_SIDE_EFFECTS,
        }
        words = {column: record[column] for column in WORDS}
        write = Write(RESOURCE, record, key, origin, words=words, needs=needs, touches=TOUCHES)
        return self._desk.transport.save(replace(write, markers=deal_of(write)), also=also)

    def interact(
        self,
        number: str,
        step: Interaction,
        key: str,
        origin: Origin,
        *,
        also: Callable[[], None] = nothing,
    ) -> Written:
        """Moves a negotiation, and wins or loses it after that; raises Conflict, by field.

        What the form showed is compared even when nothing but the status changes. ``also`` is
        accepted with it.
        """
        known = self._known(number, Freshness.ANY)
        named = {
            **COLUMNS,
            "qualification": self._desk.qualification_field,
        }
        columns = {named[name]: value for name, value in step.changes.items()}
        expected = {COLUMNS[name]: value for name, value in step.expected.items()}
        expected |= {
            column: (known.get(column, ""),) for column in OWNERS
        }  # it must still be this person's
        append = {COLUMNS["remarks"]: step.remark} if step.remark else {}
        moved = change(
            RESOURCE,
            known["id"],
            columns,
            key,
            origin,
            append=append,
            expected=expected,
            words={
                **columns,
                **append,
            },
            touches=TOUCHES,
        )
        return self._desk.transport.save(moved, *self._closing(known, step.close, moved), also=also)

    def _closing(self, known: Row, status: Status | None, after: Write) -> tuple[Write, ...]:
        """Closes it as won or lost, through the CRM's own actions.

        Reference: webservice facts 5.2, Transitions.
        """
        if status is None:
            return ()
        won = status is Status.WON
        body = {
            "data_vencemos" if won else "data_perdemos": shapes.written_date(self._desk.now()),
            "id_responsavel": shapes.text(known, "id_responsavel"),
            "id_cliente": shapes.text(known, "id_cliente"),
            "id": known["id"],
        }
        write = Write(
            WON if won else LOST,
            body,
            f"{after.key}.close",
            after.origin,
            id=known["id"],
            verb=Verb.ACT,
            words={"status": status.value},
            needs=(after.key,),
            touches=TOUCHES,
            table=RESOURCE,
        )
        return (replace(write, markers=closed(write)),)


def deal_of(write: Write) -> tuple[Query, ...]:
    """What finds a new negotiation again: the form's reference, or its title and day."""
    record = write.record
    belongs = next(
        (Filter(c, "=", record[c]) for c in ("id_contato", "id_cliente") if record[c]),
        Filter("id_cliente", "=", ""),
    )
    alike = (
        Filter("descricao", "=", record["descricao"]),
        Filter("data_inicio", ">=", shapes.written_day(record["data_inicio"])),
    )
    mark = Filter("obs", "contains", f"ref {reference_of(write.key)}")
    return (
        Query(RESOURCE, (belongs, mark), size=5),
        Query(RESOURCE, (belongs, *alike), size=5),
    )


def closed(write: Write) -> tuple[Query, ...]:
    """What shows that a negotiation is won or lost."""
    status = Status.WON if write.resource == WON else Status.LOST
    return (Query(RESOURCE, (Filter("id", "=", write.id), Filter("status", "=", status)), size=1),)


def _belonging(contact: Contact) -> list[Filter]:
    if contact.ref.source == Ref.NEW:
        return []
    if contact.ref.source == Ref.CLIENT:
        return [Filter("id_cliente", "=", contact.ref.id)]
    mine = [Filter("id_contato", "=", contact.ref.id)]
    return mine + ([Filter("id_cliente", "=", contact.client_id)] if contact.client_id else [])
