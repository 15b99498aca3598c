"""Inserts, full-record updates, the won and lost buttons, and deletes.

They have the CRM's own checks and sentences.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from widget.emulator.crm import base
from widget.emulator.crm.resources import ACTIONS, Resource
from widget.emulator.crm.switches import Switches
from widget.emulator.crm.tables import READ_ONLY, TABLES, Table
from widget.emulator.crm.values import listed, moment, stored

_HISTORY = {  # column of a negotiation: (type of history, table and column of its name, sentence)
    "id_estagio": ("E", "crm_negociacoes_estagios", "estagio", "Estágio alterado de {0} para {1}"),
    "status": ("S", "", "", "Status alterado de {0} para {1}"),
    "id_responsavel": ("R", "funcionarios", "funcionario", "Responsável alterado de {0} para {1}"),
}
_BEYOND = re.compile("[\U00010000-\U0010ffff]")  # what MySQL's utf8 of three bytes cannot hold
_LABELS = {
    "cnpj_cpf": "CNPJ/CPF",
    "email": "E-mail",
    "nome": "Nome",
    "razao": "Razão social/Nome",
}
_STATUS = {
    "N": "Negociando",
    "V": "Vencemos",
    "D": "Perdemos",
}


class RefusedError(Exception):
    """The CRM's refusal, in its own words."""


class IncompleteRecordError(Exception):
    """A PUT without all fields of the form: the CRM breaks on it."""


def insert(
    connection: Any,
    resource: Resource,
    given: Mapping[str, str],
    switches: Switches,
    promised: str = "",
) -> str:
    """Adds a record and gives its id, the promised one if it is free. Raises RefusedError."""
    fields = {
        **_wanted(resource, given, switches),
        **resource.implicit,
    }
    _demand(resource, fields, switches)
    values = {
        name: column.default
        for name, column in resource.table.columns.items()
        if name not in READ_ONLY
    }
    values |= {name: stored(resource.table.columns[name], text) for name, text in fields.items()}
    values["ultima_atualizacao"] = base.now()
    _demand_unique(connection, resource.table, values, switches)
    values |= _number(connection, resource.table, promised, switches)
    kept = _kept(resource.table, values, switches)
    record = base.insert(connection, resource.table.name, kept)
    texts = {name: kept[name] for name in fields if resource.table.columns[name].kind == "text"}
    _arrived(connection, "insert", resource.table.name, record, fields | texts)
    return record


def update(
    connection: Any, resource: Resource, record: str, given: Mapping[str, str], switches: Switches
) -> None:
    """Writes the whole record. Raises RefusedError or IncompleteRecordError."""
    before = _existing(connection, resource.table, record, resource.implicit)
    fields = _touched(resource.table, before, _wanted(resource, given, switches), switches)
    missing = set(resource.table.columns) - set(given) - READ_ONLY - _named(resource, switches)
    if missing and switches.put_missing == "html":
        raise IncompleteRecordError(", ".join(sorted(missing)))
    blanked = {name: resource.table.columns[name].unset for name in missing}
    _demand(
        resource,
        {
            **before,
            **blanked,
            **fields,
        },
        switches,
    )
    written = {
        name: stored(resource.table.columns[name], text) for name, text in fields.items()
    } | blanked
    _write(connection, resource.table, before, _kept(resource.table, written, switches), switches)


def act(
    connection: Any, action: str, record: str, given: Mapping[str, str], switches: Switches
) -> None:
    """The buttons "vencemos" and "perdemos" of a negotiation: its status, its dates, its owner."""
    status, column = ACTIONS[action]
    table = TABLES["crm_negociacoes"]
    before = _existing(connection, table, record)
    labels = {
        column: "Data",
        "id_responsavel": "Responsável",
    }
    _refuse(
        [
            f"Preencha {label}!"
            for name, label in labels.items()
            if not _filled(table, name, given.get(name, ""))
        ]
    )
    day = stored(table.columns[column], given[column])
    changes = {
        "status": status,
        column: day,
        "data_fechamento": day,
        "id_responsavel": given["id_responsavel"],
    }
    _write(connection, table, before, changes, switches)


def delete(connection: Any, resource: Resource, record: str) -> None:
    """Takes a record away, unless others hang on it. Raises RefusedError."""
    _existing(connection, resource.table, record, resource.implicit)
    for table, column in resource.table.dependants:
        if connection.execute(
            f'SELECT 1 FROM "{table}" WHERE "{column}" = ? LIMIT 1', (record,)
        ).fetchone():
            raise RefusedError(
                "Registro não pode ser excluído, pois possui vínculo com "
                f"{TABLES[table].title}!<br />"
            )
    connection.execute(f'DELETE FROM "{resource.table.name}" WHERE id = ?', (record,))
    _arrived(connection, "delete", resource.table.name, record, {})


def _wanted(resource: Resource, given: Mapping[str, str], switches: Switches) -> dict[str, str]:
    """The given fields that the form has; the others vanish without a word."""
    gone = READ_ONLY | _named(resource, switches)
    return {
        name: text
        for name, text in given.items()
        if name in resource.table.columns and name not in gone
    }


def _named(resource: Resource, switches: Switches) -> set[str]:
    """The columns that this base's form lacks, named `column` or `table.column`."""
    return resource.table.named([*switches.drop_fields, *switches.hide_fields])


