"""The CRM's own answer to a request that it lets in.

It is a page, a write and its success, or a refusal in its words.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from flask import Response

from widget.emulator.crm import answers, writing
from widget.emulator.crm.asked import Asked
from widget.emulator.crm.listing import BrokenQueryError, capped, heeded, listing, qualified
from widget.emulator.crm.pages import told
from widget.emulator.crm.resources import ACTIONS, RESOURCES, table_of
from widget.emulator.crm.switches import Switches

Opened = Callable[[], AbstractContextManager[Any]]

_NO_ROUTE: dict[str, Callable[[], Response]] = {
    "lost": lambda: answers.gateway(404),
    "broken": lambda: answers.box(500),
}
_VERBS = {
    "list": "acessar",
    "insert": "inserir",
    "update": "editar",
    "delete": "excluir",
    "action": "editar",
}


def served(asked: Asked, switches: Switches, opened: Opened) -> Response:
    """The CRM's answer, over the connection that `opened` gives.

    Whether a write stays, and of which moment a page is, is the affair of `opened`.
    """
    if asked.kind in _NO_ROUTE:
        return _NO_ROUTE[asked.kind]()
    if refusal := _refusal(asked, switches):
        return answers.error(refusal)
    try:
        with opened() as connection:
            return _DONE[asked.kind](connection, asked, switches)
    except writing.RefusedError as error:
        return answers.error(str(error))
    except writing.IncompleteRecordError:
        return answers.box(200)
    except BrokenQueryError:
        return answers.box(500)


def _refusal(asked: Asked, switches: Switches) -> str:
    """What the CRM says before it looks at the record; empty when it lets the request pass."""
    known = asked.resource in RESOURCES or asked.resource in ACTIONS
    if not known or asked.resource in switches.not_released:
        return f"Recurso {asked.resource} não está disponível!"
    if asked.kind == "wrong":
        return "Operação não permitida para este recurso!"
    if asked.resource not in {
        *switches.not_permitted,
        *(switches.not_writable if asked.write else ()),
    }:
        return ""
    return (
        f"Usuário não possui permissão para {_VERBS[asked.kind]} em "
        f"{table_of(asked.resource).title}!<br />"
    )


def _list(connection: Any, asked: Asked, switches: Switches) -> Response:
    resource = RESOURCES[asked.resource]
    fields = capped(asked.fields, switches.rp_cap)
    if switches.bare_columns:
        fields = qualified(fields, resource.table)
    fields = heeded(fields, switches.unfilterable, switches.unheeded)
    return answers.data(told(listing(connection, resource, fields), resource.table, switches))


def _insert(connection: Any, asked: Asked, switches: Switches) -> Response:
    record = writing.insert(
        connection, RESOURCES[asked.resource], asked.fields, switches, asked.record
    )
    if switches.empty_insert_answer:
        return answers.silence()
    return answers.success(
        "Registro inserido com sucesso!", int(record) if switches.id_as_number else record
    )


def _update(connection: Any, asked: Asked, switches: Switches) -> Response:
    writing.update(connection, RESOURCES[asked.resource], asked.record, asked.fields, switches)
    return answers.success("Registro atualizado com sucesso!", asked.record)


def _act(connection: Any, asked: Asked, switches: Switches) -> Response:
    writing.act(connection, asked.resource, asked.record, asked.fields, switches)
    return answers.success("Registro atualizado com sucesso!<br />", asked.record)


def _delete(connection: Any, asked: Asked, _switches: Switches) -> Response:
    writing.delete(connection, RESOURCES[asked.resource], asked.record)
    return answers.success("Registro excluído com sucesso!")


_DONE: dict[str, Callable[[Any, Asked, Switches], Response]] = {
    "list": _list,
    "insert": _insert,
    "update": _update,
    "action": _act,
    "delete": _delete,
}
