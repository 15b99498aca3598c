"""A console of the tests: it opens the panel with a signed form, which proves all that it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from widget.consoles.claims import verified
from widget.consoles.port import Opening, Option, Start
from widget.domain import errors
from widget.domain.model import Attendant, Conversation, Person
from widget.domain.texts import mark


class Plain:
    """Posts ``account`` and ``token``, a JWT with attendant, person and conversation."""

    name = "plain"
    label = "Plain"
    account_hint = mark("Qualquer palavra.")
    methods: Sequence[str] = ("POST",)
    script = Path(__file__).with_name("plain.js")
    script_sources: Sequence[str] = ("https://cdn.plain.example",)
    wait_seconds = 3
    options: Sequence[Option] = ()

    def start(self, opening: Opening) -> Start:
        """Reads the signed form."""
        account = opening.values.get("account", "")
        key = opening.key(account)
        claims = verified(opening.values.get("token", ""), key, opening.now)
        if (claims.get("host"), claims.get("account")) != (self.name, account):
            raise errors.Unauthorised("signed for another console or account")
        if "exp" not in claims:
            raise errors.Unauthorised("a signed form must expire")
        return Start(
            self.name,
            account,
            Attendant(str(claims["sub"]), str(claims["name"]), str(claims["email"]), proven=True),
            Person(str(claims["person"]), phones=(str(claims["phone"]),)),
            str(claims["conversation"]),
        )

    def address(self, panel: str, account: str, key: str) -> str:
        """The bare address: the form says the rest."""
        return panel

    def page_data(self, start: Start, options: Mapping[str, str]) -> Mapping[str, str]:
        """The conversation, for the script."""
        return {"conversation": start.conversation}

    def conversation(self, start: Start, context: Mapping[str, Any]) -> Conversation:
        """Nothing is told beside the form; what is claimed all the same is believed by nobody."""
        claimed = Person(str(context.get("person") or ""), phones=("+5511900000000",))
        attendant = Attendant(str(context.get("attendant") or ""), "", proven=True)
        number = str(context.get("conversation") or start.conversation)
        return Conversation(self.name, start.account, number, claimed, attendant)