def _demand(resource: Resource, fields: Mapping[str, str], switches: Switches) -> None:
    required = dict(resource.required)
    if resource.branch and switches.require_branch:
        required[resource.branch] = "Filial"
    if resource.name == "crm_negociacoes" and switches.require_client:
        required["id_cliente"] = "Cliente"
    table = resource.table
    sentences = [
        f"Preencha {label}!"
        for name, label in required.items()
        if not _filled(table, name, fields.get(name, ""))
    ]
    if resource.reach and not any(fields.get(name, "").strip() for name in resource.reach):
        sentences.append("Informe ao menos um telefone ou e-mail!")
    if table.name == "crm_prospeccao_anotacoes" and switches.long_notes == "refuse":
        too_long = len(fields.get("anotacao", "")) > switches.note_limit
        sentences += (
            [f"Anotação deve ter no máximo {switches.note_limit} caracteres!"] if too_long else []
        )
    _refuse(sentences)


def _demand_unique(
    connection: Any, table: Table, values: Mapping[str, str], switches: Switches
) -> None:
    for name in sorted(table.named(switches.unique)):
        there = f'SELECT 1 FROM "{table.name}" WHERE fold("{name}") = ? LIMIT 1'
        if values[name] and connection.execute(there, (base.fold(values[name]),)).fetchone():
            raise RefusedError(f"{_LABELS.get(name, name)} já cadastrado!<br />")


def _number(connection: Any, table: Table, promised: str, switches: Switches) -> dict[str, str]:
    """The number that a record is to get, when it is not simply the next."""
    if base.free(connection, table.name, promised):
        return {"id": promised}
    return {"id": base.above_highest(connection, table.name)} if switches.reuse_numbers else {}


def _filled(table: Table, name: str, text: str) -> bool:
    """Whether a demanded field holds something; a zero date that comes back as it was does."""
    column = table.columns[name]
    if column.kind in {"date", "moment"}:
        return bool(moment(text))
    return bool(text.strip()) and (column.kind == "whole" or stored(column, text) != column.unset)


def _refuse(sentences: list[str]) -> None:
    if sentences:
        raise RefusedError("".join(f"{sentence}<br />" for sentence in sentences))


def _existing(
    connection: Any, table: Table, record: str, implicit: Mapping[str, str] | None = None
) -> base.Row:
    found = base.find(connection, table.name, record)
    if not found or any(found[name] != text for name, text in (implicit or {}).items()):
        raise RefusedError("Registro não encontrado!<br />")
    return found


def _touched(
    table: Table, before: base.Row, fields: Mapping[str, str], switches: Switches
) -> dict[str, str]:
    """Without what comes back in the disguise in which this base lists it: that is no change."""
    disguised = {name: listed(table.columns[name], before[name], switches) for name in fields}
    return {
        name: text
        for name, text in fields.items()
        if text != disguised[name] or disguised[name] == before[name]
    }


def _kept(table: Table, values: Mapping[str, str], switches: Switches) -> dict[str, str]:
    """What the columns hold of it: texts are cut without a word."""
    return {name: _cut(table, name, text, switches) for name, text in values.items()}


def _cut(table: Table, name: str, text: str, switches: Switches) -> str:
    if table.columns[name].kind != "text":
        return text
    if switches.cut_at_emoji:
        text = _BEYOND.split(text, maxsplit=1)[0]
    if (table.name, name, switches.long_notes) == ("crm_prospeccao_anotacoes", "anotacao", "cut"):
        text = text[: switches.note_limit]
    return text[: switches.column_limits.get(f"{table.name}.{name}")]


def _write(
    connection: Any, table: Table, before: base.Row, values: Mapping[str, str], switches: Switches
) -> None:
    frozen = table.named(switches.frozen_fields)
    changed = {
        name: text for name, text in values.items() if before[name] != text and name not in frozen
    }
    base.update(
        connection,
        table.name,
        before["id"],
        {
            **changed,
            "ultima_atualizacao": base.now(),
        },
    )
    _arrived(connection, "update", table.name, before["id"], changed)
    if table.name == "crm_negociacoes":
        _remember(connection, before, changed)


def _remember(connection: Any, before: base.Row, changed: Mapping[str, str]) -> None:
    """The CRM's own trail: one row of history for each change of stage, status or owner."""
    after = {
        **before,
        **changed,
    }
    for column, (kind, table, name, sentence) in _HISTORY.items():
        if column in changed:
            names = [_name(connection, table, name, row[column]) for row in (before, after)]
            base.insert(
                connection,
                "crm_historico",
                {
                    "responsavel": after["id_responsavel"],
                    "tipo": kind,
                    "descricao": sentence.format(*names),
                    "data": base.now(),
                    "id_cliente": after["id_cliente"],
                    "id_negociacao": before["id"],
                    "ultima_atualizacao": base.now(),
                },
            )


def _name(connection: Any, table: str, column: str, value: str) -> str:
    if not table:
        return _STATUS.get(value, value)
    found = base.find(connection, table, value)
    return found[column] if found else "(nenhum)"


def _arrived(
    connection: Any, what: str, table: str, record: str, fields: Mapping[str, str]
) -> None:
    connection.execute(
        "INSERT INTO emulator_arrived (moment, what, tabela, record, summary) VALUES (?, ?, ?, ?, "
        "?)",
        (base.now(), what, table, record, json.dumps(dict(fields), ensure_ascii=False)),
    )
