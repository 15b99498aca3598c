"""Negotiations: listed, opened, moved, won, lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from widget.crm.ixc import shapes
from widget.crm.ixc.base import Desk, like
from widget.crm.ixc.people import change, number_of
from widget.crm.ixc.signature import line, reference_of
from widget.crm.wire import Filter, Freshness, Query, Row, Verb, Write
from widget.domain import errors
from widget.domain.model import Contact, Fetched, Negotiation, Origin, Ref, Status, Written
from widget.store.journal.entries import nothing

RESOURCE = "crm_negociacoes"
WON, LOST = "crm_negociacoes_simplificado", "crm_negociacoes_perdemos_data"
FORMS = (RESOURCE, WON, LOST)
_TOUCHES = (RESOURCE, "crm_historico")
COLUMNS = {
    "title": "descricao",
    "plan": "id_plano_negocio",
    "funnel": "id_funil",
    "stage": "id_estagio",
    "owner": "id_responsavel",
    "branch": "id_filial",
    "city": "cidade_negociacao",
    "monthly": "valor_mensal",
    "loss_reason": "substatus",
    "status": "status",
    "remarks": "obs",
}
OWNERS = ("id_cliente", "id_contato")
WORDS = (
    "descricao",
    "id_plano_negocio",
    "id_funil",
    "id_estagio",
    "id_responsavel",
    "cidade_negociacao",
)
# Winning with one of these set to S would make a contract, login, ticket or task. Reference:
# webservice facts 5.2.
NO_SIDE_EFFECTS = {
    "inserir_contrato": "N",
    "inserir_acesso": "N",
    "inserir_atendimento": "N",
    "inserir_tarefa": "N",
}


@dataclass(frozen=True)
class NewNegotiation:
    """What a new negotiation holds.

    All but the title are numbers of the CRM, or a decimal value.
    """

    title: str
    funnel_id: str
    stage_id: str
    owner_id: str
    plan_id: str = ""
    city_id: str = ""
    monthly: str = ""


@dataclass(frozen=True)
class Interaction:
    """What is done to a negotiation.

    Fields are set, text is added to the remarks, or it is closed. It also tells what the fields may
    hold before.
    """

    changes: Mapping[str, str]
    expected: Mapping[str, Sequence[str]]
    remark: str = ""
    close: Status | None = None


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
        found = sorted(map(self.understand, rows.values()), key=lambda n: -int(n.id))
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
                (Filter("status", "=", "N"), Filter(columns[source], "IN", ids)),
                freshness=freshness,
            )
            for source, ids in wanted.items()
            if ids
        )
        rows = {row["id"]: row for row in answer.value}.values()
        return {
            ref: sum(shapes.key(row, columns[ref.source]) == ref.id for row in rows) for ref in refs
        }

    def record(self, number: str) -> Row:
        """The full record as it is right now; raises NotFound."""
        return self._desk.record(RESOURCE, number)

    def understand(self, row: Row) -> Negotiation:
        """A row as a negotiation, with the qualification if the base has a column for it."""
        column = self._desk.qualification_field
        return replace(
            shapes.negotiation(row), qualification=shapes.text(row, column) if column else ""
        )

    def known(self, number: str) -> Row:
        """The record as it was read last; raises NotFound."""
        rows = self._desk.one(RESOURCE, number, Freshness.ANY).value
        if not rows:
            raise errors.NotFound(f"negotiation {number}")
        return rows[0]

    def kept(self, number: str, record: Row) -> Negotiation:
        """The negotiation that a new one's record will be, while the CRM does not have it."""
        return self.understand(
            {
                **record,
                "id": number,
            }
        )

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
        mark = f"ref {reference_of(key)}"
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
        owner = Filter("id_contato", "=", lead) if lead else Filter("id_cliente", "=", client)
        alike = (
            Filter("descricao", "=", new.title),
            Filter("data_inicio", ">=", now.strftime("%Y-%m-%d")),
        )
        markers = (
            Query(RESOURCE, (owner, Filter("obs", "L", mark)), size=5),
            Query(RESOURCE, (owner, *alike), size=5),
        )
        words = {column: record[column] for column in WORDS}
        return self._desk.transport.save(
            Write(
                RESOURCE,
                record,
                key,
                origin,
                markers=markers,
                words=words,
                needs=needs,
                touches=_TOUCHES,
            ),
            also=also,
        )

    def interact(
        self,
        known: Row,
        step: Interaction,
        key: str,
        origin: Origin,
        *,
        also: Callable[[], None] = nothing,
    ) -> Written:
        """Moves a negotiation, and wins or loses it after that; raises Conflict, by column.

        What the form showed is compared even when nothing but the status changes. ``also`` is
        accepted with it.
        """
        columns = {COLUMNS.get(name, name): value for name, value in step.changes.items()}
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
            touches=_TOUCHES,
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
        marker = Query(
            RESOURCE, (Filter("id", "=", known["id"]), Filter("status", "=", status)), size=1
        )
        return (
            Write(
                WON if won else LOST,
                body,
                f"{after.key}.close",
                after.origin,
                id=known["id"],
                verb=Verb.ACT,
                markers=(marker,),
                words={"status": status.value},
                needs=(after.key,),
                touches=_TOUCHES,
                table=RESOURCE,
            ),
        )


def _belonging(contact: Contact) -> list[Filter]:
    if contact.ref.source == Ref.NEW:
        return []
    if contact.ref.source == Ref.CLIENT:
        return [Filter("id_cliente", "=", contact.ref.id)]
    mine = [Filter("id_contato", "=", contact.ref.id)]
    return mine + ([Filter("id_cliente", "=", contact.client_id)] if contact.client_id else [])
