"""The panel as an attendant's browser uses it.

It is used over HTTP, with forms read from the page, whichever server answers.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt
import requests
from selectolax.lexbor import LexborHTMLParser, LexborNode

from proof.chaos.stage import START_KEY

PATIENCE = (2.0, 15.0)  # to connect, and for the answer: the product promises one sooner


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 is no answer at all."""

    status: int
    text: str = ""
    state: str = ""

    @property
    def html(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.text)

    def form(self) -> dict[str, str]:
        """What the form would send if nobody touched it; nothing where there is none."""
        form = self.html.css_first(".composer, form.form")
        if form is None:
            return {}
        pairs = [_value(node) for node in form.css("input, textarea, select")]
        return dict(pair for pair in pairs if pair[0])

    def choices(self, name: str) -> list[str]:
        """The values that a select offers."""
        options = self.html.css(f"select[name={name}] option")
        return [value for option in options if (value := option.attributes.get("value"))]


def _value(node: LexborNode) -> tuple[str, str]:
    name, kind = node.attributes.get("name") or "", node.attributes.get("type")
    if kind in {"radio", "checkbox"} and "checked" not in node.attributes:
        return "", ""
    if node.tag == "textarea":
        return name, node.text()
    if node.tag != "select":
        return name, node.attributes.get("value") or ""
    chosen = node.css_first("option[selected]") or node.css_first("option")
    return name, (chosen.attributes.get("value") or "") if chosen else ""


@dataclass
class Panel:
    """One conversation's panel. Each request goes to any of the servers, as behind a balancer."""

    urls: list[str]
    chance: random.Random
    attendant: Mapping[str, str]
    person: Mapping[str, object]
    session: requests.Session
    token: str = ""
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "HX-Request": "true",
            "Accept-Language": "pt-BR",
        }
    )

    def open(self) -> Answer:
        """Opens the conversation; its answer brings the token for everything else."""
        now = int(time.time())
        claims = {
            "aud": "vinculo",
            "host": "chatwoot",
            "account": "1",
            "iat": now,
            "exp": now + 900,
            **self.attendant,
        }
        sender = {
            "sender": self.person,
            "channel": "Channel::Whatsapp",
        }
        context = {
            "conversation": {
                "id": self.person["id"],
                "meta": sender,
            },
            "contact": self.person,
        }
        start = jwt.encode(claims, START_KEY, algorithm="HS256")
        return self._ask(
            "POST",
            "/panel/chatwoot/context",
            {
                "start": start,
                "context": json.dumps(context),
            },
        )

    def get(self, path: str) -> Answer:
        return self._admitted("GET", path, None)

    def post(self, path: str, data: Mapping[str, str]) -> Answer:
        return self._admitted("POST", path, data)

    def _admitted(self, method: str, path: str, data: Mapping[str, str] | None) -> Answer:
        if not self.token and self.open().status != 200:
            return Answer(0)
        answer = self._ask(method, path, data)
        if answer.status == 401:
            self.token = ""
        return answer

    def _ask(self, method: str, path: str, data: Mapping[str, str] | None) -> Answer:
        url = self.chance.choice(self.urls) + path
        headers = self.headers | ({"X-Panel-Token": self.token} if self.token else {})
        try:
            got = self.session.request(method, url, data=data, headers=headers, timeout=PATIENCE)
        except requests.RequestException:
            return Answer(0)
        self.token = got.headers.get("X-Panel-Token", self.token)
        return Answer(got.status_code, got.text, got.headers.get("X-Write", ""))


def session() -> requests.Session:
    """Knows no proxy; keeps no connection to a server that may be dead by now."""
    made = requests.Session()
    made.trust_env = False
    return made
