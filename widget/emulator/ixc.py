"""The webservice itself: who may ask, what is asked, and the CRM's answer or the fault that was ordered."""

import base64
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from flask import Blueprint, Response, request

from widget.emulator import answers, base, faults, wire, writing
from widget.emulator.asked import Asked, read_request
from widget.emulator.calls import Call, Calls
from widget.emulator.listing import BrokenQueryError, Page, heeded, listing
from widget.emulator.plan import Ordered
from widget.emulator.resources import ACTIONS, RESOURCES, Resource
from widget.emulator.switches import Switchboard, Switches

_HEADERS = {
    "Server": "nginx",
    "Cache-Control": "no-cache, must-revalidate",
    "Expires": "Mon, 26 Jul 1997 05:00:00 GMT",
    "Pragma": "no-cache",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
}
_NO_ROUTE: dict[str, Callable[[], Response]] = {
    "lost": lambda: answers.gateway(404),
    "broken": lambda: answers.box(500),
}
_VERBS = {"list": "acessar", "insert": "inserir", "update": "editar", "delete": "excluir", "action": "editar"}


@dataclass(frozen=True)
class Webservice:
    """What the routes work with; `stopping` ends every wait."""

    base: base.Base
    board: Switchboard
    calls: Calls
    token: str
    stopping: threading.Event

    def blueprint(self) -> Blueprint:
        routes = Blueprint("ixc", __name__)
        methods = ["GET", "POST", "PUT", "DELETE"]
        for rule in ("/webservice/v1/<resource>/", "/webservice/v1/<resource>/<record>/"):
            routes.add_url_rule(rule, "answer", self.answer, methods=methods, strict_slashes=False)
        routes.after_request(_as_the_crm)
        return routes

    def answer(self, resource: str, record: str = "") -> Response:
        """Reads the request, waits as ordered, meets its fault or the CRM, and notes the call."""
        started = time.monotonic()
        asked = read_request(resource, record)
        self.stopping.wait(self.board.delay())
        ordered = self.board.take(write=asked.write, resource=resource)
        self._keep(asked, ordered)
        if ordered.fault == "none":
            answer, send = self._handled(asked), None
        else:
            answer, send = self._faulty(asked, ordered)
        if send:
            request.environ[wire.WAYS].append(send)
        self._note(asked, ordered.fault, answer, time.monotonic() - started)
        return answer

    def _keep(self, asked: Asked, ordered: Ordered) -> None:
        """What a write met by plan outlives the emulator's process: it tells afterwards which mishap lost it."""
        if not (asked.write and ordered.mishap):
            return
        values = {
            "mishap": ordered.mishap,
            "committed": "late" if ordered.late else str(ordered.commit),
            "what": asked.kind,
            "tabela": asked.resource,
            "record": asked.record,
            "summary": json.dumps(asked.fields, ensure_ascii=False),
        }
        with self.base.writing() as connection:
            base.met(connection, values)

    def _faulty(self, asked: Asked, ordered: Ordered) -> tuple[Response, wire.Send | None]:
        if not asked.write or ordered.commit:
            answer = answers.box(504) if asked.write and ordered.late else self._handled(asked)
            self._commit_later(asked, ordered.late)
        else:
            answer = answers.box(504)  # nothing was written: what travels must not say that it was
        return faults.spoil(answer, ordered.fault, self.board.switches)

    def _commit_later(self, asked: Asked, seconds: float) -> None:
        """A CRM that goes on working after it cut us off."""
        if not (asked.write and seconds):
            return
        authorization = request.headers.get("Authorization")

        def work() -> None:
            if not self.stopping.wait(seconds) and self._stranger(authorization) is None:
                self._served(asked)

        threading.Thread(target=work, daemon=True).start()

    def _handled(self, asked: Asked) -> Response:
        if self.board.switches.ip_blocked:
            return answers.error("Seu IP não está liberado para efetuar login!")
        return self._stranger(request.headers.get("Authorization")) or self._served(asked)

    def _stranger(self, authorization: str | None) -> Response | None:
        scheme, _, secret = (authorization or "").partition(" ")
        if authorization and scheme.lower() != "basic":
            return answers.gateway(400)
        expected = base64.b64encode(self.token.encode()).decode()
        return None if secret.strip() == expected else answers.gateway(401)

    def _served(self, asked: Asked) -> Response:
        switches = self.board.switches
        if asked.kind in _NO_ROUTE:
            return _NO_ROUTE[asked.kind]()
        if refusal := _refusal(asked, switches):
            return answers.error(refusal)
        try:
            return self._done(asked, switches)
        except writing.RefusedError as error:
            return answers.error(str(error))
        except writing.IncompleteRecordError:
            return answers.box(200)
        except BrokenQueryError:
            return answers.box(500)

    def _done(self, asked: Asked, switches: Switches) -> Response:
        work: dict[str, Callable[[], Response]] = {
            "list": lambda: self._list(asked, switches),
            "insert": lambda: self._insert(asked, switches),
            "update": lambda: self._update(asked, switches),
            "action": lambda: self._act(asked),
            "delete": lambda: self._delete(asked),
        }
        return work[asked.kind]()

    def _list(self, asked: Asked, switches: Switches) -> Response:
        resource = RESOURCES[asked.resource]
        fields = heeded(asked.fields, switches.unfilterable, switches.unheeded)
        with self.base.reading() as connection:
            page = listing(connection, resource, fields)
        return answers.data(_page(page, resource, switches))

    def _insert(self, asked: Asked, switches: Switches) -> Response:
        with self.base.writing() as connection:
            record = writing.insert(connection, RESOURCES[asked.resource], asked.fields, switches)
        if switches.empty_insert_answer:
            return Response("", content_type="text/x-json; charset=utf-8")
        return answers.success("Registro inserido com sucesso!", int(record) if switches.id_as_number else record)

    def _update(self, asked: Asked, switches: Switches) -> Response:
        with self.base.writing() as connection:
            writing.update(connection, RESOURCES[asked.resource], asked.record, asked.fields, switches)
        return answers.success("Registro atualizado com sucesso!", asked.record)

    def _act(self, asked: Asked) -> Response:
        with self.base.writing() as connection:
            writing.act(connection, asked.resource, asked.record, asked.fields)
        return answers.success("Registro atualizado com sucesso!<br />", asked.record)

    def _delete(self, asked: Asked) -> Response:
        with self.base.writing() as connection:
            writing.delete(connection, RESOURCES[asked.resource], asked.record)
        return answers.success("Registro excluído com sucesso!")

    def _note(self, asked: Asked, fault: str, answer: Response, seconds: float) -> None:
        kind = f"fault: {fault}" if fault != "none" else _answer_kind(asked, answer)
        moment, status = base.now(), answer.status_code
        self.calls.add(
            Call(
                moment,
                request.method,
                asked.resource,
                asked.record,
                asked.fields,
                asked.kind,
                status,
                kind,
                round(seconds, 4),
            )
        )


