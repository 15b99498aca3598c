"""A CRM of one table over HTTP and JSON, nothing like IXC.

It holds cards, which are found by a question and changed in part.
"""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

KEY = "tiny-key"
COLUMNS = ("full_name", "tax_id", "cell", "mail", "memo", "ref", "made", "changed")


@dataclass
class Cards:
    """The server, with what tests set.

    ``loses`` answers after the work, ``forgets`` columns, ``refuses`` with words.
    """

    cards: list[dict[str, str]] = field(default_factory=list)
    loses: int = 0
    forgets: tuple[str, ...] = ()
    refuses: str = ""
    port: int = 0
    writes: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        made = ThreadingHTTPServer(("127.0.0.1", self.port), type("Desk", (Desk,), {"desk": self}))
        self._server, self.port = made, made.server_port
        Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def card(self, number: str) -> dict[str, str]:
        return next(card for card in self.cards if card["id"] == number)

    def add(self, **given: str) -> str:
        card = {
            "id": str(len(self.cards) + 1),
            **dict.fromkeys(COLUMNS, ""),
        }
        self.cards.append({**card, **given})
        return card["id"]

    def find(self, asked: dict[str, Any]) -> list[dict[str, str]]:
        found = [card for card in self.cards if all(_meets(card, one) for one in asked["where"])]
        found.sort(key=lambda card: card.get(asked["by"], ""), reverse=asked["down"])
        return found[asked["from"] :][: asked["most"]]


class Desk(BaseHTTPRequestHandler):
    """Its address: POST /find, POST /cards, PATCH /cards/7."""

    desk: Cards
    protocol_version = "HTTP/1.0"  # so that no connection outlives the server

    def do_POST(self) -> None:
        asked = self._asked()
        if self.headers["X-Key"] != KEY:
            self._answer(401, {})
        elif self.path == "/find":
            self._answer(200, {"cards": self.desk.find(asked), "count": len(self.desk.cards)})
        else:
            self._write(lambda: self.desk.add(**self._kept(asked)))

    def do_PATCH(self) -> None:
        number, asked = self.path.rpartition("/")[2], self._asked()

        def change() -> str:
            self.desk.card(number).update(self._kept(asked))
            return number

        self._write(change)

    def _write(self, work: Any) -> None:
        if self.desk.refuses:
            self._answer(422, {"error": self.desk.refuses})
            return
        self.desk.writes += 1
        number = work()
        if self.desk.loses:
            self.desk.loses -= 1
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(200, {"id": int(number)})

    def _kept(self, asked: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in asked.items() if name not in self.desk.forgets}

    def _asked(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _meets(card: dict[str, str], condition: list[str]) -> bool:
    column, operator, value = condition
    now = card.get(column, "")
    if operator == "has":
        return value.casefold() in now.casefold()
    if operator == "above":
        return int(now) > int(value)
    return now == value
