"""The webservice itself: who may ask, what is asked, and what is answered.

The answer is the CRM's, or the fault that was ordered.
"""

import base64
import json
import secrets
import threading
import time
from dataclasses import dataclass, replace
from email.utils import formatdate

from flask import Blueprint, Response, request

from widget.emulator.crm import answers, base, faults, looks, wire
from widget.emulator.crm.asked import Asked, read_request
from widget.emulator.crm.calls import Call, Calls
from widget.emulator.crm.past import Past
from widget.emulator.crm.plan import Ordered
from widget.emulator.crm.resources import table_of
from widget.emulator.crm.serving import Opened, served
from widget.emulator.crm.switches import DECEPTIVE, Switchboard

_HEADERS = {
    "Server": "nginx",
    "Cache-Control": "no-cache, must-revalidate",
    "Expires": "Mon, 26 Jul 1997 05:00:00 GMT",
    "Pragma": "no-cache",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Webservice:
    """What the routes work with; `stopping` ends every wait."""

    base: base.Base
    past: Past
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
        asked = read_request(resource, record, query_string=self.board.switches.query_string)
        self.stopping.wait(self.board.delay())
        ordered = self.board.take(write=asked.write, resource=resource)
        self._keep(asked, ordered)
        if ordered.fault == "none":
            answer, send = looks.shown(self._handled(asked), self.board.switches), None
        else:
            answer, send = self._faulty(asked, ordered)
        if send:
            request.environ[wire.WAYS].append(send)
        self._note(asked, ordered.fault, answer, time.monotonic() - started)
        return answer

    def _keep(self, asked: Asked, ordered: Ordered) -> None:
        """Keeps what a write met by plan beyond the emulator's process.

        It tells afterwards which mishap lost the write.
        """
        if not (asked.write and ordered.mishap):
            return
        values = {
            "mishap": ordered.mishap,
            "committed": "late"
            if ordered.late and ordered.fault != "repeated"
            else str(ordered.commit),
            "what": asked.kind,
            "tabela": asked.resource,
            "record": asked.record,
            "summary": json.dumps(asked.fields, ensure_ascii=False),
        }
        with self.base.writing() as connection:
            base.met(connection, values)

    def _faulty(self, asked: Asked, ordered: Ordered) -> tuple[Response, wire.Send | None]:
        if ordered.fault == "stale":
            return looks.shown(self._stale(asked), self.board.switches), None
        if ordered.fault in DECEPTIVE:
            return looks.shown(self._deceptive(asked, ordered), self.board.switches), None
        if not asked.write or ordered.commit:
            answer = answers.box(504) if asked.write and ordered.late else self._handled(asked)
            if asked.write and ordered.late:
                self._commit_later(asked, ordered.late)
        else:
            answer = answers.box(504)  # nothing was written: what travels must not say that it was
        return faults.spoil(answer, ordered.fault, self.board.switches)

    def _deceptive(self, asked: Asked, ordered: Ordered) -> Response:
        """A success that is none, or is another one than it says."""
        if ordered.fault == "lie":
            return self._handled(asked, self.base.trying)
        if ordered.fault == "late_success":
            return self._promised(asked, ordered.late)
        answer = self._handled(asked)
        if ordered.fault == "wrong_number":
            return self._misnumbered(asked, answer)
        if _succeeded(answer):
            self._commit_later(asked, ordered.late)
        return answer

    def _promised(self, asked: Asked, seconds: float) -> Response:
        """A success that is told at once and comes true later, under the number that was told."""
        answer = self._handled(asked, lambda: self.base.promising(table_of(asked.resource).name))
        number = str(answers.said(answer).get("id", "")) if asked.kind == "insert" else asked.record
        if _succeeded(answer):
            self._commit_later(replace(asked, record=number), seconds)
        return answer

    def _misnumbered(self, asked: Asked, answer: Response) -> Response:
        content = answers.said(answer)
        if "id" not in content:
            return answer
        with self.base.reading() as connection:
            other = base.newest_other(connection, table_of(asked.resource).name, str(content["id"]))
        return answers.data(
            {
                **content,
                "id": type(content["id"])(other),
            }
        )

    def _commit_later(self, asked: Asked, seconds: float) -> None:
        """A CRM that goes on working after it cut us off."""
        authorization = request.headers.get("Authorization")

        def work() -> None:
            if not self.stopping.wait(seconds) and self._stranger(authorization) is None:
                self._served(asked)

        threading.Thread(target=work, daemon=True).start()

    def _handled(self, asked: Asked, opened: Opened | None = None) -> Response:
        if self.board.switches.ip_blocked:
            return answers.error("Seu IP não está liberado para efetuar login!")
        return self._stranger(request.headers.get("Authorization")) or self._served(asked, opened)

    def _stranger(self, authorization: str | None) -> Response | None:
        scheme, _, secret = (authorization or "").partition(" ")
        if authorization and scheme.lower() != "basic":
            return answers.gateway(400)
        expected = base64.b64encode(self.token.encode()).decode()
        return None if secret.strip() == expected else answers.gateway(401)

    def _served(self, asked: Asked, opened: Opened | None = None) -> Response:
        if asked.write:
            self._hold()
        now = self.past.reading if self.board.switches.stale_reads else self.base.reading
        return served(
            asked, self.board.switches, opened or (self.base.writing if asked.write else now)
        )

    def _hold(self) -> None:
        """Where a plan has stale reads, the moment before a write is kept for a while."""
        switches = self.board.switches
        planned = "stale" in switches.plan and not switches.stale_reads
        if planned and not self.past.young(switches.plan_while_seconds):
            self.past.hold()

    def _stale(self, asked: Asked) -> Response:
        """A page as of a short while ago; where nothing was written lately that is the present."""
        young = self.past.young(self.board.switches.plan_while_seconds)
        return self._handled(asked, self.past.reading if young else None)

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


def _succeeded(answer: Response) -> bool:
    """Whether the CRM took the write: an insert may be taken in silence."""
    return answer.status_code == 200 and (
        answers.said(answer).get("type") == "success" or not answer.get_data()
    )


def _answer_kind(asked: Asked, answer: Response) -> str:
    if answers.said(answer).get("type") == "error":
        return f"error: {answers.said(answer)['message']}"
    page = not isinstance(answer, answers.Json) and b"</div>" in answer.get_data()
    if answer.status_code != 200 or page:
        return f"html {answer.status_code}"
    return asked.kind


def _as_the_crm(answer: Response) -> Response:
    answer.headers.update(_HEADERS)
    answer.headers["Date"] = formatdate(usegmt=True)
    answer.headers["Set-Cookie"] = f"IXC_Session={secrets.token_hex(13)}; path=/; HttpOnly"
    return answer
