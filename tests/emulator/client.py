"""A plain client of the webservice for these tests: it hides the address and nothing else."""

import json
from typing import Any, Self

import requests

LIST = {"ixcsoft": "listar"}


class Api:
    """One session with the emulator; every call gives the answer as it came."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False
        user, _, secret = token.partition(":")
        self._session.auth = (user, secret)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def send(self, method: str, path: str, **how: Any) -> requests.Response:
        how.setdefault("timeout", 10)
        how.setdefault("allow_redirects", False)
        return self._session.request(method, f"{self.url}/webservice/v1/{path}", **how)

    def find(self, resource: str, **asked: Any) -> requests.Response:
        return self.send("POST", resource, json=asked, headers=LIST)

    def grid(self, resource: str, *items: dict[str, str], **asked: Any) -> requests.Response:
        return self.find(resource, grid_param=json.dumps(items), **asked)

    def records(self, resource: str, **asked: Any) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.find(resource, **asked).json().get("registros", [])
        return found

    def record(self, resource: str, table: str, record: str) -> dict[str, str]:
        return self.records(resource, qtype=f"{table}.id", query=record, oper="=")[0]

    def insert(self, resource: str, **fields: str) -> requests.Response:
        return self.send("POST", resource, json=fields)

    def update(self, resource: str, record: str, fields: dict[str, str]) -> requests.Response:
        return self.send("PUT", f"{resource}/{record}", json=fields)

    def delete(self, resource: str, record: str) -> requests.Response:
        return self.send("DELETE", f"{resource}/{record}")


def lead(**fields: str) -> dict[str, str]:
    """What an insert of a lead needs at least, and more."""
    return {
        "nome": "Nova Pessoa",
        "data_cadastro": "20/11/2026",
        "fone_whatsapp": "(49) 98888-7777",
        **fields,
    }


def deal(**fields: str) -> dict[str, str]:
    return {
        "descricao": "Fibra 500",
        "id_estagio": "2",
        "status": "N",
        "id_cliente": "1",
        "id_funil": "1",
        **fields,
    }
