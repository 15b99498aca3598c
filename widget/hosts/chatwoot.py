"""Chatwoot and its rebrands: what their dashboard-app context tells. Reference: facts of the consoles, 1.4 and 1.5."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from widget import errors
from widget.access import Start
from widget.model import Attendant, Conversation, Person

DOCUMENT_ATTRIBUTES = ("cpf", "cnpj", "cpf_cnpj", "documento", "document")
LONGEST = 200


class Chatwoot:
    """Context comes unsigned by postMessage; the attendant is proven by a personal start token only, or pairs."""

    name = "chatwoot"
    label = "Chatwoot"

    def conversation(self, start: Start, context: Mapping[str, Any]) -> Conversation:
        """Reads ``{conversation, contact, currentAgent}`` (or the mobile app's ``current_agent``)."""
        thread = _mapping(context.get("conversation"))
        number = _text(thread.get("id"))
        if not number:
            raise errors.NotFound("no conversation in the context")
        meta = _mapping(thread.get("meta"))
        contact, sender = _mapping(context.get("contact")), _mapping(meta.get("sender"))
        if not contact or _text(sender.get("id")) not in {"", _text(contact.get("id"))}:
            contact = sender  # not loaded yet, or still of another conversation
        return Conversation(
            host=self.name,
            account=start.account,
            id=number,
            person=_person(contact),
            attendant=_attendant(start, _mapping(context.get("currentAgent") or context.get("current_agent"))),
            channel=_text(meta.get("channel")).removeprefix("Channel::").lower(),
        )


def _person(contact: Mapping[str, Any]) -> Person:
    own = _mapping(contact.get("custom_attributes"))
    return Person(
        id=_text(contact.get("id")),
        name=_text(contact.get("name")),
        phones=_known(contact.get("phone_number")),
        emails=_known(contact.get("email")),
        documents=_known(*(own.get(name) for name in DOCUMENT_ATTRIBUTES), contact.get("identifier")),
    )


def _attendant(start: Start, claimed: Mapping[str, Any]) -> Attendant:
    if start.attendant_id:
        return Attendant(start.attendant_id, start.attendant_name, start.attendant_email, proven=True)
    return Attendant(_text(claimed.get("id")), _text(claimed.get("name")), _text(claimed.get("email")))


def _known(*values: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (_text(value) for value in values))))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    """Plain short text: numbers as they are written, anything else that is not text as nothing."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    visible = "".join(c for c in str(value) if unicodedata.category(c) not in {"Cc", "Cs"})
    return visible.strip()[:LONGEST]