def _page(page: Page, resource: Resource, switches: Switches) -> dict[str, Any]:
    answer: dict[str, Any] = {"page": page.number, "total": page.total if switches.total_as_number else str(page.total)}
    if page.records:
        hidden = {*switches.hide_fields}
        gone = [name for name in resource.table.columns if {name, f"{resource.table.name}.{name}"} & hidden]
        answer["registros"] = [
            {name: text for name, text in record.items() if name not in gone} for record in page.records
        ]
    return answer


def _refusal(asked: Asked, switches: Switches) -> str:
    """What the CRM says before it looks at the record; empty when it lets the request pass."""
    known = asked.resource in RESOURCES or asked.resource in ACTIONS
    if not known or asked.resource in switches.not_released:
        return f"Recurso {asked.resource} não está disponível!"
    if asked.kind == "wrong":
        return "Operação não permitida para este recurso!"
    if asked.resource not in {*switches.not_permitted, *(switches.not_writable if asked.write else ())}:
        return ""
    title = RESOURCES[asked.resource].table.title if asked.resource in RESOURCES else "Negociações"
    return f"Usuário não possui permissão para {_VERBS[asked.kind]} em {title}!<br />"


def _answer_kind(asked: Asked, answer: Response) -> str:
    text = answer.get_data(as_text=True)
    if answer.status_code != 200 or "</div>" in text:
        return f"html {answer.status_code}"
    if text.startswith('{"type":"error"'):
        return f"error: {json.loads(text)['message']}"
    return asked.kind


def _as_the_crm(answer: Response) -> Response:
    answer.headers.update(_HEADERS)
    answer.headers["Date"] = formatdate(usegmt=True)
    answer.headers["Set-Cookie"] = f"IXC_Session={secrets.token_hex(13)}; path=/; HttpOnly"
    return answer
