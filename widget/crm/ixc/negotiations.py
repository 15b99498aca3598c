"""Negotiations: listed, opened, moved, won, lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from widget import errors
from widget.crm.ixc import shapes
from widget.crm.ixc.desk import Desk, like
from widget.crm.ixc.people import People
from widget.crm.ixc.signature import reference_of
from widget.crm.protocol import Filter, Freshness, Query, Row, Write
from widget.model import Contact, Fetched, Negotiation, Origin, Ref, Status, Written

RESOURCE = "crm_negociacoes"
_TOUCHES = (RESOURCE, "crm_historico")
COLUMNS = {
    "title": "descricao", "plan": "id_plano_negocio", "funnel": "id_funil", "stage": "id_estagio",
    "owner": "id_responsavel", "branch": "id_filial", "city": "cidade_negociacao", "monthly": "valor_mensal",
    "loss_reason": "substatus", "status": "status", "remarks": "obs",
}  # fmt: skip
WORDS = ("descricao", "id_plano_negocio", "id_funil", "id_estagio", "id_responsavel", "cidade_negociacao")
# Winning with one of these set to S would make a contract, login, ticket or task. Reference: webservice facts 5.2.
NO_SIDE_EFFECTS = {
    "inserir_contrato": "N", "inserir_acesso": "N", "inserir_atendimento": "N", "inserir_tarefa": "N",
}  # fmt: skip


@dataclass(frozen=True)
class NewNegotiation:
    """What a new negotiation holds; all but the title are numbers of the CRM, or a decimal value."""

    title: str
    funnel_id: str
    stage_id: str
    owner_id: str
    plan_id: str = ""
    city_id: str = ""
    monthly: str = ""


class Negotiations:
    """Rows of ``crm_negociacoes``. Moving one means writing its whole record; winning and losing have actions."""

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people

    def of(self, contact: Contact, freshness: Freshness) -> Fetched[tuple[Negotiation, ...]]:
        """The contact's negotiations, open ones first, newest first; none, with the trouble, where we may not read."""
        conditions = _belonging(contact)
        try:
            answer = self._desk.gather(
                Query(RESOURCE, (condition,), descending=True, freshness=freshness) for condition in conditions
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
        columns = {Ref.CLIENT: "id_cliente", Ref.LEAD: "id_contato"}
        wanted = {source: ",".join(r.id for r in refs if r.source == source) for source in columns}
        answer = self._desk.gather(
            Query(RESOURCE, (Filter("status", "=", "N"), Filter(columns[source], "IN", ids)), freshness=freshness)
            for source, ids in wanted.items()
            if ids
        )
        rows = {row["id"]: row for row in answer.value}.values()
        return {ref: sum(shapes.key(row, columns[ref.source]) == ref.id for row in rows) for ref in refs}

    def record(self, number: str) -> Row:
        """The full record as it is right now; raises NotFound."""
        return self._desk.record(RESOURCE, number)

    def understand(self, row: Row) -> Negotiation:
        """A row as a negotiation, with the qualification if the base has a column for it."""
        column = self._desk.qualification_field
        return replace(shapes.negotiation(row), qualification=shapes.text(row, column) if column else "")

    def create(self, contact: Contact, new: NewNegotiation, key: str, origin: Origin) -> Written:
        """Opens a negotiation; where the base insists on a client, the lead becomes a prospect first."""
        client = contact.ref.id if contact.ref.source == Ref.CLIENT else contact.client_id
        try:
            return self._insert(contact, client, new, key, origin)
        except errors.Rejected as error:
            if client or not any("cliente" in m.casefold() or "prospec" in m.casefold() for m in error.messages):
                raise
        client = self._people.make_prospect(contact.ref, key, origin, new.city_id)
        return self._insert(contact, client, new, key, origin)

    def update(self, record: Row, changes: Mapping[str, str], key: str, origin: Origin) -> Written:
        """Writes the whole record with these fields changed."""
        full = {**record, **{COLUMNS.get(name, name): value for name, value in changes.items()}}
        return self._desk.transport.write(Write(RESOURCE, full, key, origin, id=record["id"], touches=_TOUCHES))

    def close(self, record: Row, status: Status, key: str, origin: Origin) -> Written:
        """Won or lost, through the CRM's own actions. Reference: webservice facts 5.2, Transitions."""
        won = status is Status.WON
        action = "crm_negociacoes_simplificado" if won else "crm_negociacoes_perdemos_data"
        body = {
            "data_vencemos" if won else "data_perdemos": shapes.written_date(self._desk.now()),
            "id_responsavel": shapes.text(record, "id_responsavel"),
            "id_cliente": shapes.text(record, "id_cliente"),
            "id": record["id"],
        }
        return self._desk.transport.write(Write(action, body, key, origin, id=record["id"], touches=_TOUCHES))

    def _insert(self, contact: Contact, client: str, new: NewNegotiation, key: str, origin: Origin) -> Written:
        mark = f"ref {reference_of(key)}"
        record = {
            "descricao": new.title, "id_cliente": client, "status": Status.OPEN.value, "id_funil": new.funnel_id,
            "id_contato": contact.ref.id if contact.ref.source == Ref.LEAD else "", "id_estagio": new.stage_id,
            "id_plano_negocio": new.plan_id, "valor_mensal": new.monthly, "id_responsavel": new.owner_id,
            "id_filial": contact.branch_id, "considera_endereco_cliente": "N" if new.city_id else "S",
            "cidade_negociacao": new.city_id, "data_inicio": shapes.written_date(self._desk.now()),
            "obs": f"— {origin.attendant.name} · {mark}", **NO_SIDE_EFFECTS,
        }  # fmt: skip
        marker = Query(RESOURCE, (Filter("obs", "L", mark),), size=1)
        return self._desk.transport.write(
            Write(RESOURCE, record, key, origin, marker=marker, words=WORDS, touches=_TOUCHES)
        )


def _belonging(contact: Contact) -> list[Filter]:
    if contact.ref.source == Ref.CLIENT:
        return [Filter("id_cliente", "=", contact.ref.id)]
    mine = [Filter("id_contato", "=", contact.ref.id)]
    return mine + ([Filter("id_cliente", "=", contact.client_id)] if contact.client_id else [])
