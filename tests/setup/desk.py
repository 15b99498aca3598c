"""An administrator's browser before the set-up pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.product import Screen
from widget.domain.permissions import Role
from widget.setup.office import EXTENSION, Office

PASSWORD = "uma frase que ninguém adivinha"
OURS = {"Origin": "http://localhost"}


def office_of(app: Flask) -> Office:
    """What the pages of an application work with."""
    found: Office = app.extensions[EXTENSION]
    return found


@dataclass
class Desk:
    """A browser; its forms are sent by our own pages."""

    client: FlaskClient

    def get(self, path: str, **query: Any) -> Screen:
        """The page, after any redirect."""
        return Screen(
            self.client.get(f"/setup{path}", query_string=query or None, follow_redirects=True)
        )

    def post(
        self, path: str, data: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> Screen:
        """The answer itself, so that a redirect is seen."""
        return Screen(
            self.client.post(
                f"/setup{path}", data=data or {}, headers=OURS if headers is None else headers
            )
        )

    def fill(self, path: str, selector: str = "main form", **typed: Any) -> Screen:
        """Opens the page, types, and sends its form; the page after that."""
        form = self.get(path).form(selector)
        answer = self.post(path, {**form, **typed})
        return self.follow(answer)

    def follow(self, answer: Screen) -> Screen:
        """The page that an answer leads to."""
        to = answer.response.location
        return Screen(self.client.get(to, follow_redirects=True)) if to else answer


def arrived(app: Flask, role: Role = Role.ADMINISTRATOR, name: str = "maria") -> Desk:
    """Somebody who came in by a link."""
    desk = Desk(app.test_client())
    code = office_of(app).admins.invite(role)
    answer = desk.post(
        "/first",
        {
            "code": code,
            "name": name,
            "password": PASSWORD,
            "again": PASSWORD,
        },
    )
    assert answer.status == 303, answer.text
    return desk
