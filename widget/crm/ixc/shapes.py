"""How the CRM's rows become the words of the trade, and back. Reference: webservice facts 5."""

from __future__ import annotations

import re
from datetime import datetime

from widget.brazil import cells, meaning
from widget.crm.wire import Row
from widget.domain.model import Choice, Contact, Kind, Negotiation, Plan, Ref, Stage, Status

# In the order in which a phone is most useful to somebody who chats.
PHONES = {
    Ref.LEAD: ("fone_whatsapp", "fone_celular", "fone_comercial", "fone_residencial"),
    Ref.CLIENT: ("whatsapp", "telefone_celular", "fone", "telefone_comercial"),
}
# Through which resources a contact is written.
FORMS = {
    Ref.LEAD: ("contato",),
    Ref.CLIENT: ("cliente", "crm_canditados"),
}
# Prospects and customers are rows of one table with a form for each.
TABLES = {"crm_canditados": "cliente"}
MOBILE = {
    Ref.LEAD: "fone_celular",
    Ref.CLIENT: "telefone_celular",
}
RESOURCES = {
    Ref.LEAD: "contato",
    Ref.CLIENT: "cliente",
}
COLUMNS = {
    Ref.LEAD: {
        "name": "nome",
        "document": "cnpj_cpf",
        "email": "email",
        "owner": "id_responsavel",
        "branch": "id_filial",
        "channel": "id_candidato_tipo",
        "remarks": "obs",
    },
    Ref.CLIENT: {
        "name": "razao",
        "document": "cnpj_cpf",
        "email": "email",
        "owner": "responsavel",
        "branch": "filial_id",
        "channel": "id_candato_tipo",
        "remarks": "obs",
    },
}

# The CRM names a field by its label; this is where that label's message belongs.
CONTACT_LABELS = {
    "filial": "branch",
    "responsavel": "owner",
    "cpf": "document",
    "cnpj": "document",
    "mail": "email",
    "telefone": "phone",
    "celular": "phone",
    "fone": "phone",
    "canal": "channel",
    "nome": "name",
    "razao": "name",
}


def contact(source: str, row: Row) -> Contact:
    """A row of ``contato`` or ``cliente``."""
    value = {name: text(row, column) for name, column in COLUMNS[source].items()}
    phones = tuple(dict.fromkeys(filter(None, (text(row, column) for column in PHONES[source]))))
    return Contact(
        ref=Ref(source, row["id"]),
        kind=_kind(source, row),
        name=meaning.line(stored_name(source, row)),
        document=value["document"],
        phones=phones,
        emails=_emails(value["email"]),
        owner_id=key(row, COLUMNS[source]["owner"]),
        branch_id=key(row, COLUMNS[source]["branch"]),
        city_id=key(row, "cidade"),
        channel_id=key(row, COLUMNS[source]["channel"]),
        client_id=(key(row, "id_cliente") or key(row, "id_prospeccao"))
        if source == Ref.LEAD
        else "",
        remarks=value["remarks"],
        created_at=date(row, "data_cadastro"),
        updated_at=date(row, "ultima_atualizacao"),
        met_at=date(row, "prospeccao_ultimo_contato"),
    )


def _emails(cell: str) -> tuple[str, ...]:
    """The addresses of the cell; of one that has none its words, for somebody to mend."""
    return cells.emails_in(cell) or tuple(filter(None, re.split(r"[;,\s]+", cell)))


def _kind(source: str, row: Row) -> Kind:
    if source == Ref.LEAD:
        return Kind.LEAD
    return Kind.PROSPECT if text(row, "crm") == "S" else Kind.CUSTOMER


def form(source: str, row: Row) -> str:
    """Returns the resource whose form writes a contact.

    The form of prospects asks for less than that of customers, though the table is the same.
    """
    return "crm_canditados" if _kind(source, row) is Kind.PROSPECT else RESOURCES[source]


def main_phone(source: str, row: Row) -> str:
    """Returns the column of the phone that one would call first.

    It is the column of the mobile where there is no phone yet.
    """
    return next((column for column in PHONES[source] if text(row, column)), MOBILE[source])


def negotiation(row: Row) -> Negotiation:
    """A row of ``crm_negociacoes``."""
    status = text(row, "status")  # IXC's letters are those of Status
    return Negotiation(
        id=row["id"],
        title=line(row, "descricao"),
        status=Status(status) if status in set(Status) else Status.OPEN,
        client_id=key(row, "id_cliente"),
        lead_id=key(row, "id_contato"),
        plan_id=key(row, "id_plano_negocio"),
        funnel_id=key(row, "id_funil"),
        stage_id=key(row, "id_estagio"),
        owner_id=key(row, "id_responsavel"),
        branch_id=key(row, "id_filial"),
        city_id=key(row, "cidade_negociacao"),
        monthly=meaning.amount(text(row, "valor_mensal")),
        started=date(row, "data_inicio"),
        due=date(row, "previsao_fechamento"),
        closed=date(row, "data_vencemos")
        or date(row, "data_perdemos")
        or date(row, "data_fechamento"),
        loss_reason_id=key(row, "substatus"),
        remarks=text(row, "obs"),
        updated_at=date(row, "ultima_atualizacao"),
    )


def stage(row: Row) -> Stage:
    """A row of ``crm_negociacoes_estagios``."""
    order = text(row, "ordem")
    return Stage(
        row["id"],
        line(row, "estagio"),
        funnel_id=key(row, "id_funil"),
        order=int(order) if order.isdecimal() else 0,
    )


def plan(row: Row) -> Plan:
    """A row of ``crm_planos_negociacoes``."""
    return Plan(
        row["id"],
        line(row, "descricao"),
        detail=line(row, "velocidade"),
        funnel_id=key(row, "id_funil"),
        stage_id=key(row, "id_estagio"),
        monthly=meaning.amount(text(row, "valor_mensal")),
    )


def choice(row: Row, name: str, detail: str = "") -> Choice:
    """A row of any other lookup table."""
    return Choice(row["id"], line(row, name), line(row, detail) if detail else "")


def text(row: Row, column: str) -> str:
    """The column as text without surrounding blanks; "" where the row lacks it."""
    return str(row.get(column, "")).strip()


def key(row: Row, column: str) -> str:
    """A foreign key; the CRM writes "0" or "" for none."""
    value = text(row, column)
    return "" if value == "0" else value


def line(row: Row, column: str) -> str:
    """What the column says in one line, without markup."""
    return meaning.line(text(row, column))


def prose(row: Row, column: str) -> str:
    """What the column says in several lines, without markup."""
    return meaning.prose(text(row, column))


def stored_name(source: str, row: Row) -> str:
    """A contact's name as the CRM keeps it."""
    return text(row, COLUMNS[source]["name"]) or text(row, "fantasia") or text(row, "razao")


def date(row: Row, column: str) -> str:
    """An ISO date or date-time; the CRM's zero dates are none."""
    return meaning.moment(text(row, column))


def written_date(moment: datetime) -> str:
    """A date as the CRM wants it written. Reference: webservice facts 3.1."""
    return moment.strftime("%d/%m/%Y")


def written_time(moment: datetime) -> str:
    """A date-time as the CRM wants it written."""
    return moment.strftime("%d/%m/%Y %H:%M:%S")


def written_day(text: str) -> str:
    """The ISO day of a date or date-time that is written so."""
    day = datetime.strptime(text[:10], "%d/%m/%Y")  # noqa: DTZ007 -- the CRM's local time
    return day.strftime("%Y-%m-%d")
