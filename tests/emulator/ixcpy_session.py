"""What a user of the package ixcpy does with it, in a process of its own.

Prints what it saw as JSON.

ixcpy 2.0.0 reads its server and token from the environment and speaks https only. `Connection`
lists and filters; for inserts and updates the package gives its address, its headers and `Status`,
and leaves the call to its user.
"""

import json
import sys
from typing import Any

import requests
from ixcpy import Connection, Status
from ixcpy.connection import _headers, _uri


def found(table: str, *conditions: str, **how: Any) -> list[dict[str, str]]:
    connection = Connection(table)
    for condition in conditions:
        connection.where(condition)
    return connection.many(**how).records()


def saved(
    method: str, table: str, fields: dict[str, str], record: str = ""
) -> tuple[bool, str, str]:
    address = f"{_uri(table)}/{record}" if record else _uri(table)
    answer = requests.request(
        method, address, data=json.dumps(fields), headers=_headers(), timeout=10
    )
    status = Status(answer.text)
    return status.success(), status.message(), json.loads(answer.text).get("id", "")


lead = {"nome": "Vinda do ixcpy", "data_cadastro": "21/11/2026", "fone_celular": "49988887777"}
all_branches = Connection("filial").many()
_, said, new = saved("POST", "contato", lead)
record = Connection("contato").one(int(new)) or {}
updated = saved("PUT", "contato", record | {"nome": "Mudada pelo ixcpy"}, new)

sys.stdout.write(
    json.dumps(
        {
            "listed": [all_branches.total(), [row["fantasia"] for row in all_branches.records()]],
            "page": [
                row["id"]
                for row in found(
                    "cidade",
                    page=2,
                    rows=3,
                    sort_name="id",
                    sort_order="desc",
                )
            ],
            "equal": [row["id"] for row in found("cliente", 'razao = "Henrique Paz Duarte"')],
            "several": [
                row["id"] for row in found("crm_negociacoes", "id_cliente = 5", 'status = "N"')
            ],
            "greater": [row["id"] for row in found("filial", "id > 2")],
            "at least": [row["id"] for row in found("filial", "id >= 2")],
            "like": [row["id"] for row in found("contato", 'nome L "%Teles%"')],
            "nothing": found("cliente", 'razao = "Ninguém"'),
            "unknown table": found("crm_leads"),
            "one": (Connection("cliente").one(7) or {}).get("cnpj_cpf"),
            "none": Connection("cliente").one(99999),
            "inserted": [said, new],
            "updated": updated,
            "refused": saved("POST", "contato", lead | {"nome": ""}),
        }
    )
)
